#include "media/article_pictures.h"

#include <algorithm>
#include <optional>

#include "media/article_elements.h"
#include "media/ascii.h"
#include "media/html_tokenizer.h"

namespace halftone {
namespace {

constexpr size_t kLongestLooked = 1024;  // bytes of a URL
constexpr int kLargestIcon = 48;         // pixels, both ways
constexpr int kLargestSpacer = 3;        // either way

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Pixels of width or height; nothing for "100%" and the like.
std::optional<int> pixels(const HtmlToken& tag, std::string_view name) {
  const HtmlAttribute* attribute = tag.find(name);
  if (!attribute) return std::nullopt;
  std::string_view value = trim(attribute->value);
  if (value.ends_with("px")) value.remove_suffix(2);
  if (value.empty() || value.size() > 5) return std::nullopt;
  int number = 0;
  for (const char c : value) {
    if (!is_digit(c)) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

// The number before "w" or "x".
double descriptor_size(std::string_view descriptor) {
  double number = 0, place = 1;
  bool fraction = false;
  for (const char c : descriptor.substr(0, 10)) {
    if (c == '.') {
      fraction = true;
    } else if (is_digit(c)) {
      number = number * 10 + (c - '0');
      if (fraction) place *= 10;
    } else {
      break;
    }
  }
  return number / place;
}

// What scripts put in place counts before what stands there until then; what is named for other
// uses (data-large-file) only where there is nothing else. Least is best.
int rank(const Reference& reference) {
  const std::string_view attribute = reference.attribute;
  const bool names_source = attribute.find("src") != attribute.npos ||
                            attribute.find("original") != attribute.npos ||
                            attribute.find("lazy") != attribute.npos || attribute == "data-url" ||
                            attribute == "data-echo";
  const bool is_data = attribute.starts_with("data-");
  const bool is_set = !reference.descriptor.empty() || attribute.find("srcset") != attribute.npos;
  if (is_data && names_source) return is_set ? 1 : 0;
  if (is_data) return 4;
  if (is_ornament_url(reference.url)) return 5;
  return is_set ? 3 : 2;
}

bool is_picture(const Reference& reference) {
  return !reference.url.empty() && !reference.rejected && reference.origin_of.empty() &&
         (reference.kind == Kind::kImage || reference.kind == Kind::kLazyImage ||
          reference.kind == Kind::kImageCandidate);
}

bool is_better(const Reference& a, const Reference& b) {
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  return descriptor_size(a.descriptor) > descriptor_size(b.descriptor);
}

std::string_view file_name(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  url = url.substr(url.rfind('/') + 1);
  return url.substr(0, url.rfind('.'));
}

}  // namespace

ShownPicture shown_picture(const HtmlToken& tag, Span span,
                           const std::vector<Reference>& references) {
  if (is_ornament(tag)) return {};
  const Reference* shown = nullptr;
  const auto first = std::lower_bound(
      references.begin(), references.end(), span.from,
      [](const Reference& reference, size_t from) { return reference.span.from < from; });
  for (auto it = first; it != references.end() && it->span.from < span.to; ++it) {
    if (is_picture(*it) && (!shown || is_better(*it, *shown))) shown = &*it;
  }
  if (!shown || is_ornament_url(shown->url)) return {};
  return {shown->url, rank(*shown) < 2};
}

bool is_ornament(const HtmlToken& tag) {
  const auto width = pixels(tag, "width"), height = pixels(tag, "height");
  if ((width && *width <= kLargestSpacer) || (height && *height <= kLargestSpacer)) return true;
  if (width && height && std::max(*width, *height) <= kLargestIcon) return true;
  return is_decoration(tag);
}

bool is_ornament_url(std::string_view url) {
  const std::string lower = lower_case(url.substr(0, kLongestLooked));
  if (lower.starts_with("data:")) return true;
  const std::string_view path = std::string_view(lower).substr(0, lower.find_first_of("?#"));
  const bool drawn = path.ends_with(".gif") || path.ends_with(".png") || path.ends_with(".svg");
  if (drawn && is_one_of(file_name(lower), {"spacer",  "blank", "pixel", "transparent", "clear",
                                            "dot",     "1x1",   "1px",   "placeholder", "lazyload",
                                            "loading", "grey",  "gray",  "s",           "trans",
                                            "shim",    "empty", "lazy",  "0",           "white"})) {
    return true;
  }
  bool found = lower.find("gravatar.com/") != lower.npos || lower.ends_with(".ico");
  for_each_name_word(
      std::string_view(lower).substr(0, lower.find('?')), [&](std::string_view word) {
        found =
            found || is_one_of(word, {"avatar", "avatars", "emoji", "smiley", "smilies", "spacer",
                                      "favicon", "gravatar", "scorecardresearch", "doubleclick"});
      });
  return found;
}

bool is_logo_url(std::string_view url) {
  if (is_ornament_url(url)) return true;
  bool found = false;
  const std::string lower = lower_case(url.substr(0, kLongestLooked));
  for_each_name_word(file_name(lower), [&](std::string_view word) {
    found = found || is_one_of(word, {"logo", "default", "placeholder", "blank", "noimage"});
  });
  return found;
}

}  // namespace halftone

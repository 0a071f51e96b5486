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

// A name without "-300x200", "_640", "@2x", "-60w" at its end. One digit tells one picture from
// another.
std::string_view without_size(std::string_view name) {
  std::string_view rest = name;
  while (!rest.empty() && (is_digit(rest.back()) ||
                           std::string_view("xwhp").find(rest.back()) != std::string_view::npos)) {
    rest.remove_suffix(1);
  }
  const bool marked = rest.size() > 1 && std::string_view("-_@").find(rest.back()) != rest.npos;
  const std::string_view size = name.substr(rest.size());
  const bool scale = marked && rest.back() == '@';
  if (!marked || size.empty() || !is_digit(size[0]) || (size.size() < 2 && !scale)) return name;
  return rest.substr(0, rest.size() - 1);
}

// The parameters that name a picture rather than a size of it.
std::string query_without_size(std::string_view url) {
  std::string out;
  size_t at = std::min(url.find('?'), url.size());
  while (at < url.size()) {
    const size_t end = std::min(url.find('&', at + 1), url.size());
    const std::string_view part = url.substr(at + 1, end - at - 1);
    const bool size = is_one_of(lower_case(part.substr(0, part.find('='))),
                                {"w", "h", "q", "s", "width", "height", "quality", "size", "resize",
                                 "fit", "blur", "dpr", "auto", "format", "fm"});
    if (!size) out += '&' + std::string(part);
    at = end;
  }
  return out;
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
  const int larger = std::max(width.value_or(0), height.value_or(0));
  if ((width || height) && larger <= kLargestIcon) return true;
  return is_decoration(tag);
}

bool is_logo(const HtmlToken& tag) {
  bool found = false;
  for (const std::string_view name : {"class", "id", "alt"}) {
    const HtmlAttribute* attribute = tag.find(name);
    if (!attribute) continue;
    for_each_name_word(attribute->value.substr(0, kLongestLooked), [&](std::string_view word) {
      found = found || equals_ignoring_case(word, "logo");
    });
  }
  return found;
}

bool is_same_picture(std::string_view a, std::string_view b) {
  a = a.substr(0, std::min(a.find('#'), kLongestLooked));
  b = b.substr(0, std::min(b.find('#'), kLongestLooked));
  if (a.empty() || b.empty()) return false;
  if (a == b) return true;
  const std::string_view name = file_name(a), other = file_name(b);
  if (without_size(name) != without_size(other)) return false;
  // Numbers of two digits on both are those of two pictures.
  const size_t sizes = std::max(name.size(), other.size()) - without_size(name).size();
  const bool both = without_size(name) != name && without_size(other) != other;
  if (name != other && both && sizes <= 3) return false;
  return query_without_size(a) == query_without_size(b);
}

bool is_ornament_url(std::string_view url) {
  const std::string lower = lower_case(url.substr(0, kLongestLooked));
  if (lower.starts_with("data:")) return true;
  const std::string_view path = std::string_view(lower).substr(0, lower.find_first_of("?#"));
  const bool drawn = path.ends_with(".gif") || path.ends_with(".png") || path.ends_with(".svg");
  if (drawn && is_one_of(file_name(lower),
                         {"spacer", "blank", "pixel",       "transparent", "clear",   "dot",
                          "1x1",    "1px",   "placeholder", "lazyload",    "loading", "grey",
                          "gray",   "s",     "trans",       "shim",        "empty",   "lazy",
                          "0",      "white", "share",       "icon",        "logo"})) {
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

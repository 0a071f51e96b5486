#include "media/html_lazy.h"

#include <algorithm>
#include <iterator>

#include "media/ascii.h"
#include "media/byte_scan.h"
#include "media/image_urls.h"

namespace halftone {
namespace {

// Words in the name of an attribute that holds what people read.
constexpr std::string_view kTextWords[] = {"title", "caption", "name", "alt", "desc", "label"};

bool names_a_text(std::string_view name) {
  const std::string lower = lower_case(name.substr(0, 128));
  return std::any_of(std::begin(kTextWords), std::end(kTextWords),
                     [&](std::string_view word) { return lower.find(word) != lower.npos; });
}

// Attributes of these elements mean a picture or media whatever they are called.
bool is_picture_element(std::string_view element) {
  return equals_ignoring_case(element, "img") || equals_ignoring_case(element, "amp-img") ||
         equals_ignoring_case(element, "source");
}

// The extension alone may tell, save where any file name could stand.
bool may_be_relative(std::string_view element, std::string_view name, std::string_view value) {
  if (value.find('/') != value.npos) return true;
  return names_an_image(name) ? !names_a_text(name)
                              : is_picture_element(element) && !names_a_text(name);
}

}  // namespace

std::optional<Kind> lazy_kind(std::string_view element, std::string_view name,
                              std::string_view value) {
  if (find_any<' ', '\t', '\n', '\r', '\f', '<', '>', '{', '}', '"'>(value, 0) < value.size()) {
    return std::nullopt;
  }
  const bool absolute = is_absolute_http(value);
  // "mailto:", "javascript:" and what else is no place for files.
  if (!absolute && value.substr(0, value.find('/')).find(':') != value.npos) return std::nullopt;
  const bool image = has_image_extension(value);
  if (image || has_media_extension(value)) {
    if (!absolute && !may_be_relative(element, name, value)) return std::nullopt;
    return image ? Kind::kLazyImage : Kind::kMedia;
  }
  if (!absolute || !names_an_image(name)) return std::nullopt;
  const auto ends_in = [](std::string_view text, std::string_view end) {
    return text.size() >= end.size() &&
           equals_ignoring_case(text.substr(text.size() - end.size()), end);
  };
  const bool source = ends_in(name, "src");
  if (source && ends_in(element, "iframe")) return Kind::kPage;
  if (source && equals_ignoring_case(element, "script")) return Kind::kScript;
  if (has_text_extension(value)) return std::nullopt;
  const bool media =
      equals_ignoring_case(element, "video") || equals_ignoring_case(element, "audio");
  return source && media ? Kind::kMedia : Kind::kLazyImage;
}

LazyValue lazy_value(std::string_view name, std::string_view value) {
  size_t from = 0, to = value.size();
  while (from < to && is_space(value[from])) ++from;
  while (from < to && is_space(value[to - 1])) --to;
  if (starts_with_ignoring_case(name, "data-")) return {{from, to}};
  const bool code = std::string_view("@(#*").find(name[0]) != name.npos ||
                    starts_with_ignoring_case(name, "on") ||
                    starts_with_ignoring_case(name, "aria-") ||
                    starts_with_ignoring_case(name, "v-on:");
  if (code) return {};
  const bool bound = name[0] == ':' || name[0] == '[' || starts_with_ignoring_case(name, "v-") ||
                     starts_with_ignoring_case(name, "ng-") ||
                     starts_with_ignoring_case(name, "x-bind:");
  if (!bound) return {{from, to}};
  const bool quoted =
      to - from >= 2 && value[from] == value[to - 1] && (value[from] == '\'' || value[from] == '"');
  if (quoted) return {{from + 1, to - 1}, true};
  // v-lazy="https://…" is no expression.
  return is_absolute_http(value.substr(from, to - from)) ? LazyValue{{from, to}} : LazyValue{};
}

bool is_lazy_srcset(std::string_view name, std::string_view value,
                    const std::vector<SrcsetCandidate>& candidates) {
  const bool named = lower_case(name).ends_with("srcset");
  bool described = false;
  for (const SrcsetCandidate& candidate : candidates) {
    const std::string_view url = value.substr(candidate.url.from, candidate.url.size());
    const bool url_like = named || is_absolute_http(url) || has_image_extension(url);
    if (candidate.rejected || !url_like) return false;
    described = described || !candidate.descriptor.empty();
  }
  return described;
}

bool is_filled_in(std::string_view value) {
  for (const std::string_view mark : {"{{", "<%", "${", "{%", "[["}) {
    if (value.find(mark) != value.npos) return true;
  }
  return false;
}

std::optional<Kind> json_kind(std::string_view url, const JsonString& string, bool linked_data) {
  const bool absolute = is_absolute_http(url);
  if (!absolute && !linked_data) return std::nullopt;
  // Linked data is written by hand more often, and blanks in file names with it.
  if (find_any<'\t', '\r', '\n', '<', '>'>(url, 0) < url.size()) return std::nullopt;
  if (!linked_data && url.find(' ') != url.npos) return std::nullopt;
  const Kind kind = linked_data ? Kind::kMetadataImage : Kind::kStateImage;
  const bool image = has_image_extension(url);
  if (absolute && (image || is_image_url(url))) return kind;
  bool image_key = string.key == "url" && names_an_image(string.container_key);
  if (linked_data) {
    for (const std::string_view key :
         {"image", "thumbnailurl", "thumbnail", "logo", "contenturl", "photo"}) {
      image_key = image_key || equals_ignoring_case(string.key, key);
    }
  }
  if (image) return image_key ? std::optional(kind) : std::nullopt;
  if (!absolute || has_text_extension(url)) return std::nullopt;
  // In state, "src" alone may be a script's or a frame's.
  if (!linked_data && !image_key) image_key = string.key != "src" && names_an_image(string.key);
  if (!image_key) return std::nullopt;
  return has_media_extension(url) ? Kind::kMedia : kind;
}

bool holds_json(std::string_view literal, bool escaped) {
  const auto holds = [literal](std::string_view part) {
    return literal.find(part) != literal.npos;
  };
  if (!holds("\"") && !(escaped && (holds("x22") || holds("u0022")))) return false;
  return holds("//") || (escaped && (holds("\\/") || holds("2F") || holds("2f")));
}

bool holds_markup(std::string_view json, bool escaped) {
  if (!escaped && json.find('<') == json.npos) return false;
  for (size_t at = json.find("img"); at != json.npos; at = json.find("img", at + 3)) {
    const std::string_view before = json.substr(0, at);
    if (before.ends_with('<') || before.ends_with("003c") || before.ends_with("003C") ||
        before.ends_with("x3c") || before.ends_with("x3C")) {
      return true;
    }
  }
  return false;
}

}  // namespace halftone

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

// A width in pixels, as some galleries write it.
bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_one_of(std::string_view name, const auto& names) {
  return std::any_of(std::begin(names), std::end(names),
                     [&](std::string_view known) { return equals_ignoring_case(name, known); });
}

// Attributes of these elements mean a picture or media whatever they are called.
constexpr std::string_view kPictureElements[] = {"img", "amp-img", "source"};

// Those that a browser fills from src, and what the names of attributes end in that replace it.
constexpr std::string_view kSourceElements[] = {"img",   "amp-img", "source", "iframe",
                                                "video", "audio",   "embed"};
constexpr std::string_view kSourceNames[] = {"src", "original", "lazy", "file", "url", "poster"};

bool ends_in(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         equals_ignoring_case(text.substr(text.size() - end.size()), end);
}

bool replaces_source(std::string_view element, std::string_view name) {
  return std::any_of(std::begin(kSourceNames), std::end(kSourceNames),
                     [&](std::string_view end) { return ends_in(name, end); }) &&
         is_one_of(element, kSourceElements);
}

// A number or a ratio is none.
bool looks_like_path(std::string_view value) {
  return value.find_first_of("/.?") != value.npos &&
         std::any_of(value.begin(), value.end(),
                     [](char c) { return is_alpha(c) || static_cast<unsigned char>(c) >= 0x80; });
}

// The extension alone may tell, save where any file name could stand.
bool may_be_relative(std::string_view element, const LazyName& name, std::string_view value) {
  if (value.find('/') != value.npos) return true;
  return !names_a_text(name.name) &&
         (name.is_data || names_an_image(name.name) || is_one_of(element, kPictureElements));
}

// What one URL never holds. Blanks do only in the names of files, and only in the place of src.
bool is_one_url(std::string_view value, bool replaces) {
  if (find_any<'\t', '\n', '\r', '\f', '<', '>', '{', '}', '"'>(value, 0) < value.size()) {
    return false;
  }
  if (value.find(' ') == value.npos) return true;
  return replaces && has_image_extension(value) && value.find_first_of(",|;") == value.npos;
}

// What an attribute in the place of src asks for where its value does not say so.
Kind source_kind(std::string_view element, std::string_view name) {
  const bool source = ends_in(name, "src");
  const bool media =
      equals_ignoring_case(element, "video") || equals_ignoring_case(element, "audio");
  return (source && media) || equals_ignoring_case(element, "embed") ? Kind::kMedia
                                                                     : Kind::kLazyImage;
}

}  // namespace

LazyName lazy_name(std::string_view attribute) {
  const bool is_data = starts_with_ignoring_case(attribute, "data-");
  return {is_data ? attribute.substr(5) : attribute, is_data};
}

std::optional<Kind> lazy_kind(std::string_view element, const LazyName& name,
                              std::string_view value) {
  const bool replaces = replaces_source(element, name.name);
  if (!is_one_url(value, replaces)) return std::nullopt;
  const bool absolute = is_absolute_http(value);
  // "mailto:", "javascript:" and what else is no place for files.
  if (!absolute && value.substr(0, value.find_first_of("/?#")).find(':') != value.npos) {
    return std::nullopt;
  }
  const bool image = is_image_url(value);
  if (image || has_media_extension(value)) {
    if (!absolute && !replaces && !may_be_relative(element, name, value)) return std::nullopt;
    return image ? Kind::kLazyImage : Kind::kMedia;
  }
  if (replaces ? !looks_like_path(value) : !absolute || !names_an_image(name.name)) {
    return std::nullopt;
  }
  const bool source = ends_in(name.name, "src");
  if ((source || replaces) && ends_in(element, "iframe")) return Kind::kPage;
  if (source && equals_ignoring_case(element, "script")) return Kind::kScript;
  if (has_text_extension(value)) return std::nullopt;
  return source_kind(element, name.name);
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
                    std::vector<SrcsetCandidate>& candidates) {
  const bool set = ends_in(name, "bgset");
  const bool named = ends_in(name, "srcset");
  bool described = set;
  for (SrcsetCandidate& candidate : candidates) {
    const std::string_view url = value.substr(candidate.url.from, candidate.url.size());
    const bool url_like = named || is_absolute_http(url) || has_image_extension(url);
    const bool width = candidate.rejected && is_number(candidate.descriptor);
    if ((candidate.rejected && !width) || !url_like) return false;
    if (width) candidate.rejected = false;
    described = described || !candidate.descriptor.empty();
  }
  return described;
}

std::vector<Span> lazy_sets(std::string_view name, std::string_view value) {
  if (!ends_in(name, "bgset")) return {{0, value.size()}};
  std::vector<Span> sets;
  for (size_t from = 0; from < value.size();) {
    const size_t end = find_any<'|'>(value, from);
    const std::string_view set = value.substr(from, end - from);
    sets.push_back({from, from + find_any<'['>(set, 0)});
    from = end + 1;
  }
  return sets;
}

std::vector<LazyOption> lazy_options(std::string_view value) {
  std::vector<LazyOption> options;
  for (size_t from = 0; from < value.size();) {
    const size_t end = find_any<';', ','>(value, from);
    const std::string_view option = value.substr(from, end - from);
    const size_t colon = find_any<':'>(option, 0);
    const std::string_view name = trim(option.substr(0, colon));
    const bool word = !name.empty() && std::all_of(name.begin(), name.end(),
                                                   [](char c) { return is_alnum(c) || c == '-'; });
    // "mailto:a@b" is none.
    if (word && colon + 1 < option.size() && is_space(option[colon + 1])) {
      options.push_back({name, {from + colon + 1, end}});
    } else if (!trim(option).empty()) {
      return {};
    }
    from = end + 1;
  }
  return options;
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

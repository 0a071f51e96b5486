// HLS (RFC 8216 and draft-pantos-hls-rfc8216bis).
#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "media/ascii.h"
#include "media/playlist.h"
#include "media/reference_list.h"

namespace halftone {
namespace {

constexpr size_t kMostDefinitions = 1024;
// A variable may be long and used often; what goes beyond stays as written.
constexpr size_t kMostInserted = 16 << 20;
constexpr size_t kMostAttributes = 64;

// Tags whose URI a player fetches (4.4).
struct UriTag {
  std::string_view tag, attribute;
  Kind kind;
};

constexpr UriTag kUriTags[] = {
    {"EXT-X-CONTENT-STEERING", "SERVER-URI", Kind::kOther},
    {"EXT-X-DATERANGE", "X-ASSET-LIST", Kind::kMedia},
    {"EXT-X-DATERANGE", "X-ASSET-URI", Kind::kMedia},
    {"EXT-X-I-FRAME-STREAM-INF", "URI", Kind::kMedia},
    {"EXT-X-IMAGE-STREAM-INF", "URI", Kind::kMedia},
    {"EXT-X-KEY", "URI", Kind::kMedia},
    {"EXT-X-MAP", "URI", Kind::kMedia},
    {"EXT-X-MEDIA", "URI", Kind::kMedia},
    {"EXT-X-PART", "URI", Kind::kMedia},
    {"EXT-X-PRELOAD-HINT", "URI", Kind::kMedia},
    {"EXT-X-RENDITION-REPORT", "URI", Kind::kMedia},
    {"EXT-X-SESSION-DATA", "URI", Kind::kMedia},
    {"EXT-X-SESSION-KEY", "URI", Kind::kMedia},
};

struct Attribute {
  std::string_view name, value;  // without quotes
  bool quoted;
};

// 4.2 "Attribute Lists". Quoted values may hold commas.
std::vector<Attribute> read_attributes(std::string_view text) {
  std::vector<Attribute> attributes;
  for (size_t at = 0; at < text.size() && attributes.size() < kMostAttributes;) {
    const size_t name_end = std::min(text.find_first_of("=,", at), text.size());
    Attribute attribute{trim(text.substr(at, name_end - at)), {}, false};
    at = name_end + 1;
    if (name_end == text.size() || text[name_end] == ',') continue;
    const size_t value = std::min(text.find_first_not_of(" \t", at), text.size());
    attribute.quoted = value < text.size() && text[value] == '"';
    const size_t from = value + (attribute.quoted ? 1 : 0);
    const size_t to = std::min(text.find(attribute.quoted ? '"' : ',', from), text.size());
    attribute.value = text.substr(from, to - from);
    if (!attribute.quoted) attribute.value = trim(attribute.value);
    attributes.push_back(attribute);
    at = attribute.quoted ? std::min(text.find(',', to), text.size()) + 1 : to + 1;
  }
  return attributes;
}

const Attribute* find(const std::vector<Attribute>& attributes, std::string_view name) {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const Attribute& a) { return a.name == name; });
  return found == attributes.end() ? nullptr : &*found;
}

std::optional<uint64_t> read_number(std::string_view text) {
  uint64_t number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = result.ec == std::errc() && result.ptr == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

// "n[@o]": `size` bytes from `from` on, or from where the range before it ended.
struct ByteRange {
  uint64_t size = 0;
  std::optional<uint64_t> from;
};

std::optional<ByteRange> read_range(std::string_view text) {
  const size_t at = text.find('@');
  const auto size = read_number(trim(text.substr(0, at)));
  if (!size || *size == 0) return std::nullopt;
  if (at == text.npos) return ByteRange{*size, std::nullopt};
  return ByteRange{*size, read_number(trim(text.substr(at + 1)))};
}

// Where ranges without an offset go on, one for segments and one for parts.
class RangeTrack {
 public:
  // "bytes A-B"; empty where it is unknown where the range begins.
  std::string describe(const ByteRange& range, const std::string& url) {
    if (!range.from && url != url_) return {};
    const uint64_t from = range.from.value_or(end_);
    if (from > UINT64_MAX - range.size) return {};
    url_ = url;
    end_ = from + range.size;
    return fmt::format("bytes {}-{}", from, end_ - 1);
  }

 private:
  std::string url_;
  uint64_t end_ = 0;
};

class HlsFinder {
 public:
  HlsFinder(const SourceText& text, const Url& document_url, std::string_view charset)
      : text_(text), document_url_(document_url), list_(document_url, charset) {}

  std::vector<Reference> find() && {
    const std::string_view all = text_.text();
    for (size_t at = 0; at < all.size() && !list_.is_full();) {
      const size_t end = std::min(all.find_first_of("\r\n", at), all.size());
      const std::string_view line = trim(all.substr(at, end - at));
      at = end + 1;
      if (line.starts_with("#EXT")) {
        read_tag(line.substr(1));
      } else if (!line.empty() && line[0] != '#') {
        add_line(line);
      }
    }
    return std::move(list_).take();
  }

 private:
  void read_tag(std::string_view line) {
    const size_t colon = std::min(line.find(':'), line.size());
    const std::string_view tag = line.substr(0, colon);
    const std::string_view rest = line.substr(std::min(colon + 1, line.size()));
    if (tag == "EXT-X-BYTERANGE") {
      next_range_ = read_range(trim(rest));
    } else if (tag == "EXT-X-STREAM-INF") {
      next_is_playlist_ = true;
    } else if (tag == "EXT-X-DEFINE") {
      define(read_attributes(rest));
    } else if (std::any_of(std::begin(kUriTags), std::end(kUriTags),
                           [&](const UriTag& row) { return row.tag == tag; })) {
      add_tag(tag, read_attributes(rest));
    }
  }

  // 4.4.2.3 of the draft; what IMPORT names only the playlist above knows.
  void define(const std::vector<Attribute>& attributes) {
    if (++definitions_ > kMostDefinitions) return;
    if (const Attribute* name = halftone::find(attributes, "NAME")) {
      if (const Attribute* value = halftone::find(attributes, "VALUE")) {
        variables_.try_emplace(std::string(name->value), value->value);
      }
    } else if (const Attribute* parameter = halftone::find(attributes, "QUERYPARAM")) {
      if (auto value = query_parameter(parameter->value)) {
        variables_.try_emplace(std::string(parameter->value), std::move(*value));
      }
    }
  }

  std::optional<std::string> query_parameter(std::string_view name) const {
    const std::string search = document_url_.search();
    std::string_view rest = search;
    while (!rest.empty()) {
      rest.remove_prefix(1);  // "?" or "&"
      const std::string_view pair = rest.substr(0, rest.find('&'));
      rest.remove_prefix(pair.size());
      const size_t equals = pair.find('=');
      if (equals == pair.npos || percent_decode(pair.substr(0, equals)) != name) continue;
      return percent_decode(pair.substr(equals + 1));
    }
    return std::nullopt;
  }

  // 4.3 of the draft: {$name} in URLs; an unknown one stays as written.
  std::string with_variables(std::string_view value) {
    std::string out;
    size_t done = 0;
    for (size_t at = value.find("{$"); at != value.npos; at = value.find("{$", at + 2)) {
      const size_t end = value.find_first_of("}{", at + 2);
      if (end == value.npos) break;
      const auto known = variables_.find(value.substr(at + 2, end - at - 2));
      if (value[end] != '}' || known == variables_.end()) continue;
      inserted_ += known->second.size();
      if (inserted_ > kMostInserted) break;
      out += value.substr(done, at - done);
      out += known->second;
      done = end + 1;
    }
    out += value.substr(done);
    return out;
  }

  // `written` is a piece of the text.
  Reference* add(Kind kind, std::string_view written, Escape escape, std::string_view tag) {
    const auto from = static_cast<size_t>(written.data() - text_.text().data());
    Reference* added = list_.add(kind, with_variables(written),
                                 text_.source(from, from + written.size()), {escape});
    if (!added) return nullptr;
    const bool unknown_variable = added->raw.find("{$") != std::string::npos;
    const bool fetched = added->url.starts_with("http") && !unknown_variable;
    if (!fetched && added->kind != Kind::kData) added->kind = Kind::kOther;  // skd: and their like
    added->element = lower_case(tag);
    return added;
  }

  void add_line(std::string_view line) {
    const std::string_view path = line.substr(0, line.find_first_of("?#"));
    const Kind kind =
        path.ends_with(".vtt") || path.ends_with(".webvtt") ? Kind::kTrack : Kind::kMedia;
    Reference* added =
        add(kind, line, Escape::kPlaylistLine, next_is_playlist_ ? "ext-x-stream-inf" : "extinf");
    if (added && next_range_) added->descriptor = segments_.describe(*next_range_, added->url);
    next_range_.reset();
    next_is_playlist_ = false;
  }

  void add_tag(std::string_view tag, const std::vector<Attribute>& attributes) {
    for (const UriTag& row : kUriTags) {
      const Attribute* uri = row.tag == tag ? halftone::find(attributes, row.attribute) : nullptr;
      if (!uri) continue;
      const Attribute* type = halftone::find(attributes, "TYPE");
      const bool track = tag == "EXT-X-MEDIA" && type && type->value == "SUBTITLES";
      Reference* added = add(track ? Kind::kTrack : row.kind, uri->value,
                             uri->quoted ? Escape::kPlaylistQuoted : Escape::kPlaylistLine, tag);
      if (!added) continue;
      added->attribute = lower_case(row.attribute);
      added->descriptor = tag_range(tag, attributes, added->url);
    }
  }

  std::string tag_range(std::string_view tag, const std::vector<Attribute>& attributes,
                        const std::string& url) {
    if (tag == "EXT-X-PRELOAD-HINT") return hint_range(attributes);
    const Attribute* written = halftone::find(attributes, "BYTERANGE");
    auto range = written ? read_range(trim(written->value)) : std::nullopt;
    if (!range) return {};
    if (tag == "EXT-X-PART") return parts_.describe(*range, url);
    if (!range->from) range->from = 0;
    return RangeTrack().describe(*range, url);
  }

  static std::string hint_range(const std::vector<Attribute>& attributes) {
    const auto number = [&](std::string_view name) {
      const Attribute* found = halftone::find(attributes, name);
      return found ? read_number(found->value) : std::nullopt;
    };
    const auto from = number("BYTERANGE-START"), size = number("BYTERANGE-LENGTH");
    if (size && *size > 0) return RangeTrack().describe({*size, from.value_or(0)}, {});
    return from ? fmt::format("bytes {}-", *from) : std::string();
  }

  const SourceText& text_;
  const Url& document_url_;
  ReferenceList list_;
  std::map<std::string, std::string, std::less<>> variables_;
  size_t definitions_ = 0, inserted_ = 0;
  std::optional<ByteRange> next_range_;  // of the next line
  bool next_is_playlist_ = false;
  RangeTrack segments_, parts_;
};

}  // namespace

std::vector<Reference> find_hls_references(const SourceText& text, const Url& document_url,
                                           std::string_view charset) {
  return HlsFinder(text, document_url, charset).find();
}

}  // namespace halftone

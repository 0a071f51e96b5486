#include "media/mime.h"

#include "media/ascii.h"
#include "media/utf8.h"

namespace halftone {
namespace {

constexpr size_t kMaxParameters = 64;

// HTTP whitespace: as is_space(), without form feed.
constexpr bool is_http_space(char c) { return is_space(c) && c != '\f'; }

std::string_view trim_end(std::string_view text) {
  while (!text.empty() && is_http_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view trim_start(std::string_view text) {
  while (!text.empty() && is_http_space(text.front())) text.remove_prefix(1);
  return text;
}

bool is_token(std::string_view text) {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || kMarks.find(c) != std::string_view::npos;
  });
}

// "HTTP quoted-string token code points": none above U+00FF. Headers come as bytes, so what is no
// UTF-8 is Latin-1.
bool is_quotable(std::string_view text) {
  const bool beyond = std::any_of(text.begin(), text.end(),
                                  [](char c) { return static_cast<unsigned char>(c) > 0xC3; });
  if (beyond && is_valid_utf8(text)) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  });
}

// Takes everything before `end` (or all) off the front of `text`.
std::string_view take_until(std::string_view& text, std::string_view end) {
  const auto taken = text.substr(0, text.find_first_of(end));
  text.remove_prefix(taken.size());
  return taken;
}

// Fetch, "collect an HTTP quoted string", extracting the value. `text` begins with the quote.
std::string take_quoted(std::string_view& text) {
  std::string value;
  text.remove_prefix(1);
  while (true) {
    value += take_until(text, "\"\\");
    if (text.empty()) return value;
    const char mark = text[0];
    text.remove_prefix(1);
    if (mark == '"') return value;
    if (text.empty()) return value + '\\';
    value += text[0];
    text.remove_prefix(1);
  }
}

void add_parameter(MimeType& type, std::string name, std::string value) {
  if (!is_token(name) || !is_quotable(value) || type.parameters.size() >= kMaxParameters) return;
  for (const auto& known : type.parameters)
    if (known.first == name) return;
  if (name == "charset") type.charset = value;
  type.parameters.emplace_back(std::move(name), std::move(value));
}

// `rest` is empty or begins with ";".
void parse_parameters(MimeType& type, std::string_view rest) {
  while (!rest.empty()) {
    rest = trim_start(rest.substr(1));
    std::string name = lower_case(take_until(rest, ";="));
    if (rest.empty()) return;
    if (rest[0] == ';') continue;
    rest.remove_prefix(1);
    if (rest.empty()) return;
    if (rest[0] == '"') {
      add_parameter(type, std::move(name), take_quoted(rest));
      take_until(rest, ";");
    } else if (const auto value = trim_end(take_until(rest, ";")); !value.empty()) {
      add_parameter(type, std::move(name), std::string(value));
    }
  }
}

struct Extension {
  std::string_view essence, extension;
};

constexpr Extension kExtensions[] = {
    {"application/atom+xml", ".atom"},
    {"application/dash+xml", ".mpd"},
    {"application/gzip", ".gz"},
    {"application/javascript", ".js"},
    {"application/json", ".json"},
    {"application/ogg", ".ogg"},
    {"application/pdf", ".pdf"},
    {"application/rss+xml", ".rss"},
    {"application/vnd.apple.mpegurl", ".m3u8"},
    {"application/xhtml+xml", ".xhtml"},
    {"application/xml", ".xml"},
    {"application/zip", ".zip"},
    {"audio/aac", ".aac"},
    {"audio/flac", ".flac"},
    {"audio/mp4", ".m4a"},
    {"audio/mpeg", ".mp3"},
    {"audio/ogg", ".ogg"},
    {"audio/wave", ".wav"},
    {"audio/webm", ".weba"},
    {"font/collection", ".ttc"},
    {"font/otf", ".otf"},
    {"font/ttf", ".ttf"},
    {"font/woff", ".woff"},
    {"font/woff2", ".woff2"},
    {"image/apng", ".png"},
    {"image/avif", ".avif"},
    {"image/bmp", ".bmp"},
    {"image/gif", ".gif"},
    {"image/heic", ".heic"},
    {"image/heif", ".heif"},
    {"image/icns", ".icns"},
    {"image/j2c", ".j2k"},
    {"image/jp2", ".jp2"},
    {"image/jpeg", ".jpg"},
    {"image/jpx", ".jpx"},
    {"image/jxl", ".jxl"},
    {"image/png", ".png"},
    {"image/qoi", ".qoi"},
    {"image/svg+xml", ".svg"},
    {"image/tiff", ".tif"},
    {"image/vnd.adobe.photoshop", ".psd"},
    {"image/webp", ".webp"},
    {"image/x-icon", ".ico"},
    {"image/x-portable-arbitrarymap", ".pam"},
    {"image/x-portable-bitmap", ".pbm"},
    {"image/x-portable-graymap", ".pgm"},
    {"image/x-portable-pixmap", ".ppm"},
    {"text/css", ".css"},
    {"text/csv", ".csv"},
    {"text/html", ".html"},
    {"text/javascript", ".js"},
    {"text/markdown", ".md"},
    {"text/plain", ".txt"},
    {"text/vtt", ".vtt"},
    {"text/xml", ".xml"},
    {"video/avi", ".avi"},
    {"video/mp2t", ".ts"},
    {"video/mp4", ".mp4"},
    {"video/ogg", ".ogv"},
    {"video/quicktime", ".mov"},
    {"video/webm", ".webm"},
    {"video/x-matroska", ".mkv"},
};

}  // namespace

// WHATWG MIME Sniffing, 4.4.
std::optional<MimeType> parse_mime_type(std::string_view header) {
  std::string_view rest = trim_end(trim_start(header));
  const std::string_view kind = take_until(rest, "/");
  if (!is_token(kind) || rest.empty()) return std::nullopt;
  rest.remove_prefix(1);
  const std::string_view subtype = trim_end(take_until(rest, ";"));
  if (!is_token(subtype)) return std::nullopt;
  MimeType type;
  type.essence = lower_case(kind) + '/' + lower_case(subtype);
  parse_parameters(type, rest);
  return type;
}

std::string MimeType::serialized() const {
  std::string out = essence;
  for (const auto& [name, value] : parameters) {
    out += ';' + name + '=';
    if (is_token(value)) {
      out += value;
      continue;
    }
    out += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  return out;
}

bool is_image_type(std::string_view essence) { return essence.starts_with("image/"); }

bool is_text_type(std::string_view essence) {
  if (essence.starts_with("text/") || essence.ends_with("+xml") || essence.ends_with("+json"))
    return true;
  constexpr std::string_view kTexts[] = {
      "application/json",       "application/xml",
      "application/javascript", "application/x-javascript",
      "application/yaml",       "application/x-yaml",
      "application/ecmascript", "application/x-ndjson",
      "application/toml",       "application/vnd.apple.mpegurl",
      "application/x-mpegurl",  "audio/mpegurl",
      "audio/x-mpegurl",
  };
  return std::find(std::begin(kTexts), std::end(kTexts), essence) != std::end(kTexts);
}

std::string_view extension_for(std::string_view essence) {
  for (const Extension& row : kExtensions) {
    if (row.essence == essence) return row.extension;
  }
  return ".bin";
}

}  // namespace halftone

// Media types: reading the header, looking at the bytes, naming files.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace halftone {

// A Content-Type value (WHATWG MIME Sniffing, "parse a MIME type").
struct MimeType {
  std::string essence;  // "text/html", lower case
  std::string charset;  // empty where none is given
  // Names in lower case, each once, in order; "charset" is among them.
  std::vector<std::pair<std::string, std::string>> parameters;

  // "text/html;charset=gbk" (WHATWG MIME Sniffing, "serialize a MIME type")
  std::string serialized() const;
};

// Nothing where the value is no MIME type.
std::optional<MimeType> parse_mime_type(std::string_view header);

// The type of a body by its first bytes: WHATWG MIME Sniffing's patterns for
// images, media, fonts and archives, and the formats it lacks (AVIF, HEIF, JPEG
// XL, JPEG 2000, TIFF, SVG, PSD …). Empty where the bytes tell nothing; text
// is told from binary data ("text/plain", "application/octet-stream"), and HTML, XHTML, SVG, feeds
// and other XML apart. 4 KiB are enough; more are not read.
std::string sniff_type(std::string_view head);

// What a body is, by its bytes first and by its Content-Type where they are
// silent: the bytes decide between image, media, font, HTML and text; the header
// decides what kind of text (CSS, JavaScript, JSON, Markdown), and wins where a page says that it
// is text/plain or Markdown.
// Never empty: "application/octet-stream" at worst.
std::string effective_type(std::string_view head, std::string_view content_type);

bool is_image_type(std::string_view essence);
bool is_text_type(
    std::string_view essence);  // worth compressing: text/*, JSON, XML, SVG, JavaScript

// The usual file name extension with its dot (".jpg"); ".bin" where none is known.
std::string_view extension_for(std::string_view essence);

}  // namespace halftone

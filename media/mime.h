// Media types: reading the header, looking at the bytes, naming files.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace halftone {

// A Content-Type value (WHATWG MIME Sniffing, "parse a MIME type").
struct MimeType {
  std::string essence;  // "text/html", lower case
  std::string charset;  // empty where none is given
};

// Nothing where the value is no MIME type.
std::optional<MimeType> parse_mime_type(std::string_view header);

// The type of a body by its first bytes: WHATWG MIME Sniffing's patterns for
// images, media, fonts and archives, and the formats it lacks (AVIF, HEIF, JPEG
// XL, JPEG 2000, TIFF, SVG, PSD …). Empty where the bytes tell nothing; text
// is told from binary data, and HTML, XML feeds and CSS-free text apart.
// 4 KiB are enough; more are not read.
std::string sniff_type(std::string_view head);

// What a body is, by its bytes first and by its Content-Type where they are
// silent: the bytes decide between image, media, font, HTML and text; the header
// decides what kind of text (CSS, JavaScript, JSON, Markdown).
// Never empty: "application/octet-stream" at worst.
std::string effective_type(std::string_view head, std::string_view content_type);

bool is_image_type(std::string_view essence);
bool is_text_type(
    std::string_view essence);  // worth compressing: text/*, JSON, XML, SVG, JavaScript

// The usual file name extension with its dot (".jpg"); ".bin" where none is known.
std::string_view extension_for(std::string_view essence);

}  // namespace halftone

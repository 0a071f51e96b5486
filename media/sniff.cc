#include <algorithm>

#include "media/ascii.h"
#include "media/mime.h"
#include "media/sniff_binary.h"
#include "media/sniff_markup.h"

namespace halftone {
namespace {

constexpr size_t kHeadSize = 4096;
constexpr std::string_view kPlain = "text/plain", kBinary = "application/octet-stream",
                           kHtml = "text/html";

// The start of a text as something that extends ASCII: no byte order mark, and of UTF-16 one byte
// of each code unit.
struct TextHead {
  std::string storage;
  std::string_view text;
  bool marked = false;  // there was a byte order mark

  explicit TextHead(std::string_view head) : text(head) {
    const bool big = head.starts_with("\xFE\xFF"), little = head.starts_with("\xFF\xFE");
    marked = big || little || head.starts_with("\xEF\xBB\xBF");
    if (big || little) {
      for (size_t i = big ? 3 : 2; i < head.size(); i += 2) storage += head[i];
      text = storage;
    } else if (marked) {
      text.remove_prefix(3);
    }
  }
};

struct Sniffed {
  std::string_view type;
  bool certain = true;
};

Sniffed sniff(std::string_view head) {
  head = head.substr(0, kHeadSize);
  if (head.empty()) return {};
  if (const auto type = sniff_binary(head); !type.empty()) return {type};
  const TextHead decoded(head);
  if (const Markup markup = sniff_markup(decoded.text); !markup.type.empty())
    return {markup.type, markup.certain};
  const bool binary = !decoded.marked && std::any_of(head.begin(), head.end(), is_binary_byte);
  return {binary ? kBinary : kPlain};
}

bool is_xml_type(std::string_view essence) {
  return essence == "text/xml" || essence == "application/xml" || essence.ends_with("+xml");
}

// Text that may begin with markup and is not what the markup says.
bool quotes_markup(std::string_view essence) {
  return essence == kPlain || essence == "text/markdown" || essence == "text/x-markdown";
}

// Containers, whose bytes leave open what they contain.
bool may_hold(std::string_view container, std::string_view declared) {
  if (container == "application/zip")
    return declared.starts_with("application/") && declared != kBinary && !is_text_type(declared);
  if (container == "application/ogg") return declared.ends_with("/ogg");
  if (container == "video/mp4") return declared == "audio/mp4" || declared == "video/x-m4v";
  return container == "video/webm" && declared == "audio/webm";
}

bool header_wins(const Sniffed& sniffed, std::string_view declared) {
  if (sniffed.type == kBinary) return declared != kPlain;
  if (sniffed.type == kPlain) return is_text_type(declared) && declared != "image/svg+xml";
  if (sniffed.type == kHtml) {
    if (quotes_markup(declared) || declared == "application/xhtml+xml") return true;
    if (declared == "application/json" || declared == "text/xml" || declared == "application/xml")
      return true;
    return !sniffed.certain && is_text_type(declared);
  }
  if (sniffed.type == "application/xhtml+xml") return declared == kHtml || quotes_markup(declared);
  if (sniffed.type == "text/xml") return is_xml_type(declared) || quotes_markup(declared);
  if (is_xml_type(sniffed.type)) return quotes_markup(declared);
  return may_hold(sniffed.type, declared);
}

}  // namespace

std::string sniff_type(std::string_view head) { return std::string(sniff(head).type); }

std::string effective_type(std::string_view head, std::string_view content_type) {
  const Sniffed sniffed = sniff(head);
  const auto declared = parse_mime_type(content_type);
  if (sniffed.type.empty()) return declared ? declared->essence : std::string(kBinary);
  if (declared && header_wins(sniffed, declared->essence)) return declared->essence;
  return std::string(sniffed.type);
}

}  // namespace halftone

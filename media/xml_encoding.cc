#include "media/xml_encoding.h"

#include <algorithm>

#include "media/ascii.h"
#include "media/utf8.h"
#include "media/xml_tokenizer.h"

namespace halftone {
namespace {

constexpr size_t kLongestDeclaration = 1024;

// The label in <?xml … encoding="…"?>, for which blanks may stand before it; empty where there is
// none.
std::string_view declared_encoding(std::string_view head) {
  while (!head.empty() && is_space(head[0])) head.remove_prefix(1);
  if (!starts_with_ignoring_case(head, "<?xml")) return {};
  const size_t end = head.find('>');
  const size_t at = head.find("encoding");
  if (at > end || end == head.npos) return {};
  head = trim(head.substr(at + std::string_view("encoding").size(), end - at));
  if (!head.starts_with('=')) return {};
  head = trim(head.substr(1));
  if (!head.starts_with('"') && !head.starts_with('\'')) return {};
  return head.substr(1, head.find(head[0], 1) - 1);
}

// UTF-8 with letters beyond ASCII that the declared encoding cannot be read as.
bool is_belied(std::string_view bytes, std::string_view name) {
  if (name.empty() || name == "UTF-8" || !is_valid_utf8(bytes)) return false;
  const bool is_ascii = std::all_of(bytes.begin(), bytes.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return !is_ascii && decode(bytes, name).text().find("\xEF\xBF\xBD") != std::string_view::npos;
}

}  // namespace

std::string_view declared_xml_encoding(std::string_view bytes) {
  return encoding_for_label(declared_encoding(bytes.substr(0, kLongestDeclaration)));
}

Encoding detect_xml_encoding(std::string_view bytes, std::string_view http_charset) {
  constexpr size_t kMark = 4;  // longer than any byte order mark
  const Encoding told = detect_encoding(bytes.substr(0, kMark), http_charset, false);
  if (told.by == "bom" || told.by == "header") return told;
  using namespace std::string_view_literals;
  if (bytes.starts_with("<\0?\0"sv)) return {"UTF-16LE", "meta"};
  if (bytes.starts_with("\0<\0?"sv)) return {"UTF-16BE", "meta"};
  const std::string_view name = declared_xml_encoding(bytes);
  // What can be read byte by byte is not in UTF-16, whatever it says.
  if (name.starts_with("UTF-16")) return {"UTF-8", "meta"};
  if (is_belied(bytes, name)) return {"UTF-8", "detected"};
  if (!name.empty()) return {name, "meta"};
  return detect_encoding(bytes, http_charset, false);
}

}  // namespace halftone

#include "media/xml_encoding.h"

#include "media/ascii.h"
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

}  // namespace

Encoding detect_xml_encoding(std::string_view bytes, std::string_view http_charset) {
  constexpr size_t kMark = 4;  // longer than any byte order mark
  const Encoding told = detect_encoding(bytes.substr(0, kMark), http_charset, false);
  if (told.by == "bom" || told.by == "header") return told;
  using namespace std::string_view_literals;
  if (bytes.starts_with("<\0?\0"sv)) return {"UTF-16LE", "meta"};
  if (bytes.starts_with("\0<\0?"sv)) return {"UTF-16BE", "meta"};
  const std::string_view name =
      encoding_for_label(declared_encoding(bytes.substr(0, kLongestDeclaration)));
  // What can be read byte by byte is not in UTF-16, whatever it says.
  if (name.starts_with("UTF-16")) return {"UTF-8", "meta"};
  if (!name.empty()) return {name, "meta"};
  return detect_encoding(bytes, http_charset, false);
}

}  // namespace halftone

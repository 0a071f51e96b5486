#include "media/charset.h"

#include "media/charset_codecs.h"
#include "media/charset_index.h"

namespace halftone {
namespace {

size_t byte_order_mark(std::string_view bytes, std::string_view encoding_name) {
  if (encoding_name == "UTF-8") return bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  if (encoding_name == "UTF-16LE") return bytes.starts_with("\xFF\xFE") ? 2 : 0;
  if (encoding_name == "UTF-16BE") return bytes.starts_with("\xFE\xFF") ? 2 : 0;
  return 0;
}

SourceText replaced(std::string_view bytes) {
  SourceText text = SourceText::decoded();
  if (!bytes.empty()) text.append("\uFFFD", {0, bytes.size()});
  return text;
}

}  // namespace

SourceText decode(std::string_view bytes, std::string_view label) {
  const std::string_view name = encoding_for_label(label);
  const size_t mark = byte_order_mark(bytes, name);
  if (name == "UTF-8") return {bytes.substr(mark), mark};
  if (name == "UTF-16LE" || name == "UTF-16BE") {
    return decode_utf16(bytes, mark, name == "UTF-16BE");
  }
  if (name == "GBK" || name == "gb18030") return decode_gb18030(bytes);
  if (name == "Big5") return decode_big5(bytes);
  if (name == "EUC-KR") return decode_euc_kr(bytes);
  if (name == "EUC-JP") return decode_euc_jp(bytes);
  if (name == "Shift_JIS") return decode_shift_jis(bytes);
  if (name == "ISO-2022-JP") return decode_iso_2022_jp(bytes);
  if (const ByteIndex* index = byte_index(name)) return decode_single_byte(bytes, *index);
  return replaced(bytes);
}

std::string encode(std::string_view utf8, std::string_view label) {
  const std::string_view name = encoding_for_label(label);
  if (name == "GBK" || name == "gb18030") return encode_gb18030(utf8, name == "GBK");
  if (name == "Big5") return encode_big5(utf8);
  if (name == "EUC-KR") return encode_euc_kr(utf8);
  if (name == "EUC-JP") return encode_euc_jp(utf8);
  if (name == "Shift_JIS") return encode_shift_jis(utf8);
  if (name == "ISO-2022-JP") return encode_iso_2022_jp(utf8);
  if (const ByteIndex* index = byte_index(name)) return encode_single_byte(utf8, *index);
  return std::string(utf8);
}

std::string encode_piece(std::string_view utf8, std::string_view label) {
  const std::string_view name = encoding_for_label(label);
  if (!name.starts_with("UTF-16")) return encode(utf8, label);
  return encode_utf16(utf8, name == "UTF-16BE");
}

bool has_character(std::string_view label, std::string_view character) {
  return character == "&" || !encode_piece(character, label).starts_with("&#");
}

}  // namespace halftone

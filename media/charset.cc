#include "media/charset.h"

#include <algorithm>
#include <memory>

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/unistr.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include "media/utf8.h"

namespace halftone {
namespace {

using Converter = std::unique_ptr<UConverter, decltype(&ucnv_close)>;

struct IcuNames {
  std::string_view name;  // WHATWG
  const char* decoder;
  const char* encoder;
};

// Where ICU's converter of the WHATWG name is missing or another one. The standard decodes GBK as
// gb18030 and Big5 with the Hong Kong extensions, but writes neither.
constexpr IcuNames kIcuNames[] = {
    {"GBK", "gb18030", "GBK"},
    {"Big5", "Big5-HKSCS", "Big5"},
    {"Shift_JIS", "ibm-943_P15A-2003", "ibm-943_P15A-2003"},
    {"EUC-KR", "windows-949", "windows-949"},
    {"ISO-8859-8-I", "ISO-8859-8", "ISO-8859-8"},
    {"ISO-8859-10", "iso-8859_10-1998", "iso-8859_10-1998"},
    {"ISO-8859-14", "iso-8859_14-1998", "iso-8859_14-1998"},
};

// ISO-8859-16 from 0xA0 on, which ICU lacks (index-iso-8859-16.txt of the Encoding Standard).
constexpr char16_t kIso8859_16[] = {
    0x00A0, 0x0104, 0x0105, 0x0141, 0x20AC, 0x201E, 0x0160, 0x00A7, 0x0161, 0x00A9, 0x0218, 0x00AB,
    0x0179, 0x00AD, 0x017A, 0x017B, 0x00B0, 0x00B1, 0x010C, 0x0142, 0x017D, 0x201D, 0x00B6, 0x00B7,
    0x017E, 0x010D, 0x0219, 0x00BB, 0x0152, 0x0153, 0x0178, 0x017C, 0x00C0, 0x00C1, 0x00C2, 0x0102,
    0x00C4, 0x0106, 0x00C6, 0x00C7, 0x00C8, 0x00C9, 0x00CA, 0x00CB, 0x00CC, 0x00CD, 0x00CE, 0x00CF,
    0x0110, 0x0143, 0x00D2, 0x00D3, 0x00D4, 0x0150, 0x00D6, 0x015A, 0x0170, 0x00D9, 0x00DA, 0x00DB,
    0x00DC, 0x0118, 0x021A, 0x00DF, 0x00E0, 0x00E1, 0x00E2, 0x0103, 0x00E4, 0x0107, 0x00E6, 0x00E7,
    0x00E8, 0x00E9, 0x00EA, 0x00EB, 0x00EC, 0x00ED, 0x00EE, 0x00EF, 0x0111, 0x0144, 0x00F2, 0x00F3,
    0x00F4, 0x0151, 0x00F6, 0x015B, 0x0171, 0x00F9, 0x00FA, 0x00FB, 0x00FC, 0x0119, 0x021B, 0x00FF};

// The character of a byte in the two encodings that ICU lacks.
char16_t own_character(unsigned char byte, bool user_defined) {
  if (byte < 0x80) return byte;
  if (user_defined) return static_cast<char16_t>(0xF780 + byte - 0x80);
  return byte < 0xA0 ? byte : kIso8859_16[byte - 0xA0];
}

bool is_own(std::string_view name) { return name == "x-user-defined" || name == "ISO-8859-16"; }

Converter open_converter(std::string_view name, bool encoding) {
  const auto row = std::find_if(std::begin(kIcuNames), std::end(kIcuNames),
                                [&](const IcuNames& r) { return r.name == name; });
  std::string icu_name(name);
  if (row != std::end(kIcuNames)) icu_name = encoding ? row->encoder : row->decoder;
  UErrorCode status = U_ZERO_ERROR;
  UConverter* converter = ucnv_open(icu_name.c_str(), &status);
  return {U_SUCCESS(status) ? converter : nullptr, &ucnv_close};
}

// Gathers UTF-16 units with the offsets where they begin into UTF-8 with spans: a character ends
// where the next one begins.
class Gatherer {
 public:
  Gatherer(SourceText& out, std::string_view bytes, size_t from, bool escapes)
      : out_(out), bytes_(bytes), escapes_(escapes), from_(from) {}

  void add(char16_t unit, size_t from) {
    if (U16_IS_TRAIL(unit) && lead_ != 0) {
      append_utf8(pending_, static_cast<char32_t>(U16_GET_SUPPLEMENTARY(lead_, unit)));
      lead_ = 0;
      return;
    }
    drop_lead();
    if (from > from_) flush(from);
    if (U16_IS_LEAD(unit)) {
      lead_ = unit;
    } else {
      append_utf8(pending_, U16_IS_TRAIL(unit) ? 0xFFFD : unit);
    }
  }

  size_t from() const { return from_; }

  void finish() {
    drop_lead();
    flush(bytes_.size());
  }

 private:
  void drop_lead() {
    if (lead_ != 0) append_utf8(pending_, 0xFFFD);
    lead_ = 0;
  }

  void flush(size_t to) {
    const size_t end = escapes_ ? before_escape(to) : to;
    out_.append(pending_, {from_, end});
    pending_.clear();
    from_ = to;
  }

  // An escape sequence of ISO-2022-JP belongs to no character, unless it returns to ASCII: then it
  // belongs to what it ends, so that a replacement of those bytes leaves the state as it was.
  size_t before_escape(size_t to) const {
    const size_t escape = bytes_.substr(0, to).find('\x1B', from_);
    if (escape == bytes_.npos || escape == from_) return to;
    return bytes_.substr(escape, 2) == "\x1B(" ? to : escape;
  }

  SourceText& out_;
  std::string_view bytes_;
  bool escapes_;
  size_t from_;
  std::string pending_;
  char16_t lead_ = 0;
};

// What stands for bytes that mean nothing: U+FFFD, after which an ASCII byte counts again; 0x80 in
// GBK is the euro sign. `context` is not null for GBK.
void replace_bad(const void* context, UConverterToUnicodeArgs* args, const char* bytes,
                 int32_t size, UConverterCallbackReason reason, UErrorCode* status) {
  if (reason > UCNV_IRREGULAR) return;
  *status = U_ZERO_ERROR;
  char16_t units[] = {0xFFFD, 0};
  int32_t count = 1;
  if (context != nullptr && size == 1 && bytes[0] == '\x80') units[0] = 0x20AC;
  if (size == 2 && U8_IS_SINGLE(bytes[1])) units[count++] = static_cast<char16_t>(bytes[1]);
  ucnv_cbToUWriteUChars(args, units, count, 0, status);
}

SourceText decode_own(std::string_view bytes, bool user_defined) {
  SourceText out = SourceText::decoded();
  std::string utf8;
  for (size_t i = 0; i < bytes.size(); ++i) {
    utf8.clear();
    append_utf8(utf8, own_character(static_cast<unsigned char>(bytes[i]), user_defined));
    out.append(utf8, {i, i + 1});
  }
  return out;
}

SourceText decode_with(UConverter* converter, std::string_view bytes, size_t from, bool escapes) {
  SourceText out = SourceText::decoded();
  Gatherer gatherer(out, bytes, from, escapes);
  constexpr size_t kUnits = 4096;
  constexpr size_t kMostBytes = 1 << 30;  // ICU counts in 32 bits
  char16_t units[kUnits];
  int32_t offsets[kUnits];
  const char* at = bytes.data() + from;
  const char* end = bytes.data() + std::min(bytes.size(), kMostBytes);
  UErrorCode status = U_BUFFER_OVERFLOW_ERROR;
  while (status == U_BUFFER_OVERFLOW_ERROR) {
    status = U_ZERO_ERROR;
    const auto base = static_cast<size_t>(at - bytes.data());
    char16_t* target = units;
    ucnv_toUnicode(converter, &target, units + kUnits, &at, end, offsets, true, &status);
    for (ptrdiff_t i = 0; i < target - units; ++i) {
      // Units left over from the call before have no offset.
      const size_t begin =
          offsets[i] < 0 ? gatherer.from() : base + static_cast<size_t>(offsets[i]);
      gatherer.add(units[i], begin);
    }
  }
  gatherer.finish();
  return out;
}

size_t byte_order_mark(std::string_view bytes, std::string_view encoding_name) {
  if (encoding_name == "UTF-8") return bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  if (encoding_name == "UTF-16LE") return bytes.starts_with("\xFF\xFE") ? 2 : 0;
  if (encoding_name == "UTF-16BE") return bytes.starts_with("\xFE\xFF") ? 2 : 0;
  return 0;
}

std::string encode_own(const icu::UnicodeString& text, bool user_defined) {
  std::string out;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    int byte = c < 0x80 ? c : 0x80;
    while (byte >= 0x80 && byte < 0x100 &&
           own_character(static_cast<unsigned char>(byte), user_defined) != c) {
      ++byte;
    }
    if (byte < 0x100) {
      out += static_cast<char>(byte);
    } else {
      out += "&#" + std::to_string(c) + ";";
    }
  }
  return out;
}

// Makes `text` say what the Encoding Standard's encoders write where ICU's would write something
// else (10.2.2, 12.1.2, 12.2.2, 12.3.2).
void apply_encoder_rules(icu::UnicodeString& text, std::string_view encoding_name) {
  const bool iso_2022 = encoding_name == "ISO-2022-JP";
  if (iso_2022 || encoding_name == "Shift_JIS" || encoding_name == "EUC-JP") {
    text.findAndReplace(u"\u2212", u"\uFF0D");
  }
  if (encoding_name == "gb18030" || encoding_name == "GBK") {
    text.findAndReplace(u"\uE5E5", u"&#58853;");
  }
  for (const char16_t* const shift : {u"\u000E", u"\u000F", u"\u001B"}) {
    if (iso_2022) text.findAndReplace(shift, u"&#65533;");
  }
}

std::string encode_with(UConverter* converter, const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_ESCAPE, UCNV_ESCAPE_XML_DEC, nullptr,
                        nullptr, &status);
  // The longest answer to one unit is a reference of ten bytes.
  std::string out(static_cast<size_t>(text.length()) * 10 + 16, '\0');
  const int32_t size = ucnv_fromUChars(converter, out.data(), static_cast<int32_t>(out.size()),
                                       text.getBuffer(), text.length(), &status);
  out.resize(U_SUCCESS(status) ? static_cast<size_t>(size) : 0);
  return out;
}

}  // namespace

Span SourceText::source(size_t from, size_t to) const {
  if (!mapped_) return {origin_ + from, origin_ + std::max(from, to)};
  if (pieces_.empty()) return {};
  const auto begin_of = [&](size_t position) {
    const Piece& piece = piece_at(position);
    return piece.from + (position - piece.at) / piece.unit * piece.source_unit;
  };
  const auto end_of = [&](size_t position) {
    return begin_of(position) + piece_at(position).source_unit;
  };
  const size_t size = text().size();
  if (from >= size) return {end_of(size - 1), end_of(size - 1)};
  if (to <= from) return {begin_of(from), begin_of(from)};
  return {begin_of(from), end_of(std::min(to, size) - 1)};
}

const SourceText::Piece& SourceText::piece_at(size_t position) const {
  const auto after = std::upper_bound(pieces_.begin(), pieces_.end(), position,
                                      [](size_t p, const Piece& piece) { return p < piece.at; });
  return *std::prev(after);
}

void SourceText::append(std::string_view bytes, Span from) {
  if (bytes.empty()) return;
  const bool linear = bytes.size() == from.size();
  const size_t unit = linear ? 1 : bytes.size();
  const size_t source_unit = linear ? 1 : from.size();
  bool joins = false;
  if (!pieces_.empty()) {
    const Piece& last = pieces_.back();
    const size_t runs = (owned_.size() - last.at) / last.unit;
    joins = last.unit == unit && last.source_unit == source_unit &&
            last.from + runs * source_unit == from.from;
  }
  if (!joins) pieces_.push_back({owned_.size(), from.from, unit, source_unit});
  owned_.append(bytes);
}

SourceText SourceText::through(const SourceText& outer) const {
  SourceText out = decoded();
  const std::string_view all = text();
  if (!mapped_) {
    out.append_run(all, origin_, outer);
    return out;
  }
  for (size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& piece = pieces_[i];
    const size_t end = i + 1 < pieces_.size() ? pieces_[i + 1].at : all.size();
    if (piece.unit == 1 && piece.source_unit == 1) {
      out.append_run(all.substr(piece.at, end - piece.at), piece.from, outer);
      continue;
    }
    size_t from = piece.from;
    for (size_t at = piece.at; at < end; at += piece.unit, from += piece.source_unit) {
      out.append(all.substr(at, piece.unit), outer.source(from, from + piece.source_unit));
    }
  }
  return out;
}

// `bytes` stand in `outer` at `from`, byte by byte; each run of outer's own pieces is kept as one.
void SourceText::append_run(std::string_view bytes, size_t from, const SourceText& outer) {
  const size_t to = from + bytes.size();
  for (size_t at = from; at < to;) {
    size_t end = to;
    if (outer.mapped_) {
      const Piece& piece = outer.piece_at(at);
      const bool is_last = &piece == &outer.pieces_.back();
      const size_t piece_end = is_last ? outer.text().size() : (&piece + 1)->at;
      const bool is_plain = piece.unit == 1 && piece.source_unit == 1;
      const size_t unit_end = at + piece.unit - (at - piece.at) % piece.unit;
      end = std::min(to, is_plain ? piece_end : unit_end);
    }
    append(bytes.substr(at - from, end - at), outer.source(at, end));
    at = end;
  }
}

SourceText SourceText::slice(size_t from, size_t to) const {
  SourceText part(text().substr(from, to - from), origin_ + from);
  if (!mapped_) return part;
  part.mapped_ = true;
  if (part.view_.empty()) {
    const size_t at = source(from, from).from;
    part.pieces_.clear();
    part.mapped_ = false;
    part.origin_ = at;
    return part;
  }
  for (const Piece* piece = &piece_at(from);
       piece != pieces_.data() + pieces_.size() && piece->at < to; ++piece) {
    Piece copy = *piece;
    if (copy.at < from) {
      const size_t skipped = (from - copy.at) / copy.unit;
      copy.from += skipped * copy.source_unit;
      copy.at += skipped * copy.unit;
    }
    copy.at = std::max(copy.at, from) - from;
    part.pieces_.push_back(copy);
  }
  return part;
}

SourceText decode(std::string_view bytes, std::string_view label) {
  const std::string_view encoding_name = encoding_for_label(label);
  const size_t mark = byte_order_mark(bytes, encoding_name);
  if (encoding_name == "UTF-8") return {bytes.substr(mark), mark};
  if (is_own(encoding_name)) return decode_own(bytes, encoding_name == "x-user-defined");
  const Converter converter = open_converter(encoding_name, false);
  if (converter && encoding_name != "replacement") {
    const bool gbk = encoding_name == "GBK" || encoding_name == "gb18030";
    UErrorCode status = U_ZERO_ERROR;
    ucnv_setToUCallBack(converter.get(), &replace_bad, gbk ? converter.get() : nullptr, nullptr,
                        nullptr, &status);
    return decode_with(converter.get(), bytes, mark, encoding_name == "ISO-2022-JP");
  }
  SourceText replaced = SourceText::decoded();
  if (!bytes.empty()) replaced.append("\xEF\xBF\xBD", {0, bytes.size()});
  return replaced;
}

std::string encode(std::string_view utf8, std::string_view label) {
  const std::string_view encoding_name = encoding_for_label(label);
  const bool decodes_only = encoding_name.starts_with("UTF-16") || encoding_name == "replacement";
  if (encoding_name == "UTF-8" || decodes_only) return std::string(utf8);
  auto text = icu::UnicodeString::fromUTF8({utf8.data(), static_cast<int32_t>(utf8.size())});
  if (is_own(encoding_name)) return encode_own(text, encoding_name == "x-user-defined");
  const Converter converter = open_converter(encoding_name, true);
  if (!converter) return std::string(utf8);
  apply_encoder_rules(text, encoding_name);
  return encode_with(converter.get(), text);
}

std::string encode_piece(std::string_view utf8, std::string_view label) {
  const std::string_view encoding_name = encoding_for_label(label);
  if (!encoding_name.starts_with("UTF-16")) return encode(utf8, label);
  const int low = encoding_name == "UTF-16LE" ? 0 : 1;
  const auto text = icu::UnicodeString::fromUTF8({utf8.data(), static_cast<int32_t>(utf8.size())});
  std::string bytes(static_cast<size_t>(text.length()) * 2, '\0');
  for (int32_t i = 0; i < text.length(); ++i) {
    const char16_t unit = text[i];
    bytes[static_cast<size_t>(2 * i + low)] = static_cast<char>(unit & 0xFF);
    bytes[static_cast<size_t>(2 * i + 1 - low)] = static_cast<char>(unit >> 8);
  }
  return bytes;
}

}  // namespace halftone

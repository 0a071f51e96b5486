#include "media/charset_index.h"

#include <algorithm>
#include <memory>
#include <span>
#include <string>

#include <unicode/ucnv.h>
#include <unicode/utf16.h>

namespace halftone {
namespace {

// `count` codes from `code` on mean `character` and those after it; 0 means nothing.
struct Delta {
  uint16_t code;
  uint16_t count;
  char16_t character;
};

// index-gb18030.txt: what GB 18030-2022 moved out of the private use area.
constexpr Delta kGb18030Deltas[] = {{0xA3A0, 1, 0x3000}, {0xA6D9, 1, 0xFE10}, {0xA6DA, 1, 0xFE12},
                                    {0xA6DB, 1, 0xFE11}, {0xA6DC, 4, 0xFE13}, {0xA6EC, 2, 0xFE17},
                                    {0xA6F3, 1, 0xFE19}, {0xFE59, 1, 0x9FB4}, {0xFE61, 1, 0x9FB5},
                                    {0xFE66, 2, 0x9FB6}, {0xFE6D, 1, 0x9FB8}, {0xFE7E, 1, 0x9FB9},
                                    {0xFE90, 1, 0x9FBA}, {0xFEA0, 1, 0x9FBB}};

// index-big5.txt: characters of the Hong Kong Supplementary Character Set that ICU has in the
// private use area or not at all.
constexpr Delta kBig5Deltas[] = {
    {0x87A4, 1, 0x9F97}, {0x87AC, 1, 0x9F96},  {0x8840, 5, 0x31C0}, {0x8846, 1, 0x31C5},
    {0x8849, 2, 0x31C6}, {0x884D, 1, 0x31C8},  {0x884F, 4, 0x31C9}, {0x8854, 2, 0x31CD},
    {0x88A9, 2, 0x23DA}, {0x8C43, 1, 0x9FA6},  {0x8C6D, 1, 0x9FA7}, {0x8C74, 1, 0x9FA8},
    {0x8CB7, 1, 0x9FA9}, {0x8CB9, 1, 0x9FAA},  {0x8CBB, 1, 0x9FAB}, {0x8CC0, 1, 0x9FAC},
    {0x8CD7, 2, 0x9FAD}, {0x8CDA, 1, 0x9FAF},  {0x8CED, 1, 0x9FB2}, {0x8D48, 1, 0x9FB3},
    {0x8E69, 1, 0x7BB8}, {0x8E6F, 1, 0x7C06},  {0x8E7E, 1, 0x7CCE}, {0x8EAB, 1, 0x7DD2},
    {0x8EB4, 1, 0x7E1D}, {0x8ECD, 1, 0x8005},  {0x8ED0, 1, 0x8028}, {0x8F57, 1, 0x83C1},
    {0x8F69, 1, 0x84A8}, {0x8F6E, 1, 0x840F},  {0x8FCB, 1, 0x89A6}, {0x8FCC, 1, 0x89A9},
    {0x8FFE, 1, 0x8D77}, {0x906D, 1, 0x90FD},  {0x907A, 1, 0x92B9}, {0x90DC, 1, 0x975C},
    {0x90F1, 1, 0x97FF}, {0x91BF, 1, 0x9F16},  {0x9244, 1, 0x8503}, {0x92AF, 1, 0x5159},
    {0x92B0, 1, 0x515B}, {0x92B1, 2, 0x515D},  {0x92C8, 1, 0x936E}, {0x92D1, 1, 0x7479},
    {0x9447, 1, 0x6D67}, {0x94CA, 1, 0x799B},  {0x95D9, 1, 0x9097}, {0x9644, 1, 0x975D},
    {0x96ED, 1, 0x701E}, {0x96FC, 1, 0x5B28},  {0x9B76, 1, 0x7201}, {0x9B78, 1, 0x77D7},
    {0x9B7B, 1, 0x7E87}, {0x9BC6, 1, 0x99D6},  {0x9BDE, 1, 0x91D4}, {0x9BEC, 1, 0x60DE},
    {0x9BF6, 1, 0x6FB6}, {0x9C42, 1, 0x8F36},  {0x9C53, 1, 0x4FBB}, {0x9C62, 1, 0x71DF},
    {0x9C68, 1, 0x9104}, {0x9C6B, 1, 0x9DF0},  {0x9C77, 1, 0x83CF}, {0x9CBC, 1, 0x5C10},
    {0x9CBD, 1, 0x79E3}, {0x9CD0, 1, 0x5A67},  {0x9D57, 1, 0x8F0B}, {0x9D5A, 1, 0x7B51},
    {0x9DC4, 1, 0x62D0}, {0x9EA9, 1, 0x6062},  {0x9EEF, 1, 0x75F9}, {0x9EFD, 1, 0x6C4A},
    {0x9F60, 1, 0x9B2E}, {0x9F66, 1, 0x9F17},  {0x9FCB, 1, 0x50ED}, {0x9FD8, 1, 0x5F0C},
    {0xA063, 1, 0x880F}, {0xA077, 1, 0x62CE},  {0xA0D5, 1, 0x7468}, {0xA0DF, 1, 0x7162},
    {0xA0E4, 1, 0x7250}, {0xA3C0, 32, 0x2400}, {0xA3E0, 1, 0x2421}, {0xC6CF, 1, 0x5EF4},
    {0xC6D3, 1, 0x65E0}, {0xC6D5, 1, 0x7676},  {0xC6D7, 1, 0x96B6}, {0xC6DE, 1, 0x3003},
    {0xC6DF, 1, 0x4EDD}, {0xC879, 1, 0x31CF},  {0xC8A1, 1, 0x9FB0}, {0xC8A3, 1, 0x9FB1},
    {0xFA5F, 1, 0x5029}, {0xFA66, 1, 0x507D},  {0xFABD, 1, 0x5305}, {0xFAC5, 1, 0x5344},
    {0xFAD5, 1, 0x537F}, {0xFB48, 1, 0x5605},  {0xFBB8, 1, 0x5A77}, {0xFBF3, 1, 0x5E75},
    {0xFBF9, 1, 0x5ED0}, {0xFC4F, 1, 0x5F58},  {0xFC6C, 1, 0x60A4}, {0xFCB9, 1, 0x6490},
    {0xFCE2, 1, 0x6674}, {0xFCF1, 1, 0x675E},  {0xFDB7, 1, 0x6C9C}, {0xFDB8, 1, 0x6E1D},
    {0xFDBB, 1, 0x6E2F}, {0xFDF1, 1, 0x716E},  {0xFE52, 1, 0x732A}, {0xFE6F, 1, 0x745C},
    {0xFEAA, 1, 0x74E9}, {0xFEDD, 1, 0x7809}};

// index-jis0212.txt has none of IBM's extensions.
constexpr Delta kJis0212Deltas[] = {{0xF3A1, 94, 0}};

struct ByteEncoding {
  std::string_view name;  // WHATWG
  const char* icu_name;
  Delta deltas[2];
};

// ISO-8859-8-I is ISO-8859-8. The deltas are of the index of each encoding in the standard.
constexpr ByteEncoding kByteEncodings[] = {
    {"IBM866", "IBM866", {}},
    {"ISO-8859-2", "ISO-8859-2", {}},
    {"ISO-8859-3", "ISO-8859-3", {}},
    {"ISO-8859-4", "ISO-8859-4", {}},
    {"ISO-8859-5", "ISO-8859-5", {}},
    {"ISO-8859-6", "ISO-8859-6", {}},
    {"ISO-8859-7", "ISO-8859-7", {}},
    {"ISO-8859-8", "ISO-8859-8", {}},
    {"ISO-8859-8-I", "ISO-8859-8", {}},
    {"ISO-8859-10", "iso-8859_10-1998", {}},
    {"ISO-8859-13", "ISO-8859-13", {}},
    {"ISO-8859-14", "iso-8859_14-1998", {}},
    {"ISO-8859-15", "ISO-8859-15", {}},
    {"KOI8-R", "KOI8-R", {}},
    {"KOI8-U", "KOI8-U", {{0xAE, 1, 0x045E}, {0xBE, 1, 0x040E}}},
    {"macintosh", "macintosh", {}},
    {"windows-874", "windows-874", {{0xDB, 4, 0}, {0xFC, 4, 0}}},
    {"windows-1250", "windows-1250", {}},
    {"windows-1251", "windows-1251", {}},
    {"windows-1252", "windows-1252", {}},
    {"windows-1253", "windows-1253", {{0xAA, 1, 0}}},
    {"windows-1254", "windows-1254", {}},
    {"windows-1255", "windows-1255", {{0xCA, 1, 0x05BA}}},
    {"windows-1256", "windows-1256", {}},
    {"windows-1257", "windows-1257", {}},
    {"windows-1258", "windows-1258", {}},
    {"x-mac-cyrillic", "x-mac-cyrillic", {}},
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

char16_t character_of(const Delta& delta, unsigned code) {
  return delta.character == 0 ? char16_t{0}
                              : static_cast<char16_t>(delta.character + (code - delta.code));
}

// One converter of ICU's, asked for one character at a time.
class IcuConverter {
 public:
  explicit IcuConverter(const char* name) : converter_(nullptr, &ucnv_close) {
    UErrorCode status = U_ZERO_ERROR;
    converter_.reset(ucnv_open(name, &status));
    if (!converter_) return;
    ucnv_setToUCallBack(converter_.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                        &status);
  }

  // The character that `bytes` are in whole; 0 where they are none.
  char32_t character(std::string_view bytes) const {
    if (!converter_) return 0;
    UErrorCode status = U_ZERO_ERROR;
    char16_t units[8];
    const int32_t count = ucnv_toUChars(converter_.get(), units, 8, bytes.data(),
                                        static_cast<int32_t>(bytes.size()), &status);
    if (U_FAILURE(status) || units[0] == 0xFFFD) return 0;
    if (count == 2 && U16_IS_LEAD(units[0]) && U16_IS_TRAIL(units[1])) {
      return static_cast<char32_t>(U16_GET_SUPPLEMENTARY(units[0], units[1]));
    }
    return count == 1 ? units[0] : 0;
  }

 private:
  std::unique_ptr<UConverter, decltype(&ucnv_close)> converter_;
};

ByteIndex make_byte_index(const ByteEncoding& encoding) {
  const IcuConverter icu(encoding.icu_name);
  ByteIndex index{};
  for (unsigned byte = 0x80; byte < 0x100; ++byte) {
    const char bytes[] = {static_cast<char>(byte)};
    index[byte - 0x80] = static_cast<char16_t>(icu.character({bytes, 1}));
    for (const Delta& delta : encoding.deltas) {
      if (byte >= delta.code && byte < delta.code + delta.count)
        index[byte - 0x80] = character_of(delta, byte);
    }
  }
  return index;
}

ByteIndex make_iso_8859_16() {
  ByteIndex index{};
  for (unsigned i = 0; i < 32; ++i) index[i] = static_cast<char16_t>(0x80 + i);
  std::copy(std::begin(kIso8859_16), std::end(kIso8859_16), index.begin() + 32);
  return index;
}

ByteIndex make_user_defined() {
  ByteIndex index{};
  for (unsigned i = 0; i < 128; ++i) index[i] = static_cast<char16_t>(0xF780 + i);
  return index;
}

// How an encoding writes a pointer with two bytes: `columns` to a lead, whose trails are those from
// `trail` to `trail_end` and, if there is need of more, from `second_trail` on.
struct TwoBytes {
  const char* icu_name;
  std::string_view prefix;
  unsigned lead, second_lead_at, second_lead;  // leads jump where they reach second_lead_at
  unsigned rows, columns;
  unsigned trail, trail_end, second_trail;
};

constexpr TwoBytes kGb18030 = {"gb18030", "", 0x81, 256, 0, 126, 190, 0x40, 0x7E, 0x80};
constexpr TwoBytes kBig5 = {"Big5-HKSCS", "", 0x81, 256, 0, 126, 157, 0x40, 0x7E, 0xA1};
constexpr TwoBytes kEucKr = {"windows-949", "", 0x81, 256, 0, 126, 190, 0x41, 0xFF, 0};
constexpr TwoBytes kJis0208 = {
    "ibm-943_P15A-2003", "", 0x81, 0xA0, 0xE0, 60, 188, 0x40, 0x7E, 0x80};
constexpr TwoBytes kJis0212 = {"EUC-JP", "\x8F", 0xA1, 256, 0, 94, 94, 0xA1, 0xFE, 0};

bool is_private_use(char32_t c) { return c >= 0xE000 && c <= 0xF8FF; }

// Characters of the private use area are left out unless `keeps_private`.
CharsetIndex make_index(const TwoBytes& shape, std::span<const Delta> deltas, bool keeps_private) {
  const IcuConverter icu(shape.icu_name);
  std::vector<char32_t> characters(size_t{shape.rows} * shape.columns);
  std::string bytes(shape.prefix);
  bytes.resize(shape.prefix.size() + 2);
  for (unsigned pointer = 0; pointer < characters.size(); ++pointer) {
    unsigned lead = shape.lead + pointer / shape.columns;
    if (lead >= shape.second_lead_at) lead += shape.second_lead - shape.second_lead_at;
    unsigned trail = shape.trail + pointer % shape.columns;
    if (trail > shape.trail_end) trail += shape.second_trail - shape.trail_end - 1;
    bytes[bytes.size() - 2] = static_cast<char>(lead);
    bytes[bytes.size() - 1] = static_cast<char>(trail);
    char32_t c = icu.character(bytes);
    if (is_private_use(c) && !keeps_private) c = 0;
    const unsigned code = lead << 8 | trail;
    const auto after = std::upper_bound(deltas.begin(), deltas.end(), code,
                                        [](unsigned x, const Delta& d) { return x < d.code; });
    if (after != deltas.begin() && code < std::prev(after)->code + std::prev(after)->count)
      c = character_of(*std::prev(after), code);
    characters[pointer] = c;
  }
  return CharsetIndex(std::move(characters));
}

// index-gb18030-ranges.txt: what is left of the first plane, in order, once GB 18030-2000 had given
// two bytes to the rest. U+E7C7 has had four bytes since 2005, when it changed places with U+1E3F
// ("index gb18030 ranges code point", step 2).
CharsetIndex make_gb18030_ranges() {
  const CharsetIndex two_bytes = make_index(kGb18030, {}, true);
  std::vector<bool> has_two(0x10000);
  for (size_t pointer = 0; pointer < two_bytes.size(); ++pointer) {
    has_two[two_bytes.at(pointer) & 0xFFFF] = true;
  }
  has_two[0xE7C7] = true;
  has_two[0x1E3F] = false;
  std::vector<char32_t> characters;
  for (char32_t c = 0x80; c < 0x10000; ++c) {
    if (has_two[c] || (c >= 0xD800 && c <= 0xDFFF)) continue;
    characters.push_back(c == 0x1E3F ? 0xE7C7 : c);
  }
  return CharsetIndex(std::move(characters));
}

}  // namespace

const ByteIndex* byte_index(std::string_view encoding_name) {
  static const auto indexes = [] {
    std::vector<std::pair<std::string_view, ByteIndex>> all;
    for (const ByteEncoding& encoding : kByteEncodings)
      all.emplace_back(encoding.name, make_byte_index(encoding));
    all.emplace_back("ISO-8859-16", make_iso_8859_16());
    all.emplace_back("x-user-defined", make_user_defined());
    return all;
  }();
  const auto found = std::find_if(indexes.begin(), indexes.end(),
                                  [&](const auto& row) { return row.first == encoding_name; });
  return found == indexes.end() ? nullptr : &found->second;
}

const CharsetIndex& gb18030_index() {
  static const CharsetIndex index = make_index(kGb18030, kGb18030Deltas, true);
  return index;
}

const CharsetIndex& big5_index() {
  static const CharsetIndex index = make_index(kBig5, kBig5Deltas, false);
  return index;
}

const CharsetIndex& euc_kr_index() {
  static const CharsetIndex index = make_index(kEucKr, {}, false);
  return index;
}

const CharsetIndex& jis0208_index() {
  static const CharsetIndex index = make_index(kJis0208, {}, false);
  return index;
}

const CharsetIndex& jis0212_index() {
  static const CharsetIndex index = make_index(kJis0212, kJis0212Deltas, false);
  return index;
}

const CharsetIndex& gb18030_ranges() {
  static const CharsetIndex index = make_gb18030_ranges();
  return index;
}

PointerIndex::PointerIndex(const CharsetIndex& index, size_t skip_from, size_t skip_to) {
  for (size_t pointer = 0; pointer < index.size(); ++pointer) {
    const bool skipped = pointer >= skip_from && pointer < skip_to;
    if (const char32_t c = index.at(pointer); c != 0 && !skipped)
      pointers_.emplace_back(c, pointer);
  }
  std::sort(pointers_.begin(), pointers_.end());
}

std::optional<uint32_t> PointerIndex::first(char32_t character) const {
  const auto found = std::lower_bound(pointers_.begin(), pointers_.end(), std::pair(character, 0u));
  if (found == pointers_.end() || found->first != character) return std::nullopt;
  return found->second;
}

std::optional<uint32_t> PointerIndex::last(char32_t character) const {
  const auto after = std::lower_bound(pointers_.begin(), pointers_.end(),
                                      std::pair(static_cast<char32_t>(character + 1), 0u));
  if (after == pointers_.begin() || std::prev(after)->first != character) return std::nullopt;
  return std::prev(after)->second;
}

}  // namespace halftone

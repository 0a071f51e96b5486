#include "media/idna.h"

#include <algorithm>
#include <iterator>
#include <memory>

#include <unicode/uidna.h>

#include "media/utf8.h"

namespace halftone {
namespace {

// Code points from `first` to `last` that UTS #46 maps or ignores since Unicode 15.1 and 16, and
// that ICU 72 (Unicode 15.0) disallows or maps otherwise: IdnaMappingTable.txt, 15.0 against 17.0.
// `to` is what `first` becomes, and the others in step; 0: ignored. U+1806, valid since 16, is left
// out: ICU would refuse it whatever stood here.
struct Mapping {
  char32_t first, last, to;
};
constexpr Mapping kNewMappings[] = {
    {0x04C0, 0x04C0, 0x04CF},    {0x10A0, 0x10C5, 0x2D00},   {0x115F, 0x1160, 0},
    {0x17B4, 0x17B5, 0},         {0x180E, 0x180E, 0},        {0x1E9E, 0x1E9E, 0x00DF},
    {0x2061, 0x2063, 0},         {0x206A, 0x206F, 0},        {0x2132, 0x2132, 0x214E},
    {0x2183, 0x2183, 0x2184},    {0x3164, 0x3164, 0},        {0xFFA0, 0xFFA0, 0},
    {0x1D173, 0x1D17A, 0},       {0x2F868, 0x2F868, 0x36FC}, {0x2F874, 0x2F874, 0x5F53},
    {0x2F91F, 0x2F91F, 0x243AB}, {0x2F95F, 0x2F95F, 0x7AEE}, {0x2F9BF, 0x2F9BF, 0x45D7},
};

// `domain`, which is valid UTF-8, after kNewMappings.
std::string map_new(std::string_view domain) {
  std::string out;
  for (size_t i = 0; i < domain.size();) {
    const auto lead = static_cast<unsigned char>(domain[i]);
    const size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t c = size == 1 ? lead : lead & (0xFF >> (size + 1));
    for (size_t tail = 1; tail < size; ++tail) c = c << 6 | (domain[i + tail] & 0x3F);
    const auto* mapping = std::lower_bound(std::begin(kNewMappings), std::end(kNewMappings), c,
                                           [](const Mapping& m, char32_t x) { return m.last < x; });
    if (mapping == std::end(kNewMappings) || c < mapping->first)
      out += domain.substr(i, size);
    else if (mapping->to != 0)
      append_utf8(out, mapping->to + (c - mapping->first));
    i += size;
  }
  return out;
}

// Made once, then only read: ICU lets threads share it.
const UIDNA* idna() {
  struct Close {
    void operator()(UIDNA* idna) const { uidna_close(idna); }
  };
  static const std::unique_ptr<UIDNA, Close> instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<UIDNA, Close>(uidna_openUTS46(
        UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII, &status));
  }();
  return instance.get();
}

}  // namespace

std::optional<std::string> domain_to_ascii(std::string_view domain) {
  constexpr size_t kLongest = 2048;
  // CheckHyphens and VerifyDnsLength are off, and empty labels pass.
  constexpr uint32_t kAllowed = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |
                                UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN |
                                UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
  if (domain.size() > kLongest || !idna()) return std::nullopt;
  const std::string mapped = map_new(domain);
  std::string out(4 * mapped.size() + 64, '\0');
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode status = U_ZERO_ERROR;
  const int32_t size =
      uidna_nameToASCII_UTF8(idna(), mapped.data(), static_cast<int32_t>(mapped.size()), out.data(),
                             static_cast<int32_t>(out.size()), &info, &status);
  if (U_FAILURE(status) || (info.errors & ~kAllowed) != 0) return std::nullopt;
  out.resize(static_cast<size_t>(size));
  return out;
}

}  // namespace halftone

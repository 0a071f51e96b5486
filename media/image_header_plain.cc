// Formats with little more than a size before their pixels: PSD, QOI, Netpbm.
#include <bit>
#include <optional>

#include "media/ascii.h"
#include "media/byte_reader.h"
#include "media/image_formats.h"
#include "media/image_metadata.h"

namespace halftone {

namespace {

using namespace std::string_view_literals;

constexpr uint32_t kMostSide = 1'000'000'000;

// a × b, or more than any file has.
uint64_t times(uint64_t a, uint64_t b) {
  constexpr uint64_t kMost = uint64_t{1} << 62;
  return b != 0 && a > kMost / b ? kMost : a * b;
}

// Adobe Photoshop File Formats Specification, "Color mode": channels that are colours.
uint16_t colours_of(uint16_t mode) {
  constexpr uint16_t kColours[] = {1, 1, 1, 3, 4, 0xFFFF, 0xFFFF, 0xFFFF, 1, 3};
  return mode < std::size(kColours) ? kColours[mode] : 0xFFFF;
}

}  // namespace

void read_psd(std::string_view bytes, ImageHeader& header) {
  ByteReader reader(slice(bytes, 4));
  const bool large = reader.u16() == 2;  // PSB
  reader.skip(6);
  const uint16_t channels = reader.u16();
  header.height = reader.u32();
  header.width = reader.u32();
  const uint16_t depth = reader.u16(), mode = reader.u16();
  header.bits = depth;
  header.alpha = channels > colours_of(mode);
  reader.skip(reader.u32());  // the palette
  const uint32_t resources = reader.u32();
  read_photoshop_resources(reader.rest().substr(0, resources), header);
  header.orientation = 1;  // what EXIF says was true of the photograph before
  reader.skip(resources);
  reader.skip(reader.integer(large ? 8 : 4));  // layers
  constexpr uint16_t kRaw = 0;
  const bool raw = reader.u16() == kRaw;
  const uint64_t row = (uint64_t{header.width} * depth + 7) / 8;
  const uint64_t pixels = times(times(row, header.height), channels);
  header.is_cut = !reader.sound() || (raw && pixels > reader.rest().size());
}

// The QOI Image Format, version 1.0
void read_qoi(std::string_view bytes, ImageHeader& header) {
  ByteReader reader(slice(bytes, 4));
  header.width = reader.u32();
  header.height = reader.u32();
  header.alpha = reader.u8() == 4;
  header.is_cut = !bytes.ends_with("\0\0\0\0\0\0\0\1"sv) || reader.rest().size() < 9;
}

namespace {

// Netpbm's headers: numbers between blanks and comments.
class PnmTokens {
 public:
  explicit PnmTokens(std::string_view bytes) : rest_(bytes) {}

  std::string_view word() {
    skip_blanks();
    size_t size = 0;
    while (size < rest_.size() && !is_space(rest_[size]) && rest_[size] != '#') ++size;
    const std::string_view word = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return word;
  }

  // Nothing where no number stands.
  std::optional<uint32_t> number() {
    uint64_t value = 0;
    const std::string_view digits = word();
    for (const char c : digits) {
      if (!is_digit(c)) return std::nullopt;
      value = std::min<uint64_t>(value * 10 + static_cast<uint64_t>(c - '0'), kMostSide);
    }
    if (digits.empty()) return std::nullopt;
    return static_cast<uint32_t>(value);
  }

  // Pixels follow a single blank.
  std::string_view pixels() const { return slice(rest_, 1); }

 private:
  void skip_blanks() {
    size_t at = 0;
    while (at < rest_.size() && (is_space(rest_[at]) || rest_[at] == '#')) {
      at = rest_[at] == '#' ? std::min(rest_.find('\n', at), rest_.size()) : at + 1;
    }
    rest_.remove_prefix(at);
  }

  std::string_view rest_;
};

struct PnmFacts {
  uint32_t width = 0, height = 0;
  uint32_t depth = 1;    // channels
  uint32_t maximum = 1;  // of a sample
  bool alpha = false;
  bool whole = false;  // the header
};

int bits_of(uint32_t maximum) { return static_cast<int>(std::bit_width(maximum)); }

// netpbm, pam(5)
PnmFacts read_pam(PnmTokens& tokens) {
  PnmFacts facts;
  for (std::string_view key = tokens.word(); !key.empty(); key = tokens.word()) {
    if (key == "ENDHDR") {
      facts.whole = true;
      break;
    }
    if (key == "TUPLTYPE") {
      facts.alpha |= tokens.word().ends_with("_ALPHA");
      continue;
    }
    const uint32_t value = tokens.number().value_or(0);
    if (key == "WIDTH") facts.width = value;
    if (key == "HEIGHT") facts.height = value;
    if (key == "DEPTH") facts.depth = value;
    if (key == "MAXVAL") facts.maximum = value;
  }
  return facts;
}

// netpbm, pbm(5), pgm(5), ppm(5)
PnmFacts read_numbers(PnmTokens& tokens, bool colour, bool has_maximum) {
  PnmFacts facts;
  facts.depth = colour ? 3 : 1;
  const auto width = tokens.number(), height = tokens.number();
  const auto maximum = has_maximum ? tokens.number() : 1;
  facts.width = width.value_or(0);
  facts.height = height.value_or(0);
  facts.maximum = maximum.value_or(1);
  facts.whole = width && height && maximum;
  return facts;
}

// Bytes of binary samples.
uint64_t sample_bytes(const PnmFacts& facts, bool packed) {
  if (packed) return times((uint64_t{facts.width} + 7) / 8, facts.height);
  const uint64_t samples = times(times(facts.width, facts.height), facts.depth);
  return times(samples, facts.maximum > 255 ? 2 : 1);
}

// PFM: the third number is no integer, samples are floats.
void read_pfm(PnmTokens& tokens, bool colour, ImageHeader& header) {
  header.width = tokens.number().value_or(0);
  header.height = tokens.number().value_or(0);
  header.bits = 32;
  const bool scaled = !tokens.word().empty();
  const uint64_t samples = times(times(header.width, header.height), colour ? 3 : 1);
  header.is_cut = !scaled || times(samples, 4) > tokens.pixels().size();
}

}  // namespace

std::string_view pnm_type(std::string_view bytes) {
  if (bytes.starts_with("P7\n")) return "image/x-portable-arbitrarymap";
  if (bytes.size() < 3 || bytes[0] != 'P' || (!is_space(bytes[2]) && bytes[2] != '#')) {
    return {};
  }
  PnmTokens tokens(bytes.substr(2));
  if (!tokens.number()) return {};
  switch (bytes[1]) {
    case '1':
    case '4':
      return "image/x-portable-bitmap";
    case '2':
    case '5':
      return "image/x-portable-graymap";
    case '3':
    case '6':
      return "image/x-portable-pixmap";
    case 'F':
    case 'f':
      return "image/x-portable-floatmap";
    default:
      return {};
  }
}

void read_pnm(std::string_view bytes, ImageHeader& header) {
  const char kind = bytes[1];
  PnmTokens tokens(bytes.substr(2));
  if (kind == 'F' || kind == 'f') return read_pfm(tokens, kind == 'F', header);
  const bool bitmap = kind == '1' || kind == '4', colour = kind == '3' || kind == '6';
  const PnmFacts facts = kind == '7' ? read_pam(tokens) : read_numbers(tokens, colour, !bitmap);
  header.width = facts.width;
  header.height = facts.height;
  header.alpha = facts.alpha;
  header.bits = bits_of(facts.maximum);
  const bool is_text = kind >= '1' && kind <= '3';
  header.is_cut =
      !facts.whole || (!is_text && sample_bytes(facts, kind == '4') > tokens.pixels().size());
}

}  // namespace halftone

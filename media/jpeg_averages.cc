#include "media/jpeg_averages.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "media/byte_reader.h"

namespace halftone {

namespace {

constexpr uint8_t kSof1 = 0xC1, kSof2 = 0xC2, kDht = 0xC4, kSos = 0xDA, kDqt = 0xDB, kDri = 0xDD;
constexpr uint8_t kSoi = 0xD8, kEoi = 0xD9, kRst0 = 0xD0, kApp0 = 0xE0, kApp15 = 0xEF;

// Codes of up to 16 bits and what they stand for (T.81, F.2.2.3): sizes of differences.
class HuffmanTable {
 public:
  static std::optional<HuffmanTable> of(std::string_view counts, std::string_view values) {
    HuffmanTable table;
    uint32_t code = 0, first = 0;
    for (size_t bits = 1; bits <= 16; ++bits) {
      const auto count = static_cast<unsigned char>(counts[bits - 1]);
      table.last_code_[bits] = static_cast<int32_t>(code + count) - 1;
      table.value_offset_[bits] = static_cast<int32_t>(first) - static_cast<int32_t>(code);
      if (code + count > (uint32_t{1} << bits)) return std::nullopt;
      first += count;
      code = (code + count) << 1;
    }
    table.values_ = values;
    return table;
  }

  // Of the code that these 16 bits begin with: its own length, and that of the difference after
  // it. A length of 0: there is no such code.
  struct Code {
    uint32_t bits, difference_bits;
  };
  Code find(uint32_t next16) const {
    for (uint32_t bits = 1; bits <= 16; ++bits) {
      const auto code = static_cast<int32_t>(next16 >> (16 - bits));
      if (code > last_code_[bits]) continue;
      const int64_t index = int64_t{code} + value_offset_[bits];
      if (index < 0 || index >= static_cast<int64_t>(values_.size())) break;
      const auto value = static_cast<unsigned char>(values_[static_cast<size_t>(index)]);
      return value > 15 ? Code{} : Code{bits, value};
    }
    return {};
  }

 private:
  std::array<int32_t, 17> last_code_{}, value_offset_{};
  std::string_view values_;
};

// Bits of entropy-coded data, without the zero that follows each 0xFF (T.81, F.1.2.3).
class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : bytes_(bytes) {}

  // The next 32 bits, zeros after the end.
  uint32_t peek() {
    while (have_ <= 32) {
      held_ |= uint64_t{next_byte()} << (56 - have_);
      have_ += 8;
    }
    return static_cast<uint32_t>(held_ >> 32);
  }
  void skip(uint32_t bits) {
    held_ <<= bits;
    have_ -= bits;
    taken_ += bits;
  }

  // True while all bits that were taken were there.
  bool sound() const { return taken_ <= given_; }

  // Behind the marker that ends this piece of data. False: there is no restart marker.
  bool restart() {
    while (at_ + 1 < bytes_.size() && !is_marker()) ++at_;
    if (at_ + 1 >= bytes_.size() || (static_cast<uint8_t>(bytes_[at_ + 1]) & 0xF8) != kRst0) {
      return false;
    }
    *this = BitReader(bytes_.substr(at_ + 2));
    return true;
  }

 private:
  bool is_marker() const { return bytes_[at_] == '\xFF' && bytes_[at_ + 1] != '\0'; }

  uint8_t next_byte() {
    if (at_ + 1 >= bytes_.size() || is_marker()) return 0;
    const auto byte = static_cast<uint8_t>(bytes_[at_]);
    at_ += byte == 0xFF ? 2 : 1;
    given_ += 8;
    return byte;
  }

  std::string_view bytes_;
  size_t at_ = 0;
  uint64_t held_ = 0, given_ = 0, taken_ = 0;
  uint32_t have_ = 0;
};

class BitWriter {
 public:
  explicit BitWriter(std::string& out) : out_(out) {}

  void put(uint32_t bits, uint32_t count) {
    for (; count > 0; --count) {
      byte_ = static_cast<uint8_t>(byte_ << 1 | (bits >> (count - 1) & 1));
      if (++used_ == 8) flush();
    }
  }
  // Filled up with ones (T.81, F.1.2.3).
  void align() {
    if (used_ > 0) put(0xFF, 8 - used_);
  }

 private:
  void flush() {
    out_.push_back(static_cast<char>(byte_));
    if (byte_ == 0xFF) out_.push_back('\0');
    byte_ = 0;
    used_ = 0;
  }

  std::string& out_;
  uint8_t byte_ = 0;
  uint32_t used_ = 0;
};

void put_segment(std::string& out, uint8_t marker, std::string_view body) {
  out += '\xFF';
  out += static_cast<char>(marker);
  const size_t size = body.size() + 2;
  out += static_cast<char>(size >> 8);
  out += static_cast<char>(size);
  out += body;
}

class Cutting {
 public:
  explicit Cutting(std::string_view jpeg) : rest_(jpeg) {}

  std::optional<std::string> averages() {
    if (!rest_.starts_with("\xFF\xD8")) return std::nullopt;
    rest_.remove_prefix(2);
    out_ = {'\xFF', static_cast<char>(kSoi)};
    while (const auto marker = next_marker()) {
      const uint16_t size = ByteReader(rest_).u16();
      if (size < 2 || size > rest_.size()) return std::nullopt;
      const std::string_view body = rest_.substr(2, size - size_t{2});
      rest_.remove_prefix(size);
      if (marker == kSos) return scan(body) ? std::optional(std::move(out_)) : std::nullopt;
      if (!segment(*marker, body)) return std::nullopt;
    }
    return std::nullopt;
  }

 private:
  struct Component {
    uint8_t id, across, down, table;
    size_t dc = 0;  // its Huffman table
  };

  std::optional<uint8_t> next_marker() {
    while (rest_.size() > 1 && rest_[0] == '\xFF' && rest_[1] == '\xFF') rest_.remove_prefix(1);
    if (rest_.size() < 4 || rest_[0] != '\xFF') return std::nullopt;
    const auto marker = static_cast<uint8_t>(rest_[1]);
    rest_.remove_prefix(2);
    return marker;
  }

  bool segment(uint8_t marker, std::string_view body) {
    if (marker == kDht) return huffman_tables(body);
    if (marker == kDqt) return quantization_tables(body);
    if (marker == kSof2) return frame(body);
    if (marker == kDri) restart_interval_ = ByteReader(body).u16();
    const bool is_kept = marker == kDri || (marker >= kApp0 && marker <= kApp15);
    if (is_kept) put_segment(out_, marker, body);
    const bool is_frame = (marker & 0xF0) == 0xC0;  // of another kind; arithmetic coding
    return !is_frame;
  }

  // Those of differences; the codes of what is left out are of no use.
  bool huffman_tables(std::string_view body) {
    ByteReader reader(body);
    while (!reader.rest().empty()) {
      const std::string_view table = reader.rest();
      const uint8_t which = reader.u8();
      const std::string_view counts = reader.piece(16);
      size_t total = 0;
      for (const char count : counts) total += static_cast<unsigned char>(count);
      const std::string_view values = reader.piece(total);
      if (!reader.sound() || (which & 0x0F) > 3) return false;
      if (which > 3) continue;
      dc_[which] = HuffmanTable::of(counts, values);
      if (!dc_[which]) return false;
      put_segment(out_, kDht, table.substr(0, 1 + counts.size() + values.size()));
    }
    return true;
  }

  bool quantization_tables(std::string_view body) {
    ByteReader reader(body);
    while (!reader.rest().empty()) {
      const uint8_t which = reader.u8();
      const bool is_wide = which >> 4 != 0;
      if ((which & 0x0F) > 3) return false;
      std::array<uint16_t, 64>& table = quantization_[which & 0x0F];
      for (uint16_t& step : table) step = is_wide ? reader.u16() : reader.u8();
      if (!reader.sound()) return false;
    }
    return true;
  }

  bool frame(std::string_view body) {
    ByteReader reader(body);
    const uint8_t precision = reader.u8();
    height_ = reader.u16();
    width_ = reader.u16();
    const size_t count = reader.u8();
    for (size_t i = 0; i < count; ++i) {
      const uint8_t id = reader.u8(), sampling = reader.u8(), table = reader.u8();
      components_.push_back({.id = id,
                             .across = static_cast<uint8_t>(sampling >> 4),
                             .down = static_cast<uint8_t>(sampling & 0x0F),
                             .table = table});
      const Component& last = components_.back();
      if (last.across < 1 || last.across > 4 || last.down < 1 || last.down > 4) return false;
    }
    put_segment(out_, kSof1, body);
    return reader.sound() && precision == 8 && width_ > 0 && height_ > 0 && count > 0 && count <= 4;
  }

  bool scan(std::string_view body) {
    ByteReader reader(body);
    const size_t count = reader.u8();
    if (components_.empty() || count != components_.size()) return false;
    std::string head(1, static_cast<char>(count));
    for (Component& component : components_) {
      const uint8_t id = reader.u8(), tables = reader.u8();
      component.dc = tables >> 4;
      if (id != component.id || component.dc > 3 || !dc_[component.dc]) return false;
      head += {static_cast<char>(id), static_cast<char>(component.dc << 4)};
    }
    const uint8_t from = reader.u8(), to = reader.u8(), precision = reader.u8();
    if (!reader.sound() || from != 0 || to != 0 || precision > 13) return false;
    put_quantization(precision);
    // Table 0 of what follows the average: one code, of one bit, says that the rest is zero.
    constexpr std::string_view kNothingMore("\x10\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 18);
    constexpr std::string_view kWholeBlock("\0\x3F\0", 3);
    put_segment(out_, kDht, kNothingMore);
    head += kWholeBlock;
    put_segment(out_, kSos, head);
    copy_codes();
    out_ += {'\xFF', static_cast<char>(kEoi)};
    return true;
  }

  // The first scan's numbers lack so many low bits.
  void put_quantization(uint8_t missing_bits) {
    std::vector<bool> is_put(4);
    for (const Component& component : components_) {
      const size_t which = component.table & 3;
      if (is_put[which]) continue;
      is_put[which] = true;
      std::string body(1, static_cast<char>(0x10 | which));
      for (size_t i = 0; i < 64; ++i) {
        const uint32_t step = quantization_[which][i];
        const uint32_t now = std::min<uint32_t>(0xFFFF, i == 0 ? step << missing_bits : step);
        body += {static_cast<char>(now >> 8), static_cast<char>(now)};
      }
      put_segment(out_, kDqt, body);
    }
  }

  uint64_t units() const {
    uint32_t across = 1, down = 1;
    if (components_.size() > 1) {  // interleaved (T.81, A.2.3); else a unit is a block
      for (const Component& component : components_) {
        across = std::max<uint32_t>(across, component.across);
        down = std::max<uint32_t>(down, component.down);
      }
    }
    const auto part = [](uint32_t size, uint32_t side) {
      return (size + 8 * side - 1) / (8 * side);
    };
    return uint64_t{part(width_, across)} * part(height_, down);
  }

  // Up to the damage, if there is some.
  void copy_codes() {
    BitReader in(rest_);
    BitWriter out(out_);
    const uint64_t count = units();
    for (uint64_t unit = 0; unit < count; ++unit) {
      if (restart_interval_ > 0 && unit > 0 && unit % restart_interval_ == 0) {
        out.align();
        if (!in.restart()) return;
        const uint64_t which = (unit / restart_interval_ - 1) % 8;
        out_ += {'\xFF', static_cast<char>(kRst0 + which)};
      }
      if (!copy_unit(in, out)) break;
    }
    out.align();
  }

  bool copy_unit(BitReader& in, BitWriter& out) const {
    for (const Component& component : components_) {
      const int blocks = components_.size() > 1 ? component.across * component.down : 1;
      for (int block = 0; block < blocks; ++block) {
        const uint32_t next = in.peek();
        const auto code = dc_[component.dc]->find(next >> 16);
        const uint32_t bits = code.bits + code.difference_bits;
        if (code.bits == 0) return false;
        in.skip(bits);
        if (!in.sound()) return false;
        out.put(next >> (32 - bits), bits);
        out.put(0, 1);
      }
    }
    return true;
  }

  std::string_view rest_;
  std::string out_;
  std::array<std::optional<HuffmanTable>, 4> dc_;
  std::array<std::array<uint16_t, 64>, 4> quantization_{};
  std::vector<Component> components_;
  uint32_t width_ = 0, height_ = 0, restart_interval_ = 0;
};

}  // namespace

std::optional<std::string> jpeg_of_averages(std::string_view jpeg) {
  return Cutting(jpeg).averages();
}

}  // namespace halftone

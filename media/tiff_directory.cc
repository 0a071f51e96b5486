#include "media/tiff_directory.h"

#include <algorithm>
#include <bit>
#include <unordered_set>

#include "media/byte_reader.h"

namespace halftone {

namespace {

constexpr uint32_t kMostDirectories = 65'536;

// TIFF 6.0, section 2, "Types"; BigTIFF adds 16 to 18. 0: no such type.
size_t size_of(TiffType type) {
  constexpr uint8_t kSizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
  const auto index = static_cast<size_t>(type);
  return index < std::size(kSizes) ? kSizes[index] : 0;
}

int64_t signed_integer(uint64_t value, size_t size) {
  const int unused = 64 - 8 * static_cast<int>(size);
  return static_cast<int64_t>(value << unused) >> unused;
}

}  // namespace

const TiffField* TiffDirectory::find(uint16_t tag) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [tag](const TiffField& field) { return field.tag == tag; });
  return found == fields.end() ? nullptr : &*found;
}

std::optional<TiffStructure> TiffStructure::open(std::string_view bytes) {
  const bool little = bytes.starts_with("II");
  if (!little && !bytes.starts_with("MM")) return std::nullopt;
  TiffStructure tiff(bytes, little ? std::endian::little : std::endian::big);
  ByteReader reader(bytes.substr(2), tiff.order_);
  const uint16_t version = reader.u16();
  if (version != 42 && version != 43) return std::nullopt;
  tiff.big_ = version == 43;
  if (tiff.big_) reader.skip(4);  // the size of offsets, and a zero
  tiff.first_ = reader.integer(tiff.big_ ? 8 : 4);
  if (!reader.sound()) return std::nullopt;
  return tiff;
}

TiffField TiffStructure::read_field(std::string_view entry) const {
  ByteReader reader(entry, order_);
  TiffField field;
  field.tag = reader.u16();
  field.type = static_cast<TiffType>(reader.u16());
  const uint64_t declared = reader.integer(big_ ? 8 : 4);
  const size_t unit = size_of(field.type);
  if (unit == 0) return field;
  const std::string_view place = reader.rest();
  const bool is_inline = declared <= place.size() / unit;
  const std::string_view values = is_inline ? place : slice(bytes_, reader.integer(big_ ? 8 : 4));
  field.count = std::min<uint64_t>(declared, values.size() / unit);
  field.bytes = values.substr(0, field.count * unit);
  field.is_cut = field.count < declared;
  return field;
}

uint64_t TiffStructure::count_of(uint64_t directory) const {
  return ByteReader(slice(bytes_, directory), order_).integer(big_ ? 8 : 2);
}

std::optional<uint64_t> TiffStructure::next_of(uint64_t directory) const {
  const uint64_t head = big_ ? 8 : 2, entry = big_ ? 20 : 12;
  const std::string_view rest = slice(bytes_, directory);
  const uint64_t count = count_of(directory);
  if (count > rest.size() / entry) return std::nullopt;
  ByteReader reader(slice(rest, head + count * entry), order_);
  const uint64_t next = reader.integer(big_ ? 8 : 4);
  return reader.sound() ? std::optional(next) : std::nullopt;
}

TiffDirectory TiffStructure::directory(uint64_t at) const {
  TiffDirectory directory;
  const size_t entry_size = big_ ? 20 : 12;
  const uint64_t count = count_of(at);
  ByteReader reader(slice(bytes_, at), order_);
  reader.skip(big_ ? 8 : 2);
  for (uint64_t i = 0; i < std::min<uint64_t>(count, kMostFields) && reader.sound(); ++i) {
    const std::string_view entry = reader.piece(entry_size);
    if (entry.empty()) break;
    const TiffField field = read_field(entry);
    directory.is_cut |= field.is_cut;
    if (size_of(field.type) > 0) directory.fields.push_back(field);
  }
  directory.is_cut |= !reader.sound();
  return directory;
}

TiffStructure::Chain TiffStructure::chain() const {
  std::unordered_set<uint64_t> seen;
  Chain chain;
  for (std::optional<uint64_t> at = first_; at != 0u; at = next_of(*at)) {
    chain.is_cut = !at || *at >= bytes_.size();
    if (chain.is_cut || seen.size() == kMostDirectories || !seen.insert(*at).second) break;
  }
  chain.count = static_cast<uint32_t>(seen.size());
  return chain;
}

uint64_t TiffStructure::integer(const TiffField& field, size_t index) const {
  const size_t unit = size_of(field.type);
  if (index >= field.count) return 0;
  return ByteReader(field.bytes.substr(index * unit), order_).integer(unit);
}

double TiffStructure::number(const TiffField& field, size_t index) const {
  const size_t unit = size_of(field.type);
  if (index >= field.count) return 0;
  ByteReader reader(field.bytes.substr(index * unit), order_);
  switch (field.type) {
    case TiffType::kRational: {
      const double numerator = reader.u32(), denominator = reader.u32();
      return denominator == 0 ? 0 : numerator / denominator;
    }
    case TiffType::kSignedRational: {
      const double numerator = static_cast<int32_t>(reader.u32());
      const double denominator = static_cast<int32_t>(reader.u32());
      return denominator == 0 ? 0 : numerator / denominator;
    }
    case TiffType::kFloat:
      return double{std::bit_cast<float>(reader.u32())};
    case TiffType::kDouble:
      return std::bit_cast<double>(reader.u64());
    case TiffType::kSignedByte:
    case TiffType::kSignedShort:
    case TiffType::kSignedLong:
    case TiffType::kSignedLong8:
      return static_cast<double>(signed_integer(reader.integer(unit), unit));
    default:
      return static_cast<double>(reader.integer(unit));
  }
}

}  // namespace halftone

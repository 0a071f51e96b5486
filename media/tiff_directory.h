// The structure of TIFF, as TIFF files and EXIF have it (TIFF 6.0, section 2; BigTIFF).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace halftone {

enum class TiffType : uint16_t {
  kByte = 1,
  kAscii,
  kShort,
  kLong,
  kRational,
  kSignedByte,
  kUndefined,
  kSignedShort,
  kSignedLong,
  kSignedRational,
  kFloat,
  kDouble,
  kDirectory,
  kLong8 = 16,
  kSignedLong8,
  kDirectory8,
};

// A field of a directory. Its values are read by TiffStructure.
struct TiffField {
  uint16_t tag = 0;
  TiffType type{};
  uint64_t count = 0;      // as many values as there are whole in `bytes`
  std::string_view bytes;  // of all values
  bool is_cut = false;     // the file holds fewer than the field says
};

struct TiffDirectory {
  std::vector<TiffField> fields;  // at most kMostFields, of known types
  bool is_cut = false;            // or some value is

  const TiffField* find(uint16_t tag) const;  // null where there is none
};

// A view: the bytes must outlive it.
class TiffStructure {
 public:
  static constexpr size_t kMostFields = 1000;

  // Nothing where `bytes` begin no TIFF.
  static std::optional<TiffStructure> open(std::string_view bytes);

  uint64_t first_directory() const { return first_; }
  TiffDirectory directory(uint64_t at) const;

  // The directories that follow each other, each counted once, at most 65,536.
  struct Chain {
    uint32_t count = 0;
    bool is_cut = false;  // it leads out of the file
  };
  Chain chain() const;

  // The value at `index`: zero where there is none, or none of that kind. Of rationals, the
  // quotient.
  uint64_t integer(const TiffField& field, size_t index = 0) const;
  double number(const TiffField& field, size_t index = 0) const;

 private:
  TiffStructure(std::string_view bytes, std::endian order) : bytes_(bytes), order_(order) {}
  TiffField read_field(std::string_view entry) const;
  uint64_t count_of(uint64_t directory) const;
  std::optional<uint64_t> next_of(uint64_t directory) const;  // nothing where it is cut

  std::string_view bytes_;
  std::endian order_;
  bool big_ = false;  // BigTIFF: offsets and counts of 8 bytes
  uint64_t first_ = 0;
};

}  // namespace halftone

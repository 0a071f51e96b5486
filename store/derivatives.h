// Image facts, derivatives and likenesses, once per content.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "media/error.h"
#include "media/image.h"
#include "store/database.h"
#include "store/digest.h"
#include "store/image_record.h"
#include "store/likeness_index.h"

namespace halftone {

// What became of one picture.
struct DerivedPicture {
  Digest digest;
  std::optional<ImageRecord> record;  // nothing: as it was
  std::vector<std::pair<const Recipe*, Derivative>> made;
};

// Keyed by (blob, recipe); putting again replaces. Safe for concurrent use by several threads.
class Derivatives {
 public:
  explicit Derivatives(Database& database) : database_(database) {}  // must outlive this

  Result<void> put_facts(const Digest& digest, const ImageRecord& record);
  Result<std::optional<ImageRecord>> facts(const Digest& digest) const;

  Result<void> put(const Digest& digest, const Recipe& recipe, const Derivative& derivative);
  Result<std::optional<Derivative>> get(const Digest& digest, const Recipe& recipe) const;
  // Without reading its bytes.
  Result<bool> has(const Digest& digest, const Recipe& recipe) const;

  // What became of several pictures, all or nothing.
  Result<void> put(std::span<const DerivedPicture> pictures);

  // What derivatives there are of a blob, in order of their keys, without reading their bytes.
  struct Made {
    std::string key;  // of the recipe: "thumb@3"
    std::string type;
    uint32_t width = 0, height = 0;
    uint64_t size = 0;
  };
  Result<std::vector<Made>> list(const Digest& digest) const;

  // The pictures that look like one of that hash; see store/likeness_index.h.
  Result<std::vector<likeness_index::Neighbour>> neighbours(uint64_t hash, int distance) const;

  Result<uint64_t> count() const;

 private:
  Result<void> put_record(const Digest& digest, const ImageRecord& record, WriteBatch& batch);

  Database& database_;
};

}  // namespace halftone

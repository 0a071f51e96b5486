// Image facts and derivatives, once per content.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "media/error.h"
#include "media/image.h"
#include "store/database.h"
#include "store/digest.h"

namespace halftone {

// What workers said about a blob: facts, or why there are none.
struct ImageRecord {
  ImageFacts facts;
  std::string error{};             // empty where the facts are good
  std::string placeholder{};       // a ThumbHash; empty where no thumbnail was made
  std::optional<uint64_t> hash{};  // the perceptual one; where a thumbnail was made
  // Derivatives that could not be made: by the key of the recipe, which has its version, why.
  std::map<std::string, std::string> failures{};
};

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

  Result<uint64_t> count() const;

 private:
  Database& database_;
};

}  // namespace halftone

// Image facts and derivatives, once per content.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "media/error.h"
#include "media/image.h"
#include "store/database.h"
#include "store/digest.h"

namespace halftone {

// What a worker said about a blob: facts, or why there are none.
struct ImageRecord {
  ImageFacts facts;
  std::string error;  // empty where the facts are good
};

// Keyed by (blob, recipe); putting again replaces. Safe for concurrent use by several threads.
class Derivatives {
 public:
  explicit Derivatives(Database& database) : database_(database) {}  // must outlive this

  Result<void> put_facts(const Digest& digest, const ImageRecord& record);
  Result<std::optional<ImageRecord>> facts(const Digest& digest) const;

  Result<void> put(const Digest& digest, const Recipe& recipe, const Derivative& derivative);
  Result<std::optional<Derivative>> get(const Digest& digest, const Recipe& recipe) const;

  Result<uint64_t> count() const;

 private:
  Database& database_;
};

}  // namespace halftone

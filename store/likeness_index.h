// Which pictures look alike: the rows "p" of the index table.
//
//   p <band><hash:8><digest:32> -> nothing
//
// Each picture has four rows. <band> is "0" to "3"; the hash (media/perceptual_hash.h) stands in
// big-endian, rotated to the left by 16 bits for each band, so that another quarter of it comes
// first. Hashes that are at most d bits apart are at most d / 4 apart in one of the quarters: those
// are looked up in every way that many bits can differ, so that none is missed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"
#include "store/database.h"
#include "store/digest.h"

namespace halftone::likeness_index {

constexpr std::string_view kPictures = "p ";

// Looking farther would find pictures that have nothing to do with each other.
constexpr int kMostDistance = 16;

// A picture of one colour has no rows: its hash, 0, tells nothing.
std::vector<std::string> keys_of(uint64_t hash, const Digest& digest);
void add_rows(uint64_t hash, const Digest& digest, WriteBatch& batch);
void remove_rows(uint64_t hash, const Digest& digest, WriteBatch& batch);

struct Row {
  uint64_t hash = 0;
  Digest digest;
};
// Nothing where the key is none of these rows.
std::optional<Row> read_row(std::string_view key);

struct Neighbour {
  Digest digest;
  uint64_t hash = 0;
  int distance = 0;
};
// Every picture at most `distance` bits away, the nearest first; `distance` is at most
// kMostDistance. Hashes that are not telling, on either side, have no neighbours.
Result<std::vector<Neighbour>> neighbours(const Database& database, uint64_t hash, int distance);

}  // namespace halftone::likeness_index

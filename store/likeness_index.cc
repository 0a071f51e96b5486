#include "store/likeness_index.h"

#include <algorithm>
#include <bit>
#include <set>

#include "media/perceptual_hash.h"
#include "store/byte_order.h"

namespace halftone::likeness_index {

namespace {

constexpr int kBands = 4, kBandBits = 16;
constexpr size_t kHashAt = 3, kDigestAt = 11;
constexpr size_t kKeySize = kDigestAt + sizeof(Digest::bytes);

std::string key_of(int band, uint64_t hash, std::string_view digest) {
  std::string key(kPictures);
  key += static_cast<char>('0' + band);
  key += be64(std::rotl(hash, kBandBits * band));
  key += digest;
  return key;
}

// Calls visit(bits) for each way to choose at most `most` of a band's bits.
template <class Visit>
void for_each_choice(int most, Visit visit) {
  for (uint32_t bits = 0; bits < uint32_t{1} << kBandBits; ++bits)
    if (std::popcount(bits) <= most) visit(bits);
}

}  // namespace

std::vector<std::string> keys_of(uint64_t hash, const Digest& digest) {
  std::vector<std::string> keys;
  for (int band = 0; hash != 0 && band < kBands; ++band)
    keys.push_back(key_of(band, hash, digest.view()));
  return keys;
}

void add_rows(uint64_t hash, const Digest& digest, WriteBatch& batch) {
  for (const std::string& key : keys_of(hash, digest)) batch.put(Table::kIndex, key, "");
}

void remove_rows(uint64_t hash, const Digest& digest, WriteBatch& batch) {
  for (const std::string& key : keys_of(hash, digest)) batch.remove(Table::kIndex, key);
}

std::optional<Row> read_row(std::string_view key) {
  if (key.size() != kKeySize || !key.starts_with(kPictures)) return std::nullopt;
  const int band = key[kPictures.size()] - '0';
  const auto rotated = read_be64(key.substr(kHashAt));
  const auto digest = Digest::from_view(key.substr(kDigestAt));
  if (band < 0 || band >= kBands || !rotated || !digest) return std::nullopt;
  return Row{std::rotr(*rotated, kBandBits * band), *digest};
}

Result<std::vector<Neighbour>> neighbours(const Database& database, uint64_t hash, int distance) {
  std::vector<Neighbour> found;
  if (!is_telling(hash)) return found;
  std::set<Digest> known;
  Result<void> scanned;
  const auto take = [&](std::string_view key, std::string_view) {
    const auto row = read_row(key);
    const bool may_be = row && is_telling(row->hash);
    const int apart = may_be ? hash_distance(row->hash, hash) : distance + 1;
    if (apart <= distance && known.insert(row->digest).second)
      found.push_back({row->digest, row->hash, apart});
    return true;
  };
  for (int band = 0; band < kBands; ++band) {
    for_each_choice(distance / kBands, [&](uint32_t bits) {
      const uint64_t flipped = std::rotl(hash, kBandBits * band) ^ uint64_t { bits } << 48;
      const std::string prefix = key_of(band, std::rotr(flipped, kBandBits * band), "");
      if (scanned) scanned = database.scan(Table::kIndex, prefix.substr(0, kHashAt + 2), take);
    });
  }
  if (!scanned) return tl::unexpected(scanned.error());
  std::sort(found.begin(), found.end(), [](const Neighbour& a, const Neighbour& b) {
    return a.distance != b.distance ? a.distance < b.distance : a.digest < b.digest;
  });
  return found;
}

}  // namespace halftone::likeness_index

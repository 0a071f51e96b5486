#include "store/derivatives.h"

#include <nlohmann/json.hpp>

namespace halftone {

namespace {

using nlohmann::json;

// In the image table a digest alone leads to facts, a digest and a recipe to what the derivative
// is; the derivative table holds nothing but its bytes, so that counting need not read them.
std::string key_of(const Digest& digest, const Recipe& recipe) {
  return std::string(digest.view()) + recipe.key();
}

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

Error damaged(std::string_view what, const Digest& digest, const std::exception& why) {
  return {ErrorCode::kCorrupt, fmt::format("{} of blob {}: its stored value is damaged: {}", what,
                                           digest.hex(), why.what())};
}

void add_to(WriteBatch& batch, const Digest& digest, const Recipe& recipe,
            const Derivative& derivative) {
  const json value = {{"type", derivative.type},
                      {"width", derivative.width},
                      {"height", derivative.height},
                      {"size", derivative.bytes.size()}};
  const std::string key = key_of(digest, recipe);
  batch.put(Table::kDerivative, key, derivative.bytes);
  batch.put(Table::kImage, key, dump(value));
}

}  // namespace

Result<void> Derivatives::put_facts(const Digest& digest, const ImageRecord& record) {
  WriteBatch batch;
  if (auto put = put_record(digest, record, batch); !put) return put;
  return database_.write(std::move(batch), false);
}

Result<std::optional<ImageRecord>> Derivatives::facts(const Digest& digest) const {
  const auto value = database_.get(Table::kImage, digest.view());
  if (!value) return tl::unexpected(value.error());
  if (!*value) return std::nullopt;
  auto record = image_record_from_json(**value);
  if (!record)
    return tl::unexpected(record.error().during("the image facts of blob " + digest.hex()));
  return *std::move(record);
}

// With the rows of its likeness; those of an earlier hash go.
Result<void> Derivatives::put_record(const Digest& digest, const ImageRecord& record,
                                     WriteBatch& batch) {
  const auto before = facts(digest);
  if (!before && before.error().code != ErrorCode::kCorrupt) return tl::unexpected(before.error());
  if (before && *before && (*before)->hash)
    likeness_index::remove_rows(*(*before)->hash, digest, batch);
  batch.put(Table::kImage, digest.view(), image_record_to_json(record));
  if (record.hash) likeness_index::add_rows(*record.hash, digest, batch);
  return {};
}

Result<void> Derivatives::put(const Digest& digest, const Recipe& recipe,
                              const Derivative& derivative) {
  WriteBatch batch;
  add_to(batch, digest, recipe, derivative);
  return database_.write(std::move(batch), false);
}

Result<void> Derivatives::put(std::span<const DerivedPicture> pictures) {
  WriteBatch batch;
  for (const DerivedPicture& picture : pictures) {
    for (const auto& [recipe, made] : picture.made) add_to(batch, picture.digest, *recipe, made);
    if (!picture.record) continue;
    if (auto put = put_record(picture.digest, *picture.record, batch); !put) return put;
  }
  return database_.write(std::move(batch), false);
}

Result<bool> Derivatives::has(const Digest& digest, const Recipe& recipe) const {
  const auto value = database_.get(Table::kImage, key_of(digest, recipe));
  if (!value) return tl::unexpected(value.error());
  return value->has_value();
}

Result<std::optional<Derivative>> Derivatives::get(const Digest& digest,
                                                   const Recipe& recipe) const {
  const std::string key = key_of(digest, recipe);
  const auto value = database_.get(Table::kImage, key);
  if (!value) return tl::unexpected(value.error());
  auto bytes = database_.get(Table::kDerivative, key);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*value || !*bytes) return std::nullopt;
  try {
    const json members = json::parse(**value);
    return Derivative{**std::move(bytes), members.at("type"), members.at("width"),
                      members.at("height")};
  } catch (const std::exception& why) {
    return tl::unexpected(damaged("the derivative " + recipe.key(), digest, why));
  }
}

Result<std::vector<Derivatives::Made>> Derivatives::list(const Digest& digest) const {
  std::vector<Made> made;
  Result<void> read;
  const auto scanned = database_.scan(Table::kImage, digest.view(), [&](auto key, auto value) {
    if (key.size() == sizeof(Digest::bytes)) return true;
    try {
      const json members = json::parse(value);
      made.push_back({std::string(key.substr(sizeof(Digest::bytes))), members.at("type"),
                      members.at("width"), members.at("height"), members.at("size")});
    } catch (const std::exception& why) {
      read = tl::unexpected(damaged("a derivative", digest, why));
    }
    return read.has_value();
  });
  if (!scanned) return tl::unexpected(scanned.error());
  if (!read) return tl::unexpected(read.error());
  return made;
}

Result<std::vector<likeness_index::Neighbour>> Derivatives::neighbours(uint64_t hash,
                                                                       int distance) const {
  return likeness_index::neighbours(database_, hash, distance);
}

Result<uint64_t> Derivatives::count() const {
  uint64_t count = 0;
  const auto scanned = database_.scan(Table::kImage, {}, [&](auto key, auto) {
    if (key.size() > sizeof(Digest::bytes)) ++count;
    return true;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  return count;
}

}  // namespace halftone

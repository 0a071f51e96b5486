#include "store/derivatives.h"

#include <nlohmann/json.hpp>

#include "media/base64.h"

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

ImageRecord record_from(const json& value) {
  ImageRecord record;
  value.at("type").get_to(record.facts.type);
  value.at("width").get_to(record.facts.width);
  value.at("height").get_to(record.facts.height);
  value.at("frames").get_to(record.facts.frames);
  value.at("alpha").get_to(record.facts.alpha);
  value.at("error").get_to(record.error);
  record.placeholder = decode_base64(value.value("placeholder", "")).value_or("");
  if (const std::string hash = value.value("phash", ""); !hash.empty()) {
    record.hash = std::stoull(hash, nullptr, 16);
  }
  if (value.contains("failures")) value.at("failures").get_to(record.failures);
  return record;
}

std::string text_of(const ImageRecord& record) {
  json value = {{"type", record.facts.type},     {"width", record.facts.width},
                {"height", record.facts.height}, {"frames", record.facts.frames},
                {"alpha", record.facts.alpha},   {"error", record.error}};
  if (!record.placeholder.empty()) value["placeholder"] = encode_base64(record.placeholder);
  if (record.hash) value["phash"] = fmt::format("{:016x}", *record.hash);
  if (!record.failures.empty()) value["failures"] = record.failures;
  return dump(value);
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
  batch.put(Table::kImage, digest.view(), text_of(record));
  return database_.write(std::move(batch), false);
}

Result<std::optional<ImageRecord>> Derivatives::facts(const Digest& digest) const {
  const auto value = database_.get(Table::kImage, digest.view());
  if (!value) return tl::unexpected(value.error());
  if (!*value) return std::nullopt;
  try {
    return record_from(json::parse(**value));
  } catch (const std::exception& why) {
    return tl::unexpected(damaged("the image facts", digest, why));
  }
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
    if (picture.record) {
      batch.put(Table::kImage, picture.digest.view(), text_of(*picture.record));
    }
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

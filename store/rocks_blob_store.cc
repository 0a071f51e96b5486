#include "store/rocks_blob_store.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "media/mime.h"
#include "store/blob_format.h"
#include "store/blob_spool.h"
#include "store/byte_order.h"

namespace halftone {

namespace {

using blob_format::Codec;
using blob_format::Entry;
using blob_format::kChunkSize;

constexpr size_t kHeadSize = 4096;  // enough to tell a type

Error about(const Digest& digest, const Error& why) {
  const ErrorCode code = why.code == ErrorCode::kNotFound ? ErrorCode::kCorrupt : why.code;
  return Error{code, why.message}.during("blob " + digest.hex());
}

class RocksBlobStore : public BlobStore, private HeldWrites {
 public:
  RocksBlobStore(Database& database, uint64_t first_number,
                 std::function<bool(const Digest&)> is_bad)
      : database_(database),
        numbers_(database, first_number),
        spool_(database, numbers_),
        is_bad_(std::move(is_bad)) {
    database_.hold(this);
  }
  ~RocksBlobStore() override {
    (void)settle();  // where this fails, nothing was acknowledged
    database_.hold(nullptr);
  }

  std::unique_ptr<BlobWriter> writer() override;
  Result<void> settle() override { return bring_in(); }
  Result<BlobInfo> info(const Digest& digest) const override;
  Result<void> read(
      const Digest& digest,
      const std::function<Result<void>(std::string_view piece)>& visit) const override;
  Result<void> for_each(const std::function<bool(const BlobInfo&)>& visit) const override;

  // Nothing where the digest is unknown.
  Result<std::optional<Entry>> find(const Digest& digest) const;
  // Keeps the blob, unless it is there already; says which entry stands. `body` holds the chunks of
  // one that has some.
  struct Claim {
    Entry entry;
    bool is_new;
  };
  Result<Claim> claim(const Digest& digest, const Entry& entry, std::string value,
                      std::unique_ptr<LargeBody> body);
  std::unique_ptr<LargeBody> large_body() {
    return std::make_unique<LargeBody>(database_, numbers_);
  }
  bool is_bad(const Digest& digest) const { return is_bad_ && is_bad_(digest); }

 private:
  using Visit = std::function<Result<void>(std::string_view piece)>;
  using Entries = std::map<Digest, Entry>;

  Result<void> move_into(WriteBatch& batch) override;
  void written() override;
  Result<void> bring_in() const;
  bool is_held() const;
  Result<std::string> value_at(uint64_t number) const;
  Result<void> read_entry(const Entry& entry, const Visit& visit) const;

  Database& database_;
  BlobNumbers numbers_;
  BlobSpool spool_;
  const std::function<bool(const Digest&)> is_bad_;
  std::mutex claim_;  // one blob is kept at a time, so the same content is one blob
  mutable std::mutex mutex_;
  Entries waiting_, moving_;  // not in the database yet; moving: in the batch that is being written
};

// Keeps up to one chunk in memory; what is longer goes to the blob table as it comes.
class RocksBlobWriter : public BlobWriter {
 public:
  explicit RocksBlobWriter(RocksBlobStore& store) : store_(store) {}
  Result<void> write(std::string_view bytes) override;
  Result<Put> commit(std::string_view content_type) override;

 private:
  Result<void> flush_chunk();
  Result<RocksBlobStore::Claim> claim(const Digest& digest, const Entry& entry);

  RocksBlobStore& store_;
  Sha256 hash_;
  std::string head_;  // of a body in chunks
  std::string buffer_;
  std::unique_ptr<LargeBody> body_;  // its chunks, of a body in chunks
  std::vector<uint64_t> chunks_;     // their numbers
  uint64_t size_ = 0;
};

Result<void> RocksBlobWriter::write(std::string_view bytes) {
  hash_.update(bytes);
  size_ += bytes.size();
  while (!bytes.empty()) {
    if (buffer_.size() == kChunkSize) {
      if (auto flushed = flush_chunk(); !flushed) return flushed;
    }
    const auto part = bytes.substr(0, kChunkSize - buffer_.size());
    buffer_.append(part);
    bytes.remove_prefix(part.size());
  }
  return {};
}

Result<void> RocksBlobWriter::flush_chunk() {
  if (!body_) {
    head_ = buffer_.substr(0, kHeadSize);
    body_ = store_.large_body();
  }
  const bool is_text = is_text_type(effective_type(head_, {}));
  const auto number = body_->add(blob_format::write_bytes(std::move(buffer_), is_text));
  if (!number) return tl::unexpected(number.error());
  chunks_.push_back(*number);
  buffer_.clear();
  return {};
}

Result<BlobWriter::Put> RocksBlobWriter::commit(std::string_view content_type) {
  if (!chunks_.empty() && !buffer_.empty()) {
    if (auto flushed = flush_chunk(); !flushed) return tl::unexpected(flushed.error());
  }
  const std::string_view head = chunks_.empty() ? std::string_view(buffer_) : head_;
  const Digest digest = hash_.finish();
  const std::string type = effective_type(head.substr(0, kHeadSize), content_type);
  const auto claimed = claim(digest, {0, size_, type});
  if (!claimed) return tl::unexpected(claimed.error());
  return Put{{digest, claimed->entry.size, claimed->entry.type}, claimed->is_new, type};
}

Result<RocksBlobStore::Claim> RocksBlobWriter::claim(const Digest& digest, const Entry& entry) {
  // Most pictures come more than once; those cost no compression and no lock.
  const auto known = store_.find(digest);
  if (!known) return tl::unexpected(known.error());
  if (*known && !store_.is_bad(digest)) return RocksBlobStore::Claim{**known, false};
  if (!body_) {
    const bool is_text = is_text_type(entry.type);
    return store_.claim(digest, entry, blob_format::write_bytes(std::move(buffer_), is_text),
                        nullptr);
  }
  if (auto finished = body_->finish(); !finished) return tl::unexpected(finished.error());
  return store_.claim(digest, entry, blob_format::write_manifest(chunks_), std::move(body_));
}

std::unique_ptr<BlobWriter> RocksBlobStore::writer() {
  return std::make_unique<RocksBlobWriter>(*this);
}

Result<std::optional<Entry>> RocksBlobStore::find(const Digest& digest) const {
  {
    const std::lock_guard lock(mutex_);
    for (const Entries* entries : {&waiting_, &moving_}) {
      const auto held = entries->find(digest);
      if (held != entries->end()) return held->second;
    }
  }
  const auto value = database_.get(Table::kDigest, digest.view());
  if (!value) return tl::unexpected(about(digest, value.error()));
  if (!*value) return std::nullopt;
  auto entry = blob_format::read_entry(**value);
  if (!entry) return tl::unexpected(about(digest, entry.error()));
  return *std::move(entry);
}

Result<RocksBlobStore::Claim> RocksBlobStore::claim(const Digest& digest, const Entry& entry,
                                                    std::string value,
                                                    std::unique_ptr<LargeBody> body) {
  const std::lock_guard lock(claim_);
  const auto known = find(digest);
  if (!known) return tl::unexpected(known.error());
  if (*known && !is_bad(digest)) return Claim{**known, false};
  if (body) spool_.add(std::move(body));
  const auto number = spool_.add(std::move(value));
  if (!number) return tl::unexpected(number.error());
  const Entry numbered{*number, entry.size, entry.type};
  const std::lock_guard entries_lock(mutex_);
  waiting_.emplace(digest, numbered);
  return Claim{numbered, true};
}

// Entries first: the bytes of those that wait now are in the spool already.
Result<void> RocksBlobStore::move_into(WriteBatch& batch) {
  {
    const std::lock_guard lock(mutex_);
    moving_.merge(waiting_);
    for (const auto& [digest, entry] : moving_) {
      batch.put(Table::kDigest, digest.view(), blob_format::write_entry(entry));
    }
  }
  return spool_.move_into(batch);
}

void RocksBlobStore::written() {
  {
    const std::lock_guard lock(mutex_);
    moving_.clear();
  }
  spool_.written();
}

bool RocksBlobStore::is_held() const {
  const std::lock_guard lock(mutex_);
  return !waiting_.empty() || !moving_.empty();
}

// Brings what is held into the database.
Result<void> RocksBlobStore::bring_in() const {
  return is_held() ? database_.write(WriteBatch(), true) : Result<void>();
}

Result<BlobInfo> RocksBlobStore::info(const Digest& digest) const {
  const auto entry = find(digest);
  if (!entry) return tl::unexpected(entry.error());
  if (!*entry) return fail(ErrorCode::kNotFound, "there is no blob {}", digest.hex());
  return BlobInfo{digest, (*entry)->size, (*entry)->type};
}

// A value that is not there may be in a file that is not part of the database yet, or, for a
// reader, in one that became part of it just now.
Result<std::string> RocksBlobStore::value_at(uint64_t number) const {
  if (const auto held = spool_.find(number)) return *held;
  auto value = database_.get(Table::kBlob, be64(number));
  if (value && !*value) {
    auto settled = bring_in();
    if (settled) settled = database_.catch_up();
    if (!settled) return tl::unexpected(settled.error());
    value = database_.get(Table::kBlob, be64(number));
  }
  if (!value) return tl::unexpected(value.error());
  if (!*value) return fail(ErrorCode::kCorrupt, "its bytes under number {} are missing", number);
  return **std::move(value);
}

Result<void> RocksBlobStore::read_entry(const Entry& entry, const Visit& visit) const {
  auto value = value_at(entry.number);
  if (!value) return tl::unexpected(value.error());
  const auto codec = blob_format::codec_of(*value);
  if (!codec) return tl::unexpected(codec.error());
  if (*codec != Codec::kManifest) {
    const auto bytes = blob_format::read_bytes(*std::move(value));
    return bytes ? visit(*bytes) : tl::unexpected(bytes.error());
  }
  const auto numbers = blob_format::read_manifest(*value);
  if (!numbers) return tl::unexpected(numbers.error());
  for (const uint64_t number : *numbers) {
    auto chunk = value_at(number);
    if (!chunk) return tl::unexpected(chunk.error());
    const auto bytes = blob_format::read_bytes(*std::move(chunk));
    if (!bytes) return tl::unexpected(bytes.error());
    if (auto visited = visit(*bytes); !visited) return visited;
  }
  return {};
}

Result<void> RocksBlobStore::read(const Digest& digest, const Visit& visit) const {
  const auto entry = find(digest);
  if (!entry) return tl::unexpected(entry.error());
  if (!*entry) return fail(ErrorCode::kNotFound, "there is no blob {}", digest.hex());
  Sha256 hash;
  std::optional<Error> refused;  // the visitor's own error goes back untouched
  const auto read = read_entry(**entry, [&](std::string_view piece) -> Result<void> {
    hash.update(piece);
    auto visited = visit(piece);
    if (!visited) refused = visited.error();
    return visited;
  });
  if (refused) return tl::unexpected(*refused);
  if (!read) return tl::unexpected(about(digest, read.error()));
  if (hash.finish() != digest) {
    return fail(ErrorCode::kCorrupt, "blob {}: its bytes no longer match its digest", digest.hex());
  }
  return {};
}

Result<void> RocksBlobStore::for_each(const std::function<bool(const BlobInfo&)>& visit) const {
  if (auto settled = bring_in(); !settled) return settled;
  Result<void> read;
  const auto scanned = database_.scan(Table::kDigest, {}, [&](auto key, auto value) {
    const auto digest = Digest::from_view(key);
    const auto entry = blob_format::read_entry(value);
    if (digest && entry) return visit({*digest, entry->size, entry->type});
    read = fail(ErrorCode::kCorrupt, "the digest table is damaged");
    return false;
  });
  return scanned ? read : scanned;
}

// The first number that was never given: what was reserved, and what a power cut may have left in
// files though the reservation itself was lost.
Result<uint64_t> first_free_number(const Database& database) {
  const auto next = database.get(Table::kMeta, BlobNumbers::kKey);
  if (!next) return tl::unexpected(next.error());
  const auto reserved = *next ? read_be64(**next) : 1;
  if (!reserved) return fail(ErrorCode::kCorrupt, "the archive's counter of blobs is damaged");
  uint64_t first = *reserved;
  for (const TableFile& file : database.table_files()) {
    const auto last = read_be64(file.last_key);
    if (file.table == Table::kBlob && last) first = std::max(first, *last + 1);
  }
  return first;
}

}  // namespace

Result<std::unique_ptr<BlobStore>> open_blob_store(Database& database,
                                                   std::function<bool(const Digest&)> is_bad) {
  const auto first = first_free_number(database);
  if (!first) return tl::unexpected(first.error());
  return std::make_unique<RocksBlobStore>(database, *first, std::move(is_bad));
}

std::unique_ptr<BlobStore> open_blob_store_for_checking(Database& database) {
  return std::make_unique<RocksBlobStore>(database, 0, nullptr);
}

}  // namespace halftone

#include "store/rocks_blob_store.h"

#include <mutex>

#include "media/mime.h"
#include "store/blob_format.h"
#include "store/byte_order.h"

namespace halftone {

namespace {

using blob_format::Codec;
using blob_format::Entry;
using blob_format::kChunkSize;

constexpr std::string_view kNextNumber = "next_blob";
constexpr uint64_t kReserved = 1024;  // numbers at a time
constexpr size_t kHeadSize = 4096;    // enough to tell a type

Error about(const Digest& digest, const Error& why) {
  const ErrorCode code = why.code == ErrorCode::kNotFound ? ErrorCode::kCorrupt : why.code;
  return Error{code, why.message}.during("blob " + digest.hex());
}

// Hands out blob numbers, ascending, none twice: those reserved before a crash are left out.
class Numbers {
 public:
  Numbers(Database& database, uint64_t first) : database_(database), next_(first), end_(first) {}

  Result<uint64_t> take() {
    const std::lock_guard lock(mutex_);
    if (next_ == end_) {
      WriteBatch batch;
      batch.put(Table::kMeta, kNextNumber, be64(end_ + kReserved));
      // It need not be durable: what is written under these numbers comes later in the same log.
      if (auto written = database_.write(std::move(batch), false); !written) {
        return tl::unexpected(written.error());
      }
      end_ += kReserved;
    }
    return next_++;
  }

 private:
  Database& database_;
  std::mutex mutex_;
  uint64_t next_, end_;
};

class RocksBlobStore : public BlobStore {
 public:
  RocksBlobStore(Database& database, uint64_t first_number,
                 std::function<bool(const Digest&)> is_bad)
      : database_(database), numbers_(database, first_number), is_bad_(std::move(is_bad)) {}

  std::unique_ptr<BlobWriter> writer() override;
  Result<BlobInfo> info(const Digest& digest) const override;
  Result<void> read(
      const Digest& digest,
      const std::function<Result<void>(std::string_view piece)>& visit) const override;

  Result<void> for_each(const std::function<bool(const BlobInfo&)>& visit) const override;

  // Writes one value under a new number.
  Result<uint64_t> add_value(std::string_view value);
  // Nothing where the digest is unknown.
  Result<std::optional<Entry>> find(const Digest& digest) const;
  // Makes the blob visible, unless it is there already; says which entry stands.
  struct Claim {
    Entry entry;
    bool is_new;
  };
  Result<Claim> claim(const Digest& digest, const Entry& entry, std::string_view value);
  Result<uint64_t> take_number() { return numbers_.take(); }
  void forget(const std::vector<uint64_t>& numbers);
  bool is_bad(const Digest& digest) const { return is_bad_ && is_bad_(digest); }

 private:
  using Visit = std::function<Result<void>(std::string_view piece)>;
  Result<std::string> value_at(uint64_t number) const;
  Result<void> read_entry(const Entry& entry, const Visit& visit) const;

  Database& database_;
  Numbers numbers_;
  const std::function<bool(const Digest&)> is_bad_;
  std::mutex commit_;  // one blob becomes visible at a time, so the same content is one blob
};

// Keeps up to one chunk in memory; what is longer goes to the blob table as it comes.
class RocksBlobWriter : public BlobWriter {
 public:
  explicit RocksBlobWriter(RocksBlobStore& store) : store_(store) {}
  ~RocksBlobWriter() override { store_.forget(chunks_); }

  Result<void> write(std::string_view bytes) override;
  Result<Put> commit(std::string_view content_type) override;

 private:
  Result<void> flush_chunk();
  Result<RocksBlobStore::Claim> claim(const Digest& digest, const Entry& entry);

  RocksBlobStore& store_;
  Sha256 hash_;
  std::string head_;  // of a body in chunks
  std::string buffer_;
  std::vector<uint64_t> chunks_;  // written, not yet part of a blob
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
  if (chunks_.empty()) head_ = buffer_.substr(0, kHeadSize);
  const bool is_text = is_text_type(effective_type(head_, {}));
  const auto number = store_.add_value(blob_format::write_bytes(buffer_, is_text));
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
  if (claimed->is_new) chunks_.clear();
  return Put{{digest, claimed->entry.size, claimed->entry.type}, claimed->is_new, type};
}

Result<RocksBlobStore::Claim> RocksBlobWriter::claim(const Digest& digest, const Entry& entry) {
  // Most pictures come more than once; those cost no compression and no lock.
  const auto known = store_.find(digest);
  if (!known) return tl::unexpected(known.error());
  if (*known && !store_.is_bad(digest)) return RocksBlobStore::Claim{**known, false};
  return store_.claim(digest, entry,
                      chunks_.empty() ? blob_format::write_bytes(buffer_, is_text_type(entry.type))
                                      : blob_format::write_manifest(chunks_));
}

std::unique_ptr<BlobWriter> RocksBlobStore::writer() {
  return std::make_unique<RocksBlobWriter>(*this);
}

Result<uint64_t> RocksBlobStore::add_value(std::string_view value) {
  const auto number = numbers_.take();
  if (!number) return number;
  WriteBatch batch;
  batch.put(Table::kBlob, be64(*number), value);
  if (auto written = database_.write(std::move(batch), false); !written) {
    return tl::unexpected(written.error());
  }
  return number;
}

Result<std::optional<Entry>> RocksBlobStore::find(const Digest& digest) const {
  const auto value = database_.get(Table::kDigest, digest.view());
  if (!value) return tl::unexpected(about(digest, value.error()));
  if (!*value) return std::nullopt;
  auto entry = blob_format::read_entry(**value);
  if (!entry) return tl::unexpected(about(digest, entry.error()));
  return *std::move(entry);
}

Result<RocksBlobStore::Claim> RocksBlobStore::claim(const Digest& digest, const Entry& entry,
                                                    std::string_view value) {
  const std::lock_guard lock(commit_);
  const auto known = find(digest);
  if (!known) return tl::unexpected(known.error());
  if (*known && !is_bad(digest)) return Claim{**known, false};
  const auto number = numbers_.take();
  if (!number) return tl::unexpected(number.error());
  const Entry numbered{*number, entry.size, entry.type};
  WriteBatch batch;
  batch.put(Table::kBlob, be64(*number), value);
  batch.put(Table::kDigest, digest.view(), blob_format::write_entry(numbered));
  if (auto written = database_.write(std::move(batch), false); !written) {
    return tl::unexpected(written.error());
  }
  return Claim{numbered, true};
}

void RocksBlobStore::forget(const std::vector<uint64_t>& numbers) {
  if (numbers.empty()) return;
  WriteBatch batch;
  for (const uint64_t number : numbers) batch.remove(Table::kBlob, be64(number));
  // Where this fails, the chunks stay behind: nothing refers to them.
  (void)database_.write(std::move(batch), false);
}

Result<BlobInfo> RocksBlobStore::info(const Digest& digest) const {
  const auto entry = find(digest);
  if (!entry) return tl::unexpected(entry.error());
  if (!*entry) return fail(ErrorCode::kNotFound, "there is no blob {}", digest.hex());
  return BlobInfo{digest, (*entry)->size, (*entry)->type};
}

Result<std::string> RocksBlobStore::value_at(uint64_t number) const {
  auto value = database_.get(Table::kBlob, be64(number));
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

}  // namespace

Result<std::unique_ptr<BlobStore>> open_blob_store(Database& database,
                                                   std::function<bool(const Digest&)> is_bad) {
  const auto next = database.get(Table::kMeta, kNextNumber);
  if (!next) return tl::unexpected(next.error());
  uint64_t first = 1;
  if (*next) {
    const auto number = read_be64(**next);
    if (!number) return fail(ErrorCode::kCorrupt, "the archive's counter of blobs is damaged");
    first = *number;
  }
  return std::make_unique<RocksBlobStore>(database, first, std::move(is_bad));
}

std::unique_ptr<BlobStore> open_blob_store_for_checking(Database& database) {
  return std::make_unique<RocksBlobStore>(database, 0, nullptr);
}

}  // namespace halftone

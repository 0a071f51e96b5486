// For tests: a BlobStore in memory.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "media/mime.h"
#include "store/blob_store.h"

namespace halftone {

class MemoryBlobStore : public BlobStore {
 public:
  Result<void> settle() override { return {}; }
  std::unique_ptr<BlobWriter> writer() override { return std::make_unique<Writer>(*this); }

  Result<BlobInfo> info(const Digest& digest) const override {
    const std::lock_guard lock(mutex_);
    const auto blob = blobs_.find(digest);
    if (blob == blobs_.end()) return fail(ErrorCode::kNotFound, "no blob {}", digest.hex());
    return blob->second.info;
  }

  Result<void> read(
      const Digest& digest,
      const std::function<Result<void>(std::string_view piece)>& visit) const override {
    const auto known = info(digest);
    if (!known) return tl::unexpected(known.error());
    const std::string bytes = [&] {
      const std::lock_guard lock(mutex_);
      return blobs_.at(digest).bytes;
    }();
    for (size_t at = 0; at < bytes.size(); at += kPiece) {
      if (auto visited = visit(std::string_view(bytes).substr(at, kPiece)); !visited) {
        return visited;
      }
    }
    if (sha256(bytes) != digest) return fail(ErrorCode::kCorrupt, "blob {}", digest.hex());
    return {};
  }

  Result<void> for_each(const std::function<bool(const BlobInfo&)>& visit) const override {
    for (const auto& [digest, blob] : copy()) {
      if (!visit(blob.info)) break;
    }
    return {};
  }

  // Lets a bit rot in the middle of a blob.
  void damage(const Digest& digest) {
    const std::lock_guard lock(mutex_);
    std::string& bytes = blobs_.at(digest).bytes;
    bytes[bytes.size() / 2] ^= 1;
  }

 private:
  static constexpr size_t kPiece = size_t{1} << 20;

  struct Blob {
    BlobInfo info;
    std::string bytes;
  };

  class Writer : public BlobWriter {
   public:
    explicit Writer(MemoryBlobStore& store) : store_(store) {}
    Result<void> write(std::string_view bytes) override {
      bytes_.append(bytes);
      return {};
    }
    Result<Put> commit(std::string_view content_type) override {
      return store_.keep(std::move(bytes_), content_type);
    }

   private:
    MemoryBlobStore& store_;
    std::string bytes_;
  };

  BlobWriter::Put keep(std::string bytes, std::string_view content_type) {
    const Digest digest = sha256(bytes);
    const BlobInfo info{digest, bytes.size(),
                        effective_type(std::string_view(bytes).substr(0, 4096), content_type)};
    const std::lock_guard lock(mutex_);
    const auto [blob, is_new] = blobs_.try_emplace(digest, Blob{info, std::move(bytes)});
    return {blob->second.info, is_new, info.type};
  }

  std::map<Digest, Blob> copy() const {
    const std::lock_guard lock(mutex_);
    return blobs_;
  }

  mutable std::mutex mutex_;
  std::map<Digest, Blob> blobs_;
};

}  // namespace halftone

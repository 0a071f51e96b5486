// Bytes kept once under the SHA-256 of their content.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "media/error.h"
#include "store/digest.h"

namespace halftone {

struct BlobInfo {
  Digest digest;
  uint64_t size = 0;
  std::string type;  // as sniffed from the bytes when they were put
};

// A body on its way in. One thread at a time; a writer that is dropped leaves nothing visible.
// It must not outlive its store.
class BlobWriter {
 public:
  virtual ~BlobWriter() = default;

  virtual Result<void> write(std::string_view bytes) = 0;

  struct Put {
    BlobInfo info;
    bool is_new = false;  // false: the store already had these bytes
    // What these bytes are by their look and the `content_type` of this time; info.type is that of
    // the first time.
    std::string type{};
  };
  // Makes the blob visible to this process. `content_type` is the header that came with it, if any;
  // it helps to tell text apart. The blob is durable, and visible to others, once a later Archive
  // write is (captures are written so).
  virtual Result<Put> commit(std::string_view content_type) = 0;
};

// Safe for concurrent use by several threads.
class BlobStore {
 public:
  virtual ~BlobStore() = default;

  // Begins a body of unknown size; memory stays at a few MiB however large it gets.
  virtual std::unique_ptr<BlobWriter> writer() = 0;

  // Keeps a copy of `bytes`. Putting the same bytes again changes nothing.
  Result<BlobWriter::Put> put(std::string_view bytes, std::string_view content_type = {});

  // Makes everything that was put durable now, and visible to other processes.
  virtual Result<void> settle() = 0;

  // kNotFound: never put.
  virtual Result<BlobInfo> info(const Digest& digest) const = 0;

  // The blob, checked against its digest. kNotFound, kCorrupt; kTooLarge above `limit` bytes.
  Result<std::string> get(const Digest& digest, uint64_t limit = uint64_t{256} << 20) const;

  // The blob in pieces of a few MiB at most, in order. The digest is checked at the end:
  // kCorrupt means that what was seen must not be used.
  virtual Result<void> read(
      const Digest& digest,
      const std::function<Result<void>(std::string_view piece)>& visit) const = 0;

  // Every blob in order of digest, until `visit` returns false. No content is read.
  virtual Result<void> for_each(const std::function<bool(const BlobInfo&)>& visit) const = 0;
};

}  // namespace halftone

#include "store/blob_store.h"

namespace halftone {

Result<BlobWriter::Put> BlobStore::put(std::string_view bytes, std::string_view content_type) {
  const auto body = writer();
  if (auto written = body->write(bytes); !written) return tl::unexpected(written.error());
  return body->commit(content_type);
}

Result<std::string> BlobStore::get(const Digest& digest, uint64_t limit) const {
  const auto blob = info(digest);
  if (!blob) return tl::unexpected(blob.error());
  if (blob->size > limit) {
    return fail(ErrorCode::kTooLarge, "blob {} has {} bytes, more than the {} wanted at most",
                digest.hex(), blob->size, limit);
  }
  std::string bytes;
  const auto whole = read(digest, [&](std::string_view piece) -> Result<void> {
    bytes.append(piece);
    return {};
  });
  if (!whole) return tl::unexpected(whole.error());
  return bytes;
}

}  // namespace halftone

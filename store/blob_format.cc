#include "store/blob_format.h"

#include <memory>
#include <new>
#include <zstd.h>

#include "store/byte_order.h"

namespace halftone::blob_format {

namespace {

constexpr char kVersion = 1;
constexpr int kLevel = 3;
constexpr size_t kLongestType = 255;

constexpr char byte(Codec codec) { return static_cast<char>(codec); }

// One for each thread: making them costs more than most texts do.
template <class Context, Context* (*kMake)(), size_t (*kFree)(Context*)>
Context* context_of_this_thread() {
  struct Free {
    void operator()(Context* context) const { kFree(context); }
  };
  thread_local const std::unique_ptr<Context, Free> context(kMake());
  if (!context) throw std::bad_alloc();
  return context.get();
}

ZSTD_CCtx* compressor() {
  return context_of_this_thread<ZSTD_CCtx, ZSTD_createCCtx, ZSTD_freeCCtx>();
}

ZSTD_DCtx* decompressor() {
  return context_of_this_thread<ZSTD_DCtx, ZSTD_createDCtx, ZSTD_freeDCtx>();
}

}  // namespace

std::string write_entry(const Entry& entry) {
  return kVersion + be64(entry.number) + be64(entry.size) + entry.type.substr(0, kLongestType);
}

Result<Entry> read_entry(std::string_view value) {
  if (value.size() < 17 || value[0] != kVersion) {
    return fail(ErrorCode::kCorrupt, "its entry in the digest table is damaged");
  }
  return Entry{*read_be64(value.substr(1)), *read_be64(value.substr(9)),
               std::string(value.substr(17))};
}

std::string write_bytes(std::string bytes, bool is_text) {
  if (is_text && bytes.size() >= 64) {
    // Whatever does not fit into seven eighths is kept as it is.
    std::string value(1 + bytes.size() - bytes.size() / 8, byte(Codec::kZstd));
    const size_t size = ZSTD_compressCCtx(compressor(), value.data() + 1, value.size() - 1,
                                          bytes.data(), bytes.size(), kLevel);
    if (!ZSTD_isError(size)) {
      value.resize(1 + size);
      return value;
    }
  }
  bytes.insert(bytes.begin(), byte(Codec::kRaw));
  return bytes;
}

std::string write_manifest(const std::vector<uint64_t>& numbers) {
  std::string value(1, byte(Codec::kManifest));
  for (const uint64_t number : numbers) value += be64(number);
  return value;
}

Result<Codec> codec_of(std::string_view value) {
  if (value.empty()) return fail(ErrorCode::kCorrupt, "its value is empty");
  if (static_cast<uint8_t>(value[0]) > static_cast<uint8_t>(Codec::kManifest)) {
    return fail(ErrorCode::kCorrupt, "its codec {} is unknown", static_cast<uint8_t>(value[0]));
  }
  return static_cast<Codec>(value[0]);
}

Result<std::string> read_bytes(std::string value) {
  const auto codec = codec_of(value);
  if (!codec) return tl::unexpected(codec.error());
  if (*codec == Codec::kRaw) {
    value.erase(0, 1);
    return value;
  }
  if (*codec == Codec::kManifest) return fail(ErrorCode::kCorrupt, "a chunk is a manifest");
  const auto size = ZSTD_getFrameContentSize(value.data() + 1, value.size() - 1);
  if (size > kMostContent) return fail(ErrorCode::kCorrupt, "its compressed bytes are damaged");
  std::string bytes(size, '\0');
  const size_t got = ZSTD_decompressDCtx(decompressor(), bytes.data(), bytes.size(),
                                         value.data() + 1, value.size() - 1);
  if (got != bytes.size()) return fail(ErrorCode::kCorrupt, "its compressed bytes are damaged");
  return bytes;
}

Result<std::vector<uint64_t>> read_manifest(std::string_view value) {
  const auto codec = codec_of(value);
  if (!codec) return tl::unexpected(codec.error());
  if (*codec != Codec::kManifest || value.size() % 8 != 1) {
    return fail(ErrorCode::kCorrupt, "its manifest is damaged");
  }
  std::vector<uint64_t> numbers;
  for (size_t at = 1; at < value.size(); at += 8) numbers.push_back(*read_be64(value.substr(at)));
  return numbers;
}

}  // namespace halftone::blob_format

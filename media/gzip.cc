#include "media/gzip.h"

#include <algorithm>
#include <memory>
#include <zlib.h>

namespace halftone {
namespace {

constexpr size_t kPiece = 64 * 1024;
constexpr std::string_view kMagic = "\x1F\x8B";

struct EndInflate {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

// One piece more of `out`; the result is zlib's.
int inflate_piece(z_stream& stream, std::string& out) {
  const size_t size = out.size();
  out.resize(size + kPiece);
  stream.next_out = reinterpret_cast<Bytef*>(out.data() + size);
  stream.avail_out = kPiece;
  const int result = inflate(&stream, Z_NO_FLUSH);
  out.resize(size + kPiece - stream.avail_out);
  return result;
}

// Appends to `out`, by a piece more than `limit` at most.
Result<void> inflate_all(std::string_view bytes, size_t limit, std::string& out) {
  z_stream stream{};
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  if (inflateInit2(&stream, kGzipOnly) != Z_OK) return fail(ErrorCode::kIo, "zlib: no memory");
  const std::unique_ptr<z_stream, EndInflate> end(&stream);
  while (true) {
    // zlib counts input in 32 bits.
    const size_t given = std::min<size_t>(bytes.size(), 1 << 30);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(given);
    const int result = inflate_piece(stream, out);
    bytes.remove_prefix(given - stream.avail_in);
    if (out.size() > limit) {
      return fail(ErrorCode::kTooLarge, "gzip: more than {} bytes when decompressed", limit);
    }
    if (result == Z_STREAM_END) {
      if (!is_gzip(bytes)) return {};  // what follows the last member is padding
      inflateReset(&stream);
    } else if (result != Z_OK) {
      return fail(ErrorCode::kInvalid, "gzip: {} after {} decompressed bytes",
                  bytes.empty() ? "cut off" : "damaged", out.size());
    }
  }
}

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with(kMagic); }

Result<std::string> gunzip(std::string_view bytes, size_t limit) {
  std::string out;
  if (auto done = inflate_all(bytes, limit, out); !done) return tl::unexpected(done.error());
  return out;
}

Inflated gunzip_what_is_there(std::string_view bytes, size_t limit) {
  Inflated out;
  if (auto done = inflate_all(bytes, limit, out.content); !done) out.fault = done.error().message;
  if (out.content.size() > limit) out.content.resize(limit);
  return out;
}

std::string gunzip_head(std::string_view bytes, size_t size) {
  return gunzip_what_is_there(bytes, size).content;
}

}  // namespace halftone

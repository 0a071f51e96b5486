#include "media/gzip.h"

#include <algorithm>
#include <memory>
#include <vector>
#include <zlib.h>

namespace halftone {
namespace {

constexpr size_t kPiece = 64 * 1024;
constexpr std::string_view kMagic = "\x1F\x8B";

struct EndInflate {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

// Decompresses into `piece` and appends that to `out`; the result is zlib's. Members may be empty,
// so `out` grows by what they hold alone.
int inflate_piece(z_stream& stream, std::vector<Bytef>& piece, std::string& out) {
  stream.next_out = piece.data();
  stream.avail_out = static_cast<uInt>(piece.size());
  const int result = inflate(&stream, Z_NO_FLUSH);
  out.append(reinterpret_cast<const char*>(piece.data()), piece.size() - stream.avail_out);
  return result;
}

// Appends to `out`, by a piece more than `limit` at most.
Result<void> inflate_all(std::string_view bytes, size_t limit, std::string& out) {
  z_stream stream{};
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  if (inflateInit2(&stream, kGzipOnly) != Z_OK) return fail(ErrorCode::kIo, "zlib: no memory");
  const std::unique_ptr<z_stream, EndInflate> end(&stream);
  std::vector<Bytef> piece(kPiece);
  while (true) {
    // zlib counts input in 32 bits.
    const size_t given = std::min<size_t>(bytes.size(), 1 << 30);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(given);
    const int result = inflate_piece(stream, piece, out);
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

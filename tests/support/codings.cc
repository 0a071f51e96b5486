// The compressing half of the content codings, which only tests need.
#include <stdexcept>
#include <zlib.h>
#include <zstd.h>

#include <brotli/encode.h>

#include "tests/support/test_server.h"

namespace halftone {

std::string gzip(std::string_view bytes) {
  constexpr int kGzipWrapper = 16 + MAX_WBITS;
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, kGzipWrapper, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib");
  }
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string brotli(std::string_view bytes) {
  std::string packed(BrotliEncoderMaxCompressedSize(bytes.size()), '\0');
  size_t size = packed.size();
  BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, bytes.size(),
                        reinterpret_cast<const uint8_t*>(bytes.data()), &size,
                        reinterpret_cast<uint8_t*>(packed.data()));
  packed.resize(size);
  return packed;
}

std::string zstd(std::string_view bytes) {
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), 3));
  return packed;
}

}  // namespace halftone

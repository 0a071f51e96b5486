#include "crawler/content_decoder.h"

#include <zlib.h>

#include "tests/support/catch.h"
#include "tests/support/test_server.h"

using namespace halftone;

namespace {

// Feeds `bytes` in pieces of `size`; the decoded body, or the error of decoding or of the end.
Result<std::string> decoded(std::string_view coding, std::string_view bytes, size_t size = 7) {
  ContentDecoders decoders(coding);
  std::string body;
  for (size_t at = 0; at < bytes.size(); at += size) {
    decoders.feed(bytes.substr(at, size));
    auto piece = decoders.next();
    for (; piece && !piece->empty(); piece = decoders.next()) body += *piece;
    if (!piece) return tl::unexpected<Error>(piece.error());
  }
  if (auto whole = decoders.finish(); !whole) return tl::unexpected<Error>(whole.error());
  return body;
}

// Deflate with zlib's wrapper, or, with negative bits, without.
std::string deflated(std::string_view bytes, int bits) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, bits, 9, Z_DEFAULT_STRATEGY);
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

std::string sample() {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += fmt::format("line {} of {}\n", i, i * 7919 % 1000);
  return text;
}

}  // namespace

// RFC 9110, 8.4.1.
TEST_CASE("content codings are undone, whatever the size of the pieces", "[crawler]") {
  const std::string body = sample();
  struct Row {
    const char* coding;
    std::string bytes;
  };
  const Row rows[] = {
      {"", body},
      {"identity", body},
      {"gzip", gzip(body)},
      {"X-GZip", gzip(body)},
      {"deflate", deflated(body, MAX_WBITS)},
      {"deflate", deflated(body, -MAX_WBITS)},
      {"br", brotli(body)},
      {"zstd", zstd(body)},
      {"gzip, br", brotli(gzip(body))},
      {"identity, , gzip", gzip(body)},
      {"gzip", gzip(body.substr(0, 1000)) + gzip(body.substr(1000))},  // RFC 1952, 2.2
      {"zstd", zstd(body.substr(0, 1000)) + zstd(body.substr(1000))},  // RFC 8878, 3
      {"gzip", gzip(body) + std::string(40, '\0')},                    // padding
      {"aws-chunked", body},                                           // a wrong label
      {"gzip, gzip, gzip, gzip, gzip", body},
  };
  for (const Row& row : rows) {
    for (const size_t size : {size_t{1}, size_t{4096}, row.bytes.size()}) {
      CAPTURE(row.coding, size);
      const auto result = decoded(row.coding, row.bytes, size);
      REQUIRE(result);
      CHECK((*result == body));
    }
  }
}

TEST_CASE("a compressed stream cut anywhere is truncated", "[crawler]") {
  const std::string body = sample().substr(0, 2000);
  const std::pair<const char*, std::string> rows[] = {
      {"gzip", gzip(body)},
      {"deflate", deflated(body, MAX_WBITS)},
      {"deflate", deflated(body, -MAX_WBITS)},
      {"br", brotli(body)},
      {"zstd", zstd(body)},
      {"gzip, br", brotli(gzip(body))},
  };
  for (const auto& [coding, bytes] : rows) {
    for (size_t size = 1; size < bytes.size(); ++size) {
      CAPTURE(coding, size);
      const auto result = decoded(coding, bytes.substr(0, size));
      REQUIRE_FALSE(result);
      REQUIRE(result.error().code == ErrorCode::kTruncated);
    }
  }
}

TEST_CASE("bytes that are no compressed stream are an error", "[crawler]") {
  for (const char* coding : {"gzip", "br", "zstd"}) {
    const auto result = decoded(coding, "<!DOCTYPE html> this was never compressed at all");
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::kProtocol);
  }
  std::string broken = gzip(sample());
  broken[broken.size() - 6] ^= 1;  // the checksum, RFC 1952, 2.3.1
  CHECK(decoded("gzip", broken).error().code == ErrorCode::kProtocol);
}

TEST_CASE("an empty body needs no stream", "[crawler]") {
  for (const char* coding : {"gzip", "deflate", "br", "zstd"}) CHECK(decoded(coding, "") == "");
}

TEST_CASE("pieces are small, however much a byte unpacks to", "[crawler]") {
  const std::string zeros(size_t{8} << 20, '\0');
  for (const auto& [coding, packed] :
       {std::pair("gzip", gzip(zeros)), std::pair("br", brotli(zeros)),
        std::pair("zstd", zstd(zeros)), std::pair("gzip, br", brotli(gzip(zeros)))}) {
    CAPTURE(coding);
    ContentDecoders decoders(coding);
    decoders.feed(packed);
    size_t taken = 0, largest = 0;
    auto piece = decoders.next();
    for (; piece && !piece->empty(); piece = decoders.next()) {
      taken += piece->size();
      largest = std::max(largest, piece->size());
    }
    CHECK(piece);
    CHECK(taken == zeros.size());
    CHECK(largest <= 64 * 1024);
  }
}

// What is held back is handed over again later, from where it was not read.
TEST_CASE("decoding may stop after any piece and go on from a copy of the rest", "[crawler]") {
  const std::string body = sample() + std::string(300'000, 'x') + sample();
  for (const auto& [coding, packed] :
       {std::pair("gzip", gzip(body)), std::pair("br", brotli(body)), std::pair("zstd", zstd(body)),
        std::pair("gzip, br", brotli(gzip(body))), std::pair("zstd, gzip", gzip(zstd(body)))}) {
    CAPTURE(coding);
    ContentDecoders decoders(coding);
    std::string rest = packed, decoded;
    decoders.feed(rest);
    auto piece = decoders.next();
    for (; piece && !piece->empty(); piece = decoders.next()) {
      decoded += *piece;
      std::string copy = rest.substr(rest.size() - decoders.unread());
      rest.swap(copy);
      std::fill(copy.begin(), copy.end(), '!');
      decoders.feed(rest);
    }
    REQUIRE(piece);
    CHECK((decoded == body));
    CHECK(decoders.finish());
  }
}

TEST_CASE("a bomb is known by its ratio, over all its layers", "[crawler]") {
  const std::string zeros(size_t{80} << 20, '\0');
  const std::string nothing = gzip("");
  std::string nothing_often;  // unpacks to much, and that to nothing
  while (nothing_often.size() < (size_t{80} << 20)) nothing_often += nothing;
  const std::pair<const char*, std::string> bombs[] = {
      {"gzip", gzip(zeros)},
      {"br", brotli(zeros)},
      {"zstd", zstd(zeros)},
      {"gzip, gzip", gzip(gzip(zeros))},
      {"gzip, br", brotli(gzip(zeros))},
      {"gzip, zstd", zstd(nothing_often)},
  };
  for (const auto& [coding, bomb] : bombs) {
    CAPTURE(coding, bomb.size());
    const auto result = decoded(coding, bomb, 16384);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::kTooLarge);
    CHECK(result.error().message.find("1000 times") != std::string::npos);
  }
}

TEST_CASE("much that unpacks from much is no bomb, nor is little from next to nothing",
          "[crawler]") {
  std::string noisy(size_t{80} << 20, '\0');
  for (size_t i = 0; i < noisy.size(); i += 20'000) noisy[i] = static_cast<char>(i * 7919 >> 8);
  const std::string small(size_t{60} << 20, '\0');
  const std::pair<const char*, const std::string*> rows[] = {
      {"br", &small}, {"zstd", &small}, {"gzip", &noisy}};
  for (const auto& [coding, body] : rows) {
    CAPTURE(coding);
    const std::string packed = coding == std::string("br")     ? brotli(*body)
                               : coding == std::string("zstd") ? zstd(*body)
                                                               : gzip(*body);
    const auto result = decoded(coding, packed, 16384);
    REQUIRE(result);
    CHECK((*result == *body));
  }
}

// Removes content codings (RFC 9110, 8.4.1) while a body streams.
//
// libcurl can do so too, but takes a compressed stream that ends early for a whole one; an archive
// must not.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"

namespace halftone {

// One coding. Pulled rather than pushed, so that whoever takes the pieces may stop between any two
// and go on later. Memory stays bounded whatever the input; pieces have 64 KiB at most.
class ContentDecoder {
 public:
  virtual ~ContentDecoder() = default;

  // What to decode next; must stay where it is until next() returns an empty piece. Bytes not yet
  // read of an earlier feed() are forgotten.
  virtual void feed(std::string_view bytes) = 0;
  virtual size_t unread() const = 0;

  // The next decoded piece, good until the next call. Empty: all that was fed is used up.
  // kProtocol: the coding is damaged.
  virtual Result<std::string_view> next() = 0;

  // True between the first byte of a stream and its last.
  virtual bool is_inside_stream() const = 0;
};

// `coding`: gzip, x-gzip, deflate (zlib or raw, as servers do both), br, zstd. Null for any other.
std::unique_ptr<ContentDecoder> make_content_decoder(std::string_view coding);

// All the codings of a Content-Encoding field, undone in reverse order. A field that names a coding
// that we do not know, or more than four, is taken as a wrong label and the bytes stay as they
// are, as browsers do.
class ContentDecoders {
 public:
  explicit ContentDecoders(std::string_view content_encoding = {});

  // The value for Accept-Encoding.
  static const char* accepted() { return "gzip, deflate, br, zstd"; }

  bool is_identity() const { return decoders_.empty(); }

  // As those of one ContentDecoder, over all codings.
  // kTooLarge: a bomb, see kMaxRatio.
  void feed(std::string_view bytes);
  size_t unread() const;
  Result<std::string_view> next() { return pull(decoders_.size()); }

  // A body may unpack to kHarmless bytes, or to kMaxRatio times its size, whatever is more; the
  // output of all layers counts. Deflate never gets past 1,032; pages and pictures stay below 200.
  // Only bytes all alike come near it, and where they do, 64 MiB of them hurt nobody.
  static constexpr uint64_t kHarmless = 64 << 20;
  static constexpr uint64_t kMaxRatio = 1000;

  // kTruncated: the body ended inside a compressed stream.
  Result<void> finish() const;

 private:
  Result<std::string_view> pull(size_t count);
  Result<void> check_ratio(size_t more);

  std::vector<std::unique_ptr<ContentDecoder>> decoders_;  // the outermost coding first
  std::string_view fed_;
  uint64_t encoded_ = 0, decoded_ = 0;
};

}  // namespace halftone

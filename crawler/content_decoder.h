// Removes content codings (RFC 9110, 8.4.1) while a body streams.
//
// libcurl can do so too, but takes a compressed stream that ends early for a whole one; an archive
// must not.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"

namespace halftone {

using ByteSink = std::function<Result<void>(std::string_view bytes)>;

// One coding. Memory stays bounded whatever the input; output comes in pieces of 64 KiB at most.
class ContentDecoder {
 public:
  virtual ~ContentDecoder() = default;

  // Decodes `bytes` into `sink`; its Error ends the decoding. kProtocol: the coding is damaged.
  virtual Result<void> decode(std::string_view bytes, const ByteSink& sink) = 0;

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
  Result<void> decode(std::string_view bytes, const ByteSink& sink) { return pass(0, bytes, sink); }

  // kTruncated: the body ended inside a compressed stream.
  Result<void> finish() const;

 private:
  Result<void> pass(size_t stage, std::string_view bytes, const ByteSink& sink);

  std::vector<std::unique_ptr<ContentDecoder>> decoders_;  // the outermost coding first
};

}  // namespace halftone

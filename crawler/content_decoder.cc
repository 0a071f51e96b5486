#include "crawler/content_decoder.h"

#include <algorithm>
#include <zlib.h>
#include <zstd.h>

#include <brotli/decode.h>

#include "media/ascii.h"

namespace halftone {
namespace {

constexpr size_t kPiece = 64 * 1024;
constexpr size_t kMaxCodings = 4;

auto damaged(std::string_view coding, std::string_view why) {
  return fail(ErrorCode::kProtocol, "the content coding ({}) is damaged: {}", coding, why);
}

// gzip (RFC 1952), one member after another, and deflate (RFC 1950, or RFC 1951 without its
// wrapper).
class ZlibDecoder : public ContentDecoder {
 public:
  enum class Wrapper { kGzip, kDeflate };

  explicit ZlibDecoder(Wrapper wrapper) : wrapper_(wrapper) {}
  ~ZlibDecoder() override {
    if (is_ready_) inflateEnd(&stream_);
  }
  ZlibDecoder(const ZlibDecoder&) = delete;
  ZlibDecoder& operator=(const ZlibDecoder&) = delete;

  Result<void> decode(std::string_view bytes, const ByteSink& sink) override {
    if (bytes.empty()) return {};
    if (!is_ready_ && !start(bytes.front())) return damaged(name(), "out of memory");
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      if (at_end_ && !begin_next_member()) return {};
      if (auto done = inflate_piece(sink); !done) return done;
    } while (stream_.avail_in > 0 || stream_.avail_out == 0);
    return {};
  }

  bool is_inside_stream() const override { return is_ready_ && !at_end_; }

 private:
  const char* name() const { return wrapper_ == Wrapper::kGzip ? "gzip" : "deflate"; }

  bool start(char first) {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    const bool is_zlib = (first & 0x0F) == Z_DEFLATED;  // RFC 1950, CM in the first byte
    const int deflate_bits = is_zlib ? MAX_WBITS : -MAX_WBITS;
    const int bits = wrapper_ == Wrapper::kGzip ? kGzipOnly : deflate_bits;
    return is_ready_ = inflateInit2(&stream_, bits) == Z_OK;
  }

  // What follows the last member and does not look like another one is padding.
  bool begin_next_member() {
    constexpr Bytef kMagic = 0x1F;
    if (wrapper_ != Wrapper::kGzip || stream_.avail_in == 0 || *stream_.next_in != kMagic) {
      stream_.avail_in = 0;
      return false;
    }
    at_end_ = false;
    return inflateReset(&stream_) == Z_OK;
  }

  Result<void> inflate_piece(const ByteSink& sink) {
    stream_.next_out = reinterpret_cast<Bytef*>(piece_.data());
    stream_.avail_out = static_cast<uInt>(piece_.size());
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      return damaged(name(), stream_.msg ? stream_.msg : "not a compressed stream");
    }
    at_end_ = result == Z_STREAM_END;
    const size_t size = piece_.size() - stream_.avail_out;
    return size == 0 ? Result<void>() : sink({piece_.data(), size});
  }

  Wrapper wrapper_;
  z_stream stream_{};
  bool is_ready_ = false, at_end_ = false;
  std::string piece_ = std::string(kPiece, '\0');
};

// br (RFC 7932).
class BrotliDecoder : public ContentDecoder {
 public:
  BrotliDecoder() : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {}
  ~BrotliDecoder() override { BrotliDecoderDestroyInstance(state_); }
  BrotliDecoder(const BrotliDecoder&) = delete;
  BrotliDecoder& operator=(const BrotliDecoder&) = delete;

  Result<void> decode(std::string_view bytes, const ByteSink& sink) override {
    if (bytes.empty() || at_end_) return {};
    has_begun_ = true;
    auto next = reinterpret_cast<const uint8_t*>(bytes.data());
    size_t left = bytes.size();
    BrotliDecoderResult result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
      auto out = reinterpret_cast<uint8_t*>(piece_.data());
      size_t room = piece_.size();
      result = BrotliDecoderDecompressStream(state_, &left, &next, &room, &out, nullptr);
      if (result == BROTLI_DECODER_RESULT_ERROR) {
        return damaged("br", BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state_)));
      }
      const size_t size = piece_.size() - room;
      if (size == 0) continue;
      if (auto taken = sink({piece_.data(), size}); !taken) return taken;
    }
    at_end_ = result == BROTLI_DECODER_RESULT_SUCCESS;
    return {};
  }

  bool is_inside_stream() const override { return has_begun_ && !at_end_; }

 private:
  BrotliDecoderState* state_;
  bool has_begun_ = false, at_end_ = false;
  std::string piece_ = std::string(kPiece, '\0');
};

// zstd (RFC 8878), one frame after another.
class ZstdDecoder : public ContentDecoder {
 public:
  ZstdDecoder() : stream_(ZSTD_createDStream()) {
    constexpr int kWindowLog = 23;  // 8 MiB, RFC 9659, 3
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kWindowLog);
  }
  ~ZstdDecoder() override { ZSTD_freeDStream(stream_); }
  ZstdDecoder(const ZstdDecoder&) = delete;
  ZstdDecoder& operator=(const ZstdDecoder&) = delete;

  Result<void> decode(std::string_view bytes, const ByteSink& sink) override {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    bool is_piece_full = false;
    while (in.pos < in.size || is_piece_full) {
      ZSTD_outBuffer out{piece_.data(), piece_.size(), 0};
      const size_t hint = ZSTD_decompressStream(stream_, &out, &in);
      if (ZSTD_isError(hint)) return damaged("zstd", ZSTD_getErrorName(hint));
      is_inside_ = hint != 0;
      is_piece_full = is_inside_ && out.pos == out.size;
      if (out.pos == 0) continue;
      if (auto taken = sink({piece_.data(), out.pos}); !taken) return taken;
    }
    return {};
  }

  bool is_inside_stream() const override { return is_inside_; }

 private:
  ZSTD_DStream* stream_;
  bool is_inside_ = false;
  std::string piece_ = std::string(kPiece, '\0');
};

std::vector<std::string_view> codings_of(std::string_view content_encoding) {
  std::vector<std::string_view> codings;
  while (!content_encoding.empty()) {
    const size_t comma = content_encoding.find(',');
    const std::string_view coding = trim(content_encoding.substr(0, comma));
    content_encoding.remove_prefix(comma == std::string_view::npos ? content_encoding.size()
                                                                   : comma + 1);
    if (!coding.empty() && !equals_ignoring_case(coding, "identity")) codings.push_back(coding);
  }
  return codings;
}

}  // namespace

std::unique_ptr<ContentDecoder> make_content_decoder(std::string_view coding) {
  const std::string name = lower_case(coding);
  using Wrapper = ZlibDecoder::Wrapper;
  if (name == "gzip" || name == "x-gzip") return std::make_unique<ZlibDecoder>(Wrapper::kGzip);
  if (name == "deflate") return std::make_unique<ZlibDecoder>(Wrapper::kDeflate);
  if (name == "br") return std::make_unique<BrotliDecoder>();
  if (name == "zstd") return std::make_unique<ZstdDecoder>();
  return nullptr;
}

ContentDecoders::ContentDecoders(std::string_view content_encoding) {
  const auto codings = codings_of(content_encoding);
  if (codings.size() > kMaxCodings) return;
  for (auto coding = codings.rbegin(); coding != codings.rend(); ++coding) {
    decoders_.push_back(make_content_decoder(*coding));
  }
  const auto is_unknown = [](const auto& decoder) { return decoder == nullptr; };
  if (std::ranges::any_of(decoders_, is_unknown)) decoders_.clear();
}

Result<void> ContentDecoders::pass(size_t stage, std::string_view bytes, const ByteSink& sink) {
  if (stage == decoders_.size()) return sink(bytes);
  return decoders_[stage]->decode(
      bytes, [&](std::string_view decoded) { return pass(stage + 1, decoded, sink); });
}

Result<void> ContentDecoders::finish() const {
  for (const auto& decoder : decoders_) {
    if (decoder->is_inside_stream()) {
      return fail(ErrorCode::kTruncated, "ended inside a compressed stream");
    }
  }
  return {};
}

}  // namespace halftone

#include "crawler/content_decoder.h"

#include <algorithm>
#include <utility>
#include <zlib.h>
#include <zstd.h>

#include <brotli/decode.h>

#include "media/ascii.h"

namespace halftone {
namespace {

using Piece = Result<std::string_view>;

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

  void feed(std::string_view bytes) override { input_ = bytes; }
  size_t unread() const override { return input_.size(); }

  Piece next() override {
    while (!input_.empty() || is_full_) {
      if (!is_ready_ && !start(input_.front())) return damaged(name(), "out of memory");
      if (at_end_ && !begin_next_member()) break;
      auto piece = inflate_piece();
      if (!piece || !piece->empty()) return piece;
    }
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
    constexpr char kMagic = 0x1F;
    if (wrapper_ != Wrapper::kGzip || input_.front() != kMagic) {
      input_ = {};
      return false;
    }
    at_end_ = false;
    return inflateReset(&stream_) == Z_OK;
  }

  Piece inflate_piece() {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input_.data()));
    stream_.avail_in = static_cast<uInt>(input_.size());
    stream_.next_out = reinterpret_cast<Bytef*>(piece_.data());
    stream_.avail_out = static_cast<uInt>(piece_.size());
    const int result = inflate(&stream_, Z_NO_FLUSH);
    input_.remove_prefix(input_.size() - stream_.avail_in);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      return damaged(name(), stream_.msg ? stream_.msg : "not a compressed stream");
    }
    at_end_ = result == Z_STREAM_END;
    is_full_ = stream_.avail_out == 0 && !at_end_;
    return std::string_view(piece_).substr(0, piece_.size() - stream_.avail_out);
  }

  Wrapper wrapper_;
  z_stream stream_{};
  std::string_view input_;
  bool is_ready_ = false, at_end_ = false;
  bool is_full_ = false;  // the last piece was: more may be inside
  std::string piece_ = std::string(kPiece, '\0');
};

// br (RFC 7932).
class BrotliDecoder : public ContentDecoder {
 public:
  BrotliDecoder() : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {}
  ~BrotliDecoder() override { BrotliDecoderDestroyInstance(state_); }
  BrotliDecoder(const BrotliDecoder&) = delete;
  BrotliDecoder& operator=(const BrotliDecoder&) = delete;

  void feed(std::string_view bytes) override { input_ = bytes; }
  size_t unread() const override { return input_.size(); }

  Piece next() override {
    if (at_end_) input_ = {};
    if (input_.empty() && !is_full_) return {};
    has_begun_ = true;
    auto from = reinterpret_cast<const uint8_t*>(input_.data());
    auto to = reinterpret_cast<uint8_t*>(piece_.data());
    size_t left = input_.size(), room = piece_.size();
    const auto result = BrotliDecoderDecompressStream(state_, &left, &from, &room, &to, nullptr);
    input_.remove_prefix(input_.size() - left);
    if (result == BROTLI_DECODER_RESULT_ERROR) {
      return damaged("br", BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state_)));
    }
    at_end_ = result == BROTLI_DECODER_RESULT_SUCCESS;
    is_full_ = result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    return std::string_view(piece_).substr(0, piece_.size() - room);
  }

  bool is_inside_stream() const override { return has_begun_ && !at_end_; }

 private:
  BrotliDecoderState* state_;
  std::string_view input_;
  bool has_begun_ = false, at_end_ = false, is_full_ = false;
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

  void feed(std::string_view bytes) override { input_ = bytes; }
  size_t unread() const override { return input_.size(); }

  Piece next() override {
    while (!input_.empty() || is_full_) {
      ZSTD_inBuffer in{input_.data(), input_.size(), 0};
      ZSTD_outBuffer out{piece_.data(), piece_.size(), 0};
      const size_t hint = ZSTD_decompressStream(stream_, &out, &in);
      if (ZSTD_isError(hint)) return damaged("zstd", ZSTD_getErrorName(hint));
      input_.remove_prefix(in.pos);
      is_inside_ = hint != 0;
      is_full_ = is_inside_ && out.pos == out.size;
      if (out.pos != 0) return std::string_view(piece_).substr(0, out.pos);
    }
    return {};
  }

  bool is_inside_stream() const override { return is_inside_; }

 private:
  ZSTD_DStream* stream_;
  std::string_view input_;
  bool is_inside_ = false, is_full_ = false;
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

void ContentDecoders::feed(std::string_view bytes) {
  fed_ = bytes;
  if (decoders_.empty()) return;
  encoded_ -= decoders_.front()->unread();
  decoders_.front()->feed({});
}

size_t ContentDecoders::unread() const {
  return fed_.size() + (decoders_.empty() ? 0 : decoders_.front()->unread());
}

// What comes out of the first `count` decoders; out of none: the bytes as they came.
Piece ContentDecoders::pull(size_t count) {
  if (count == 0) {
    encoded_ += fed_.size();
    return std::exchange(fed_, {});
  }
  ContentDecoder& decoder = *decoders_[count - 1];
  while (true) {
    auto piece = decoder.next();
    if (!piece) return piece;
    if (!piece->empty()) {
      if (auto sound = check_ratio(piece->size()); !sound) return tl::unexpected(sound.error());
      return piece;
    }
    const auto input = pull(count - 1);
    if (!input || input->empty()) return input;
    decoder.feed(*input);
  }
}

Result<void> ContentDecoders::check_ratio(size_t more) {
  decoded_ += more;
  if (decoded_ <= kHarmless || decoded_ / kMaxRatio <= encoded_) return {};
  return fail(ErrorCode::kTooLarge, "a bomb: {} bytes unpack to more than {} times as many",
              encoded_, kMaxRatio);
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

#include "store/formats/warc_input.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "store/files.h"

namespace halftone {
namespace {

constexpr size_t kPiece = 64 * 1024;
constexpr size_t kProbe = 1024;  // enough of a member to see how its content begins
constexpr size_t kLeast = 8;     // to be seen, if there is as much
constexpr std::string_view kName = "WARC/";
constexpr std::string_view kMagic = "\x1F\x8B\x08";
constexpr int kGzip = 16 + MAX_WBITS;  // zlib.h, inflateInit2()

Bytef* bytes_of(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

}  // namespace

struct WarcInput::Inflater {
  z_stream stream{};
  bool ready = inflateInit2(&stream, kGzip) == Z_OK;

  Inflater() = default;
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream); }

  // As much of `in` as gives `size` bytes at most, for now in `out`; `in` becomes what is left.
  int run(std::string_view& in, size_t size) {
    stream.next_in = bytes_of(in);
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = bytes_of(piece);
    stream.avail_out = static_cast<uInt>(size);
    const int code = inflate(&stream, Z_NO_FLUSH);
    in.remove_prefix(in.size() - stream.avail_in);
    out = std::string_view(piece).substr(0, size - stream.avail_out);
    return code;
  }

  std::string piece = std::string(kPiece, '\0');
  std::string_view out;
};

WarcInput::WarcInput(int file, uint64_t size, std::string path)
    : file_(file), size_(size), path_(std::move(path)), inflater_(std::make_unique<Inflater>()) {
  if (!inflater_->ready) bug("zlib cannot begin");
  // A compressed file may be damaged from its first byte on.
  compressed_ = read_at(0, kMagic.size()) == kMagic ||
                (read_at(0, kName.size()) != kName && next_member(0) < size_);
  if (compressed_) begin_member();
}

WarcInput::~WarcInput() { ::close(file_); }

Result<std::unique_ptr<WarcInput>> WarcInput::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return tl::unexpected(system_error(errno, "opening", path));
  struct stat status {};
  if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(file);
    return fail(ErrorCode::kIo, "{} is no file", path);
  }
  return std::unique_ptr<WarcInput>(
      new WarcInput(file, static_cast<uint64_t>(status.st_size), path));
}

// Valid until the next call. Members may be of a few bytes each, so what was read before is used.
std::string_view WarcInput::read_at(uint64_t at, size_t size) {
  const uint64_t wanted = std::min<uint64_t>(size, size_ - std::min(at, size_));
  const bool is_known = at >= raw_at_ && at - raw_at_ + wanted <= raw_.size();
  if (!is_known) read_raw(at, std::max(size, kProbe));
  return std::string_view(raw_).substr(at - raw_at_, size);
}

// From `at` on as many bytes of the file as are known, or some more.
std::string_view WarcInput::read_on(uint64_t at) {
  const bool is_known = at >= raw_at_ && at - raw_at_ < raw_.size();
  if (!is_known) read_raw(at, kPiece);
  return std::string_view(raw_).substr(at - raw_at_);
}

void WarcInput::read_raw(uint64_t at, size_t size) {
  raw_at_ = at;
  raw_.resize(size);
  size_t got = 0;
  while (got < size && at + got < size_) {
    const ssize_t read = pread(file_, raw_.data() + got, size - got, static_cast<off_t>(at + got));
    if (read < 0 && errno == EINTR) continue;
    failed_ = failed_ || read < 0;
    if (read <= 0) break;
    got += static_cast<size_t>(read);
  }
  raw_.resize(got);
}

std::string_view WarcInput::view() {
  while (out_.size() - seen_ < kLeast && edge_ == Edge::kNone) {
    out_.erase(0, seen_);
    seen_ = 0;
    compressed_ ? fill_member() : fill_plain();
  }
  return std::string_view(out_).substr(seen_);
}

void WarcInput::consume(size_t size) { seen_ += size; }

uint64_t WarcInput::offset() const { return compressed_ ? member_ : next_ - (out_.size() - seen_); }
uint64_t WarcInput::left() const { return size_ - std::min(size_, offset()); }

void WarcInput::fill_plain() {
  const std::string_view piece = read_on(next_);
  out_ += piece;
  next_ += piece.size();
  if (piece.empty()) edge_ = Edge::kEnd;
}

void WarcInput::fill_member() {
  std::string_view in = read_on(next_);
  const size_t size = in.size();
  if (size == 0 && next_ == member_) {
    edge_ = Edge::kEnd;
    return;
  }
  const int code = inflater_->run(in, kPiece);
  out_ += inflater_->out;
  next_ += size - in.size();
  if (code == Z_STREAM_END) {
    edge_ = Edge::kMember;
  } else if (code != Z_OK && code != Z_BUF_ERROR) {
    broken("the gzip member is broken");
  } else if (in.size() == size && inflater_->out.empty()) {
    broken("the gzip member is cut");
  }
}

void WarcInput::broken(const char* why) {
  edge_ = Edge::kBroken;
  why_broken_ = why;
}

void WarcInput::begin_member() {
  edge_ = Edge::kNone;
  member_ = next_;
  seen_ = 0;
  out_.clear();
  inflateReset(&inflater_->stream);
  const std::string_view begin = read_at(next_, kMagic.size());
  if (!begin.empty() && begin != kMagic) broken("there is no gzip member here");
}

void WarcInput::cross() {
  if (edge_ == Edge::kBroken) {
    // What was read of the broken member may hold the next one; but nobody makes this read the
    // file more than a few times.
    const uint64_t read = next_ - member_;
    const bool again = read_again_ < 4 * size_;
    read_again_ += read;
    next_ = next_member(again ? member_ + 1 : std::max(next_, member_ + 1));
  }
  if (edge_ != Edge::kEnd && edge_ != Edge::kNone) begin_member();
}

// True where a member at `at` begins with the name of the format.
bool WarcInput::begins_record(uint64_t at) {
  std::string_view in = read_at(at, kProbe);
  if (!in.starts_with(kMagic)) return false;
  inflateReset(&inflater_->stream);
  inflater_->run(in, kName.size());
  return inflater_->out == kName;
}

uint64_t WarcInput::next_member(uint64_t from) {
  while (from < size_) {
    const std::string piece(read_at(from, kPiece));
    if (piece.size() < kMagic.size()) return size_;
    for (size_t at = piece.find(kMagic); at != piece.npos; at = piece.find(kMagic, at + 1)) {
      if (begins_record(from + at)) return from + at;
    }
    from += piece.size() - (kMagic.size() - 1);
  }
  return size_;
}

std::string WarcInput::look_ahead(uint64_t size) {
  constexpr size_t kLook = 64;
  const uint64_t here = offset();
  if (size > size_ - std::min(here, size_)) return {};
  return std::string(read_at(here + size, kLook));
}

bool WarcInput::go_back(uint64_t offset) {
  if (compressed_ || read_again_ >= 4 * size_) return false;
  read_again_ += this->offset() - offset;
  next_ = offset;
  seen_ = 0;
  out_.clear();
  edge_ = Edge::kNone;
  return true;
}

}  // namespace halftone

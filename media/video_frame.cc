// FFmpeg is loaded by those workers alone that are asked for posters: it brings a hundred libraries
// with it, which would cost every start of the program a tenth of a second.
#include "media/video_frame.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <dlfcn.h>
#include <memory>

extern "C" {
#include <libavformat/avformat.h>
#include <libffmpegthumbnailer/videothumbnailerc.h>
}

#include "media/media_header.h"

namespace halftone {

namespace {

// What is used of the libraries, found by name; the headers say what stands behind the names.
struct Ffmpeg {
  decltype(&::avformat_alloc_context) alloc_context = nullptr;
  decltype(&::avformat_open_input) open_input = nullptr;
  decltype(&::avformat_close_input) close_input = nullptr;
  decltype(&::avio_alloc_context) alloc_io = nullptr;
  decltype(&::avio_context_free) free_io = nullptr;
  decltype(&::av_malloc) allocate = nullptr;
  decltype(&::av_freep) release = nullptr;
  decltype(&::av_log_set_level) set_log_level = nullptr;
  decltype(&::video_thumbnailer_create) create = nullptr;
  decltype(&::video_thumbnailer_destroy) destroy = nullptr;
  decltype(&::video_thumbnailer_create_image_data) create_image = nullptr;
  decltype(&::video_thumbnailer_destroy_image_data) destroy_image = nullptr;
  decltype(&::video_thumbnailer_generate_thumbnail_to_buffer) generate = nullptr;
  decltype(&::video_thumbnailer_set_size) set_size = nullptr;
  std::string missing;  // why nothing can be decoded; empty where it can

  template <class Function>
  void find(void* library, const char* name, Function& function) {
    void* const address = dlsym(library, name);
    static_assert(sizeof address == sizeof function);
    std::memcpy(&function, &address, sizeof address);
    if (!address) missing = std::string(name) + " is not in it";
  }
};

Ffmpeg load() {
  Ffmpeg ffmpeg;
  void* const library = dlopen("libffmpegthumbnailer.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    ffmpeg.missing = "libffmpegthumbnailer.so.4 is not installed";
    return ffmpeg;
  }
  ffmpeg.find(library, "avformat_alloc_context", ffmpeg.alloc_context);
  ffmpeg.find(library, "avformat_open_input", ffmpeg.open_input);
  ffmpeg.find(library, "avformat_close_input", ffmpeg.close_input);
  ffmpeg.find(library, "avio_alloc_context", ffmpeg.alloc_io);
  ffmpeg.find(library, "avio_context_free", ffmpeg.free_io);
  ffmpeg.find(library, "av_malloc", ffmpeg.allocate);
  ffmpeg.find(library, "av_freep", ffmpeg.release);
  ffmpeg.find(library, "av_log_set_level", ffmpeg.set_log_level);
  ffmpeg.find(library, "video_thumbnailer_create", ffmpeg.create);
  ffmpeg.find(library, "video_thumbnailer_destroy", ffmpeg.destroy);
  ffmpeg.find(library, "video_thumbnailer_create_image_data", ffmpeg.create_image);
  ffmpeg.find(library, "video_thumbnailer_destroy_image_data", ffmpeg.destroy_image);
  ffmpeg.find(library, "video_thumbnailer_generate_thumbnail_to_buffer", ffmpeg.generate);
  ffmpeg.find(library, "video_thumbnailer_set_size", ffmpeg.set_size);
  return ffmpeg;
}

const Ffmpeg& ffmpeg() {
  static const Ffmpeg loaded = load();
  return loaded;
}

// A file in memory, as FFmpeg reads one.
struct Memory {
  std::string_view bytes;
  size_t at = 0;

  static int read(void* opaque, uint8_t* to, int most) {
    auto& memory = *static_cast<Memory*>(opaque);
    const size_t left = memory.bytes.size() - memory.at;
    const size_t size = std::min(left, static_cast<size_t>(std::max(most, 0)));
    if (size == 0) return AVERROR_EOF;
    std::memcpy(to, memory.bytes.data() + memory.at, size);
    memory.at += size;
    return static_cast<int>(size);
  }

  static int64_t seek(void* opaque, int64_t offset, int whence) {
    auto& memory = *static_cast<Memory*>(opaque);
    const auto size = static_cast<int64_t>(memory.bytes.size());
    whence &= ~AVSEEK_FORCE;
    if (whence == AVSEEK_SIZE) return size;
    if (whence == SEEK_CUR) offset += static_cast<int64_t>(memory.at);
    if (whence == SEEK_END) offset += size;
    if (offset < 0 || offset > size) return -1;
    memory.at = static_cast<size_t>(offset);
    return offset;
  }
};

// The video, opened. What a playlist or a reference movie names is not followed: there is no
// protocol that could open it.
class Input {
 public:
  explicit Input(std::string_view bytes) : memory_{bytes} {
    constexpr int kBuffer = 64 * 1024;
    auto* const buffer = static_cast<unsigned char*>(ffmpeg().allocate(kBuffer));
    io_ = ffmpeg().alloc_io(buffer, kBuffer, 0, &memory_, Memory::read, nullptr, Memory::seek);
    context_ = ffmpeg().alloc_context();
    if (!io_ || !context_) return;
    context_->pb = io_;
    context_->flags |= AVFMT_FLAG_CUSTOM_IO;
    // Frees the context where it fails.
    is_open_ = ffmpeg().open_input(&context_, nullptr, nullptr, nullptr) == 0;
  }
  ~Input() {
    if (context_) ffmpeg().close_input(&context_);
    if (!io_) return;
    ffmpeg().release(&io_->buffer);
    ffmpeg().free_io(&io_);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  bool is_open() const { return is_open_; }
  AVFormatContext* context() const { return context_; }

 private:
  Memory memory_;
  AVIOContext* io_ = nullptr;
  AVFormatContext* context_ = nullptr;
  bool is_open_ = false;
};

struct Destroy {
  void operator()(video_thumbnailer* made) const { ffmpeg().destroy(made); }
  void operator()(image_data* made) const { ffmpeg().destroy_image(made); }
};

constexpr uint32_t kMostSide = 1920;
constexpr uint64_t kMostPixels = uint64_t{64} << 20;

// The box to fit the frame in, as it is before it is turned; 0: as large as the video.
int box_of(const MediaHeader& header) {
  const MediaTrack* video = header.video();
  return video ? static_cast<int>(std::min(std::max(video->width, video->height), kMostSide)) : 0;
}

Result<VideoFrame> frame_at(std::string_view bytes, int box, int percentage) {
  const Input input(bytes);
  if (!input.is_open()) return fail(ErrorCode::kInvalid, "not a video that can be read here");
  const std::unique_ptr<video_thumbnailer, Destroy> thumbnailer(ffmpeg().create());
  const std::unique_ptr<image_data, Destroy> image(ffmpeg().create_image());
  if (!thumbnailer || !image) return fail(ErrorCode::kInvalid, "out of memory for a frame");
  thumbnailer->seek_percentage = percentage;
  thumbnailer->thumbnail_image_type = Rgb;
  thumbnailer->av_format_context = input.context();
  ffmpeg().set_size(thumbnailer.get(), box, box);
  if (ffmpeg().generate(thumbnailer.get(), "", image.get()) != 0)
    return fail(ErrorCode::kInvalid, "no frame of the video can be decoded");
  VideoFrame frame{.width = static_cast<uint32_t>(image->image_data_width),
                   .height = static_cast<uint32_t>(image->image_data_height)};
  const size_t wanted = size_t{frame.width} * frame.height * 3;
  if (wanted == 0 || image->image_data_size < 0 ||
      static_cast<size_t>(image->image_data_size) < wanted) {
    return fail(ErrorCode::kInvalid, "the decoder gave half a frame");
  }
  frame.rgb.assign(reinterpret_cast<const char*>(image->image_data_ptr), wanted);
  return frame;
}

// How much there is to see: the standard deviation of its bytes.
double contrast_of(const VideoFrame& frame) {
  double sum = 0, squares = 0;
  for (const char c : frame.rgb) {
    const double value = static_cast<unsigned char>(c);
    sum += value;
    squares += value * value;
  }
  const auto count = static_cast<double>(std::max<size_t>(1, frame.rgb.size()));
  return std::sqrt(std::max(0.0, squares / count - sum / count * (sum / count)));
}

}  // namespace

void start_video_library() {
  if (ffmpeg().missing.empty()) ffmpeg().set_log_level(AV_LOG_QUIET);
}

Result<VideoFrame> read_video_frame(std::string_view bytes) {
  constexpr double kEnough = 20;  // below it, a frame is all but one colour
  if (!ffmpeg().missing.empty())
    return fail(ErrorCode::kInvalid, "no videos are decoded here: {}", ffmpeg().missing);
  const auto header = read_media_header(FileView(bytes));
  if (!header) return fail(ErrorCode::kInvalid, "not a video of a format that is known here");
  if (const MediaTrack* video = header->video();
      video && uint64_t{video->width} * video->height > kMostPixels) {
    return fail(ErrorCode::kTooLarge, "a video of {}×{} pixels: more than is decoded here",
                video->width, video->height);
  }
  Result<VideoFrame> best = frame_at(bytes, box_of(*header), 10);
  double contrast = best ? contrast_of(*best) : 0;
  for (const int percentage : {0, 33, 60}) {
    if (contrast >= kEnough) break;
    auto other = frame_at(bytes, box_of(*header), percentage);
    if (!other || (best && contrast_of(*other) <= contrast)) continue;
    contrast = contrast_of(*other);
    best = std::move(other);
  }
  return best;
}

}  // namespace halftone

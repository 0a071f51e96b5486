#include "media/media_header.h"

#include "tests/support/catch.h"
#include "tests/support/image_bytes.h"
#include "tests/support/pictures.h"

using namespace halftone;
using namespace halftone::image_bytes;

namespace {

// "video h264 96x64, audio aac 8000/1"
std::string told(const MediaHeader& header) {
  std::string text;
  for (const MediaTrack& track : header.tracks) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}", to_string(track.kind), track.codec);
    if (track.width > 0) text += fmt::format(" {}x{}", track.width, track.height);
    if (track.sample_rate > 0) text += fmt::format(" {}/{}", track.sample_rate, track.channels);
  }
  return text;
}

}  // namespace

// What ffprobe 5.1 says of the same files.
TEST_CASE("videos and sounds tell container, codecs, sizes and duration", "[media]") {
  struct Row {
    const char* file;
    const char* container;
    const char* mime;
    uint64_t milliseconds, tolerance;
    const char* tracks;
  };
  const Row rows[] = {
      {"clip.mp4", "mp4", "video/mp4", 2000, 50, "video h264 96x64, audio aac 8000/1"},
      {"clip.mov", "mov", "video/quicktime", 2000, 50, "video h264 64x96, audio aac 8000/1"},
      {"fragments.mp4", "mp4", "video/mp4", 0, 0, "video h264 96x64"},
      {"clip.webm", "webm", "video/webm", 2008, 1, "video vp9 96x64, audio opus 48000/1"},
      {"clip.ogv", "ogg", "video/ogg", 2000, 50, "video theora 96x64, audio vorbis 44100/1"},
      {"clip.avi", "avi", "video/avi", 2000, 1, "video mjpeg 96x64"},
      {"sound.mp3", "mp3", "audio/mpeg", 2037, 30, "audio mp3 44100/1"},
      {"plain.mp3", "mp3", "audio/mpeg", 2037, 30, "audio mp3 44100/1"},
      {"sound.aac", "adts", "audio/aac", 2176, 130, "audio aac 8000/1"},
      {"sound.flac", "flac", "audio/flac", 2000, 1, "audio flac 8000/1"},
      {"sound.wav", "wav", "audio/wave", 1000, 1, "audio pcm 8000/1"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.file) {
      const std::string bytes = media_file(row.file);
      REQUIRE_FALSE(bytes.empty());
      const auto header = read_media_header(FileView(bytes));
      REQUIRE(header);
      CHECK(header->container == row.container);
      CHECK(header->mime == row.mime);
      CHECK(told(*header) == row.tracks);
      const auto duration = static_cast<int64_t>(header->duration_ms.value_or(0));
      CHECK(std::abs(duration - static_cast<int64_t>(row.milliseconds)) <=
            static_cast<int64_t>(row.tolerance));
    }
  }
}

TEST_CASE("the beginning and the end of a large file are enough", "[media]") {
  for (const char* name : {"clip.mp4", "clip.webm", "clip.ogv", "sound.mp3", "sound.wav"}) {
    CAPTURE(name);
    const std::string bytes = media_file(name);
    const std::string_view view(bytes);
    // Of the MP4 the end has the index, of the Ogg the last moment.
    const FileView file(bytes.size(), view.substr(0, 3500), view.substr(bytes.size() - 3500));
    const auto part = read_media_header(file), whole = read_media_header(FileView(view));
    REQUIRE(part);
    CHECK(told(*part) == told(*whole));
    CHECK(part->duration_ms == whole->duration_ms);
  }
}

TEST_CASE("what is not at hand is empty", "[media]") {
  const FileView file(100, "head", "tail");
  CHECK(file.piece(0, 100) == "head");
  CHECK(file.piece(2, 1) == "a");
  CHECK(file.piece(4, 10).empty());
  CHECK(file.piece(96, 100) == "tail");
  CHECK(file.piece(98, 1) == "i");
  CHECK(file.piece(100, 1).empty());
}

TEST_CASE("a video cut anywhere tells what is left", "[media]") {
  for (const char* name : {"clip.mp4", "clip.webm", "clip.ogv", "clip.avi", "sound.mp3"}) {
    CAPTURE(name);
    const std::string bytes = media_file(name);
    const size_t looked = std::min<size_t>(bytes.size(), 2000);
    for (size_t size = 0; size < looked; ++size)
      read_media_header(FileView(std::string_view(bytes).substr(0, size)));
    for (size_t i = 0; i < looked; ++i) {
      std::string flipped = bytes;
      flipped[i] = static_cast<char>(~flipped[i]);
      if (const auto header = read_media_header(FileView(flipped)))
        CHECK(header->tracks.size() <= 32);
    }
  }
}

TEST_CASE("audio in a container of videos has a type of its own", "[media]") {
  const auto track = [](std::string_view handler) {
    return box("trak", box("mdia", box("hdlr", std::string(8, '\0') + std::string(handler))));
  };
  const auto file = [](const std::string& tracks) {
    return box("ftyp", "isom" + be(0, 4)) + box("moov", tracks);
  };
  const auto sound = read_media_header(FileView(file(track("soun"))));
  REQUIRE(sound);
  CHECK(sound->mime == "audio/mp4");
  CHECK(read_media_header(FileView(file(track("soun") + track("vide"))))->mime == "video/mp4");
  // A thousand tracks cost no memory.
  std::string many;
  for (int i = 0; i < 1000; ++i) many += track("vide");
  CHECK(read_media_header(FileView(file(many)))->tracks.size() == 32);
}

TEST_CASE("pictures and texts are no media", "[media]") {
  CHECK_FALSE(read_media_header(FileView(make_png(4, 4))));
  CHECK_FALSE(read_media_header(FileView("<html>")));
  CHECK_FALSE(read_media_header(FileView("")));
}

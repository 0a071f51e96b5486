#include "tests/support/broken_pictures.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <string_view>

#include <fmt/format.h>

#include "tests/support/pictures.h"

namespace halftone {

namespace {

// Numbers from a seed, by means of the standard that are the same everywhere.
class Numbers {
 public:
  explicit Numbers(uint64_t seed) : engine_(seed) {}
  size_t below(size_t end) { return end == 0 ? 0 : engine_() % end; }

 private:
  std::mt19937_64 engine_;
};

// Where decoders look first, as often as anywhere.
size_t somewhere(Numbers& numbers, const std::string& bytes) {
  const size_t near = std::min<size_t>(bytes.size(), 256);
  return numbers.below(numbers.below(2) == 0 ? near : bytes.size());
}

void flip_bytes(Numbers& numbers, std::string& bytes) {
  for (size_t left = 1 + numbers.below(12); left > 0 && !bytes.empty(); --left) {
    bytes[somewhere(numbers, bytes)] = static_cast<char>(numbers.below(256));
  }
}

void flip_bits(Numbers& numbers, std::string& bytes) {
  for (size_t left = 1 + numbers.below(6); left > 0 && !bytes.empty(); --left) {
    bytes[somewhere(numbers, bytes)] ^= static_cast<char>(1U << numbers.below(8));
  }
}

void exaggerate(Numbers& numbers, std::string& bytes) {
  constexpr std::string_view kNumbers[] = {
      {"\xFF\xFF", 2},         {"\x00\x00", 2},         {"\x80\x00", 2}, {"\xFF\xFF\xFF\xFF", 4},
      {"\x00\x00\x00\x00", 4}, {"\x7F\xFF\xFF\xFF", 4}, {"\x00\x01", 2}, {"\xFF\xFF\xFF\x7F", 4}};
  const std::string_view number = kNumbers[numbers.below(std::size(kNumbers))];
  bytes.replace(somewhere(numbers, bytes), number.size(), number);
}

void repeat_a_piece(Numbers& numbers, std::string& bytes) {
  const size_t from = somewhere(numbers, bytes);
  const std::string piece = bytes.substr(from, 1 + numbers.below(200));
  for (size_t left = 1 + numbers.below(8); left > 0; --left) bytes.insert(from, piece);
}

void splice(Numbers& numbers, std::string& bytes) {
  const auto& all = sound_pictures();
  const std::string& other = all[numbers.below(all.size())].bytes;
  bytes = bytes.substr(0, somewhere(numbers, bytes)) + other.substr(somewhere(numbers, other));
}

void cut(Numbers& numbers, std::string& bytes) { bytes.resize(somewhere(numbers, bytes)); }

std::string put(std::string bytes, size_t at, uint32_t value, int size, bool little) {
  for (int i = 0; i < size; ++i) {
    const int shift = 8 * (little ? i : size - 1 - i);
    bytes.at(at + static_cast<size_t>(i)) = static_cast<char>(value >> shift);
  }
  return bytes;
}

// A directory's entry of one SHORT or LONG made a LONG of this value (TIFF 6.0, section 2).
std::string put_tiff(std::string bytes, unsigned char tag, uint32_t value) {
  for (const char type : {'\x03', '\x04'}) {
    const std::string entry =
        std::string{static_cast<char>(tag), '\x01', type, '\0', '\x01', '\0', '\0', '\0'};
    const size_t at = bytes.find(entry);
    if (at == bytes.npos) continue;
    bytes[at + 2] = '\x04';
    return put(bytes, at + 8, value, 4, true);
  }
  return {};
}

// A code stream's head: its size, 18 bits a side, all else as usual, and then nothing (ISO/IEC
// 18181-1, D.2 and D.3; bits from the least significant).
std::string jxl_header_only(uint32_t width, uint32_t height) {
  std::string bits;
  const auto add = [&](uint32_t value, int count) {
    for (int i = 0; i < count; ++i) bits += static_cast<char>('0' + (value >> i & 1));
  };
  add(0, 1);  // not a small one
  add(2, 2);
  add(height - 1, 18);
  add(0, 3);  // no ratio: the width follows
  add(2, 2);
  add(width - 1, 18);
  add(3, 2);  // usual metadata, usual colours
  std::string bytes = "\xFF\x0A" + std::string((bits.size() + 7) / 8 + 40, '\0');
  for (size_t i = 0; i < bits.size(); ++i)
    bytes[2 + i / 8] = static_cast<char>(bytes[2 + i / 8] | (bits[i] - '0') << i % 8);
  return bytes;
}

}  // namespace

const std::vector<SoundPicture>& sound_pictures() {
  static const std::vector<SoundPicture> all = {
      {"jpeg", picture("orientation6.jpg")},
      {"png", make_png(40, 30)},
      {"gif", picture("animated.gif")},
      {"gif", make_gif(20, 16, 5, 40)},
      {"webp", picture("alpha.webp")},
      {"avif", picture("scene.avif")},
      {"tiff", picture("scene.tif")},
      {"jxl", picture("scene.jxl")},
      {"jp2", picture("scene.jp2")},
      {"svg", picture("drawing.svg")},
      {"pnm", "P6 20 10 255\n" + std::string(600, 'p')},
  };
  return all;
}

std::string broken_picture(uint64_t number) {
  Numbers numbers(number);
  const auto& all = sound_pictures();
  std::string bytes = all[numbers.below(all.size())].bytes;
  constexpr void (*kWays[])(Numbers&, std::string&) = {flip_bytes,     flip_bits, exaggerate,
                                                       repeat_a_piece, splice,    cut};
  for (size_t left = 1 + numbers.below(2); left > 0; --left) {
    kWays[numbers.below(std::size(kWays))](numbers, bytes);
  }
  return bytes;
}

std::vector<SoundPicture> boastful_pictures(uint32_t width, uint32_t height) {
  std::vector<SoundPicture> all = {
      {"png", png_header_only(width, height)},
      {"pnm", fmt::format("P6 {} {} 255\nabc", width, height)},
      {"svg", fmt::format("<svg xmlns='http://www.w3.org/2000/svg' width='{}' height='{}'>"
                          "<rect width='9' height='9'/></svg>",
                          width, height)},
  };
  // The frame header (T.81, B.2.2): marker, length, precision, height, width.
  const std::string jpeg = picture("orientation6.jpg");
  const size_t frame = jpeg.rfind("\xFF\xC0");
  all.push_back({"jpeg", put(put(jpeg, frame + 5, height, 2, false), frame + 7, width, 2, false)});
  // The canvas, and the first frame (GIF89a, 18 and 20).
  std::string gif = make_gif(20, 16, 2, 40);
  const size_t descriptor = gif.find(std::string(",\0\0\0\0", 5));
  for (const size_t at : {size_t{6}, descriptor + 5}) {
    gif = put(put(gif, at, width, 2, true), at + 2, height, 2, true);
  }
  all.push_back({"gif", gif});
  const std::string tiff = put_tiff(put_tiff(picture("scene.tif"), '\0', width), '\1', height);
  all.push_back({"tiff", tiff});
  // The image header box (T.800, I.5.3.1) and the size marker (A.5.1).
  std::string jp2 = picture("scene.jp2");
  const size_t box = jp2.find("ihdr"), size = jp2.find("\xFF\x51");
  jp2 = put(put(jp2, box + 4, height, 4, false), box + 8, width, 4, false);
  all.push_back({"jp2", put(put(jp2, size + 6, width, 4, false), size + 10, height, 4, false)});
  // The canvas of the extended header (WebP Container Specification), one less than it is.
  const std::string webp = picture("alpha.webp");
  const size_t canvas = webp.find("VP8X") + 12;
  all.push_back(
      {"webp", put(put(webp, canvas, width - 1, 3, true), canvas + 3, height - 1, 3, true)});
  all.push_back({"jxl", jxl_header_only(width, height)});
  // The extents property (ISO/IEC 23008-12, 6.5.3).
  const std::string avif = picture("scene.avif");
  const size_t extents = avif.find("ispe");
  all.push_back(
      {"avif", put(put(avif, extents + 8, width, 4, false), extents + 12, height, 4, false)});
  return all;
}

}  // namespace halftone

// Decoding, as few pixels as will do.
#include <algorithm>

#include "media/gif_frames.h"
#include "media/jpeg_averages.h"
#include "media/vips_image.h"

namespace halftone {

namespace {

// An animation is decoded frame by frame; what is larger becomes a still.
constexpr uint64_t kMaxFramePixels = uint64_t{16} << 20;
constexpr uint64_t kMaxAnimationPixels = uint64_t{64} << 20;

// Of a progressive JPEG, whose coefficients take three bytes a pixel, or six.
constexpr uint64_t kMaxCoefficientPixels = uint64_t{16} << 20;

// Decodes and shrinks. With `managed`, an embedded colour profile is applied: colours are worked on
// only where there is one, since what has none is sRGB already.
Image shrink(std::string_view bytes, const Shrinking& want, bool managed) {
  const Source source = open_source(bytes);
  VipsImage* lazy = nullptr;
  if (vips_thumbnail_source(source.get(), &lazy, want.box.width,  //
                            "height", want.box.height,            //
                            "crop", want.crop ? VIPS_INTERESTING_ATTENTION : VIPS_INTERESTING_NONE,
                            "size", VIPS_SIZE_BOTH,  //
                            "fail_on", want.strict ? VIPS_FAIL_ON_ERROR : VIPS_FAIL_ON_NONE,
                            "export_profile", managed ? "srgb" : nullptr, nullptr)) {
    return nullptr;
  }
  const Image pipeline(lazy);
  return Image(vips_image_copy_memory(pipeline.get()));
}

Image shrink_with_colours(std::string_view bytes, const Shrinking& want, bool managed) {
  Image image = shrink(bytes, want, managed);
  if (image || !managed) return image;
  const std::string why = vips_words();
  if (why.find("icc") == std::string::npos && why.find("profile") == std::string::npos) {
    vips_error("halftone", "%s", why.c_str());
    return nullptr;
  }
  vips_error_clear();
  return shrink(bytes, want, false);
}

// What vips_thumbnail_source() will shrink it by.
double shrinking_of(const ImageFacts& facts, const Shrinking& want) {
  const double across = double(facts.width) / want.box.width;
  const double down = double(facts.height) / want.box.height;
  return want.crop ? std::min(across, down) : std::max(across, down);
}

// The loaded frames stand below each other in one picture.
Image frame_of(VipsImage* roll, int index, Box box) {
  const int height = vips_image_get_page_height(roll);
  VipsImage* lazy = nullptr;
  if (vips_crop(roll, &lazy, 0, index * height, vips_image_get_width(roll), height, nullptr)) {
    return nullptr;
  }
  const Image cropped(lazy);
  Image frame(vips_image_copy_memory(cropped.get()));
  const char* const profile = has_profile(roll) ? "srgb" : nullptr;
  const bool shrunk = frame && apply(frame, [&](VipsImage* in, VipsImage** out) {
                        return vips_thumbnail_image(in, out, box.width, "height", box.height,
                                                    "export_profile", profile, nullptr);
                      });
  if (!shrunk || !to_srgb(frame)) return nullptr;
  Image kept(vips_image_copy_memory(frame.get()));
  // Most frames need no alpha: a quarter of the memory.
  if (kept && vips_image_hasalpha(kept.get()) && !is_transparent(kept.get())) {
    return keep_colours_only(kept) ? Image(vips_image_copy_memory(kept.get())) : nullptr;
  }
  return kept;
}

// Where one frame has alpha, all have it.
bool make_alike(std::vector<Image>& frames) {
  const auto has_alpha = [](const Image& image) { return vips_image_hasalpha(image.get()) != 0; };
  if (std::none_of(frames.begin(), frames.end(), has_alpha)) return true;
  return std::all_of(frames.begin(), frames.end(), [&](Image& frame) {
    return has_alpha(frame) || apply(frame, [](VipsImage* in, VipsImage** out) {
             return vips_addalpha(in, out, nullptr);
           });
  });
}

// How long each of `count` frames stands; browsers show what says nothing for 100 ms.
std::vector<int> delays_of(VipsImage* roll, size_t count) {
  std::vector<int> delays(count, 100);
  int* known = nullptr;
  int size = 0;
  if (!vips_image_get_typeof(roll, "delay") ||
      vips_image_get_array_int(roll, "delay", &known, &size)) {
    return delays;
  }
  std::copy_n(known, std::min(count, static_cast<size_t>(std::max(0, size))), delays.begin());
  return delays;
}

int loops_of(VipsImage* roll) {
  int loops = 0;
  if (!vips_image_get_typeof(roll, "loop") || vips_image_get_int(roll, "loop", &loops)) return 0;
  return loops;
}

}  // namespace

// What libvips said last, in one bounded line of printable text.
std::string vips_words() {
  char* buffer = vips_error_buffer_copy();
  std::string words(buffer, std::min<size_t>(std::char_traits<char>::length(buffer), 300));
  g_free(buffer);
  std::replace_if(
      words.begin(), words.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  words.erase(words.find_last_not_of(' ') + 1);
  return words.empty() ? "no reason given" : words;
}

Source open_source(std::string_view bytes) {
  return Source(vips_source_new_from_memory(bytes.data(), bytes.size()));
}

bool to_srgb(Image& image) {
  return apply(image,
               [](VipsImage* in, VipsImage** out) {
                 return vips_colourspace(in, out, VIPS_INTERPRETATION_sRGB, nullptr);
               }) &&
         apply(image, [](VipsImage* in, VipsImage** out) {
           return vips_cast(in, out, VIPS_FORMAT_UCHAR, nullptr);
         });
}

// True where some pixel can be seen through; many pictures have an alpha channel and no use for it.
bool is_transparent(VipsImage* image) {
  if (!vips_image_hasalpha(image)) return false;
  VipsImage* out = nullptr;
  if (vips_extract_band(image, &out, vips_image_get_bands(image) - 1, nullptr)) return true;
  const Image alpha(out);
  double least = 0;
  return vips_min(alpha.get(), &least, nullptr) || least < 255;
}

bool keep_colours_only(Image& image) {
  return apply(image, [](VipsImage* in, VipsImage** out) {
    return vips_extract_band(in, out, 0, "n", 3, nullptr);
  });
}

bool has_profile(VipsImage* image) { return vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0; }

Image shrink(const OpenedPicture& picture, const Shrinking& want) {
  constexpr double kSideOfBlocks = 8;
  const ImageFacts& facts = picture.facts;
  const bool is_large = uint64_t{facts.width} * facts.height > kMaxCoefficientPixels;
  const bool may_be_coarse = !want.strict && facts.type == "image/jpeg";
  if (is_large && may_be_coarse && shrinking_of(facts, want) >= kSideOfBlocks) {
    const auto averages = jpeg_of_averages(picture.bytes);
    Image image = averages ? shrink_with_colours(*averages, want, picture.has_profile) : nullptr;
    if (image) return image;
    vips_error_clear();
  }
  const std::string_view bytes =
      facts.type == "image/gif" ? first_gif_frames(picture.bytes, 1) : picture.bytes;
  return shrink_with_colours(bytes, want, picture.has_profile);
}

Frames shrink_frames(const OpenedPicture& picture, Box box, uint32_t most) {
  const ImageFacts& facts = picture.facts;
  Frames frames;
  const uint64_t pixels = uint64_t{facts.width} * facts.height;
  const bool moves = facts.type == "image/gif" || facts.type == "image/webp";
  if (!moves || pixels == 0 || pixels > kMaxFramePixels) return frames;
  const auto count = static_cast<int>(
      std::min({uint64_t{facts.frames}, uint64_t{most}, kMaxAnimationPixels / pixels}));
  if (count < 2) return frames;
  const bool is_gif = facts.type == "image/gif";
  const Source source = open_source(
      is_gif ? first_gif_frames(picture.bytes, static_cast<size_t>(count)) : picture.bytes);
  const Image roll(vips_image_new_from_source(source.get(), "", "n", count, "access",
                                              VIPS_ACCESS_SEQUENTIAL, nullptr));
  for (int i = 0; roll && i < count; ++i) {
    Image frame = frame_of(roll.get(), i, box);
    if (!frame) break;
    frames.images.push_back(std::move(frame));
  }
  vips_error_clear();
  if (!roll || !make_alike(frames.images)) return {};
  frames.delays = delays_of(roll.get(), frames.images.size());
  frames.loops = loops_of(roll.get());
  return frames;
}

}  // namespace halftone

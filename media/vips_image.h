// What the files around libvips share: its objects, owned, and pictures on their way through it.
// Only media/image*.cc may include this.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vips/vips.h>

#include "media/image.h"

namespace halftone {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
using Image = std::unique_ptr<VipsImage, Unref>;
using Source = std::unique_ptr<VipsSource, Unref>;

// Runs one libvips operation that makes an image of an image. False: vips_words() tells why.
template <class Operation>
bool apply(Image& image, Operation operation) {
  VipsImage* out = nullptr;
  if (operation(image.get(), &out)) return false;
  image.reset(out);
  return true;
}

// What libvips said last, in one bounded line of printable text.
std::string vips_words();

// `bytes` must outlive it.
Source open_source(std::string_view bytes);

// Three bands of eight bits, or four with alpha.
bool to_srgb(Image& image);

// True where some pixel can be seen through; many pictures have an alpha channel and no use for it.
bool is_transparent(VipsImage* image);

// Of what has three bands and alpha. False: vips_words() tells why.
bool keep_colours_only(Image& image);

// It carries a colour profile.
bool has_profile(VipsImage* image);

// kTooLarge: nothing that should be decoded.
Result<void> check_bounds(const ImageFacts& facts);

// The perceptual hash of a picture, over white. Nothing: vips_words() tells why.
std::optional<uint64_t> hash_of(VipsImage* picture);

// Over white, without alpha. False: vips_words() tells why.
bool put_on_white(Image& image);

struct Box {
  int width, height;
};

// In which a whole picture is shrunk to be looked at: as wide as a thumbnail.
Box whole_thumbnail(const ImageFacts& facts);

// How the pixels are wanted.
struct Shrinking {
  Box box;
  bool crop = false;    // fill the box around the subject
  bool strict = false;  // damage is an error
};

// Decodes and shrinks the first frame, into memory. Null: vips_words() tells why. A broken colour
// profile costs the colours, not the picture. Of a progressive JPEG so large that its coefficients
// do not fit, the averages of its blocks are shrunk where they are fine enough.
Image shrink(const OpenedPicture& picture, const Shrinking& want);

// The frames of an animation, each shrunk by itself, so that none shines into its neighbour.
struct Frames {
  std::vector<Image> images;  // of one size, sRGB, in memory
  std::vector<int> delays;    // milliseconds
  int loops = 0;              // 0: for ever
};

// At most so many, and those before the damage if there is some; none where it is no animation that
// can be decoded within bounds.
Frames shrink_frames(const OpenedPicture& picture, Box box, uint32_t most);

// Of a picture in memory, upright, as a thumbnail shows it; the smaller it is the sooner done.
// Nothing: libvips could not, which the picture need not suffer from.
std::optional<uint64_t> hash_of(VipsImage* picture);
std::string placeholder_of(VipsImage* picture);

// Encoders: with no metadata, the same bytes for the same pixels. Empty: vips_words() tells why.
std::string encode_jpeg(Image image, int quality);
std::string encode_webp(Image image, int quality);
std::string encode_png(Image image);
std::string encode_animation(Frames frames, int quality);  // WebP; there is at least one frame

}  // namespace halftone

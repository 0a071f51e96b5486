// What stands for a picture in a few bytes: its perceptual hash and its placeholder.
#include "media/perceptual_hash.h"
#include "media/thumb_hash.h"
#include "media/vips_image.h"

namespace halftone {

// Pages are white.
bool put_on_white(Image& image) {
  if (!vips_image_hasalpha(image.get())) return true;
  return apply(image, [](VipsImage* in, VipsImage** out) {
    VipsArrayDouble* white = vips_array_double_newv(1, 255.0);
    const int failed = vips_flatten(in, out, "background", white, nullptr);
    vips_area_unref(VIPS_AREA(white));
    return failed;
  });
}

namespace {

// Brightness as JPEG and grey renditions have it (ITU-R BT.601), of colours as they are encoded.
uint8_t brightness_of(const uint8_t* rgb) {
  return static_cast<uint8_t>((299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) / 1000);
}

}  // namespace

std::optional<uint64_t> hash_of(VipsImage* picture) {
  constexpr int kSide = int{kHashSide};
  VipsImage* small = nullptr;
  if (vips_thumbnail_image(picture, &small, kSide, "height", kSide, "size", VIPS_SIZE_FORCE,
                           nullptr)) {
    vips_error_clear();
    return std::nullopt;
  }
  Image image(small);
  if (!to_srgb(image) || !put_on_white(image)) return std::nullopt;
  Brightness brightness{};
  size_t size = 0;
  void* const pixels = vips_image_write_to_memory(image.get(), &size);
  if (!pixels) return std::nullopt;
  const bool fits = size == brightness.size() * 3;
  for (size_t i = 0; fits && i < brightness.size(); ++i)
    brightness[i] = brightness_of(static_cast<const uint8_t*>(pixels) + 3 * i);
  g_free(pixels);
  return fits ? std::optional(perceptual_hash(brightness)) : std::nullopt;
}

std::string placeholder_of(VipsImage* picture) {
  constexpr int kSide = int{kThumbHashSide};
  VipsImage* small = nullptr;
  if (vips_thumbnail_image(picture, &small, kSide, "height", kSide, "size", VIPS_SIZE_DOWN,
                           nullptr)) {
    vips_error_clear();
    return {};
  }
  Image image(small);
  const bool is_rgba = to_srgb(image) && (vips_image_hasalpha(image.get()) ||
                                          apply(image, [](VipsImage* in, VipsImage** out) {
                                            return vips_addalpha(in, out, nullptr);
                                          }));
  size_t size = 0;
  void* const pixels = is_rgba ? vips_image_write_to_memory(image.get(), &size) : nullptr;
  if (!pixels) {
    vips_error_clear();
    return {};
  }
  std::string hash = thumb_hash(static_cast<size_t>(vips_image_get_width(image.get())),
                                static_cast<size_t>(vips_image_get_height(image.get())),
                                {static_cast<const uint8_t*>(pixels), size});
  g_free(pixels);
  return hash;
}

}  // namespace halftone

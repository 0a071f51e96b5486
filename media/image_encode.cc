// Encoding derivatives, and leaving out what is not pixels.
#include "media/vips_image.h"

namespace halftone {

namespace {

// Takes out what the encoders would write beside the pixels: XMP, IPTC, colour profiles. 8.14.1's
// WebP encoder ignores "strip".
bool remove_metadata(Image& image) {
  const bool own =
      apply(image, [](VipsImage* in, VipsImage** out) { return vips_copy(in, out, nullptr); });
  if (!own) return false;
  gchar** fields = vips_image_get_fields(image.get());
  for (gchar** field = fields; field != nullptr && *field != nullptr; ++field) {
    vips_image_remove(image.get(), *field);
  }
  g_strfreev(fields);
  return true;
}

uint32_t little_endian(std::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

// A WebP of our own making without its Exif chunk, which 8.14.1 always adds (WebP Container
// Specification: chunks after 12 bytes of RIFF header, each padded to an even size).
std::string without_exif(std::string_view webp) {
  constexpr size_t kRiffHeader = 12, kChunkHeader = 8;
  constexpr char kExifFlag = 0x08;  // in the first byte of VP8X
  std::string out(webp.substr(0, kRiffHeader));
  for (size_t at = kRiffHeader; at + kChunkHeader <= webp.size();) {
    const size_t size = little_endian(webp.substr(at + 4, 4));
    const std::string_view chunk = webp.substr(at, kChunkHeader + size + size % 2);
    if (!chunk.starts_with("EXIF")) out += chunk;
    at += chunk.size();
  }
  constexpr size_t kFlags = kRiffHeader + kChunkHeader;
  if (out.compare(kRiffHeader, 4, "VP8X") == 0 && out.size() > kFlags) {
    out[kFlags] = static_cast<char>(out[kFlags] & ~kExifFlag);
  }
  const size_t riff_size = out.size() - 8;
  for (size_t i = 0; i < 4; ++i) out[4 + i] = static_cast<char>(riff_size >> (8 * i));
  return out;
}

std::string taken(void* buffer, size_t size) {
  std::string bytes(static_cast<const char*>(buffer), size);
  g_free(buffer);
  return bytes;
}

// What the image says of its frames is written, too.
std::string webp_of(VipsImage* image, int quality) {
  void* buffer = nullptr;
  size_t size = 0;
  if (vips_webpsave_buffer(image, &buffer, &size, "Q", quality, "strip", TRUE, nullptr)) return {};
  return without_exif(taken(buffer, size));
}

}  // namespace

std::string encode_jpeg(Image image, int quality) {
  void* buffer = nullptr;
  size_t size = 0;
  if (!remove_metadata(image) ||
      vips_jpegsave_buffer(image.get(), &buffer, &size, "Q", quality, "strip", TRUE,
                           "optimize_coding", TRUE, nullptr)) {
    return {};
  }
  return taken(buffer, size);
}

std::string encode_webp(Image image, int quality) {
  return remove_metadata(image) ? webp_of(image.get(), quality) : "";
}

std::string encode_png(Image image) {
  void* buffer = nullptr;
  size_t size = 0;
  if (!remove_metadata(image) ||
      vips_pngsave_buffer(image.get(), &buffer, &size, "strip", TRUE, nullptr)) {
    return {};
  }
  return taken(buffer, size);
}

std::string encode_animation(Frames frames, int quality) {
  std::vector<VipsImage*> images;
  for (const Image& image : frames.images) images.push_back(image.get());
  VipsImage* joined = nullptr;
  const int count = static_cast<int>(images.size());
  if (vips_arrayjoin(images.data(), &joined, count, "across", 1, nullptr)) return {};
  Image roll(joined);
  if (!remove_metadata(roll)) return {};
  vips_image_set_int(roll.get(), VIPS_META_PAGE_HEIGHT, vips_image_get_height(images[0]));
  vips_image_set_array_int(roll.get(), "delay", frames.delays.data(), count);
  vips_image_set_int(roll.get(), "loop", frames.loops);
  return webp_of(roll.get(), quality);
}

}  // namespace halftone

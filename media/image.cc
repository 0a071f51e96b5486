// The only file that sees libvips.
#include "media/image.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include <vips/vips.h>

#include "media/image_header.h"
#include "media/mime.h"
#include "media/perceptual_hash.h"

namespace halftone {

namespace {

// libvips' own default limit is per side; this one is what a picture may hold in one frame.
constexpr uint64_t kMaxPixels = uint64_t{268} << 20;
constexpr uint32_t kMaxFrames = 100'000;
constexpr int kMaxSide = 16'383;  // of what WebP can hold
constexpr int kQuality = 82;

struct Loader {
  const char* class_name;  // unblocked with all its variants
  std::string_view nickname;
  const char* type;  // where the first bytes do not say
};

// The loaders that may meet hostile bytes; every other one is blocked. SVG, JPEG XL, JPEG 2000 and
// PNM are "untrusted" to libvips, which is why they run in a sandbox.
constexpr Loader kLoaders[] = {
    {"VipsForeignLoadJpeg", "jpegload", "image/jpeg"},
    {"VipsForeignLoadPng", "pngload", "image/png"},
    {"VipsForeignLoadNsgif", "gifload", "image/gif"},
    {"VipsForeignLoadWebp", "webpload", "image/webp"},
    {"VipsForeignLoadHeif", "heifload", "image/heif"},
    {"VipsForeignLoadTiff", "tiffload", "image/tiff"},
    {"VipsForeignLoadSvg", "svgload", "image/svg+xml"},
    {"VipsForeignLoadJxl", "jxlload", "image/jxl"},
    {"VipsForeignLoadJp2k", "jp2kload", "image/jp2"},
    {"VipsForeignLoadPpm", "ppmload", "image/x-portable-anymap"},
};

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
using Image = std::unique_ptr<VipsImage, Unref>;
using Source = std::unique_ptr<VipsSource, Unref>;

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

// Reads the header; pixels are decoded only when something asks for them.
Result<Image> open_image(VipsSource* source) {
  if (!vips_foreign_find_load_source(source)) {
    vips_error_clear();
    return fail(ErrorCode::kInvalid, "not an image of a format that can be read here");
  }
  Image image(vips_image_new_from_source(source, "", "access", VIPS_ACCESS_SEQUENTIAL, nullptr));
  if (!image) return fail(ErrorCode::kInvalid, "unreadable image: {}", vips_words());
  return image;
}

std::string string_field(VipsImage* image, const char* name) {
  const char* value = nullptr;
  if (!vips_image_get_typeof(image, name) || vips_image_get_string(image, name, &value)) return {};
  return value;
}

const Loader* loader_of(VipsImage* image) {
  const std::string name = string_field(image, VIPS_META_LOADER);
  for (const Loader& known : kLoaders) {
    if (name.starts_with(known.nickname)) return &known;
  }
  return nullptr;
}

ImageFacts facts_of(VipsImage* image, std::string_view bytes) {
  ImageFacts facts;
  const Loader* loader = loader_of(image);
  facts.type = sniff_type(bytes);
  if (loader && !is_image_type(facts.type)) facts.type = loader->type;
  facts.width = static_cast<uint32_t>(vips_image_get_width(image));
  facts.height = static_cast<uint32_t>(vips_image_get_page_height(image));
  if (vips_image_get_orientation_swap(image)) std::swap(facts.width, facts.height);
  // In JPEG 2000, pages are one picture in several resolutions.
  const int pages = loader && loader->nickname == "jp2kload" ? 1 : vips_image_get_n_pages(image);
  facts.frames = static_cast<uint32_t>(std::max(1, pages));
  facts.alpha = vips_image_hasalpha(image);
  return facts;
}

struct Box {
  int width, height;
};

// The largest box of the recipe that asks for no more pixels than there are. Nothing is scaled up
// by it, so libvips need not be told (VIPS_SIZE_DOWN makes 8.14 take the smallest page of a
// pyramid).
Box target_box(const ImageFacts& facts, const Recipe& recipe) {
  if (!recipe.crop) {
    const uint32_t height = recipe.height == 0 ? kMaxSide : recipe.height;
    return {static_cast<int>(std::min(facts.width, recipe.width)),
            static_cast<int>(std::min(facts.height, height))};
  }
  const double scale = std::min({1.0, double(facts.width) / recipe.width,  //
                                 double(facts.height) / recipe.height});
  const auto side = [scale](uint32_t box, uint32_t have) {
    return std::clamp(static_cast<int>(std::lround(box * scale)), 1, static_cast<int>(have));
  };
  return {side(recipe.width, facts.width), side(recipe.height, facts.height)};
}

// How the pixels are wanted.
struct Shrinking {
  Box box;
  bool crop = false;     // fill the box around the subject
  bool stretch = false;  // fill it without regard to proportions
  bool strict = false;   // damage is an error
};

// Decodes and shrinks. With `managed`, an embedded colour profile is applied.
Image shrink(std::string_view bytes, const Shrinking& want, bool managed) {
  const Source source = open_source(bytes);
  VipsImage* lazy = nullptr;
  if (vips_thumbnail_source(source.get(), &lazy, want.box.width,  //
                            "height", want.box.height,            //
                            "crop", want.crop ? VIPS_INTERESTING_ATTENTION : VIPS_INTERESTING_NONE,
                            "size", want.stretch ? VIPS_SIZE_FORCE : VIPS_SIZE_BOTH,  //
                            "fail_on", want.strict ? VIPS_FAIL_ON_ERROR : VIPS_FAIL_ON_NONE,
                            "export_profile", managed ? "srgb" : nullptr, nullptr)) {
    return nullptr;
  }
  const Image pipeline(lazy);
  return Image(vips_image_copy_memory(pipeline.get()));
}

// A broken colour profile costs the colours, not the picture.
Image shrink(std::string_view bytes, const Shrinking& want) {
  if (Image image = shrink(bytes, want, true)) return image;
  const std::string why = vips_words();
  if (why.find("icc") == std::string::npos && why.find("profile") == std::string::npos) {
    vips_error("halftone", "%s", why.c_str());
    return nullptr;
  }
  vips_error_clear();
  return shrink(bytes, want, false);
}

// Runs one libvips operation that makes an image of an image.
template <class Operation>
bool apply(Image& image, Operation operation) {
  VipsImage* out = nullptr;
  if (operation(image.get(), &out)) return false;
  image.reset(out);
  return true;
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

std::string encode(VipsImage* image, bool transparent) {
  void* buffer = nullptr;
  size_t size = 0;
  const int failed =
      transparent
          ? vips_webpsave_buffer(image, &buffer, &size, "Q", kQuality, "strip", TRUE, nullptr)
          : vips_jpegsave_buffer(image, &buffer, &size, "Q", kQuality, "strip", TRUE,
                                 "optimize_coding", TRUE, nullptr);
  if (failed) return {};
  std::string bytes(static_cast<const char*>(buffer), size);
  g_free(buffer);
  return transparent ? without_exif(bytes) : bytes;
}

// kTooLarge: nothing that should be decoded.
Result<ImageFacts> facts_within_bounds(std::string_view bytes) {
  auto facts = read_image_facts(bytes);
  if (!facts) return facts;
  if (uint64_t{facts->width} * facts->height > kMaxPixels || facts->frames > kMaxFrames) {
    return fail(ErrorCode::kTooLarge, "{}×{} pixels, {} frames: more than is decoded here",
                facts->width, facts->height, facts->frames);
  }
  return facts;
}

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

// Brightness as JPEG and grey renditions have it (ITU-R BT.601), of colours as they are encoded.
uint8_t brightness_of(const uint8_t* rgb) {
  return static_cast<uint8_t>((299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) / 1000);
}

// `image` is as large as a hash wants it.
std::optional<uint64_t> hash_of(Image image) {
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

// Makes libraries open now what they open once: fonts, codecs, modules.
Result<void> warm_up() {
  constexpr std::string_view kPicture =
      "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'>"
      "<text y='20' font-family='sans-serif'>a</text></svg>";
  constexpr Recipe kTiny{.name = "warm-up", .version = 1, .width = 20, .height = 20, .crop = true};
  const auto made = make_derivative(kPicture, kTiny);
  if (!made) return tl::unexpected(made.error().during("trying libvips"));
  return {};
}

}  // namespace

Result<void> start_image_library() {
  // Large pictures are decoded in memory: a worker has no disk.
  g_setenv("VIPS_DISC_THRESHOLD", "64g", TRUE);
  if (VIPS_INIT("halftone")) return fail(ErrorCode::kIo, "cannot start libvips: {}", vips_words());
  vips_concurrency_set(1);
  vips_cache_set_max(0);
  vips_cache_set_max_mem(0);
  vips_cache_set_max_files(0);
  vips_operation_block_set("VipsForeignLoad", TRUE);
  for (const Loader& loader : kLoaders) vips_operation_block_set(loader.class_name, FALSE);
  return warm_up();
}

Result<ImageFacts> read_image_facts(std::string_view bytes) {
  const Source source = open_source(bytes);
  const auto image = open_image(source.get());
  if (!image) return tl::unexpected(image.error());
  return facts_of(image->get(), bytes);
}

Result<Derivative> make_derivative(std::string_view bytes, const Recipe& recipe) {
  const auto facts = facts_within_bounds(bytes);
  if (!facts) return tl::unexpected(facts.error());
  Image image = shrink(bytes, {.box = target_box(*facts, recipe), .crop = recipe.crop});
  if (!image || !to_srgb(image)) {
    return fail(ErrorCode::kInvalid, "cannot decode the image: {}", vips_words());
  }
  const bool transparent = is_transparent(image.get());
  if (!transparent && vips_image_get_bands(image.get()) > 3 && !keep_colours_only(image)) {
    return fail(ErrorCode::kInvalid, "cannot drop the alpha channel: {}", vips_words());
  }
  if (!remove_metadata(image)) {
    return fail(ErrorCode::kInvalid, "cannot strip the metadata: {}", vips_words());
  }
  Derivative made{.bytes = encode(image.get(), transparent),
                  .type = transparent ? "image/webp" : "image/jpeg",
                  .width = static_cast<uint32_t>(vips_image_get_width(image.get())),
                  .height = static_cast<uint32_t>(vips_image_get_height(image.get()))};
  if (made.bytes.empty()) {
    return fail(ErrorCode::kInvalid, "cannot encode the derivative: {}", vips_words());
  }
  return made;
}

Result<ImagePixels> look_at_pixels(std::string_view bytes) {
  if (const auto facts = facts_within_bounds(bytes); !facts) return tl::unexpected(facts.error());
  constexpr int kSide = int{kHashSide};
  Shrinking want{.box = {kSide, kSide}, .stretch = true, .strict = true};
  ImagePixels pixels;
  Image image = shrink(bytes, want);
  if (!image) {
    pixels.damage = vips_words();
    vips_error_clear();
    want.strict = false;
    image = shrink(bytes, want);
  }
  const auto hash = image ? hash_of(std::move(image)) : std::nullopt;
  if (!hash) return fail(ErrorCode::kInvalid, "cannot decode the image: {}", vips_words());
  pixels.hash = *hash;
  return pixels;
}

bool can_decode(std::string_view type) {
  constexpr std::string_view kOtherTypes[] = {"image/avif",
                                              "image/heic",
                                              "image/jpx",
                                              "image/j2c",
                                              "image/x-portable-bitmap",
                                              "image/x-portable-graymap",
                                              "image/x-portable-pixmap"};
  return std::any_of(std::begin(kLoaders), std::end(kLoaders),
                     [type](const Loader& loader) { return loader.type == type; }) ||
         std::find(std::begin(kOtherTypes), std::end(kOtherTypes), type) != std::end(kOtherTypes);
}

}  // namespace halftone

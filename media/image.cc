#include "media/image.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "media/image_about.h"
#include "media/image_header.h"
#include "media/mime.h"
#include "media/perceptual_hash.h"
#include "media/rights_packet.h"
#include "media/vips_image.h"

namespace halftone {

namespace {

// libvips' own default limit is per side; this one is what a picture may hold in one frame.
constexpr uint64_t kMaxPixels = uint64_t{268} << 20;
constexpr uint32_t kMaxFrames = 100'000;

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
  return {};
}

Result<void> try_image_library() {
  constexpr std::string_view kPicture =
      "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'><circle r='20'/></svg>";
  constexpr Recipe kTiny{.name = "trial", .version = 1, .width = 20, .height = 20, .crop = true};
  const auto made = make_derivative(kPicture, kTiny);
  if (!made) return tl::unexpected(made.error().during("trying libvips"));
  return {};
}

Result<OpenedPicture> open_picture(std::string_view bytes) {
  const Source source = open_source(bytes);
  const auto image = open_image(source.get());
  if (!image) return tl::unexpected(image.error());
  const auto header = read_image_header(bytes);
  return OpenedPicture{bytes, facts_of(image->get(), bytes), has_profile(image->get()),
                       header ? rights_packet(about_picture(*header)) : ""};
}

Result<ImageFacts> read_image_facts(std::string_view bytes) {
  return open_picture(bytes).map([](const OpenedPicture& picture) { return picture.facts; });
}

Result<void> check_bounds(const ImageFacts& facts) {
  if (uint64_t{facts.width} * facts.height > kMaxPixels || facts.frames > kMaxFrames) {
    return fail(ErrorCode::kTooLarge, "{}×{} pixels, {} frames: more than is decoded here",
                facts.width, facts.height, facts.frames);
  }
  return {};
}

Result<ImagePixels> look_at_pixels(const OpenedPicture& picture) {
  if (auto checked = check_bounds(picture.facts); !checked) {
    return tl::unexpected(checked.error());
  }
  Shrinking want{.box = whole_thumbnail(picture.facts), .strict = true};
  ImagePixels pixels;
  Image image = shrink(picture, want);
  if (!image) {
    pixels.damage = vips_words();
    vips_error_clear();
    want.strict = false;
    image = shrink(picture, want);
  }
  const auto hash = image ? hash_of(image.get()) : std::nullopt;
  if (!hash) return fail(ErrorCode::kInvalid, "cannot decode the image: {}", vips_words());
  pixels.hash = *hash;
  return pixels;
}

Result<ImagePixels> look_at_pixels(std::string_view bytes) {
  const auto picture = open_picture(bytes);
  return picture ? look_at_pixels(*picture) : tl::unexpected(picture.error());
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

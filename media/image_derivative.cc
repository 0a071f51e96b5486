// Derivatives by recipe.
#include <algorithm>
#include <cmath>

#include "media/rights_packet.h"
#include "media/video_frame.h"
#include "media/vips_image.h"

namespace halftone {

namespace {

constexpr int kMaxSide = 16'383;  // of what WebP can hold

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

// Grey as sRGB has it: three equal bands would say no more.
bool is_grey(VipsImage* image) {
  return vips_image_get_interpretation(image) == VIPS_INTERPRETATION_B_W &&
         vips_image_get_format(image) == VIPS_FORMAT_UCHAR && vips_image_get_bands(image) == 1;
}

// What is known of a derivative before it is encoded.
Derivative described(VipsImage* image, const std::string& type, const Recipe& recipe) {
  Derivative made{.bytes = {},
                  .type = type,
                  .width = static_cast<uint32_t>(vips_image_get_width(image)),
                  .height = static_cast<uint32_t>(vips_image_get_height(image))};
  if (recipe.crop) return made;
  made.placeholder = placeholder_of(image);
  made.hash = hash_of(image);
  return made;
}

Result<Derivative> encoded(Derivative made, std::string bytes) {
  made.bytes = std::move(bytes);
  if (!made.bytes.empty()) return made;
  return fail(ErrorCode::kInvalid, "cannot encode the derivative: {}", vips_words());
}

// The picture, as it is to be encoded.
Result<Derivative> finish_still(Image image, const Recipe& recipe) {
  const bool transparent = is_transparent(image.get());
  const std::string type = recipe.format.empty() ? (transparent ? "image/webp" : "image/jpeg")
                                                 : "image/" + std::string(recipe.format);
  if (transparent && type == "image/jpeg" && !put_on_white(image))
    return fail(ErrorCode::kInvalid, "cannot put the image on white: {}", vips_words());
  if (!transparent && vips_image_get_bands(image.get()) > 3 && !keep_colours_only(image)) {
    return fail(ErrorCode::kInvalid, "cannot drop the alpha channel: {}", vips_words());
  }
  Derivative made = described(image.get(), type, recipe);
  if (type == "image/jpeg")
    return encoded(std::move(made), encode_jpeg(std::move(image), recipe.quality));
  if (type == "image/png") return encoded(std::move(made), encode_png(std::move(image)));
  return encoded(std::move(made), encode_webp(std::move(image), recipe.quality));
}

Result<Derivative> make_still(const OpenedPicture& picture, const Recipe& recipe) {
  Image image = shrink(picture, {.box = target_box(picture.facts, recipe), .crop = recipe.crop});
  if (!image || !(is_grey(image.get()) || to_srgb(image))) {
    return fail(ErrorCode::kInvalid, "cannot decode the image: {}", vips_words());
  }
  return finish_still(std::move(image), recipe);
}

}  // namespace

// The frame is shrunk as any other picture.
static Result<Derivative> make_poster(std::string_view bytes, const Recipe& recipe) {
  auto frame = read_video_frame(bytes);
  if (!frame) return tl::unexpected(frame.error());
  const ImageFacts facts{.width = frame->width, .height = frame->height};
  const Box box = target_box(facts, recipe);
  VipsImage* whole = vips_image_new_from_memory(
      frame->rgb.data(), frame->rgb.size(), static_cast<int>(frame->width),
      static_cast<int>(frame->height), 3, VIPS_FORMAT_UCHAR);
  Image image(whole);
  const bool is_shrunk =
      image &&
      apply(image,
            [](VipsImage* in, VipsImage** out) {
              return vips_copy(in, out, "interpretation", VIPS_INTERPRETATION_sRGB, nullptr);
            }) &&
      apply(image, [&](VipsImage* in, VipsImage** out) {
        return vips_thumbnail_image(
            in, out, box.width, "height", box.height, "crop",
            recipe.crop ? VIPS_INTERESTING_ATTENTION : VIPS_INTERESTING_NONE, nullptr);
      });
  if (!is_shrunk) return fail(ErrorCode::kInvalid, "cannot shrink the frame: {}", vips_words());
  Image copy(vips_image_copy_memory(image.get()));
  if (!copy) return fail(ErrorCode::kInvalid, "cannot shrink the frame: {}", vips_words());
  return finish_still(std::move(copy), recipe);
}

Box whole_thumbnail(const ImageFacts& facts) { return target_box(facts, *find_recipe("thumb")); }

static Result<Derivative> make_derivative_of_pixels(const OpenedPicture& picture,
                                                    const Recipe& recipe) {
  const bool may_move = recipe.format.empty() || recipe.format == "webp";
  if (recipe.most_frames > 1 && !recipe.crop && may_move) {
    const Box box = target_box(picture.facts, recipe);
    Frames frames = shrink_frames(picture, box, recipe.most_frames);
    if (frames.images.size() > 1) {
      Derivative made = described(frames.images[0].get(), "image/webp", recipe);
      return encoded(std::move(made), encode_animation(std::move(frames), recipe.quality));
    }
  }
  return make_still(picture, recipe);
}

Result<Derivative> make_derivative(const OpenedPicture& picture, const Recipe& recipe) {
  if (auto checked = check_bounds(picture.facts); !checked) {
    return tl::unexpected(checked.error());
  }
  auto made = make_derivative_of_pixels(picture, recipe);
  if (made) {
    made->bytes = with_rights(
        {.bytes = made->bytes, .type = made->type, .width = made->width, .height = made->height},
        picture.rights);
  }
  return made;
}

Result<Derivative> make_derivative(std::string_view bytes, const Recipe& recipe) {
  if (recipe.of_video) return make_poster(bytes, recipe);
  const auto picture = open_picture(bytes);
  return picture ? make_derivative(*picture, recipe) : tl::unexpected(picture.error());
}

}  // namespace halftone

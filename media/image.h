// Pictures: facts from their headers, and derivatives by recipe (libvips).
//
// These functions decode hostile bytes with C libraries. Only a sandboxed worker
// process may call them; see store/image_workers.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"

namespace halftone {

// What an image's header says; no pixels are decoded.
struct ImageFacts {
  std::string type;                // media type by content: "image/jpeg"
  uint32_t width = 0, height = 0;  // as displayed, orientation applied
  uint32_t frames = 1;
  bool alpha = false;
};

// Tracking pixels, spacers and rules: archived, but without derivatives and in no gallery. What is
// merely small may be what the article is about; is_decorative() of image_header.h marks that.
inline bool is_spacer(const ImageFacts& facts) { return facts.width <= 3 || facts.height <= 3; }

inline constexpr int kUsualQuality = 82;  // of JPEG and WebP, from 1 to 100

// How a derivative is made. Changing what comes out of a recipe raises its version.
struct Recipe {
  std::string_view name;  // "thumb"
  int version;
  uint32_t width, height;    // box; height 0: as the proportions want
  bool crop;                 // fill the box around the subject, rather than fit inside it
  uint32_t most_frames = 1;  // an animation stays one, as far as this
  bool leads_only = false;   // for the lead pictures of articles, not for every picture
  bool when_asked = false;   // made only for those who name it
  bool of_video = false;     // a frame of a video, rather than a picture
  // What to encode to: "jpeg", "png", "webp"; empty: by what the picture is.
  std::string_view format{};
  int quality = kUsualQuality;
  std::string_view definition{};  // of a recipe that a user defined: part of its key
  std::string key() const;        // "thumb@3", "card@2,600x400,crop,webp,80"
};

// Every recipe there is; recipe.cc has the table.
std::span<const Recipe> recipes();
const Recipe* find_recipe(std::string_view name);

struct Derivative {
  std::string bytes;
  std::string type;
  uint32_t width = 0, height = 0;
  // A ThumbHash of the whole picture (see media/thumb_hash.h); empty where the recipe crops.
  std::string placeholder{};
  // The perceptual hash of the whole picture (see media/perceptual_hash.h); as above.
  std::optional<uint64_t> hash{};
};

// What decoding a picture shows.
struct ImagePixels {
  uint64_t hash = 0;   // of its first frame, upright, over white; see media/perceptual_hash.h
  std::string damage;  // what the decoder complained of; empty where it came to the end
};

// Once in a worker's life, before the sandbox closes: loads modules, blocks untrusted loaders.
// Starts no thread.
Result<void> start_image_library();

// Makes a derivative, so that what libraries do once is done; threads are started by it.
Result<void> try_image_library();

// kInvalid: not an image, or one that cannot be read here.
Result<ImageFacts> read_image_facts(std::string_view bytes);

// A picture whose header was read, to be asked several things: reading it takes as long as some
// thumbnails.
struct OpenedPicture {
  std::string_view bytes;  // must outlive this
  ImageFacts facts;
  bool has_profile = false;  // of colours
  std::string rights{};      // what derivatives keep of its metadata; see media/rights_packet.h
};
Result<OpenedPicture> open_picture(std::string_view bytes);  // as read_image_facts()

// Upright, sRGB, without metadata but whose it is, never upscaled; JPEG where opaque, WebP where
// there is alpha or where it moves. Of a damaged picture or animation comes what decodes before the
// damage. The same bytes and recipe version give the same output. kInvalid: cannot be decoded;
// kTooLarge: too many pixels.
Result<Derivative> make_derivative(const OpenedPicture& picture, const Recipe& recipe);
Result<Derivative> make_derivative(std::string_view bytes, const Recipe& recipe);

// Decodes every pixel of the first frame, or those before the damage. kInvalid: none can be
// decoded; kTooLarge: too many.
Result<ImagePixels> look_at_pixels(const OpenedPicture& picture);
Result<ImagePixels> look_at_pixels(std::string_view bytes);

// There is a decoder for the format of that media type.
bool can_decode(std::string_view type);

}  // namespace halftone

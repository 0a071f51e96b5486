#include "media/image.h"

#include <set>

#include "media/image_about.h"
#include "media/image_header.h"
#include "media/recipe_book.h"
#include "media/rights_packet.h"
#include "media/thumb_hash.h"
#include "tests/support/catch.h"
#include "tests/support/pictures.h"

using namespace halftone;

namespace {

const Recipe& recipe(std::string_view name) {
  const Recipe* found = find_recipe(name);
  REQUIRE(found);
  return *found;
}

// libvips is started once for the whole program.
void start() {
  static const auto started = start_image_library();
  REQUIRE(started);
}

}  // namespace

TEST_CASE("recipes are found by name and keyed with their version", "[media][image]") {
  CHECK(recipe("thumb").key() == "thumb@3");
  CHECK(recipe("header").key() == "header@3");
  CHECK(find_recipe("postcard") == nullptr);
  std::set<std::string> keys;
  for (const Recipe& each : recipes()) CHECK(keys.insert(each.key()).second);
}

TEST_CASE("facts are what the header says", "[media][image]") {
  start();
  struct Row {
    const char* name;
    std::string bytes;
    const char* type;
    uint32_t width, height, frames;
    bool alpha;
  };
  const Row rows[] = {
      {"PNG", make_png(31, 17), "image/png", 31, 17, 1, false},
      {"Exif orientation 6: stored 400×300", picture("orientation6.jpg"), "image/jpeg", 300, 400, 1,
       false},
      {"GIF of three frames, the later ones see-through", picture("animated.gif"), "image/gif", 48,
       32, 3, true},
      {"WebP with alpha", picture("alpha.webp"), "image/webp", 200, 160, 1, true},
      {"AVIF", picture("scene.avif"), "image/avif", 400, 300, 1, false},
      {"TIFF", picture("scene.tif"), "image/tiff", 120, 90, 1, false},
      {"JPEG XL", picture("scene.jxl"), "image/jxl", 400, 300, 1, false},
      {"JPEG 2000: resolutions are not frames", picture("scene.jp2"), "image/jp2", 400, 300, 1,
       false},
      {"SVG", picture("drawing.svg"), "image/svg+xml", 640, 480, 1, true},
      {"a size that nobody decodes", png_header_only(60'000, 60'000), "image/png", 60'000, 60'000,
       1, false},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const auto facts = read_image_facts(row.bytes);
      REQUIRE(facts);
      CHECK(facts->type == row.type);
      CHECK(facts->width == row.width);
      CHECK(facts->height == row.height);
      CHECK(facts->frames == row.frames);
      CHECK(facts->alpha == row.alpha);
    }
  }
}

TEST_CASE("what is no readable image is refused", "[media][image]") {
  start();
  struct Row {
    const char* name;
    std::string bytes;
  };
  const Row rows[] = {
      {"empty", ""},
      {"one byte", "\xFF"},
      {"a page named photo.jpg", "<!DOCTYPE html><html><title>404</title><p>Not found"},
      {"PDF: its loader is blocked", "%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"},
      {"FITS: blocked", "SIMPLE  =                    T" + std::string(50, ' ')},
      {"BMP: only ImageMagick would read it, which is blocked",
       std::string("BM\x3A\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0", 30) +
           std::string(28, '\0')},
      {"PNG signature alone", "\x89PNG\r\n\x1A\n"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const auto facts = read_image_facts(row.bytes);
      REQUIRE_FALSE(facts);
      CHECK(facts.error().code == ErrorCode::kInvalid);
      const auto made = make_derivative(row.bytes, recipe("thumb"));
      REQUIRE_FALSE(made);
      CHECK(made.error().code == ErrorCode::kInvalid);
    }
  }
}

TEST_CASE("a derivative fits its recipe and is never scaled up", "[media][image]") {
  start();
  struct Row {
    const char* name;
    std::string bytes;
    const char* recipe;
    const char* type;
    uint32_t width, height;
  };
  const Row rows[] = {
      {"wide thumb", make_png(800, 200), "thumb", "image/jpeg", 320, 80},
      {"small pictures keep their size", make_png(100, 50), "thumb", "image/jpeg", 100, 50},
      {"one pixel", make_png(1, 1), "thumb", "image/jpeg", 1, 1},
      {"upright", picture("orientation6.jpg"), "thumb", "image/jpeg", 300, 400},
      {"a long strip is bounded by what WebP holds", make_png(4, 20'000), "thumb", "image/jpeg", 3,
       16'383},
      {"what moves", picture("animated.gif"), "thumb", "image/webp", 48, 32},
      {"of what moves a header shows the first frame", picture("animated.gif"), "header",
       "image/jpeg", 48, 25},
      {"alpha is kept", picture("alpha.webp"), "thumb", "image/webp", 200, 160},
      {"the whole JPEG 2000, not its smallest resolution", picture("scene.jp2"), "thumb",
       "image/jpeg", 320, 240},
      {"AVIF", picture("scene.avif"), "thumb", "image/jpeg", 320, 240},
      {"JPEG XL", picture("scene.jxl"), "thumb", "image/jpeg", 320, 240},
      {"TIFF", picture("scene.tif"), "thumb", "image/jpeg", 120, 90},
      {"SVG, an opaque one", picture("drawing.svg"), "thumb", "image/jpeg", 320, 240},
      {"header", make_png(1600, 1200), "header", "image/jpeg", 1200, 630},
      {"header of just its size", make_png(1200, 630), "header", "image/jpeg", 1200, 630},
      {"smaller: only the proportions", make_png(600, 600), "header", "image/jpeg", 600, 315},
      {"too low: only the proportions", make_png(2000, 315), "header", "image/jpeg", 600, 315},
      {"too narrow: only the proportions", make_png(40, 900), "header", "image/jpeg", 40, 21},
      {"a line", make_png(900, 1), "header", "image/jpeg", 2, 1},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const auto made = make_derivative(row.bytes, recipe(row.recipe));
      REQUIRE(made);
      CHECK(made->type == row.type);
      CHECK(made->width == row.width);
      CHECK(made->height == row.height);
      const auto facts = read_image_facts(made->bytes);
      REQUIRE(facts);
      CHECK(facts->type == row.type);
      CHECK(facts->width == row.width);
      CHECK(facts->height == row.height);
      CHECK(facts->alpha == (std::string_view(row.type) == "image/webp"));
    }
  }
}

TEST_CASE("what moves goes on moving, as far as the recipe lets it", "[media][image]") {
  start();
  const Recipe small{"small", 1, 20, 0, false, 5};
  struct Row {
    const char* name;
    std::string bytes;
    uint32_t frames, duration_ms;
  };
  const std::string ten = make_gif(40, 30, 10, 70);
  const Row rows[] = {
      {"all frames", make_gif(40, 30, 4, 70), 4, 280},
      {"the first of many", ten, 5, 350},
      {"of endless ones", make_gif(40, 30, 2000, 70), 5, 350},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const auto made = make_derivative(row.bytes, small);
      REQUIRE(made);
      CHECK(made->type == "image/webp");
      CHECK(made->width == 20);
      CHECK(made->height == 15);
      const auto header = read_image_header(made->bytes);
      REQUIRE(header);
      CHECK(header->format == "webp");
      CHECK(header->frames == row.frames);
      CHECK(header->duration_ms == row.duration_ms);
      CHECK(made->bytes == make_derivative(row.bytes, small)->bytes);
    }
  }
  SECTION("a recipe for stills takes the first frame") {
    const auto still = make_derivative(ten, {"still", 1, 20, 0, false});
    REQUIRE(still);
    CHECK(still->type == "image/jpeg");
  }
  SECTION("frames of many pixels become a still") {
    const auto made = make_derivative(make_gif(5000, 4000, 2, 70), small);
    REQUIRE(made);
    CHECK(made->type == "image/jpeg");
  }
  SECTION("cut anywhere, the frames before the damage stay") {
    for (size_t size = 0; size < ten.size(); size += ten.size() / 40) {
      CAPTURE(size);
      const auto made = make_derivative(std::string_view(ten).substr(0, size), small);
      if (!made) CHECK(made.error().code == ErrorCode::kInvalid);
      if (size > ten.size() / 2) CHECK(made);
    }
  }
}

TEST_CASE("frames do not shine into each other", "[media][image]") {
  start();
  // Of one colour each: all that a frame of the roll may hold is that colour.
  const auto made = make_derivative(make_gif(64, 64, 3, 100), {"small", 1, 16, 0, false, 3});
  REQUIRE(made);
  const auto first = make_derivative(made->bytes, {"still", 1, 16, 0, false});
  const auto alone = make_derivative(make_gif(64, 64, 1, 100), {"still", 1, 16, 0, false});
  REQUIRE(first);
  REQUIRE(alone);
  CHECK(first->placeholder == alone->placeholder);
}

TEST_CASE("a derivative of the whole picture has a placeholder", "[media][image]") {
  start();
  for (const char* name : {"orientation6.jpg", "alpha.webp", "animated.gif", "drawing.svg"}) {
    for (const Recipe& each : recipes()) {
      if (each.of_video) continue;
      CAPTURE(name, each.key());
      const auto made = make_derivative(picture(name), each);
      REQUIRE(made);
      CHECK(made->placeholder.empty() == each.crop);
      CHECK(made->hash.has_value() != each.crop);
      CHECK(made->placeholder.size() <= kMaxThumbHash);
    }
  }
  // Its header says whether it is higher than wide.
  const auto upright = make_derivative(picture("orientation6.jpg"), recipe("thumb"));
  CHECK((upright->placeholder[4] & 0x80) == 0);
  CHECK((make_derivative(make_png(400, 300), recipe("thumb"))->placeholder[4] & 0x80) != 0);
}

TEST_CASE("a thumbnail tells the hash that looking at every pixel gives", "[media][image]") {
  start();
  for (const char* name : {"orientation6.jpg", "alpha.webp", "drawing.svg", "scene.tif"}) {
    CAPTURE(name);
    CHECK(make_derivative(picture(name), recipe("thumb"))->hash ==
          look_at_pixels(picture(name))->hash);
  }
}

TEST_CASE("a grey photograph stays grey", "[media][image]") {
  start();
  const std::string pgm = "P5 40 30 255\n" + std::string(40 * 30, '\x90');
  const auto made = make_derivative(pgm, recipe("thumb"));
  REQUIRE(made);
  CHECK(made->type == "image/jpeg");
  // JPEG, B.2.2: the number of components is the tenth byte from the marker of the frame on.
  const size_t frame = made->bytes.find("\xFF\xC0");
  REQUIRE(frame != std::string::npos);
  CHECK(made->bytes[frame + 9] == 1);
  CHECK_FALSE(made->placeholder.empty());
}

TEST_CASE("a derivative tells whose the picture is, and nothing else", "[media][image]") {
  start();
  const PictureAbout rights = {{"creator", "Ada <L> & \"Bo\""},
                               {"credit", "Reuters"},
                               {"copyright", "\u00a9 2026 Ada"},
                               {"licence", "https://a.example/by"},
                               {"source", "Wire"}};
  PictureAbout about = rights;
  about.emplace_back("camera", "Canon");
  about.emplace_back("latitude", "51.5");
  const std::string packet = rights_packet(about);
  const auto facts_of = [](const std::string& bytes) {
    const auto header = read_image_header(bytes);
    REQUIRE(header);
    return *header;
  };

  const std::string photograph = picture("orientation6.jpg");
  const auto plain = make_derivative(photograph, recipe("thumb"));
  REQUIRE(plain);
  CHECK(about_picture(facts_of(plain->bytes)).empty());
  const std::string signed_photograph =
      with_rights({.bytes = photograph, .type = "image/jpeg", .width = 400, .height = 300}, packet);
  CHECK(about_picture(facts_of(signed_photograph)).size() >= rights.size());

  for (const char* wanted : {"rights = 200, jpeg", "rights = 200, png", "rights = 200, webp"}) {
    CAPTURE(wanted);
    RecipeBook book;
    const auto own = book.define(wanted);
    REQUIRE(own);
    const auto made = make_derivative(signed_photograph, **own);
    REQUIRE(made);
    const ImageHeader header = facts_of(made->bytes);
    CHECK(about_picture(header) == rights);
    CHECK(header.exif.empty());
    CHECK(header.iptc.empty());
    // Decoders see the pixels that they would see without it.
    const auto again = make_derivative(made->bytes, recipe("thumb"));
    REQUIRE(again);
    CHECK(again->width == made->width);
    const auto unsigned_one =
        make_derivative(make_derivative(photograph, **own)->bytes, recipe("thumb"));
    CHECK(again->hash == unsigned_one->hash);
  }

  SECTION("what moves, and what is see-through") {
    for (const char* name : {"animated.gif", "alpha.webp"}) {
      CAPTURE(name);
      const std::string bytes = picture(name);
      auto opened = open_picture(bytes);
      REQUIRE(opened);
      opened->rights = packet;
      const auto made = make_derivative(*opened, recipe("thumb"));
      REQUIRE(made);
      CHECK(about_picture(facts_of(made->bytes)) == rights);
      CHECK(read_image_facts(made->bytes)->frames == opened->facts.frames);
      CHECK(read_image_facts(made->bytes)->alpha);
    }
  }
  SECTION("more than the format has room for is left out") {
    const std::string long_packet(70'000, ' ');
    CHECK(with_rights({.bytes = photograph, .type = "image/jpeg", .width = 1, .height = 1},
                      long_packet) == photograph);
  }
}

TEST_CASE("a derivative carries no metadata", "[media][image]") {
  start();
  REQUIRE(picture("orientation6.jpg").find("Exif") != std::string::npos);
  for (const char* name : {"orientation6.jpg", "alpha.webp", "animated.gif"}) {
    CAPTURE(name);
    const auto made = make_derivative(picture(name), recipe("thumb"));
    REQUIRE(made);
    for (const char* mark : {"Exif", "EXIF", "ICCP", "ICC_PROFILE", "http://ns.adobe.com"}) {
      CHECK(made->bytes.find(mark) == std::string::npos);
    }
  }
}

TEST_CASE("the same bytes and recipe give the same derivative", "[media][image]") {
  start();
  for (const char* name :
       {"orientation6.jpg", "alpha.webp", "animated.gif", "scene.avif", "drawing.svg"}) {
    for (const Recipe& each : recipes()) {
      if (each.of_video) continue;
      CAPTURE(name, each.key());
      const auto first = make_derivative(picture(name), each);
      const auto second = make_derivative(picture(name), each);
      REQUIRE(first);
      REQUIRE(second);
      CHECK((first->bytes == second->bytes));
    }
  }
}

TEST_CASE("too many pixels are not decoded", "[media][image]") {
  start();
  const auto made = make_derivative(png_header_only(60'000, 60'000), recipe("thumb"));
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ErrorCode::kTooLarge);
}

TEST_CASE("an image cut anywhere gives a part or an error", "[media][image]") {
  start();
  for (const char* name : {"orientation6.jpg", "alpha.webp", "animated.gif", "scene.avif",
                           "scene.tif", "scene.jxl", "scene.jp2", "drawing.svg"}) {
    const std::string whole = picture(name);
    REQUIRE_FALSE(whole.empty());
    const size_t step = whole.size() / 60 + 1;
    for (size_t size = 0; size < whole.size(); size += step) {
      CAPTURE(name, size);
      const auto made = make_derivative(std::string_view(whole).substr(0, size), recipe("thumb"));
      if (made) {
        CHECK_FALSE(made->bytes.empty());
      } else {
        CHECK(made.error().code == ErrorCode::kInvalid);
        CHECK_FALSE(made.error().message.empty());
      }
    }
  }
}

TEST_CASE("tracking pixels and rules are spacers", "[media][image]") {
  CHECK(is_spacer(ImageFacts{.type = "image/gif", .width = 1, .height = 1}));
  CHECK(is_spacer(ImageFacts{.type = "image/gif", .width = 600, .height = 2}));
  CHECK_FALSE(is_spacer(ImageFacts{.type = "image/png", .width = 16, .height = 16}));
}

#include "store/image_inspection.h"

#include "media/perceptual_hash.h"
#include "store/image_messages.h"
#include "tests/support/catch.h"
#include "tests/support/image_bytes.h"
#include "tests/support/pictures.h"

using namespace halftone;
using namespace halftone::image_bytes;

namespace {

constexpr const char* kProgram = HALFTONE_TEST_IMAGE_WORKER;

}  // namespace

TEST_CASE("inspecting pictures: sound ones", "[store][inspection]") {
  ImageWorker worker(kProgram);
  struct Row {
    const char* file;
    const char* format;
    uint32_t width, height;
    bool decorative;
  };
  const Row rows[] = {
      {"orientation6.jpg", "jpeg", 300, 400, false}, {"animated.gif", "gif", 48, 32, true},
      {"alpha.webp", "webp", 200, 160, false},       {"scene.avif", "avif", 400, 300, false},
      {"scene.tif", "tiff", 120, 90, false},         {"scene.jxl", "jxl", 400, 300, false},
      {"scene.jp2", "jp2", 400, 300, false},         {"drawing.svg", "svg", 640, 480, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.file);
    const std::string bytes = picture(row.file);
    const ImageReport report = inspect_image(bytes, worker);
    REQUIRE(report.header);
    CHECK(report.ok);
    CHECK(report.error.empty());
    CHECK(report.header->format == row.format);
    CHECK(report.header->display_width == row.width);
    CHECK(report.header->display_height == row.height);
    CHECK(report.phash.size() == 16);
    CHECK(report.decorative == row.decorative);

    // The header reader and libvips agree on every one of these.
    const auto facts = worker.facts(bytes);
    REQUIRE(facts);
    CHECK(facts->type == report.header->mime);
    CHECK(facts->width == report.header->display_width);
    CHECK(facts->height == report.header->display_height);
    CHECK(facts->frames == report.header->frames);
    CHECK(facts->alpha == report.header->alpha);
  }
}

TEST_CASE("inspecting pictures: what is wrong is said", "[store][inspection]") {
  ImageWorker worker(kProgram);
  const std::string photo = picture("orientation6.jpg");
  const std::string qoi = "qoif" + be(99, 4) + be(70, 4) + be(4, 1) + be(0, 1) + "x" + be(1, 8);
  struct Row {
    const char* name;
    std::string bytes;
    bool known, hashed, ok;
    const char* words;
  };
  const Row rows[] = {
      {"a page", "<!DOCTYPE html><title>404</title>", false, false, false, "not an image"},
      {"empty", "", false, false, false, "not an image"},
      {"cut in its pixels: the part that is there has a hash", photo.substr(0, photo.size() / 2),
       true, true, false, "cut"},
      {"cut in its header", photo.substr(0, 200), true, false, false, "cut"},
      {"too many pixels", png_header_only(60'000, 60'000), true, false, false, "more than"},
      {"no decoder here: the header decides", qoi, true, false, true, ""},
      {"no decoder here, cut", qoi.substr(0, 20), true, false, false, "cut"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const ImageReport report = inspect_image(row.bytes, worker);
      CHECK(report.header.has_value() == row.known);
      CHECK(report.phash.empty() != row.hashed);
      CHECK(report.ok == row.ok);
      CHECK(report.error.empty() == row.ok);
      CHECK_THAT(report.error, Catch::Matchers::Contains(row.words));
    }
  }
}

TEST_CASE("inspecting pictures: a worker that cannot answer costs one", "[store][inspection]") {
  ImageWorker missing("/nonexistent/halftone");
  const ImageReport report = inspect_image(make_png(60, 50), missing);
  REQUIRE(report.header);
  CHECK(report.header->width == 60);
  CHECK_FALSE(report.ok);
  CHECK_THAT(report.error, Catch::Matchers::Contains("/nonexistent/halftone"));

  ImageWorker slow(kProgram, {.time = std::chrono::milliseconds(1)});
  CHECK_FALSE(inspect_image(make_png(3000, 3000), slow).ok);
  CHECK(inspect_image("no image", slow).error == "not an image of a format known here");
}

TEST_CASE("inspecting pictures: renditions look alike", "[store][inspection]") {
  ImageWorker worker(kProgram);
  const std::string original = picture("scene.tif");
  const uint64_t hash = worker.pixels(original)->hash;
  for (const Recipe& recipe :
       {Recipe{.name = "small", .version = 1, .width = 60, .height = 0, .crop = false},
        Recipe{.name = "same", .version = 1, .width = 400, .height = 0, .crop = false}}) {
    CAPTURE(recipe.name);
    const auto made = worker.derive(original, recipe);
    REQUIRE(made);
    CHECK(hash_distance(hash, worker.pixels(made->bytes)->hash) <= 6);
  }
  // The stored picture lies on its side; its rendition stands, as it is shown.
  // (Smooth gradients have few strong frequencies: the hash is at its weakest on them.)
  const std::string turned = picture("orientation6.jpg");
  const auto upright = worker.derive(turned, *find_recipe("thumb"));
  REQUIRE(upright);
  CHECK(hash_distance(worker.pixels(turned)->hash, worker.pixels(upright->bytes)->hash) <= 10);
}

TEST_CASE("inspecting pictures: pixels that no honest worker tells of", "[store][inspection]") {
  const std::string answer =
      encode_answer(Result<ImagePixels>(ImagePixels{0x0123'4567'89AB'CDEF, "torn"}));
  const auto read = decode_pixels(answer);
  REQUIRE(read);
  CHECK(read->hash == 0x0123'4567'89AB'CDEF);
  CHECK(read->damage == "torn");
  for (size_t size = 0; size < 9; ++size) CHECK_FALSE(decode_pixels(answer.substr(0, size)));
  CHECK_FALSE(decode_facts(answer));
  CHECK(decode_pixels(answer + "\n\x1B[2J")->damage == "torn  [2J");
}

TEST_CASE("words of a worker keep their letters", "[store][inspection]") {
  CHECK(printable_tail("50000 \xC3\x97 50000\n", 100) == "50000 \xC3\x97 50000");
  CHECK(printable_tail("a\xC3\x97", 2) == "\xC3\x97");
  CHECK(printable_tail("a\xC3\x97", 1).empty());  // nothing from the middle of a letter on
  CHECK(printable_tail("a\xC3 b\x7F\x1B", 100) == "a  b");
}

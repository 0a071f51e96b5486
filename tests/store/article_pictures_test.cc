#include "store/article_pictures.h"

#include "tests/store/archive_of_test.h"
#include "tests/support/pictures.h"

using namespace halftone;

namespace {

struct Picture {
  std::string url;
  uint32_t width, height;
  uint64_t hash;
  std::string type = "image/jpeg";
  Kind kind = Kind::kImage;
};

struct Fixture {
  TemporaryDirectory folder;
  std::unique_ptr<Archive> archive = *Archive::open_for_writing(folder.file("archive"));
  Article article;

  void add(const Picture& picture) {
    ArchivedReference reference;
    reference.url = picture.url;
    reference.kind = picture.kind;
    reference.outcome = Outcome::kArchived;
    reference.type = picture.type;
    reference.digest = sha256(picture.url);
    article.references.push_back(reference);
    ImageRecord record{
        .facts = {.type = picture.type, .width = picture.width, .height = picture.height}};
    record.hash = picture.hash;
    REQUIRE(archive->derivatives().put_facts(*reference.digest, record));
  }

  std::vector<std::string> gallery() {
    const auto pictures = pictures_of(*archive, article);
    REQUIRE(pictures);
    std::vector<std::string> urls;
    for (const ArticlePicture& picture : gallery_of(*pictures))
      urls.push_back(picture.reference->url);
    return urls;
  }

  PictureRole role(const std::string& url) {
    const auto pictures = pictures_of(*archive, article);
    for (const ArticlePicture& picture : *pictures)
      if (picture.reference->url == url) return picture.role;
    FAIL("there is no " << url);
    return {};
  }
};

using Urls = std::vector<std::string>;
constexpr uint64_t kHash = 0x0123456789ABCDEF, kFar = ~kHash;

}  // namespace

TEST_CASE_METHOD(Fixture, "a gallery shows one of each picture, the largest", "[store][pictures]") {
  add({"https://a.example/small.jpg", 320, 213, kHash});
  add({"https://a.example/other.jpg", 640, 426, kFar});
  add({"https://a.example/large.webp", 1280, 853, kHash ^ 3, "image/webp"});
  add({"https://a.example/middle.jpg", 640, 427, kHash ^ 1});
  CHECK(gallery() == Urls{"https://a.example/large.webp", "https://a.example/other.jpg"});
  CHECK(pictures_of(*archive, article)->at(0).renditions.size() == 3);
}

TEST_CASE_METHOD(Fixture, "pictures that only look alike stay apart", "[store][pictures]") {
  add({"https://a.example/chart-1.png", 640, 480, kHash, "image/png"});
  SECTION("of the same size in the same format") {
    add({"https://a.example/chart-2.png", 640, 480, kHash, "image/png"});
  }
  SECTION("of other proportions") { add({"https://a.example/crop.png", 480, 480, kHash}); }
  SECTION("too far apart") { add({"https://a.example/chart-3.png", 320, 240, kHash ^ 0xFFFF}); }
  SECTION("of one colour") {
    article = {};
    add({"https://a.example/red.png", 640, 480, 0});
    add({"https://a.example/blue.png", 320, 240, 0});
  }
  CHECK(gallery().size() == 2);
}

TEST_CASE_METHOD(Fixture, "a blurred stand-in gives way to its picture", "[store][pictures]") {
  add({"https://a.example/photo-lqip.jpg", 32, 21, kHash ^ 0x3FF});  // ten bits away
  add({"https://a.example/photo.jpg", 1200, 800, kHash});
  CHECK(gallery() == Urls{"https://a.example/photo.jpg"});
  // Two large ones that far apart are two.
  add({"https://a.example/else.jpg", 600, 400, kHash ^ 0x3FF});
  CHECK(gallery().size() == 2);
}

TEST_CASE_METHOD(Fixture, "what is there for looks alone is marked, and in no gallery",
                 "[store][pictures]") {
  add({"https://a.example/1x1.gif", 1, 1, 0, "image/gif"});
  add({"https://a.example/rule.png", 600, 8, 0, "image/png"});
  add({"https://a.example/star.png", 24, 24, kHash, "image/png"});
  add({"https://a.example/favicon.png", 192, 192, kFar, "image/png", Kind::kIcon});
  add({"https://a.example/placeholder.png", 600, 400, 0, "image/png"});
  CHECK(role("https://a.example/1x1.gif") == PictureRole::kSpacer);
  CHECK(role("https://a.example/rule.png") == PictureRole::kSpacer);
  CHECK(role("https://a.example/star.png") == PictureRole::kIcon);
  CHECK(role("https://a.example/favicon.png") == PictureRole::kIcon);
  CHECK(role("https://a.example/placeholder.png") == PictureRole::kPlaceholder);
  // Of an article about small things those are shown, but for the site's own icon.
  CHECK(gallery() == Urls{"https://a.example/star.png"});
  add({"https://a.example/photo.jpg", 600, 400, kFar});
  CHECK(gallery() == Urls{"https://a.example/photo.jpg"});
  // A name alone condemns no picture.
  add({"https://a.example/blank.png", 800, 400, kHash, "image/png"});
  CHECK(gallery().size() == 2);
}

TEST_CASE_METHOD(Fixture, "an ornament does not lead", "[store][pictures]") {
  const auto keep = [&](const std::string& url, const std::string& body) {
    const auto put = archive->blobs().put(body);
    REQUIRE(put);
    article.references.push_back({.url = url,
                                  .kind = Kind::kImage,
                                  .outcome = Outcome::kArchived,
                                  .digest = put->info.digest,
                                  .size = body.size(),
                                  .type = "image/png"});
    article.facts.images.push_back({url, "", ""});
  };
  keep("https://a.example/pixel.png", make_png(1, 1));
  keep("https://a.example/star.png", make_png(24, 24));
  keep("https://a.example/photo.png", make_png(80, 60));
  article.facts.lead_image = "https://a.example/pixel.png";
  CHECK(*lead_image_of(*archive, article) == "https://a.example/photo.png");
  article.facts.lead_image = "https://a.example/photo.png";
  CHECK(*lead_image_of(*archive, article) == "https://a.example/photo.png");
  // A stand-in gives way to the same picture in its own size.
  keep("https://a.example/view-60x40.png", make_png(60, 40));
  keep("https://a.example/view.png", make_png(120, 80));
  article.facts.lead_image = "https://a.example/view-60x40.png";
  CHECK(*lead_image_of(*archive, article) == "https://a.example/view.png");
  // What is not archived is believed.
  article.facts.lead_image = "https://a.example/missing.jpg";
  CHECK(*lead_image_of(*archive, article) == "https://a.example/missing.jpg");
  article.facts.images.clear();
  article.facts.lead_image = "https://a.example/star.png";
  CHECK(lead_image_of(*archive, article)->empty());
}

// What show, inspect, derive and export tell and make of pictures and videos: the built program.
#include <filesystem>
#include <fstream>

#include "store/archive.h"
#include "tests/store/archive_of_test.h"
#include "tests/support/pictures.h"
#include "tests/tools/halftone_program.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

using nlohmann::json;

struct Body {
  std::string url, bytes, type;
  Kind kind = Kind::kImage;
};

void make_archive(const ArchiveOfTest& archive, const std::string& page,
                  const std::vector<Body>& bodies) {
  const auto opened = Archive::open_for_writing(archive.path());
  REQUIRE(opened);
  Article article;
  article.url = article.base = "https://a.example/";
  article.id = article_id(article.url);
  article.captured_at = at_second(1000);
  article.begun_at = at_second(900);
  article.facts.title = "A page";
  article.digest = keep_capture(**opened, article.url, 950, page).digest;
  article.size = page.size();
  for (const Body& body : bodies) {
    ArchivedReference reference;
    reference.url = body.url;
    reference.kind = body.kind;
    reference.element = body.kind == Kind::kMedia ? "video" : "img";
    reference.outcome = Outcome::kArchived;
    reference.digest = keep_capture(**opened, body.url, 960, body.bytes).digest;
    reference.size = body.bytes.size();
    reference.type = body.type;
    article.references.push_back(reference);
  }
  article.facts.lead_image = bodies.at(0).url;
  REQUIRE((*opened)->articles().add(article));
}

std::string file_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> recipes_in(const json& reference) {
  std::vector<std::string> keys;
  for (const json& made : reference["derivatives"]) keys.push_back(made["recipe"]);
  return keys;
}

}  // namespace

TEST_CASE("show tells what is known of pictures and videos", "[show][derive]") {
  ArchiveOfTest archive;
  const std::string bmp = "BM" + std::string("\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", 16) +
                          std::string("\x40\0\0\0\x30\0\0\0\1\0\x18\0", 12) +
                          std::string(24, '\0') + std::string(64 * 48 * 3, 'x');
  make_archive(archive, "<img src=a.jpg><video src=v.mp4></video>",
               {{"https://a.example/a.jpg", picture("orientation6.jpg"), "image/jpeg"},
                {"https://a.example/b.bmp", bmp, "image/bmp"},
                {"https://a.example/v.mp4", media_file("clip.mp4"), "video/mp4", Kind::kMedia},
                {"https://a.example/s.mp3", media_file("sound.mp3"), "audio/mpeg", Kind::kMedia}});
  archive.run({"derive", "-q"});
  const json shown = archive.shown()["reference_list"];

  CHECK(shown[0]["format"] == "jpeg");
  CHECK(shown[0]["orientation"] == 6);
  CHECK(shown[0]["bits"] == 8);
  CHECK(shown[0]["frames"] == 1);
  CHECK(shown[0]["alpha"] == false);
  CHECK(shown[0]["phash"].get<std::string>().size() == 16);
  CHECK(shown[0]["role"] == "content");

  // No decoder is at hand; its header is.
  CHECK(shown[1]["format"] == "bmp");
  CHECK(shown[1]["width"] == 64);
  CHECK(shown[1]["height"] == 48);
  CHECK(shown[1].contains("image_error"));

  CHECK(shown[2]["format"] == "mp4");
  CHECK(shown[2]["width"] == 96);
  CHECK(shown[2]["duration_ms"] == 2000);
  CHECK(shown[2]["tracks"][0]["codec"] == "h264");
  CHECK(shown[2]["tracks"][1]["codec"] == "aac");
  CHECK(shown[3]["format"] == "mp3");
  CHECK(shown[3]["tracks"][0]["sample_rate"] == 44100);
  CHECK(recipes_in(shown[3]).empty());
  CHECK(archive.run({"verify", "-q"}).code == 0);
}

TEST_CASE("inspect media tells of videos and sounds", "[inspect]") {
  const std::string folder = HALFTONE_SOURCE_DIR "/tests/fixtures/media/";
  const Ended run = run_halftone({"inspect", "media", folder + "clip.webm", folder + "sound.flac",
                                  HALFTONE_SOURCE_DIR "/tests/fixtures/images/scene.tif"});
  const auto lines = json_lines(run.out);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0]["container"] == "webm");
  CHECK(lines[0]["tracks"][0]["codec"] == "vp9");
  CHECK(lines[0]["width"] == 96);
  CHECK(lines[1]["mime"] == "audio/flac");
  CHECK(lines[1]["width"].is_null());
  CHECK(lines[2]["ok"] == false);
  CHECK(lines[2]["error"].is_string());
}

TEST_CASE("videos get posters, which copies show", "[derive][export]") {
  ArchiveOfTest archive;
  make_archive(archive,
               "<!doctype html><title>A page</title><video src=v.mp4></video>"
               "<video><source src=w.avi></video><video src=x.webm poster=own.jpg></video>",
               {{"https://a.example/v.mp4", media_file("clip.mp4"), "video/mp4", Kind::kMedia},
                {"https://a.example/w.avi", media_file("clip.avi"), "video/avi", Kind::kMedia},
                {"https://a.example/x.webm", media_file("clip.webm"), "video/webm", Kind::kMedia},
                {"https://a.example/broken.mp4", media_file("clip.mp4").substr(0, 3000),
                 "video/mp4", Kind::kMedia}});
  const Ended run = archive.run({"derive"});
  INFO(run.err);
  const json shown = archive.shown()["reference_list"];
  for (size_t i = 0; i < 3; ++i) {
    CAPTURE(i);
    REQUIRE(recipes_in(shown[i]) == std::vector<std::string>{"poster@1"});
    CHECK(shown[i]["derivatives"][0]["type"] == "image/jpeg");
    CHECK(shown[i]["derivatives"][0]["width"] == 96);
    CHECK(shown[i]["derivatives"][0]["height"] == 64);
    CHECK(shown[i]["placeholder"].is_string());
  }
  CHECK(recipes_in(shown[3]).empty());

  const std::string copy = archive.folder().file("copy");
  REQUIRE(archive.run({"export", archive.only_article()["id"], copy}).code == 0);
  const std::string page = file_text(copy + "/index.html");
  size_t posters = 0;
  for (size_t at = page.find(" poster=\"thumbnails/"); at != std::string::npos;
       at = page.find(" poster=\"thumbnails/", at + 1)) {
    ++posters;
  }
  CHECK(posters == 2);
  const std::string gallery = file_text(copy + "/gallery.html");
  CHECK(gallery.find("3 pictures") != std::string::npos);
}

TEST_CASE("users define recipes", "[derive]") {
  ArchiveOfTest archive;
  make_archive(archive, "<img src=a.png>",
               {{"https://a.example/a.png", make_png(400, 300), "image/png"}});
  const std::string card = "card = 120x100, crop, webp, 60";
  CHECK(archive.run({"derive", "--recipe", card, "--recipe", "thumb"}).code == 0);
  const auto keys = [&] { return recipes_in(archive.shown()["reference_list"][0]); };
  CHECK(keys() == std::vector<std::string>{"card@2,120x100,crop,webp,60", "thumb@3"});
  const json made = archive.shown()["reference_list"][0]["derivatives"][0];
  CHECK(made["type"] == "image/webp");
  CHECK(made["width"] == 120);
  CHECK(made["height"] == 100);

  CHECK(archive.run({"derive", "--recipe", card}).err.find("0 made, 1 known") != std::string::npos);
  // A change makes it another recipe.
  CHECK(archive.run({"derive", "--recipe", "card=120x100,crop,png"}).err.find("1 made") !=
        std::string::npos);
  CHECK(keys().size() == 3);

  const Ended wrong = archive.run({"derive", "--recipe", "card=120x100,crop,gif"});
  CHECK(wrong.code == 2);
  CHECK(wrong.err.find("gif is neither") != std::string::npos);
  const Ended unknown = archive.run({"derive", "--recipe", "cart"});
  CHECK(unknown.code == 2);
  CHECK(unknown.err.find("--recipe card=") != std::string::npos);
}

TEST_CASE("exports use what was made for them", "[export]") {
  ArchiveOfTest archive;
  make_archive(archive, "<!doctype html><title>A page</title><p>Words.<img src=a.png>",
               {{"https://a.example/a.png", make_png(1500, 1000), "image/png"},
                {"https://a.example/small.png", make_png(300, 200), "image/png"},
                {"https://a.example/dot.png", make_png(1, 1), "image/png"}});
  REQUIRE(
      archive.run({"derive", "-q", "--recipe", "thumb", "--recipe", "thumb@2x", "--recipe", "lead"})
          .code == 0);
  const json shown = archive.shown()["reference_list"];
  CHECK(shown[1]["rendition_of"] == shown[0]["digest"]);
  CHECK_FALSE(shown[0].contains("rendition_of"));
  CHECK(shown[2]["role"] == "spacer");
  CHECK(shown[2]["decorative"] == true);

  const std::string id = archive.only_article()["id"];
  const std::string site = archive.folder().file("site"), text = archive.folder().file("text");
  REQUIRE(archive.run({"export", id, site}).code == 0);
  const std::string gallery = file_text(site + "/gallery.html");
  CHECK(gallery.find("1 picture<") != std::string::npos);
  CHECK(gallery.find(" 2x\"") != std::string::npos);
  REQUIRE(archive.run({"export", id, "--format", "markdown", text}).code == 0);
  std::string markdown;
  for (const auto& entry : fs::directory_iterator(text))
    if (entry.path().extension() == ".md") markdown = file_text(entry.path());
  CHECK(markdown.find("headimg: thumbnails/") != std::string::npos);
  CHECK(markdown.find("thumbnail: thumbnails/") != std::string::npos);
}

TEST_CASE("a snapshot's lead image is no ornament", "[snapshot]") {
  ArchiveOfTest archive;
  const std::string folder = archive.folder().file("page");
  fs::create_directory(folder);
  std::ofstream(folder + "/dot.png") << make_png(1, 1);
  std::ofstream(folder + "/photo.png") << make_png(640, 480);
  std::ofstream(folder + "/page.html")
      << "<!doctype html><title>A page</title><meta property=og:image content=dot.png>"
         "<article><h1>A page</h1><p>Some words of an article, enough of them to be one.</p>"
         "<img src=photo.png alt='A photo'><p>And some more words, which follow it.</p></article>";
  REQUIRE(archive.run({"snapshot", folder + "/page.html", "-q"}).code == 0);
  const json shown = archive.shown();
  CHECK(shown["lead_image"].get<std::string>().ends_with("/photo.png"));
}

// The main job, end to end: the built program, nginx with TLS and HTTP/2, RocksDB, libvips workers,
// Chromium.
#include <filesystem>
#include <regex>
#include <set>

#include "media/front_matter.h"
#include "tests/support/articles.h"
#include "tests/support/catch.h"
#include "tests/support/nginx.h"
#include "tests/support/pictures.h"
#include "tests/tools/browser.h"
#include "tests/tools/halftone_program.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

// An article whose pictures are all on one host, without extensions.
struct Case {
  const char* name;
  std::string file;  // its name
  std::string text;  // its Markdown
  std::string host;  // of the pictures
};

std::set<std::string> all_matches(const std::string& text, const std::string& pattern) {
  std::set<std::string> found;
  const std::regex regex(pattern);
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it)
    found.insert((*it)[1]);
  return found;
}

size_t count(const std::string& text, const std::string& what) {
  size_t found = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size()))
    ++found;
  return found;
}

// Pictures of every format, so that names tell nothing.
std::string picture_number(size_t i) {
  switch (i) {
    case 0:
      return picture("orientation6.jpg");
    case 1:
      return picture("alpha.webp");
    case 2:
      return picture("animated.gif");
    case 3:
      return picture("scene.avif");
    default:
      return make_png(40 + 10 * static_cast<uint32_t>(i), 60);
  }
}

// nginx in the part of the picture host: only who sends no Referer is served.
class PictureHost {
 public:
  explicit PictureHost(const Case& article)
      : host_(article.host),
        nginx_({.hosts = {article.host}, .config = "if ($http_referer) { return 403; }"}) {
    for (const std::string& path :
         all_matches(article.text, "https://" + article.host + "(/[^'\"]+)")) {
      const std::string bytes = picture_number(paths_.size());
      REQUIRE_FALSE(bytes.empty());
      nginx_.serve(path, bytes);
      paths_.push_back(path);
    }
  }

  // Options that lead the program here.
  std::vector<std::string> options() const {
    return {"--cacert", nginx_.ca_file(), "--connect-to",
            host_ + ":443:127.0.0.1:" + std::to_string(nginx_.port())};
  }
  const std::vector<std::string>& paths() const { return paths_; }
  std::string url(size_t i) const { return "https://" + host_ + paths_[i]; }
  void remove(size_t i) const { fs::remove(nginx_.folder().file("www" + paths_[i])); }
  void replace(size_t i, const std::string& bytes) const { nginx_.serve(paths_[i], bytes); }
  std::vector<Nginx::LogLine> log(size_t lines) const { return nginx_.log(lines); }

 private:
  std::string host_;
  Nginx nginx_;
  std::vector<std::string> paths_;
};

std::vector<std::string> snapshot_of(const std::string& file, const PictureHost& host) {
  std::vector<std::string> arguments = {"snapshot", file, "--json"};
  const auto options = host.options();
  arguments.insert(arguments.end(), options.begin(), options.end());
  return arguments;
}

void check_archive(const ArchiveOfTest& archive, const PictureHost& host) {
  const auto article = archive.only_article();
  CHECK(article["references"] == 13);
  CHECK(article["archived"] == 13);
  CHECK(article["missing"] == 0);
  CHECK(article["images"] == 9);
  CHECK(archive.stats()["blobs"] == 10);  // nine pictures and the document

  std::set<std::string> pages, pictures;
  size_t thumbnails = 0, headers = 0;
  const auto shown = archive.shown();
  for (const auto& reference : shown["reference_list"]) {
    if (reference["kind"] == "page") pages.insert(reference["url"]);
    if (reference["outcome"] != "archived") continue;
    CHECK(reference["type"].get<std::string>().starts_with("image/"));
    CHECK(reference["width"] > 0);
    if (!pictures.insert(reference["url"]).second) continue;
    for (const auto& made : reference["derivatives"]) {
      thumbnails += made["recipe"].get<std::string>().starts_with("thumb@");
      headers += made["recipe"].get<std::string>().starts_with("header@");
    }
  }
  CHECK(pages.size() == 7);
  CHECK(pictures.size() == 9);
  CHECK(thumbnails == 9);
  CHECK(headers == 1);

  const auto log = host.log(9);
  CHECK(log.size() == 9);
  for (const auto& line : log) {
    CHECK(line.protocol == "HTTP/2.0");
    CHECK(line.referer == "-");
    CHECK(line.status == "200");
  }
}

void check_site(const ArchiveOfTest& archive, const Case& article) {
  const std::string copy = archive.folder().file("copy");
  REQUIRE(archive.run({"export", archive.only_article()["id"], "--format", "site", copy}).code ==
          0);
  const std::string page = archive.folder().read("copy/index.html");
  CHECK(count(page, "\"images/") == 13);
  CHECK(count(page, article.host) == 0);
  CHECK(all_matches(page, "<a [^>]*href=\"(https://[^\"]+)\"").size() >= 7);

  std::set<std::string> extensions;
  for (const auto& file : fs::directory_iterator(copy + "/images"))
    extensions.insert(file.path().extension());
  CHECK(extensions == std::set<std::string>{".jpg", ".webp", ".gif", ".avif", ".png"});

  const auto seen = look_at(copy + "/index.html");
  if (!seen) return;
  CHECK((*seen)["outside"].empty());
  CHECK((*seen)["images"].size() == 5);  // the header picture and four in the text
  for (const auto& image : (*seen)["images"]) CHECK(image["width"] > 0);
  const auto gallery = look_at(copy + "/gallery.html");
  CHECK((*gallery)["outside"].empty());
  // The header image and eight thumbnails: the animation is as small as an icon.
  CHECK((*gallery)["images"].size() == 9);
  for (const auto& image : (*gallery)["images"]) CHECK(image["width"] > 0);
}

void check_markdown(const ArchiveOfTest& archive, const Case& article) {
  const std::string folder = archive.folder().file("markdown");
  REQUIRE(
      archive.run({"export", archive.only_article()["id"], "--format", "markdown", folder}).code ==
      0);
  const std::string text = archive.folder().read("markdown/" + article.file);
  CHECK(count(text, article.host) == 0);
  CHECK(count(text, "images/") == 13);

  const FrontMatter before = parse_front_matter(article.text);
  const FrontMatter after = parse_front_matter(text);
  REQUIRE(before.present());
  REQUIRE(before.entries.size() == after.entries.size());
  for (size_t i = 0; i < before.entries.size(); ++i) {
    CHECK(after.entries[i].key == before.entries[i].key);
  }
  for (const char* key : {"headimg", "thumbnail"}) {
    CHECK(fs::file_size(folder + "/" + after.get(key)) > 0);
  }
  // What is no reference is the article's own, byte for byte.
  const std::regex links("https://" + article.host + "/[^'\"]+|images/[0-9a-f]+\\.[a-z]+");
  CHECK(std::regex_replace(text, links, "*") == std::regex_replace(article.text, links, "*"));
}

void check_second_snapshot(const ArchiveOfTest& archive, const std::string& file,
                           const PictureHost& host) {
  const auto before = archive.stats();
  const Ended again = archive.run(snapshot_of(file, host));
  CHECK(again.code == 0);
  const auto report = json_lines(again.out).at(0);
  CHECK(report["new_blobs"] == 0);
  CHECK(report["articles"][0]["changes"] == "nothing changed");
  CHECK(archive.stats()["blobs"] == before["blobs"]);

  host.replace(5, make_png(33, 44));
  const auto changed = json_lines(archive.run(snapshot_of(file, host)).out).at(0);
  CHECK(changed["new_blobs"] == 1);
  CHECK(changed["articles"][0]["changes"] == "1 image replaced");
}

void check_dead_picture(const ArchiveOfTest& archive, const std::string& file,
                        const PictureHost& host) {
  host.remove(7);
  const Ended ended = archive.run(snapshot_of(file, host));
  CHECK(ended.code == 3);
  const auto article = json_lines(ended.out).at(0)["articles"][0];
  REQUIRE(article["missing_references"].size() == article["missing"]);
  for (const auto& missing : article["missing_references"]) {
    CHECK(missing["url"] == host.url(7));
    CHECK(missing["reason"] == "404 Not Found");
  }
  CHECK(ended.err.find("missing: " + host.url(7) + ": 404 Not Found") != std::string::npos);

  // The copy says so, too, and still asks nobody.
  const std::string copy = archive.folder().file("incomplete");
  CHECK(archive.run({"export", archive.only_article()["id"], copy}).code == 3);
  const auto seen = look_at(copy + "/index.html");
  if (seen) CHECK((*seen)["outside"].empty());
}

void check_whole_article(const Case& article) {
  if (!Nginx::is_installed()) {
    WARN("skipped: nginx is not installed");
    return;
  }
  const PictureHost host(article);
  REQUIRE(host.paths().size() == 9);
  const ArchiveOfTest archive;
  const std::string file = archive.folder().write(article.file, article.text);

  const Ended first = archive.run(snapshot_of(file, host));
  CAPTURE(first.err);
  REQUIRE(first.code == 0);
  CHECK(json_lines(first.out).at(0)["new_blobs"] == 10);
  check_archive(archive, host);
  check_site(archive, article);
  check_markdown(archive, article);
  check_second_snapshot(archive, file, host);
  check_dead_picture(archive, file, host);
}

}  // namespace

TEST_CASE("an article of our own is archived whole", "[tools]") {
  check_whole_article(
      {"ours", "lantern-festival.md", fixture("lantern-festival.md"), "img.newsroom.test"});
}

TEST_CASE("the real article is archived whole", "[tools]") {
  const auto text = foreign_article("36kr-wechat-open-class-2022.md");
  if (!text) return;
  check_whole_article({"36kr", "36kr-wechat-open-class-2022.md", *text, "img.36krcdn.com"});
}

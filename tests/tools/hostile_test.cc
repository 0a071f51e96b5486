// Pages that mean harm, or that only look odd: what they show is archived, what they try is not
// done.
#include <filesystem>

#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/support/test_server.h"
#include "tests/tools/browser.h"
#include "tests/tools/halftone_program.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

Ended snapshot(const ArchiveOfTest& archive, std::vector<std::string> words) {
  words.insert(words.begin(), {"snapshot", "--retry", "0"});
  return archive.run(words);
}

Script html(const std::string& page) { return text(page, "text/html; charset=utf-8"); }
Script png(uint32_t width = 20) { return text(make_png(width, 20), "image/png"); }

std::string exported(const ArchiveOfTest& archive, const std::string& name = "copy") {
  const std::string folder = archive.folder().file(name);
  const Ended ended = archive.run({"export", "--all", folder});
  CAPTURE(ended.err);
  REQUIRE((ended.code == 0 || ended.code == 3));
  return folder;
}

// Everything below a folder, in one string.
std::string all_text(const std::string& folder) {
  std::string text;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    text.append(std::istreambuf_iterator<char>(in), {});
  }
  return text;
}

}  // namespace

TEST_CASE("a copy runs no script and asks nobody, whatever the page tries", "[tools]") {
  TestServer server;
  const std::string spy = server.url("/spy");
  const std::string script =
      "<script>window.halftone_script_ran = true; fetch('" + spy + "')</script>";
  struct Row {
    const char* name;
    std::string page;
  };
  const Row rows[] = {
      {"a script", "<!DOCTYPE html><html><head>" + script + "</head><p>x"},
      {"a mark that looks like ours", "<!DOCTYPE html><meta data-halftone><p>x" + script},
      {"a refresh that looks like ours",
       "<meta data-halftone http-equiv=refresh content=\"0;url=" + spy + "\"><p>x"},
      {"text before the head", "Warning: x<!DOCTYPE html><html><head>" + script + "</head><p>x"},
      {"an end tag before the head", "<!DOCTYPE html></br><html><head>" + script + "</head><p>x"},
      {"an attribute twice",
       "<meta http-equiv=refresh http-equiv=refresh content=\"0;url=" + spy + "\"><p>x"},
      {"handlers", "<p>x<img src=data:, onerror=\"window.halftone_script_ran = true\">"},
      {"frames", "<p>x<iframe src=\"" + spy + "\"></iframe><iframe srcdoc=\"&lt;img src='" + spy +
                     "'&gt;\"></iframe>"},
      {"an object", "<p>x<object data=\"" + spy + "\"></object><embed src=\"" + spy + "\">"},
      {"a policy of its own",
       "<meta http-equiv=Content-Security-Policy content=\"default-src *\"><p>x" + script},
      {"a base", "<base href=\"" + server.url("/") + "\"><p>x<img src=spy>"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const ArchiveOfTest archive;
      server.on("/page", html(row.page));
      snapshot(archive, {server.url("/page")});
      const size_t asked = server.requests().size();
      const auto seen = look_at(exported(archive) + "/index.html");
      if (!seen) return;
      CHECK((*seen)["outside"].empty());
      CHECK((*seen)["scripts_ran"] == false);
      CHECK(server.requests().size() == asked);
    }
  }
}

TEST_CASE("a copy of a page in UTF-16 shows its pictures and runs nothing", "[tools]") {
  TestServer server;
  const std::string page =
      "<!DOCTYPE html><title>x</title><script>window.halftone_script_ran = true</script><p>x"
      "<img src=/p.png>";
  server.on("/p.png", png());
  struct Row {
    const char* name;
    bool big_endian, has_mark;
    const char* type;
  };
  const Row rows[] = {{"little-endian", false, true, "text/html"},
                      {"big-endian", true, true, "text/html"},
                      {"by its header", false, false, "text/html; charset=utf-16le"}};
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      std::string wide = !row.has_mark ? "" : row.big_endian ? "\xFE\xFF" : "\xFF\xFE";
      for (const char c : page) {
        wide += row.big_endian ? std::string{'\0', c} : std::string{c, '\0'};
      }
      server.on("/page", text(wide, row.type));
      const ArchiveOfTest archive;
      REQUIRE(snapshot(archive, {server.url("/page")}).code == 0);
      CHECK(archive.only_article()["images"] == 1);
      const auto seen = look_at(exported(archive) + "/index.html");
      if (!seen) return;
      CHECK((*seen)["scripts_ran"] == false);
      CHECK((*seen)["outside"].empty());
      REQUIRE((*seen)["images"].size() == 1);
      CHECK((*seen)["images"][0]["width"] == 20);
    }
  }
}

TEST_CASE("a missing picture says why, in any script", "[tools]") {
  const ArchiveOfTest archive;
  const std::string page = archive.folder().write(
      "page.html",
      "<!DOCTYPE html><meta charset=utf-8><title>x</title><p>x"
      "<img src='纸坊里的水声纸坊里的水声纸坊里的水声纸坊里的水声纸坊里的水声.png'>"
      "<img src='a纸坊里的水声纸坊里的水声纸坊里的水声纸坊里的水声纸坊里的水声.png'>"
      "<img src='%01.png'>");
  REQUIRE(snapshot(archive, {page}).code == 3);
  const auto seen = look_at(exported(archive) + "/index.html");
  if (!seen) return;
  REQUIRE((*seen)["images"].size() == 3);
  for (const auto& image : (*seen)["images"]) CHECK(image["width"] == 640);
}

TEST_CASE("what a style sheet's link leads to is CSS, whatever the server calls it", "[tools]") {
  TestServer server;
  const std::string css = "body { background: url(bg.png) }";
  server.on("/page", html("<link rel=stylesheet href=/css/latest.css><p>x"));
  server.on("/assets/bg.png", png());
  const std::string type = GENERATE("text/css", "text/plain", "application/octet-stream", "");
  CAPTURE(type);
  // By a redirect: what the sheet shows stands beside where it really is.
  server.on("/css/latest.css", redirect("/assets/site.css"));
  server.on("/assets/site.css", text(css, type));

  const ArchiveOfTest archive;
  REQUIRE(snapshot(archive, {server.url("/page")}).code == 0);
  CHECK(archive.only_article()["archived"] == 2);
  const auto seen = look_at(exported(archive) + "/index.html");
  if (!seen) return;
  CHECK((*seen)["backgrounds"] == 1);
  CHECK((*seen)["requested"].dump().find("images/") != std::string::npos);
}

TEST_CASE("a page that a browser saved is archived with the files beside it", "[tools]") {
  const ArchiveOfTest archive;
  const TemporaryDirectory& folder = archive.folder();
  folder.write("Saved Page_files/s.css", "p { background: url(c.png) }");
  folder.write("Saved Page_files/c.png", make_png(20, 20));
  folder.write("Saved Page_files/p.png", make_png(30, 20));
  folder.write("secret.png", make_png(40, 20));
  const std::string page =
      folder.write("pages/../Saved Page.html",
                   "<title>Saved</title><link rel=stylesheet href=\"Saved%20Page_files/s.css\"><p>x"
                   "<img src=\"./Saved Page_files/p.png\">");
  REQUIRE(snapshot(archive, {page}).code == 0);
  CHECK(archive.only_article()["archived"] == 3);

  // Its folder is all that a page may reach.
  const std::string inner =
      folder.write("Saved Page_files/inner.html",
                   "<title>x</title><p>x<img src=\"../secret.png\"><img src=/etc/passwd>");
  const Ended ended = snapshot(archive, {inner});
  CHECK(ended.code == 3);
  CHECK(ended.err.find("outside of the folder") != std::string::npos);
  // And the web reaches none.
  TestServer server;
  server.on("/page", html("<p>x<img src=\"file://" + folder.file("secret.png") + "\">"));
  CHECK(snapshot(archive, {server.url("/page")}).code == 3);
}

TEST_CASE("style sheets that import each other for ever end", "[tools]") {
  const ArchiveOfTest archive;
  for (int i = 0; i < 5000; ++i) {
    archive.folder().write("s" + std::to_string(i) + ".css",
                           "@import url(s" + std::to_string(i + 1) + ".css);");
  }
  // All of them named by the page as well: then none is deep, but each leads to the next.
  std::string links;
  for (int i = 0; i < 15'000; ++i) {
    const std::string name = "t" + std::to_string(i) + ".css";
    archive.folder().write(name, "@import url(t" + std::to_string(i + 1) + ".css);");
    links += "<link rel=stylesheet href=" + name + ">";
  }
  const std::string wide = archive.folder().write("wide.html", "<title>x</title><p>x" + links);
  CHECK(snapshot(archive, {wide}).code == 3);
  exported(archive, "wide-copy");
  archive.folder().write("round.css", "@import 'round.css'; @import 's0.css';");
  const std::string page = archive.folder().write(
      "page.html", "<title>x</title><link rel=stylesheet href=round.css><p>x");
  const Ended ended = snapshot(archive, {page});
  CHECK(ended.code == 3);
  CHECK(ended.err.find("import each other without end") != std::string::npos);
  exported(archive);
}

TEST_CASE("an address that is too long costs only itself", "[tools]") {
  TestServer server;
  server.on("/page", html("<p>x<img src=/long><img src=/good.png>"));
  server.on("/long", redirect("/" + std::string(70'000, 'x')));
  server.on("/good.png", png());
  const ArchiveOfTest archive;
  const Ended ended = snapshot(archive, {server.url("/page")});
  CHECK(ended.code == 3);
  CHECK(ended.err.find("too long") != std::string::npos);
  CHECK(archive.only_article()["archived"] == 1);
}

TEST_CASE("a page that was no article the first time is asked for again", "[tools]") {
  TestServer server;
  server.on("/page", {text("%PDF-1.7\n", "application/pdf"), html("<title>Now</title><p>x")});
  const ArchiveOfTest archive;
  CHECK(snapshot(archive, {server.url("/page")}).code == 1);
  CHECK(snapshot(archive, {server.url("/page")}).code == 0);
  CHECK(archive.only_article()["title"] == "Now");
}

TEST_CASE("secrets go to whom they are meant for, and are not archived", "[tools]") {
  TestServer site, images;
  site.on("/page", html("<title>x</title><p><a href=/other>x</a><img src=\"" +
                        images.url("/a.png", "localhost") + "\"><img src=/b.png>"));
  site.on("/b.png", png());
  images.on("/a.png", png(30));
  const ArchiveOfTest archive;
  std::string url = site.url("/page");
  url.insert(url.find("//") + 2, "reader:s3cret@");
  const Ended ended = snapshot(archive, {url, "--header", "X-Api-Key: t0ken", "--header",
                                         "Accept-Language: zh", "--allow-private"});
  CAPTURE(ended.err);
  REQUIRE(ended.code == 0);
  CHECK(site.requests("/page").back().field("Authorization").value_or("").starts_with("Basic "));
  for (const SeenRequest& request : site.requests()) CHECK(request.field("X-Api-Key") == "t0ken");
  REQUIRE(images.requests().size() == 1);
  CHECK_FALSE(images.requests()[0].field("X-Api-Key"));
  CHECK_FALSE(images.requests()[0].field("Authorization"));
  CHECK(images.requests()[0].field("Accept-Language") == "zh");

  const std::string everything =
      all_text(exported(archive)) + all_text(archive.path() + "/reports") + ended.err + ended.out +
      archive.run({"show", archive.only_article()["id"]}).out + all_text(archive.path() + "/db");
  CHECK(everything.find("s3cret") == std::string::npos);
  CHECK(everything.find("t0ken") == std::string::npos);
}

TEST_CASE("a title cannot write to the terminal what it likes", "[tools]") {
  TestServer server;
  server.on("/page",
            html("<title>a\x1B]0;owned\x07 b\xC2\x9B c</title><p>x<img src=\"http://[\x1B[31m\">"));
  const ArchiveOfTest archive;
  const Ended taken = snapshot(archive, {server.url("/page")});
  const std::string id = archive.only_article()["id"];
  for (const std::string& text :
       {taken.out, taken.err, archive.run({"list"}).out, archive.run({"show", id}).out}) {
    CHECK(text.find('\x1B') == std::string::npos);
    CHECK(text.find('\x07') == std::string::npos);
    CHECK(text.find("\xC2\x9B") == std::string::npos);
  }
}

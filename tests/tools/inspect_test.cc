// halftone inspect, as strangers use it: through the built program.
#include "tests/support/catch.h"
#include "tests/support/conformance.h"
#include "tests/support/pictures.h"
#include "tests/tools/halftone_program.h"

using namespace halftone;
using nlohmann::json;

namespace {

// Asks one part all these questions at once.
std::vector<json> batch(const std::string& part, const std::string& questions) {
  const TemporaryDirectory folder;
  folder.write("questions", questions);
  const Ended ended = run_program({"sh", "-c", "exec \"$0\" inspect \"$1\" --batch < \"$2\"",
                                   HALFTONE_PROGRAM, part, folder.file("questions")});
  REQUIRE(ended.code == 0);
  return json_lines(ended.out);
}

json ask(const std::string& part, const json& question) {
  const auto answers = batch(part, question.dump() + "\n");
  REQUIRE(answers.size() == 1);
  return answers[0];
}

}  // namespace

TEST_CASE("a batch answers line by line, whatever the lines", "[tools]") {
  const auto answers = batch("url", R"({"input": "/a", "base": "https://x.test/"}
nothing like JSON

[1, 2]
{"input": 7}
{"input": "https://x.test/\ud800b", "base": null}
{"input": "no base"})");
  REQUIRE(answers.size() == 7);
  CHECK(answers[0]["href"] == "https://x.test/a");
  for (const size_t i : {1U, 2U, 3U, 4U}) CHECK(answers[i].contains("error"));
  CHECK(answers[5]["href"] == "https://x.test/%EF%BF%BDb");
  CHECK(answers[6] == json{{"ok", false}});
}

TEST_CASE("inspect url passes the published tests from outside", "[tools]") {
  const json tests = read_conformance("url/urltestdata.json");
  if (tests.is_null()) return;
  std::string questions;
  std::vector<json> rows;
  for (const json& row : tests) {
    if (!row.is_object()) continue;
    rows.push_back(row);
    questions += json{{"input", row["input"]}, {"base", row["base"]}}.dump() + "\n";
  }
  const auto answers = batch("url", questions);
  REQUIRE(answers.size() == rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(rows[i].dump());
    const bool fails = rows[i].value("failure", false);
    REQUIRE(answers[i]["ok"] == !fails);
    for (const char* member : {"href", "protocol", "username", "password", "host", "hostname",
                               "port", "pathname", "search", "hash", "origin"}) {
      if (!fails && rows[i].contains(member)) CHECK(answers[i][member] == rows[i][member]);
    }
  }
}

TEST_CASE("inspect links tells each link, and where it stands", "[tools]") {
  const std::string page = "<img src='a&amp;b.png' alt=x loading=lazy><a href='#top'>t</a>";
  const json answer =
      ask("links", {{"text", page}, {"type", "html"}, {"base", "https://x.test/p"}});
  CHECK(answer["base"] == "https://x.test/p");
  CHECK(answer["charset"] == "UTF-8");
  CHECK(answer["warnings"] == json::array());
  REQUIRE(answer["links"].size() == 2);
  CHECK(answer["links"][0] == json{{"url", "https://x.test/a&b.png"},
                                   {"raw", "a&b.png"},
                                   {"kind", "image"},
                                   {"span", {10, 21}},
                                   {"loading", "near-view"},
                                   {"element", "img"},
                                   {"attribute", "src"},
                                   {"alt", "x"}});
  CHECK(answer["links"][1]["kind"] == "other");
}

TEST_CASE("a text of ASCII may name the encoding of its queries, another one is UTF-8", "[tools]") {
  struct Row {
    const char* name;
    json question;
    const char *url, *charset;
  };
  const std::string meta = "<meta charset=gbk>";
  const Row rows[] = {
      {"ASCII", {{"text", meta + "<img src='a?&#20013;'>"}}, "https://x.test/a?%D6%D0", "GBK"},
      {"not ASCII", {{"text", meta + "<img src='a?中'>"}}, "https://x.test/a?%E4%B8%AD", "UTF-8"},
      {"bytes",
       {{"base64", "PG1ldGEgY2hhcnNldD1nYms+PGltZyBzcmM9J2E/1tAnPg=="}},
       "https://x.test/a?%D6%D0",
       "GBK"},
      {"HTTP's charset",
       {{"base64", "PGltZyBzcmM9J2E/1tAnPg"}, {"charset", "gb2312"}},
       "https://x.test/a?%D6%D0",
       "GBK"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      json question = row.question;
      question["base"] = "https://x.test/";
      const json answer = ask("links", question);
      CHECK(answer["charset"] == row.charset);
      REQUIRE(answer["links"].size() == 1);
      CHECK(answer["links"][0]["url"] == row.url);
    }
  }
}

TEST_CASE("front matter comes with its date", "[tools]") {
  const json answer = ask("links", {{"type", "markdown"},
                                    {"base", "https://x.test/"},
                                    {"text",
                                     "---\ntitle: T\ntags: [a, b]\ndate: 2022-01-21 10:30:00\n"
                                     "headimg: /h.png\nempty:\n---\n![p](p.png)\n"}});
  const json matter = answer["front_matter"];
  CHECK(matter["title"] == "T");
  CHECK(matter["tags"] == json{"a", "b"});
  CHECK(matter["empty"].is_null());
  CHECK(matter["date"].get<std::string>().starts_with("2022-01-21T"));
  CHECK(answer["links"].size() == 2);
}

TEST_CASE("the short parts answer", "[tools]") {
  struct Row {
    const char* part;
    json question, answer;
  };
  const Row rows[] = {
      {"srcset",
       {{"input", "a,b.png 1x, c 2q"}, {"base", "https://x.test/"}},
       {{"candidates",
         {{{"url", "https://x.test/a,b.png"}, {"raw", "a,b.png"}, {"descriptor", "1x"}}}},
        {"errors", {"c: \"2q\" is no descriptor"}}}},
      {"mime",
       {{"input", "Text/HTML; Charset=\"GBK\""}},
       {{"essence", "text/html"}, {"serialized", "text/html;charset=GBK"}, {"charset", "GBK"}}},
      {"mime",
       {{"input", "none"}},
       {{"essence", nullptr}, {"serialized", nullptr}, {"charset", nullptr}}},
      {"type",
       {{"base64", "iVBORw0KGgo="}, {"content_type", "text/html"}},
       {{"type", "image/png"}, {"by", "content"}}},
      {"type",
       {{"text", "p{}"}, {"content_type", "text/css"}},
       {{"type", "text/css"}, {"by", "header"}}},
      {"encoding", {{"base64", "//4AAA=="}}, {{"encoding", "UTF-16LE"}, {"by", "bom"}}},
      {"encoding",
       {{"text", "a"}, {"charset", "latin1"}},
       {{"encoding", "windows-1252"}, {"by", "header"}}},
      {"robots",
       {{"robots", "User-agent: *\nDisallow: /p\nCrawl-delay: 2.5\nSitemap: https://x.test/s.xml"},
        {"agent", "halftone"},
        {"url", "https://x.test/private"}},
       {{"allowed", false},
        {"rule", "Disallow: /p"},
        {"line", 2},
        {"group", "*"},
        {"crawl_delay", 2.5},
        {"sitemaps", {"https://x.test/s.xml"}}}},
      {"robots",
       {{"robots", ""}, {"agent", "halftone"}, {"url", "https://x.test/"}},
       {{"allowed", true},
        {"rule", nullptr},
        {"line", nullptr},
        {"group", nullptr},
        {"crawl_delay", nullptr},
        {"sitemaps", json::array()}}},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.part << " " << row.question.dump()) {
      CHECK(ask(row.part, row.question) == row.answer);
    }
  }
}

TEST_CASE("feeds and sitemaps become entries", "[tools]") {
  const json feed = ask("feed", {{"base", "https://x.test/"},
                                 {"text",
                                  "<rss><channel><title>F</title><item><title>T</title>"
                                  "<link>/a</link><guid>g</guid>"
                                  "<pubDate>Fri, 21 Jan 2022 10:30:00 +0800</pubDate>"
                                  "<category>c</category><enclosure url='/m.mp3' "
                                  "type='audio/mpeg'/></item></channel></rss>"}});
  CHECK(feed["kind"] == "rss");
  CHECK(feed["title"] == "F");
  CHECK(feed["entries"] == json{{{"id", "g"},
                                 {"url", "https://x.test/a"},
                                 {"title", "T"},
                                 {"date", "2022-01-21T02:30:00Z"},
                                 {"categories", {"c"}},
                                 {"images", json::array()},
                                 {"enclosures", {"https://x.test/m.mp3"}}}});
  const json sitemap = ask("sitemap", {{"base", "https://x.test/s.xml"},
                                       {"text",
                                        "<urlset><url><loc>https://x.test/a</loc>"
                                        "<image:image><image:loc>https://x.test/i.png"
                                        "</image:loc></image:image></url></urlset>"}});
  CHECK(sitemap["kind"] == "urlset");
  REQUIRE(sitemap["entries"].size() == 1);
  CHECK(sitemap["entries"][0]["url"] == "https://x.test/a");
  CHECK(sitemap["entries"][0]["images"] == json{"https://x.test/i.png"});
}

TEST_CASE("inspect article tells its facts", "[tools]") {
  const json answer =
      ask("article", {{"type", "html"},
                      {"base", "https://x.test/a"},
                      {"text",
                       "<html lang=en><title>A title</title><article><h1>A title</h1>"
                       "<p>The first paragraph is long enough to count as text.</p>"
                       "<figure><img src=i.png alt=I><figcaption>A caption</figcaption>"
                       "</figure></article>"}});
  CHECK(answer["title"] == "A title");
  CHECK(answer["language"] == "en");
  CHECK(answer["date"].is_null());
  CHECK(answer["images"] ==
        json{{{"url", "https://x.test/i.png"}, {"alt", "I"}, {"caption", "A caption"}}});
  CHECK(answer["text"].get<std::string>().find("The first paragraph") != std::string::npos);
}

TEST_CASE("inspect image answers for every file, in order", "[tools]") {
  const TemporaryDirectory folder;
  folder.write("a.png", make_png(30, 20));
  folder.write("b.png", "no picture");
  folder.write("c.png", make_png(30, 20).substr(0, 60));
  const Ended ended = run_halftone({"inspect", "image", folder.file("a.png"), folder.file("b.png"),
                                    folder.file("absent.png"), folder.file("c.png")});
  CHECK(ended.code == 1);
  CHECK(ended.err.find("absent.png") != std::string::npos);
  const auto lines = json_lines(ended.out);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0]["file"] == folder.file("a.png"));
  CHECK(lines[0]["ok"] == true);
  CHECK(lines[0]["format"] == "png");
  CHECK(lines[0]["mime"] == "image/png");
  CHECK(lines[0]["width"] == 30);
  CHECK(lines[0]["display_height"] == 20);
  CHECK(lines[0]["frames"] == 1);
  CHECK(lines[0]["phash"].get<std::string>().size() == 16);
  CHECK(lines[0]["error"].is_null());
  CHECK(lines[1]["ok"] == false);
  CHECK(lines[1]["format"].is_null());
  CHECK(lines[1]["error"].is_string());
  CHECK(lines[2]["file"] == folder.file("absent.png"));
  CHECK(lines[2]["ok"] == false);
  CHECK(lines[2]["error"].get<std::string>().find("absent.png") != std::string::npos);
  CHECK(lines[3]["ok"] == false);
  CHECK(lines[3]["format"] == "png");
}

TEST_CASE("inspect rewrite writes the document with other links", "[tools]") {
  const TemporaryDirectory folder;
  const std::string page = "<img src='a.png'><p>\xFF\xFE bytes</p>";
  folder.write("page.html", page);
  folder.write("map", R"({"url": "https://x.test/a.png", "to": "kept/a'b.png"})");
  folder.write("empty", "");
  const auto rewrite = [&](std::vector<std::string> how) {
    how.insert(how.begin(), {"inspect", "rewrite", "--type", "html", "--base", "https://x.test/"});
    how.push_back(folder.file("page.html"));
    const Ended ended = run_halftone(how);
    CHECK(ended.code == 0);
    return ended.out;
  };
  CHECK(rewrite({"--map", folder.file("map")}) ==
        "<img src='kept/a&#39;b.png'><p>\xFF\xFE bytes</p>");
  CHECK(rewrite({"--map", folder.file("empty")}) == page);
  CHECK(rewrite({"--prefix", "https://w.test/", "--timestamp", "2026"}) ==
        "<img src='https://w.test/2026im_/https://x.test/a.png'><p>\xFF\xFE bytes</p>");

  CHECK(rewrite({"--prefix", "https://w.test/x", "--timestamp", "2026"}) ==
        "<img src='https://w.test/x/2026im_/https://x.test/a.png'><p>\xFF\xFE bytes</p>");
  const json page_alone = {{"text", "<p>"}, {"type", "html"}, {"base", "https://x.test/"}};
  json with_prefix = page_alone;
  with_prefix["prefix"] = "/web/";
  CHECK(ask("rewrite", page_alone).contains("error"));
  CHECK(ask("rewrite", with_prefix).contains("error"));

  const json answer = ask("rewrite", {{"text", "p{background:url(a)}"},
                                      {"type", "css"},
                                      {"base", "https://x.test/"},
                                      {"map", {{{"url", "https://x.test/a"}, {"to", "b c"}}}}});
  CHECK(answer["text"] == "p{background:url(b\\20 c)}");
}

TEST_CASE("inspect says what it cannot do, and how to ask", "[tools]") {
  struct Row {
    const char* name;
    std::vector<std::string> words;
    int code;
    const char* says;
  };
  const Row rows[] = {
      {"no part", {"inspect"}, 2, "links, url, robots"},
      {"another part", {"inspect", "pictures"}, 2, "there is no part pictures"},
      {"nothing to look at", {"inspect", "links"}, 2, "something to look at"},
      {"batch and a file", {"inspect", "links", "--batch", "a"}, 2, "standard input"},
      {"rewrite to nowhere", {"inspect", "rewrite", "a"}, 2, "--map or --prefix"},
      {"prefix without a time", {"inspect", "rewrite", "--prefix", "p", "a"}, 2, "--timestamp"},
      {"no such file", {"inspect", "links", "/nonexistent"}, 1, "/nonexistent"},
      {"no such type",
       {"inspect", "links", "--type", "pdf", "/dev/null"},
       2,
       "there is no type pdf"},
      {"no such base", {"inspect", "links", "--base", "nonsense", "/dev/null"}, 2, "nonsense"},
      {"no feed", {"inspect", "feed", "/dev/null"}, 1, "/dev/null"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const Ended ended = run_halftone(row.words);
      CHECK(ended.code == row.code);
      CAPTURE(ended.err);
      CHECK(ended.err.find(row.says) != std::string::npos);
    }
  }
}

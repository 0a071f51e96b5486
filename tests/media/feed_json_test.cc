#include <fmt/format.h>

#include "media/document.h"
#include "media/feed.h"
#include "media/json_reader.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

const Url kBase = *Url::parse("https://news.test/feeds/all.json");

constexpr std::string_view kFeed = R"({
  "version": "https:\/\/jsonfeed.org\/version\/1.1", "title": "T &amp; U",
  "home_page_url": "https://news.test/", "feed_url": "/feed.json", "next_url": "?page=2",
  "icon": "/i.png", "favicon": "/f.ico", "authors": [{"name": "F", "url": "/me", "avatar": "/me.jpg"}],
  "hubs": [{"type": "WebSub", "url": "https://hub.test/"}], "_ours": {"url": "/no", "items": [{"id": 9}]},
  "items": [
    {"id": "1", "content_html": "<p><img src=\"c.jpg\" alt='\u00e9'><a href=\"p?a&amp;b\">", "url": "https:\/\/news.test\/a\/",
     "external_url": "/x", "title": " A\n<b> ", "image": "/m.jpg", "banner_image": "/b.jpg", "tags": ["t", "u", "t"],
     "date_published": "2022-01-09T11:28:37+08:00", "date_modified": "2023-01-01T00:00:00Z",
     "authors": [{"name": "N", "avatar": "/n.jpg"}],
     "attachments": [{"url": "/e.mp3", "mime_type": "audio/mpeg"}, {"mime_type": "image/png", "url": "/e"}]},
    {"id": 2, "external_url": "https://o.test/", "date_modified": "2023-01-01", "content_text": "<img src=/no>"}
  ]
})";

std::vector<Reference> references_of(std::string_view bytes) {
  const auto scan = scan_document(bytes, DocumentType::kFeed, kBase);
  return scan.references;
}

// "key=text" for what a reader tells, "{" "[" "}" for the rest.
std::string told(std::string_view json) {
  std::string out;
  JsonReader reader(json);
  for (JsonToken token = reader.next(); token.type != JsonToken::Type::kEnd;
       token = reader.next()) {
    CHECK(json.substr(token.span.from, token.span.size()) == token.text);
    if (!out.empty()) out += ' ';
    if (!token.key.empty()) out += fmt::format("{}=", token.key);
    out += token.text;
  }
  return out;
}

}  // namespace

TEST_CASE("values of JSON in order", "[media]") {
  struct Row {
    const char* rule;
    std::string_view json, told;
  };
  const Row rows[] = {
      {"members and arrays", R"({"a": "b", "c": [1, "d", {"e": null}], "f": -1.5e3})",
       "{ a=b c=[ 1 d { e=null } ] f=-1.5e3 }"},
      {"escapes in strings", R"(["a\"b", "\\", "\u00e9"])", R"([ a\"b \\ \u00e9 ])"},
      {"a key in strings", R"({"a":"b:c","d" : "e"})", "{ a=b:c d=e }"},
      {"line breaks in strings", "[\"a\nb\"]", "[ a\nb ]"},
      {"commas too many", R"({"a":1,,"b":2,})", "{ a=1 b=2 }"},
      {"a key without a value", R"({"a":,"b":[]})", "{ b=[ ] }"},
      {"a cut string", R"(["a", "b)", "[ a"},
      {"a cut escape", R"(["a\)", "["},
      {"brackets that match nothing", R"(]}"a"[)", "] } a ["},
      {"nothing", "", ""},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule) { CHECK(told(row.json) == row.told); }
  }
}

TEST_CASE("JSON Feed's facts", "[media]") {
  const auto feed = parse_feed(kFeed, kBase);
  REQUIRE(feed);
  CHECK(feed->type == Feed::Type::kJson);
  CHECK(feed->title == "T &amp; U");
  REQUIRE(feed->entries.size() == 2);
  const FeedEntry& first = feed->entries[0];
  CHECK(first.id == "1");
  CHECK(first.url == "https://news.test/a/");
  CHECK(first.title == "A <b>");
  CHECK(first.author == "N");
  REQUIRE(first.date);
  CHECK(to_iso8601(*first.date) == "2022-01-09T03:28:37Z");
  CHECK(first.categories == std::vector<std::string>{"t", "u"});
  CHECK(first.images == std::vector<std::string>{"https://news.test/a/c.jpg",
                                                 "https://news.test/m.jpg",
                                                 "https://news.test/b.jpg", "https://news.test/e"});
  CHECK(first.enclosures == std::vector<std::string>{"https://news.test/e.mp3"});
  const FeedEntry& second = feed->entries[1];
  CHECK(second.id == "2");
  CHECK(second.url == "https://o.test/");
  CHECK(second.author == "F");
  CHECK(second.date);
  CHECK(second.images.empty());
}

TEST_CASE("references of JSON Feed", "[media]") {
  std::string listed;
  for (const Reference& reference : references_of(kFeed)) {
    listed += fmt::format("{} {}@{} {}\n", to_string(reference.kind), reference.element,
                          reference.attribute, reference.url);
  }
  CHECK(listed ==
        "page @home_page_url https://news.test/\nfeed @feed_url https://news.test/feed.json\n"
        "feed @next_url https://news.test/feeds/all.json?page=2\n"
        "image @icon https://news.test/i.png\nicon @favicon https://news.test/f.ico\n"
        "page authors@url https://news.test/me\nimage authors@avatar https://news.test/me.jpg\n"
        "other hubs@url https://hub.test/\nimage img@src https://news.test/a/c.jpg\n"
        "page a@href https://news.test/a/p?a&b\npage items@url https://news.test/a/\n"
        "page items@external_url https://news.test/x\nimage items@image https://news.test/m.jpg\n"
        "image items@banner_image https://news.test/b.jpg\n"
        "image authors@avatar https://news.test/n.jpg\n"
        "media attachments@url https://news.test/e.mp3\n"
        "image attachments@url https://news.test/e\npage items@external_url https://o.test/\n");
}

TEST_CASE("what is written over a reference of JSON Feed is found there", "[media]") {
  const std::string url = "https://archive.test/a?b='c'&d=\"e\"&amp;<f>\\";
  const auto before = references_of(kFeed);
  for (size_t i = 0; i < before.size(); ++i) {
    CAPTURE(i, before[i].raw);
    std::string changed(kFeed);
    changed.replace(before[i].span.from, before[i].span.size(), escaped(url, before[i].escapes));
    const auto after = references_of(changed);
    REQUIRE(after.size() == before.size());
    for (size_t j = 0; j < after.size(); ++j) {
      CHECK(after[j].raw == (j == i ? url : before[j].raw));
    }
  }
}

TEST_CASE("JSON that is no feed", "[media]") {
  for (const std::string_view json : {"{}", "[]", R"({"version": "1.1", "items": []})",
                                      R"([{"version": "https://jsonfeed.org/version/1"}])"}) {
    CAPTURE(json);
    CHECK_FALSE(parse_feed(json, kBase));
  }
  CHECK(document_type("application/json", "", kFeed) == DocumentType::kFeed);
  CHECK(document_type("application/feed+json", "", "") == DocumentType::kFeed);
  CHECK(document_type("application/json", "", "{}") == DocumentType::kNone);
  CHECK(is_json_feed("", "\xEF\xBB\xBF {\"version\": \"https://jsonfeed.org/version/1\"}"));
  CHECK_FALSE(is_json_feed("text/html", kFeed));
  CHECK_FALSE(is_json_feed("application/json", R"({"a": "https://jsonfeed.org/"})"));
}

TEST_CASE("JSON Feed cut anywhere gets an answer", "[media]") {
  for (size_t size = 0; size <= kFeed.size(); ++size) {
    CAPTURE(size);
    for (const Reference& reference : references_of(kFeed.substr(0, size))) {
      REQUIRE(reference.span.from < reference.span.to);
      REQUIRE(reference.span.to <= size);
    }
    const auto feed = parse_feed(kFeed.substr(0, size), kBase);
    if (feed) CHECK(feed->entries.size() <= 2);
  }
}

TEST_CASE("hostile JSON Feeds get an answer", "[media]") {
  for (const std::string_view piece :
       {"{", "[", "{\"items\":[", "{\"a\":", "\"", "\\", "{\"id\":1},", "{\"tags\":[\"a\"]},",
        "{\"content_html\":\"<img src=a>\"},", "{\"attachments\":[{\"url\":\"a\"}]},", "]", "}"}) {
    for (const size_t count : {50'000, 100'000}) {
      std::string json =
          R"({"version": "https://jsonfeed.org/version/1", "items": [{"url": "/a"},)";
      for (size_t i = 0; i < count; ++i) json += piece;
      CAPTURE(piece, count);
      const auto feed = parse_feed(json, kBase);
      REQUIRE(feed);
      CHECK(feed->entries[0].url == "https://news.test/a");
      CHECK(references_of(json).size() <= 1 + count);
    }
  }
}

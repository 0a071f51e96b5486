#include "store/article_index.h"
#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"

using namespace halftone;

namespace {

Time at(int64_t second) { return Time(std::chrono::seconds(second)); }

struct Fixture {
  TemporaryDirectory folder;
  std::unique_ptr<Database> database = *Database::open(folder.file("db"), Database::Mode::kWrite);
  Articles articles{*database};

  Article add(const std::string& url, int64_t captured, std::optional<int64_t> date = {},
              std::string source = {}, std::string title = {}) {
    Article article;
    article.url = url;
    article.id = article_id(url);
    article.captured_at = at(captured);
    article.facts.title = title.empty() ? fmt::format("{} {}", url, captured) : title;
    if (date) article.facts.date = at(*date);
    article.source = std::move(source);
    REQUIRE(articles.add(article));
    return article;
  }

  std::vector<std::string> titles(const ArticleQuery& query) const {
    std::vector<std::string> found;
    REQUIRE(articles.list(query, [&](const ArticleSummary& version) {
      found.push_back(version.title);
      return true;
    }));
    return found;
  }

  std::vector<std::string> rows() const {
    std::vector<std::string> keys;
    REQUIRE(database->scan(Table::kIndex, {}, [&](auto key, auto) {
      keys.emplace_back(key);
      return true;
    }));
    return keys;
  }
};

using Titles = std::vector<std::string>;
constexpr auto kByDate = ArticleQuery::Order::kDate;

}  // namespace

TEST_CASE_METHOD(Fixture, "a list tells the newest version of each article that is asked about",
                 "[store]") {
  const std::string a = "https://www.example.com/a", b = "https://blog.example.com:8080/b",
                    c = "https://example.org/c", d = "file:///tmp/d.md";
  add(a, 100, 50, "feed", "a1");
  add(a, 300, 20, "", "a3");
  add(b, 200, 90, "feed", "b2");
  add(c, 400, std::nullopt, "feed of", "c4");
  add(d, 50, 70, "", "d0");

  struct Row {
    const char* name;
    ArticleQuery query;
    Titles found;
  };
  const Row rows[] = {
      {"everything, newest capture first", {}, {"c4", "a3", "b2", "d0"}},
      {"by their own date, the undated last", {.order = kByDate}, {"b2", "d0", "a3", "c4"}},
      {"captured since", {.captured_since = at(200)}, {"c4", "a3", "b2"}},
      {"captured until: as it was then", {.captured_until = at(200)}, {"b2", "a1", "d0"}},
      {"between", {.captured_since = at(100), .captured_until = at(199)}, {"a1"}},
      {"as it was then, by date",
       {.order = kByDate, .captured_until = at(200)},
       {"b2", "d0", "a1"}},
      {"dated between: the newest of those versions",
       {.order = kByDate, .dated_since = at(50), .dated_until = at(70)},
       {"d0", "a1"}},
      {"dated, in order of capture", {.dated_since = at(50)}, {"b2", "a1", "d0"}},
      {"a site", {.site = "example.com"}, {"a3", "b2"}},
      {"a site by date", {.order = kByDate, .site = "example.com"}, {"b2", "a3"}},
      {"a host", {.site = "WWW.example.com"}, {"a3"}},
      {"what only ends alike is another host", {.site = "ample.com"}, {}},
      {"a source: versions that it led to", {.source = "feed"}, {"b2", "a1"}},
      {"not a longer one", {.source = "feed of"}, {"c4"}},
      {"a source of a site", {.site = "blog.example.com", .source = "feed"}, {"b2"}},
      {"no such source", {.source = "fee"}, {}},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) { CHECK(titles(row.query) == row.found); }
  }
  CHECK(articles.list({.site = "a b"}, [](auto&) { return true; }).error().code ==
        ErrorCode::kInvalid);
  int visited = 0;
  for (const ArticleQuery& query :
       {ArticleQuery{}, ArticleQuery{.order = kByDate}, ArticleQuery{.site = "example.com"}}) {
    visited = 0;
    REQUIRE(articles.list(query, [&](auto&) { return ++visited < 1; }));
    CHECK(visited == 1);
  }
}

TEST_CASE_METHOD(Fixture, "a summary tells what a list needs", "[store]") {
  Article article = add("https://example.com/", 100, 50, "urls.txt", "title \xFF");
  ArchivedReference picture;
  picture.kind = Kind::kImage;
  picture.url = "https://example.com/p.png";
  picture.outcome = Outcome::kArchived;
  picture.digest = sha256("picture");
  picture.size = 7;
  picture.type = "image/png";
  article.size = 100;
  article.references = {picture};
  REQUIRE(articles.add(article));
  int count = 0;
  REQUIRE(articles.for_each_summary([&](const ArticleSummary& version) {
    ++count;
    CHECK(version.id == article.id);
    CHECK(version.url == article.url);
    CHECK(version.title == "title \xEF\xBF\xBD");
    CHECK(version.source == "urls.txt");
    CHECK(version.date == at(50));
    CHECK(version.captured_at == at(100));
    CHECK(version.completeness.references == 1);
    CHECK(version.completeness.archived == 1);
    CHECK(version.completeness.missing == 0);
    CHECK(version.completeness.images == 1);
    CHECK(version.completeness.bytes == 107);
    return true;
  }));
  CHECK(count == 1);
}

TEST_CASE_METHOD(Fixture, "index rows come and go with their version", "[store]") {
  add("https://example.com/", 100, 50, "feed");
  const auto before = rows();
  CHECK(before.size() == 5);
  for (const std::string& row : before) {
    CHECK(*database->get(Table::kArticle, row.substr(row.size() - 33)));
  }

  SECTION("a version of the same moment takes the place of the first") {
    add("https://example.com/", 100, 60, "other \xFF source");
    CHECK(titles({.source = "feed"}).empty());
    CHECK(titles({.source = "other \xEF\xBF\xBD source"}).size() == 1);
    CHECK(titles({.dated_until = at(50)}).empty());
    CHECK(rows().size() == 5);
  }
  add("https://example.com/", 200, std::nullopt, "", "stays");
  SECTION("what is removed is found no more") {
    WriteBatch batch;
    REQUIRE(articles.for_each_summary([&](const ArticleSummary& version) {
      if (version.captured_at == at(100)) articles.remove(version, batch);
      return true;
    }));
    REQUIRE(database->write(std::move(batch), true));
    CHECK(titles({}) == Titles{"stays"});
    CHECK(titles({.captured_until = at(100)}).empty());
    CHECK(rows().size() == 4);
    CHECK(articles.history(article_id("https://example.com/"))->size() == 1);
  }
}

TEST_CASE_METHOD(Fixture, "a damaged index row is kCorrupt", "[store]") {
  add("https://example.com/", 100);
  WriteBatch batch;
  batch.put(Table::kIndex, rows()[0], "{}");
  REQUIRE(database->write(std::move(batch), false));
  const auto visit = [](const ArticleSummary&) { return true; };
  CHECK(articles.list({}, visit).error().code == ErrorCode::kCorrupt);
  CHECK(articles.for_each_summary(visit).error().code == ErrorCode::kCorrupt);
}

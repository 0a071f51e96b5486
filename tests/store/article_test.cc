#include "store/article.h"

#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"

using namespace halftone;

namespace {

struct Fixture {
  TemporaryDirectory folder;
  std::unique_ptr<Database> database = *Database::open(folder.file("db"), Database::Mode::kWrite);
  Articles articles{*database};

  void add(std::string id, int64_t second, std::string title) {
    Article article;
    article.id = std::move(id);
    article.url = "https://example.com/" + article.id;
    article.captured_at = Time(std::chrono::seconds(second));
    article.facts.title = std::move(title);
    REQUIRE(articles.add(article));
  }
};

ArchivedReference reference(std::string url, Kind kind, Outcome outcome, std::string body = {},
                            std::string type = "image/png") {
  ArchivedReference reference;
  reference.url = std::move(url);
  reference.kind = kind;
  reference.outcome = outcome;
  if (outcome == Outcome::kArchived) {
    reference.digest = sha256(body);
    reference.size = body.size();
    reference.type = std::move(type);
  }
  return reference;
}

Article whole_article() {
  Article article;
  article.url = "https://example.com/a";
  article.id = article_id(article.url);
  article.captured_at = Time(std::chrono::microseconds(1'767'929'317'000'042));
  article.begun_at = Time(std::chrono::microseconds(1'767'929'300'000'007));
  article.source = "https://example.com/feed";
  article.facts.title = "网易新闻";
  article.facts.author = "A. Writer";
  article.facts.language = "zh";
  article.facts.canonical = "https://example.com/canonical";
  article.facts.excerpt = "…";
  article.facts.date = Time(std::chrono::seconds(1'641'698'917));
  article.facts.categories = {"news", "pictures"};
  article.facts.lead_image = "https://img.example/1.png";
  article.facts.images = {{"https://img.example/1.png", "alt", "caption"}};
  article.facts.text = "One.\n\nTwo.";
  article.facts.body = {10, 200};
  article.document_type = DocumentType::kMarkdown;
  article.digest = sha256("document");
  article.size = 8;
  article.base = "https://example.com/base/";
  article.http_charset = "gbk";
  auto missing = reference("https://img.example/2.png", Kind::kLazyImage, Outcome::kMissing);
  missing.raw = "/2.png";
  missing.element = "img";
  missing.attribute = "data-src";
  missing.descriptor = "2x";
  missing.alt = "two";
  missing.document = "https://example.com/style.css";
  missing.reason = "404 Not Found";
  missing.status = 404;
  article.references = {
      reference("https://img.example/1.png", Kind::kImage, Outcome::kArchived, "picture"), missing};
  return article;
}

void check_same(const Article& got, const Article& article) {
  CHECK(got.id == article.id);
  CHECK(got.url == article.url);
  CHECK(got.captured_at == article.captured_at);
  CHECK(got.begun_at == article.begun_at);
  CHECK(got.source == article.source);
  CHECK(got.facts.title == article.facts.title);
  CHECK(got.facts.author == article.facts.author);
  CHECK(got.facts.language == article.facts.language);
  CHECK(got.facts.canonical == article.facts.canonical);
  CHECK(got.facts.excerpt == article.facts.excerpt);
  CHECK(got.facts.date == article.facts.date);
  CHECK(got.facts.categories == article.facts.categories);
  CHECK(got.facts.lead_image == article.facts.lead_image);
  REQUIRE(got.facts.images.size() == article.facts.images.size());
  CHECK(got.facts.images[0].url == article.facts.images[0].url);
  CHECK(got.facts.images[0].alt == article.facts.images[0].alt);
  CHECK(got.facts.images[0].caption == article.facts.images[0].caption);
  CHECK(got.facts.text == article.facts.text);
  CHECK(got.facts.body == article.facts.body);
  CHECK(got.document_type == article.document_type);
  CHECK(got.digest == article.digest);
  CHECK(got.size == article.size);
  CHECK(got.base == article.base);
  CHECK(got.http_charset == article.http_charset);
  REQUIRE(got.references.size() == article.references.size());
  for (size_t i = 0; i < got.references.size(); ++i) {
    const ArchivedReference &a = got.references[i], &b = article.references[i];
    CHECK(a.url == b.url);
    CHECK(a.raw == b.raw);
    CHECK(a.kind == b.kind);
    CHECK(a.element == b.element);
    CHECK(a.attribute == b.attribute);
    CHECK(a.descriptor == b.descriptor);
    CHECK(a.alt == b.alt);
    CHECK(a.document == b.document);
    CHECK(a.outcome == b.outcome);
    CHECK(a.reason == b.reason);
    CHECK(a.status == b.status);
    CHECK(a.digest == b.digest);
    CHECK(a.size == b.size);
    CHECK(a.type == b.type);
  }
}

}  // namespace

TEST_CASE("an article's id depends on its address alone", "[store]") {
  CHECK(article_id("https://example.com/").size() == 12);
  CHECK(article_id("https://example.com/") == sha256("https://example.com/").hex().substr(0, 12));
  CHECK(article_id("https://example.com/#top") == article_id("https://example.com/"));
  CHECK(article_id("https://example.com/?a") != article_id("https://example.com/"));
}

TEST_CASE("completeness counts what the article shows", "[store]") {
  Article article;
  article.digest = sha256("document");
  article.size = 1000;
  const std::string url = "https://img.example/";
  article.references = {
      reference(url + "1.png", Kind::kImage, Outcome::kArchived, "picture"),
      reference(url + "1.png", Kind::kMetadataImage, Outcome::kArchived, "picture"),  // same URL
      reference(url + "copy.png", Kind::kImageCandidate, Outcome::kArchived, "picture"),
      reference(url + "a.css", Kind::kStylesheet, Outcome::kArchived, "css", "text/css"),
      reference(url + "2.png", Kind::kLazyImage, Outcome::kMissing),
      reference("data:image/png,", Kind::kImage, Outcome::kInline),
      reference("https://example.com/next", Kind::kPage, Outcome::kLinked),
  };
  const Completeness completeness = article.completeness();
  CHECK(completeness.references == 5);
  CHECK(completeness.archived == 4);
  CHECK(completeness.missing == 1);
  CHECK(completeness.images == 2);
  CHECK(completeness.bytes == 1000 + 7 + 3);
}

TEST_CASE_METHOD(Fixture, "an article comes back whole", "[store]") {
  const Article article = whole_article();
  REQUIRE(articles.add(article));
  const auto got = articles.get(article.id);
  REQUIRE(got);
  check_same(*got, article);
}

TEST_CASE_METHOD(Fixture, "every kind, outcome and document type has a name that is read back",
                 "[store]") {
  Article article = whole_article();
  article.references.clear();
  for (int kind = 0; kind <= static_cast<int>(Kind::kOther); ++kind) {
    for (const auto outcome : {Outcome::kArchived, Outcome::kMissing, Outcome::kLinked,
                               Outcome::kInline, Outcome::kAbsent}) {
      article.references.push_back(reference("x:", static_cast<Kind>(kind), outcome));
    }
  }
  for (const auto type : {DocumentType::kHtml, DocumentType::kCss, DocumentType::kMarkdown,
                          DocumentType::kFeed, DocumentType::kNone}) {
    article.document_type = type;
    REQUIRE(articles.add(article));
    check_same(*articles.get(article.id), article);
  }
}

TEST_CASE_METHOD(Fixture, "an id may be cut to what tells it apart", "[store]") {
  add("aaaa00000000", 100, "old");
  add("aaaa00000000", 200, "new");
  add("aabb00000000", 100, "other");
  add("cc0000000000", 100, "third");

  CHECK(articles.get("aaaa00000000")->facts.title == "new");
  CHECK(articles.get("aaa")->facts.title == "new");
  CHECK(articles.get("c")->facts.title == "third");

  const auto ambiguous = articles.get("aa");
  REQUIRE_FALSE(ambiguous);
  CHECK(ambiguous.error().code == ErrorCode::kInvalid);
  CHECK(ambiguous.error().message.find("aaaa00000000") != std::string::npos);
  CHECK(ambiguous.error().message.find("aabb00000000") != std::string::npos);
  CHECK(ambiguous.error().message.find("cc0000000000") == std::string::npos);

  for (const char* unknown : {"d", "aaaa000000001", "AAAA", "a a", "", "aaaa00000000 2"}) {
    CAPTURE(unknown);
    CHECK(articles.get(unknown).error().code == ErrorCode::kNotFound);
  }
}

TEST_CASE_METHOD(Fixture, "every version is kept, the latest is listed", "[store]") {
  add("aaaa00000000", 200, "second");
  add("aaaa00000000", 100, "first");
  add("bbbb00000000", 150, "other");

  const auto history = *articles.history("aaaa");
  REQUIRE(history.size() == 2);
  CHECK(history[0].facts.title == "first");
  CHECK(history[1].facts.title == "second");

  std::vector<std::string> titles;
  const auto collect = [&](const Article& article) {
    titles.push_back(article.facts.title);
    return true;
  };
  REQUIRE(articles.for_each(collect));
  CHECK(titles == std::vector<std::string>{"second", "other"});

  int visited = 0;
  REQUIRE(articles.for_each([&](const Article&) { return ++visited < 1; }));
  CHECK(visited == 1);
}

TEST_CASE_METHOD(Fixture, "an empty archive lists nothing", "[store]") {
  int visited = 0;
  REQUIRE(articles.for_each([&](const Article&) { return ++visited > 0; }));
  CHECK(visited == 0);
}

TEST_CASE_METHOD(Fixture, "text that is not UTF-8 is kept readable", "[store]") {
  Article article = whole_article();
  article.facts.title = "caf\xE9";
  article.facts.text = std::string("nul\0 and \x80", 10);
  REQUIRE(articles.add(article));
  const auto got = articles.get(article.id);
  REQUIRE(got);
  CHECK(got->facts.title == "caf\xEF\xBF\xBD");
  CHECK(got->facts.text == std::string("nul\0 and \xEF\xBF\xBD", 12));
}

TEST_CASE_METHOD(Fixture, "a damaged article is kCorrupt and named", "[store]") {
  const Article article = whole_article();
  REQUIRE(articles.add(article));
  const auto [key, value] = **database->last(Table::kArticle, {});
  for (size_t size = 0; size < value.size(); size += 7) {
    CAPTURE(size);
    WriteBatch batch;
    batch.put(Table::kArticle, key, value.substr(0, size));
    REQUIRE(database->write(std::move(batch), false));
    const auto got = articles.get(article.id);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == ErrorCode::kCorrupt);
    CHECK(got.error().message.find(article.id) != std::string::npos);
  }
}

TEST_CASE_METHOD(Fixture, "an article without a sound id is refused", "[store]") {
  Article article = whole_article();
  for (const char* id : {"", "abc", "zzzzzzzzzzzz", "aaaa0000000 "}) {
    article.id = id;
    CHECK(articles.add(article).error().code == ErrorCode::kInvalid);
  }
}

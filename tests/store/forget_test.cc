#include "store/forget.h"

#include "store/gc.h"
#include "tests/store/archive_of_test.h"

using namespace halftone;

namespace {

const ForgetProgress kSilent = [](const std::string&, uint64_t) {};
const auto kUnheard = [](const ArticleRetention&) {};

constexpr int64_t kDay = 86400;
const std::string kPage = "https://example.com/", kLogo = "https://example.com/logo.png";

struct Fixture {
  TemporaryDirectory folder;
  std::unique_ptr<Archive> archive = *Archive::open_for_writing(folder.path());

  ForgetPlan plan(const ForgetRequest& request) {
    auto planned = plan_forget(*archive, request, kUnheard);
    REQUIRE(planned);
    return *std::move(planned);
  }

  // Asks for a forecast, forgets, and checks that it came so.
  Forgotten forget(const ForgetRequest& request) {
    const ForgetPlan going = plan(request);
    const auto forecast = forecast_forget(*archive, going, kSilent);
    REQUIRE(forecast);
    const auto before = collect_garbage(*archive);
    REQUIRE(before);
    const auto forgotten = forget_versions(*archive, going, kSilent);
    REQUIRE(forgotten);
    CHECK(forgotten->captures == forecast->captures);
    const auto garbage = collect_garbage(*archive);
    REQUIRE(garbage);
    CHECK(garbage->blobs == forecast->blobs);
    return *forecast;
  }

  // Seconds of the captures of a URL.
  std::vector<int64_t> captured(const std::string& url) {
    std::vector<int64_t> seconds;
    const auto history = archive->captures().history(url);
    REQUIRE(history);
    for (const Capture& capture : *history) {
      seconds.push_back(capture.time.time_since_epoch() / std::chrono::seconds(1));
    }
    return seconds;
  }

  std::vector<std::string> versions(const std::string& url) {
    const auto history = archive->articles().history(article_id(url));
    std::vector<std::string> titles;
    if (!history) return titles;
    for (const Article& version : *history) titles.push_back(version.facts.title);
    return titles;
  }
};

using Seconds = std::vector<int64_t>;
using Titles = std::vector<std::string>;

}  // namespace

TEST_CASE_METHOD(Fixture, "what is forgotten goes with what only it saw", "[store]") {
  keep_article(*archive, kPage, 1000, "one", {{kLogo, "logo", ""}, {kPage + "1", "only one", ""}});
  keep_article(*archive, kPage, 2000, "two", {{kLogo, "logo", ""}, {kPage + "2", "only two", ""}});
  keep_article(*archive, kPage, 3000, "three", {{kLogo, "new logo", ""}});
  const Forgotten forgotten = forget({.rules = {.last = 1}});
  CHECK(forgotten.captures == 6);
  CHECK(forgotten.blobs == 5);  // two pages, the old logo, a picture each
  CHECK(forgotten.bytes == std::string("onetwologoonly oneonly two").size());
  CHECK(versions(kPage) == Titles{"three"});
  CHECK(captured(kPage) == Seconds{2991});
  CHECK(captured(kLogo) == Seconds{2995});
  CHECK(captured(kPage + "1").empty());
  CHECK(has_blob(*archive, "three"));
  CHECK(has_blob(*archive, "new logo"));
  CHECK_FALSE(has_blob(*archive, "logo"));
  CHECK(plan({.rules = {.last = 1}}).going.empty());
}

TEST_CASE_METHOD(Fixture, "what others show stays, and so do captures that no article names",
                 "[store]") {
  const std::string other = "https://example.org/";
  keep_article(*archive, kPage, 1000, "one", {{kLogo, "logo", ""}});
  keep_article(*archive, other, 1003, "other", {{kLogo, "logo", ""}});  // at the same time
  keep_article(*archive, kPage, 5000, "two", {});
  keep_capture(*archive, kLogo, 4000, "mirrored logo");
  keep_capture(*archive, kPage + "robots.txt", 995, "robots");
  const Forgotten forgotten = forget({.rules = {.last = 1}});
  CHECK(versions(kPage) == Titles{"two"});
  CHECK(versions(other) == Titles{"other"});
  CHECK(forgotten.blobs == 1);
  CHECK(captured(kPage) == Seconds{4991});
  // The other article's snapshot was under way when these were taken.
  CHECK(captured(kLogo) == Seconds{995, 998, 4000});
  CHECK(captured(kPage + "robots.txt") == Seconds{995});
  for (const char* body : {"logo", "mirrored logo", "robots"}) CHECK(has_blob(*archive, body));
}

TEST_CASE_METHOD(Fixture, "captures of several that go leave with the last of them", "[store]") {
  const std::string other = "https://example.org/";
  keep_article(*archive, kPage, 1000, "one", {{kLogo, "logo", ""}});
  keep_article(*archive, other, 1003, "other", {{kLogo, "logo", ""}});
  keep_article(*archive, kPage, 5000, "two", {});
  keep_article(*archive, other, 5003, "other two", {});
  CHECK(forget({.rules = {.last = 1}}).captures == 4);
  CHECK(captured(kLogo).empty());
  CHECK_FALSE(has_blob(*archive, "logo"));
}

TEST_CASE_METHOD(Fixture, "redirects on the way to a picture go with it", "[store]") {
  const std::string hop = "https://cdn.example/hop", end = "https://cdn.example/end.png";
  const auto take = [&](int64_t second, const std::string& page) {
    keep_capture(*archive, kLogo, second - 8, "moved", "https://cdn.example/hop#x");
    keep_capture(*archive, hop, second - 7, "moved", "end.png");
    Article article = keep_article(*archive, kPage, second, page, {{kLogo, "logo", end}});
  };
  take(1000, "one");
  take(2000, "two");
  SECTION("a version that stays keeps its own") {
    CHECK(forget({.rules = {.last = 1}}).captures == 4);
    CHECK(captured(kLogo) == Seconds{1992});
    CHECK(captured(hop) == Seconds{1993});
    CHECK(captured(end) == Seconds{1995});
  }
  SECTION("an article that goes altogether leaves none") {
    forget({.all_versions = true, .ids = {article_id(kPage)}});
    CHECK(captured(kLogo).empty());
    CHECK(captured(hop).empty());
    CHECK(captured(end).empty());
    CHECK(body_numbers(*archive).empty());
  }
  SECTION("another way to the same hop keeps it") {
    keep_capture(*archive, kPage + "alias", 993, "moved", hop);
    keep_article(*archive, "https://example.org/", 1001, "other", {{kPage + "alias", "logo", end}});
    forget({.rules = {.last = 1}});
    CHECK(captured(hop) == Seconds{993, 1993});
  }
}

TEST_CASE_METHOD(Fixture, "of an old record, what was captured a day before counts as seen",
                 "[store]") {
  Article article = keep_article(*archive, kPage, 10 * kDay, "one", {{kLogo, "logo", ""}});
  article.begun_at = Time();
  REQUIRE(archive->articles().add(article));
  keep_capture(*archive, kLogo, 9 * kDay, "at the very beginning");
  keep_capture(*archive, kLogo, 9 * kDay - 1, "before");
  forget({.all_versions = true, .ids = {article.id}});
  CHECK(captured(kLogo) == Seconds{9 * kDay - 1});
}

TEST_CASE_METHOD(Fixture, "rules are for the articles that are asked about", "[store]") {
  const std::string blog = "https://blog.example.com/", other = "https://example.org/";
  for (const int64_t day : {1, 2, 3}) {
    keep_article(*archive, kPage, day * kDay, fmt::format("page {}", day), {}, "feed");
    keep_article(*archive, blog, day * kDay, fmt::format("blog {}", day), {},
                 day == 2 ? "feed" : "");
    keep_article(*archive, other, day * kDay, fmt::format("other {}", day), {}, "list");
  }
  const RetentionRules last{.last = 1};
  SECTION("all") {
    const ForgetPlan all = plan({.rules = last});
    CHECK(all.going.size() == 6);
    CHECK(all.staying == 3);
    CHECK(all.articles == 3);
    CHECK(std::is_sorted(all.going.begin(), all.going.end()));
  }
  SECTION("a site") {
    forget({.rules = last, .site = "example.com"});
    CHECK(versions(kPage).size() == 1);
    CHECK(versions(blog).size() == 1);
    CHECK(versions(other).size() == 3);
  }
  SECTION("a source: other versions of an article are left alone") {
    const ForgetPlan feed = plan({.rules = last, .source = "feed"});
    CHECK(feed.going.size() == 2);
    CHECK(feed.staying == 2);
    forget({.rules = last, .source = "feed"});
    CHECK(versions(kPage) == Titles{"page 3"});
    CHECK(versions(blog).size() == 3);
  }
  SECTION("by ID") {
    forget({.rules = last, .ids = {article_id(blog)}});
    CHECK(versions(blog) == Titles{"blog 3"});
    CHECK(versions(kPage).size() == 3);
  }
  SECTION("reasons are told, newest first") {
    std::vector<std::string> told;
    REQUIRE(plan_forget(*archive, {.rules = {.last = 1, .daily = 2}, .ids = {article_id(blog)}},
                        [&](const ArticleRetention& article) {
                          CHECK(article.article.title == "blog 3");
                          for (const Retained& version : article.versions) {
                            told.push_back(fmt::format("{}", version.reasons.size()));
                          }
                        }));
    CHECK(told == Titles{"2", "1", "0"});
  }
}

TEST_CASE_METHOD(Fixture, "nothing is ever forgotten for want of a rule", "[store]") {
  keep_article(*archive, kPage, 1000, "one", {});
  const std::string id = article_id(kPage);
  const ForgetRequest requests[] = {
      {},
      {.ids = {id}},
      {.site = "example.com"},
      {.all_versions = true},
      {.rules = {.last = 1}, .all_versions = true, .ids = {id}},
      {.all_versions = true, .ids = {id}, .site = "example.com"},
      {.all_versions = true, .ids = {id}, .source = "feed"},
      {.rules = {.last = 1}, .site = "a b"},
  };
  for (const ForgetRequest& request : requests) {
    const auto planned = plan_forget(*archive, request, kUnheard);
    REQUIRE_FALSE(planned);
    CHECK(planned.error().code == ErrorCode::kInvalid);
  }
}

TEST_CASE_METHOD(Fixture, "a damaged article or capture stops it before anything goes", "[store]") {
  keep_article(*archive, kPage, 1000, "one", {{kLogo, "logo", ""}});
  keep_article(*archive, kPage, 2000, "two", {});
  keep_article(*archive, "https://example.org/", 2000, "other", {});
  const ForgetPlan going = plan({.rules = {.last = 1}});
  REQUIRE(going.going.size() == 1);
  const auto damage = [&](Table table, const std::string& key) {
    WriteBatch batch;
    batch.put(table, key, "{");
    REQUIRE(archive->database().write(std::move(batch), true));
  };
  SECTION("one of another article") {
    damage(Table::kArticle,
           (*archive->database().last(Table::kArticle, article_id("https://example.org/")))->first);
  }
  SECTION("its own") {
    damage(Table::kArticle, article_id(kPage) + ' ' + to_digits(at_second(1000)));
  }
  SECTION("a capture that it saw") {
    damage(Table::kCapture,
           (*archive->database().last(Table::kCapture, "com,example)/logo"))->first);
  }
  CHECK(forget_versions(*archive, going, kSilent).error().code == ErrorCode::kCorrupt);
  CHECK(forecast_forget(*archive, going, kSilent).error().code == ErrorCode::kCorrupt);
  CHECK(captured(kPage).size() == 2);
}

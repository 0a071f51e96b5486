#include "crawler/traps.h"

#include "crawler/text_fingerprint.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

const Time kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 27);

Url page(std::string_view path) { return *Url::parse("https://example.org" + std::string(path)); }

std::string judged(Traps& traps, const std::string& path) {
  return traps.judge(page(path)).value_or("");
}

// A page whose text and body are all its own, unless `text` says otherwise.
bool see(Traps& traps, const std::string& path, const std::string& text = "") {
  std::string own;
  for (int i = 0; i < 50; ++i) own += sha256(path + std::to_string(i)).hex() + " ";
  return traps.saw(page(path), text_fingerprint(text.empty() ? own : text), sha256("body " + path));
}

const std::string kNothingHere =
    "There are no events this month. Come back later, or look at the month before, at the month "
    "after, or at the whole year of the society of friends of paper lanterns and their makers";

std::string repeat(const std::string& text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("addresses that lead on for ever are told by their form", "[crawler][traps]") {
  struct Row {
    const char* name;
    std::string path, reason;
  };
  const Row rows[] = {
      {"long address", "/" + std::string(2048, 'a'), "long address: 2068 characters"},
      {"deep path",
       repeat("/a1/b2/c3", 0) +
           [] {
             std::string path;
             for (int i = 0; i < 33; ++i) path += "/s" + std::to_string(i);
             return path;
           }(),
       "deep path: 33 segments"},
      {"long query",
       [] {
         std::string query = "/?";
         for (int i = 0; i < 33; ++i) query += "p" + std::to_string(i) + "&";
         return query;
       }(),
       "long query: 33 parameters"},
      {"a folder in itself", "/a/x/x/x", "folders repeat: /x"},
      {"two folders", "/a/b/a/b/a/b", "folders repeat: /a/b"},
      {"two folders, begun elsewhere", "/en/a/b/a/b/a/b/c.html", "folders repeat: /a/b"},
      {"three folders", "/a/b/c/a/b/c/a/b/c/", "folders repeat: /a/b/c"},
      {"slashes", "/a////b", "folders repeat: /"},
      {"between others", "/n/a/n/b/n/c/n/d/n/", "folders repeat: /n"},
      {"numbers", "/x/1/1/1/1/1", "folders repeat: /1"},
      {"Chinese", "/新闻/新闻/新闻", "folders repeat: /%E6%96%B0%E9%97%BB"},
      {"a month ahead", "/2027/12/", "endless calendar: 2027-12"},
      {"a day ahead", "/events/2027-11-28", "endless calendar: 2027-11-28"},
      {"far ahead", "/?y=9999&m=12", "endless calendar: 9999-12"},
      {"a year ahead", "/list?year=2028", "endless calendar: 2028"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      Traps traps(kNow);
      CHECK(judged(traps, row.path) == row.reason);
    }
  }
}

TEST_CASE("honest addresses are no traps", "[crawler][traps]") {
  struct Row {
    const char* name;
    std::string path;
  };
  const Row rows[] = {
      {"root", "/"},
      {"long, but not too long", "/" + std::string(2027, 'a')},
      {"a name twice", "/paris/paris"},
      {"a pair twice", "/a/b/a/b"},
      {"an article of a day of ones", "/2011/11/11/11/"},
      {"a book of numbers", "/1/1/1/1"},
      {"a word four times", "/n/a/n/b/n/c/n/d"},
      {"an article ahead", "/2031/05/eclipse-from-space"},
      {"a month within the year", "/2027/11/"},
      {"a day within the year", "/events/2027-11-27"},
      {"long ago", "/1969/07/20/"},
      {"a newspaper of 1912", "/papers/1912-04-15/"},
      {"films of 1950", "/films?year=1950"},
      {"a thread with a number like a year", "/thread/2099/12"},
      {"an id like a date", "/a?id=209912"},
      {"a topic's number", "/topic/20991231/"},
      {"CJK", "/分类/摄影/2026/中国/纸灯笼的故事"},
      {"an address in the path", "/web/https://example.net//a/b"},
      {"a tree of digests", "/ab/cd/ab/ef/abcdef"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      Traps traps(kNow);
      CHECK(judged(traps, row.path).empty());
      CHECK(judged(traps, row.path).empty());
    }
  }
  Traps traps(kNow);
  CHECK_FALSE(traps.judge(*Url::parse("mailto:" + std::string(3000, 'a'))));
}

TEST_CASE("archives and forums may be large", "[crawler][traps]") {
  Traps traps(kNow);
  for (int i = 0; i < 20'000; ++i) {
    const std::string id = std::to_string(i);
    CAPTURE(i);
    REQUIRE(judged(traps, "/page/" + id) == "");
    REQUIRE(judged(traps, "/?p=" + id) == "");
    REQUIRE(judged(traps, "/viewtopic.php?f=" + std::to_string(i % 40) + "&t=" + id) == "");
    REQUIRE(judged(traps, "/viewtopic.php?f=" + std::to_string(i % 40) + "&t=" + id +
                              "&start=" + std::to_string(i % 7 * 20)) == "");
    REQUIRE(judged(traps, "/forum.php?mod=viewthread&tid=" + id + "&extra=page%3D1&page=1") == "");
    // A day's page of thirty years.
    REQUIRE(judged(traps, "/day?y=" + std::to_string(1995 + i / 372 % 31) +
                              "&m=" + std::to_string(1 + i / 31 % 12) +
                              "&d=" + std::to_string(1 + i % 31)) == "");
    // Two filters at a time.
    REQUIRE(judged(traps, "/list?cat=" + std::to_string(i % 100) +
                              "&page=" + std::to_string(i / 100)) == "");
  }
}

TEST_CASE("filters that multiply are a trap", "[crawler][traps]") {
  SECTION("ever more combinations of values") {
    Traps traps(kNow);
    size_t allowed = 0;
    std::string reason;
    for (int i = 0; i < 20'000; ++i) {
      const std::string path =
          "/shop?color=" + std::to_string(i % 12) + "&size=" + std::to_string(i / 12 % 10) +
          "&brand=" + std::to_string(i / 120 % 60) + "&sort=" + std::to_string(i / 7200 % 4);
      const std::string said = judged(traps, path);
      said.empty() ? ++allowed : (reason = said, 0);
    }
    // 1,000 and 32 for each of 60 brands, counted to within a quarter.
    CHECK(allowed > 1000);
    CHECK(allowed < 4000);
    CHECK(reason == "endless filters: ever more combinations of parameters of example.org/shop");
    CHECK(judged(traps, "/shop?color=1").empty());
    CHECK(judged(traps, "/other?color=1&size=2&brand=3").empty());
  }
  SECTION("ever more sets of names") {
    Traps traps(kNow);
    size_t allowed = 0;
    for (int set = 1; set < 1024; ++set) {
      std::string path = "/shop?";
      for (int bit = 0; bit < 10; ++bit) {
        if (set >> bit & 1) path += std::string(1, static_cast<char>('a' + bit)) + "=1&";
      }
      allowed += judged(traps, path).empty() ? 1 : 0;
    }
    CHECK(allowed == 64);
    CHECK(judged(traps, "/shop?z=1") ==
          "endless filters: more than 64 sets of parameters of example.org/shop");
    CHECK(judged(traps, "/shop?b=7&a=9").empty());  // known, in whatever order
    CHECK(judged(traps, "/shop").empty());
  }
  SECTION("a filter's many values are one name") {
    Traps traps(kNow);
    std::string path = "/shop?";
    for (int i = 0; i < 30; ++i) {
      path += "f%5B" + std::to_string(i) + "%5D=1&";
      CHECK(judged(traps, path).empty());
    }
    for (int i = 0; i < 200; ++i) CHECK(judged(traps, "/s?x" + std::to_string(i) + "=1").empty());
  }
}

TEST_CASE("pages that say nothing new are a trap", "[crawler][traps]") {
  Traps traps(kNow);
  SECTION("by their texts") {
    for (int i = 0; i < 20; ++i) {
      const std::string path = "/item/" + std::to_string(i);
      CHECK(judged(traps, path).empty());
      CHECK_FALSE(see(traps, path, kNothingHere));
    }
    CHECK(judged(traps, "/item/77") ==
          "pages alike: the last 20 of example.org/item/# hardly differ");
    CHECK(judged(traps, "/item/lantern").empty());
    CHECK(judged(traps, "/other/77").empty());
    see(traps, "/item/78");  // was asked for before
    CHECK(judged(traps, "/item/77").empty());
  }
  SECTION("not while others come in between") {
    for (int i = 0; i < 100; ++i) {
      see(traps, "/item/" + std::to_string(i), i % 10 == 0 ? "" : kNothingHere);
    }
    CHECK(judged(traps, "/item/777").empty());
  }
  SECTION("not where nothing is known of the text") {
    for (int i = 0; i < 100; ++i) see(traps, "/item/" + std::to_string(i), "…");
    CHECK(judged(traps, "/item/777").empty());
  }
  SECTION("not the same page again") {
    for (int i = 0; i < 100; ++i) see(traps, "/item/1", kNothingHere);
    CHECK(judged(traps, "/item/2").empty());
  }
  SECTION("calendars, sooner") {
    for (int month = 1; month <= 12; ++month) {
      const std::string path = "/2025/" + std::to_string(month) + "/";
      CHECK(judged(traps, path).empty());
      see(traps, path, kNothingHere);
    }
    CHECK(judged(traps, "/2024/12/") ==
          "pages alike: the last 12 of the calendar example.org/#/#/ hardly differ");
    CHECK(judged(traps, "/2024/12/lanterns").empty());
  }
  SECTION("calendars of the past, soonest") {
    for (int month = 1; month <= 3; ++month) {
      CHECK(judged(traps, "/1969/" + std::to_string(month) + "/").empty());
      see(traps, "/1969/" + std::to_string(month) + "/", kNothingHere);
    }
    CHECK(judged(traps, "/1968/12/") == "endless calendar: 1968-12, like the 3 pages before");
    CHECK(judged(traps, "/1970/12/").empty());
  }
}

TEST_CASE("a body that was seen is said to be", "[crawler][traps]") {
  Traps traps(kNow);
  const Digest body = sha256("the same");
  CHECK_FALSE(traps.saw(page("/a"), 0, body));
  CHECK_FALSE(traps.saw(page("/a#b"), 0, body));  // the same page again
  CHECK(traps.saw(page("/b?x=1"), 0, body));
  CHECK_FALSE(traps.saw(page("/c"), 0, sha256("another")));
  for (int i = 0; i < 25; ++i) CHECK(traps.saw(page("/item/" + std::to_string(i)), 0, body));
  CHECK(judged(traps, "/item/77").starts_with("pages alike"));
}

TEST_CASE("memory of pages is bounded, and keeps what is used", "[crawler][traps]") {
  RecentMap<int> map(100);
  const ShortKey used = short_key("used");
  map.use(used) = 7;
  for (int i = 0; i < 10'000; ++i) {
    map.use(short_key(std::to_string(i))) = i;
    CHECK(map.use(used) == 7);
  }
  size_t entries = 0;
  map.for_each([&](const ShortKey&, int) { ++entries; });
  CHECK(entries <= 200);
  CHECK(*map.find(short_key("9999")) == 9999);
  CHECK(map.find(short_key("0")) == nullptr);
}

TEST_CASE("distinct values are counted in little memory", "[crawler][traps]") {
  DistinctCount count;
  uint32_t hash = 1;
  for (uint64_t i = 1; i <= 50'000; ++i) {
    hash = hash * 1664525U + 1013904223U;
    count.add(hash);
    count.add(hash);
    if (i < 64) REQUIRE(count.count() == i);
  }
  CHECK(count.kept().size() == 64);
  CHECK(count.count() > 33'000);
  CHECK(count.count() < 67'000);
}

TEST_CASE("what is known of traps is kept", "[crawler][traps]") {
  Traps traps(kNow);
  for (int i = 0; i < 20; ++i) see(traps, "/item/" + std::to_string(i), kNothingHere);
  for (int i = 0; i < 80; ++i) judged(traps, "/shop?a" + std::string(static_cast<size_t>(i), 'b'));
  for (int i = 0; i < 9'000; ++i) {
    judged(traps, "/list?a=" + std::to_string(i % 40) + "&b=" + std::to_string(i / 40 % 40) +
                      "&c=" + std::to_string(i / 1600));
  }
  see(traps, "/a");
  const std::string saved = traps.save();
  Traps loaded = Traps::load(saved, kNow);
  for (const char* const path : {"/item/77", "/shop?z", "/list?a=1&b=2&c=9"}) {
    CAPTURE(path);
    CHECK_FALSE(judged(loaded, path).empty());
    CHECK(judged(loaded, path) == judged(traps, path));
  }
  CHECK(loaded.saw(page("/b"), 0, sha256("body /a")));
  CHECK_FALSE(loaded.saw(page("/a"), 0, sha256("body /a")));

  SECTION("damaged, it is nothing") {
    for (size_t size = 0; size < saved.size(); size += 1 + size / 7) {
      CAPTURE(size);
      Traps cut = Traps::load(std::string_view(saved).substr(0, size), kNow);
      CHECK(judged(cut, "/item/77").empty());
    }
  }
  SECTION("hostile, it is nothing") {
    const std::string known(Traps(kNow).save());
    const std::string head = known.substr(0, known.size() - 12), none(4, '\0'), key(16, 'a');
    const auto n = [](char number) { return std::string(3, '\0') + number; };
    const std::string rows[] = {
        "",
        "null",
        std::string(1'000'000, '['),
        head,
        known + "x",
        known.substr(1),
        head + std::string(12, '\xFF'),
        head + n(1) + none + none,
        head + none + n(2) + key + key + none,
        head + none + none + n(1) + key,
        head + none + none + n(1) + key + n(1) + n(1) + n(1),                // a row alone
        head + none + none + n(1) + key + n(2) + n(2) + n(2) + n(1) + n(0),  // descending
        head + none + none + n(1) + key + n(2) + n(0) + n(2) + n(2) + n(1),
        head + none + none + n(1) + key + n(2) + std::string(4, '\xFF') + n(0),
    };
    for (const std::string& row : rows) {
      CAPTURE(row.substr(0, 100));
      CHECK(Traps::load(row, kNow).save() == known);
    }
    const std::string sound = head + n(1) + key + std::string(12, 'b') + n(1) + key + key + n(1) +
                              key + n(2) + n(0) + n(0);
    CHECK(Traps::load(sound, kNow).save() != known);
  }
}

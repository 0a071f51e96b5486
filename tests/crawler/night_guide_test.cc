// What a nightly job makes of what it remembers: real rows in a real archive.
#include "crawler/night_guide.h"

#include <algorithm>

#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"

using namespace halftone;
using std::chrono::hours;

namespace {

constexpr auto kDay = hours(24);

class Remembered {
 public:
  Remembered() : archive_(*Archive::open_for_writing(folder_.file("archive"))) {}

  Archive& archive() { return *archive_; }
  NightRows rows() { return NightRows(archive_->database(), "papers"); }

  void visit(const std::string& url, Time checked, std::optional<Time> next) {
    WriteBatch batch;
    NightVisit visit;
    visit.url = url;
    visit.past.first = checked;
    visit.checked = checked;
    visit.next = next;
    rows().put(batch, frontier_page_key(*Url::parse(url)), visit, std::nullopt);
    REQUIRE(archive_->database().write(std::move(batch), false));
  }

  std::vector<std::string> leads() {
    NightGuide guide(*archive_, {.job = "papers"});
    std::vector<std::string> urls;
    const auto leads = guide.leads();
    REQUIRE(leads);
    for (const OwedUrl& owed : *leads) urls.push_back(owed.url);
    std::ranges::sort(urls);
    return urls;
  }

 private:
  TemporaryDirectory folder_;
  std::unique_ptr<Archive> archive_;
};

}  // namespace

TEST_CASE("pages are due from their time on", "[nightly]") {
  Remembered job;
  const Time moment = now();
  job.visit("https://example.org/due", moment - 2 * kDay, moment - kDay);
  job.visit("https://example.org/later", moment - kDay, moment + kDay);
  job.visit("https://example.org/given-up", moment - kDay, std::nullopt);
  CHECK(job.leads() == std::vector<std::string>{"https://example.org/due"});
}

TEST_CASE("after a clock that ran ahead was set back, nothing waits for years", "[nightly]") {
  Remembered job;
  const Time moment = now(), ahead = moment + 4000 * kDay;
  job.visit("https://example.org/seen-ahead", ahead, ahead + kDay);
  job.visit("https://example.org/later", moment - kDay, moment + kDay);
  NightJob last;
  last.name = "papers";
  last.begun = ahead;
  REQUIRE(job.rows().keep(last));
  CHECK(job.leads() == std::vector<std::string>{"https://example.org/seen-ahead"});
}

TEST_CASE("rows that are damaged count as not there", "[nightly]") {
  Remembered job;
  const Time moment = now();
  job.visit("https://example.org/a", moment - 2 * kDay, moment - kDay);
  WriteBatch batch;
  batch.put(Table::kRun, "nightly papers p p //example.org/a", "{\"url\": 7");
  batch.put(Table::kRun, "nightly papers s https://example.org/feed", "[]");
  batch.put(Table::kRun, "nightly papers j ", "{\"marks\": [[1]]}");
  REQUIRE(job.archive().database().write(std::move(batch), false));
  CHECK(job.leads().empty());
  CHECK(job.rows().sources().value().empty());
  CHECK_FALSE(job.rows().job().value().begun);
}

TEST_CASE("a page stands in line once", "[nightly]") {
  Remembered job;
  const Time moment = now();
  const NightRows rows = job.rows();
  const std::string page = "p //example.org/a";
  NightVisit visit;
  visit.url = "https://example.org/a";
  visit.next = moment - 2 * kDay;
  WriteBatch first;
  rows.put(first, page, visit, std::nullopt);
  REQUIRE(job.archive().database().write(std::move(first), false));
  const auto before = rows.visit(page).value();
  visit.next = moment - kDay;
  WriteBatch second;
  rows.put(second, page, visit, before);
  REQUIRE(job.archive().database().write(std::move(second), false));
  size_t count = 0;
  REQUIRE(rows.each_due(moment, [&](auto) { return ++count > 0; }));
  CHECK(count == 1);
  CHECK(NightRows::jobs(job.archive().database()).value() == std::vector<std::string>{"papers"});
}

// gc and forget against a model in memory: whatever is done, and wherever it is killed, nothing
// that is reachable goes, and after a gc that comes to its end everything else has gone.
#include <map>
#include <random>
#include <set>
#include <thread>

#include "store/blob_format.h"
#include "store/forget.h"
#include "store/gc.h"
#include "tests/store/archive_of_test.h"
#include "tests/support/test_child.h"

using namespace halftone;

namespace {

const ForgetProgress kSilent = [](const std::string&, uint64_t) {};

constexpr int kBodies = 24;

// Every eighth comes in chunks.
const std::string& body(int number) {
  static std::map<int, std::string> made;
  std::string& text = made[number];
  if (text.empty()) {
    const auto seed = static_cast<uint64_t>(number);
    const size_t large = blob_format::kChunkSize + 1000 * seed;
    text = noise(number % 8 == 7 ? large : 100 + 997 * seed, seed);
  }
  return text;
}

size_t bodies_stored(int number) {
  const size_t chunk = blob_format::kChunkSize, size = body(number).size();
  return size <= chunk ? 1 : 1 + (size + chunk - 1) / chunk;
}

std::string article_url(int number) { return fmt::format("https://example.com/{}", number); }
std::string picture_url(int number) { return fmt::format("https://img.example/{}.png", number); }

// Carries out what the parent asks for: the same in this process and in one that is killed.
Result<void> forget_by(Archive& archive, const std::string& id, unsigned last) {
  ForgetRequest request;
  request.all_versions = last == 0;
  request.rules.last = last;
  if (!id.empty()) request.ids = {id};
  const auto plan = plan_forget(archive, request, [](const ArticleRetention&) {});
  if (!plan) return tl::unexpected(plan.error());
  const auto forgotten = forget_versions(archive, *plan, kSilent);
  return forgotten ? Result<void>() : tl::unexpected(forgotten.error());
}

struct Version {
  std::string url;
  int page = 0;
  std::vector<std::pair<std::string, int>> pictures;
};

class Model {
 public:
  explicit Model(unsigned seed) : random_(seed) { open(); }

  void step() {
    switch (below(12)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        return put_article();
      case 5:
        return put_capture();
      case 6:
        return put_blob();
      case 7:
        return forget(false);
      case 8:
        return collect();
      case 9:
        return open();
      case 10:
        return forget(true);
      default:
        return kill_collection();
    }
  }

  void collect() {
    REQUIRE(collect_garbage(*archive_));
    blobs_ = reachable();
    check();
    size_t bodies = 0;
    for (const int number : blobs_) bodies += bodies_stored(number);
    CHECK(body_numbers(*archive_).size() == bodies);
  }

  int kills() const { return kills_; }

 private:
  using Key = std::pair<std::string, int64_t>;  // URL and second

  int below(int limit) { return std::uniform_int_distribution(0, limit - 1)(random_); }

  void open() {
    archive_.reset();
    auto opened = Archive::open_for_writing(folder_.path());
    REQUIRE(opened);
    archive_ = *std::move(opened);
    check();
  }

  void capture(const std::string& url, int64_t second, int number) {
    captures_[{url, second}] = number;
    blobs_.insert(number);
  }

  // Snapshots overlap: each takes ten seconds, and the next may begin after one.
  void put_article() {
    clock_ += 1 + below(15);
    Version version{article_url(below(5)), below(kBodies), {}};
    std::vector<Shown> shown;
    for (int count = below(5); count > 0; --count) {
      const int picture = below(10), number = below(kBodies);
      version.pictures.emplace_back(picture_url(picture), number);
      shown.push_back({picture_url(picture), body(number), ""});
    }
    keep_article(*archive_, version.url, clock_, body(version.page), shown);
    capture(version.url, clock_ - 9, version.page);
    for (const auto& [url, number] : version.pictures) capture(url, clock_ - 5, number);
    versions_[{article_id(version.url), clock_}] = version;
  }

  void put_capture() {
    clock_ += 1 + below(15);
    const std::string url = picture_url(below(14));
    const int number = below(kBodies);
    keep_capture(*archive_, url, clock_, body(number));
    capture(url, clock_, number);
  }

  void put_blob() {
    const int number = below(kBodies);
    REQUIRE(archive_->blobs().put(body(number)));
    blobs_.insert(number);
  }

  static bool saw(const std::pair<const Key, Version>& version, const Key& capture) {
    const int64_t end = version.first.second;
    if (capture.second < end - 10 || capture.second > end) return false;
    const auto& pictures = version.second.pictures;
    return capture.first == version.second.url ||
           std::any_of(pictures.begin(), pictures.end(),
                       [&](const auto& picture) { return picture.first == capture.first; });
  }

  // The versions that the archive does not have any more are gone, with what only they saw.
  void follow_forgotten(const std::set<Key>& may_go) {
    std::map<Key, Version> gone;
    for (const auto& version : versions_) {
      const auto found =
          archive_->articles().version(version.first.first, at_second(version.first.second));
      if (found) continue;
      REQUIRE(may_go.contains(version.first));
      gone.insert(version);
    }
    for (const auto& version : gone) versions_.erase(version.first);
    const auto seen_by = [&](const std::map<Key, Version>& all, const Key& capture) {
      return std::any_of(all.begin(), all.end(),
                         [&](const auto& version) { return saw(version, capture); });
    };
    std::erase_if(captures_, [&](const auto& capture) {
      return seen_by(gone, capture.first) && !seen_by(versions_, capture.first);
    });
  }

  void forget(bool killed) {
    const auto last = static_cast<unsigned>(below(3));
    std::string id = last > 0 && below(2) == 0 ? std::string() : article_id(article_url(below(5)));
    std::map<std::string, std::set<int64_t, std::greater<>>> times;
    for (const auto& [key, version] : versions_) {
      if (id.empty() || key.first == id) times[key.first].insert(key.second);
    }
    std::set<Key> may_go;
    for (const auto& [article, seconds] : times) {
      unsigned place = 0;
      for (const int64_t second : seconds) {
        if (place++ >= last) may_go.insert({article, second});
      }
    }
    if (killed) {
      kill_while({{"HALFTONE_TEST_WORK", "forget"},
                  {"HALFTONE_TEST_ID", id},
                  {"HALFTONE_TEST_LAST", std::to_string(last)}});
    } else {
      REQUIRE(forget_by(*archive_, id, last));
    }
    follow_forgotten(may_go);
    if (!killed) {
      for (const Key& key : may_go) CHECK_FALSE(versions_.contains(key));
    }
    check();
  }

  void kill_collection() {
    kill_while({{"HALFTONE_TEST_WORK", "gc"}});
    check();
  }

  void kill_while(std::map<std::string, std::string> work) {
    archive_.reset();
    work["HALFTONE_TEST_ARCHIVE"] = folder_.path();
    TestChild child("child: forgets or collects garbage", work);
    if (child.read_line() != "open") FAIL(child.output());
    std::this_thread::sleep_for(std::chrono::microseconds(below(60'000)));
    child.kill();
    kills_ += child.finish() == -1;
    auto opened = Archive::open_for_writing(folder_.path());
    REQUIRE(opened);
    archive_ = *std::move(opened);
    const auto needed = reachable();
    std::erase_if(blobs_, [&](int number) {
      return !needed.contains(number) && !archive_->blobs().info(sha256(body(number)));
    });
  }

  std::set<int> reachable() const {
    std::set<int> numbers;
    for (const auto& [key, number] : captures_) numbers.insert(number);
    for (const auto& [key, version] : versions_) {
      numbers.insert(version.page);
      for (const auto& [url, number] : version.pictures) numbers.insert(number);
    }
    return numbers;
  }

  void check() {
    std::set<Key> captures, versions, expected_captures, expected_versions;
    REQUIRE(archive_->captures().for_each([&](const Capture& capture) {
      captures.insert({capture.url, capture.time.time_since_epoch() / std::chrono::seconds(1)});
      return true;
    }));
    REQUIRE(archive_->articles().for_each_summary([&](const ArticleSummary& version) {
      versions.insert(
          {version.id, version.captured_at.time_since_epoch() / std::chrono::seconds(1)});
      return true;
    }));
    for (const auto& capture : captures_) expected_captures.insert(capture.first);
    for (const auto& version : versions_) expected_versions.insert(version.first);
    CHECK(captures == expected_captures);
    CHECK(versions == expected_versions);

    std::set<std::string> expected, stored;
    for (const int number : blobs_) expected.insert(sha256(body(number)).hex());
    REQUIRE(archive_->blobs().for_each([&](const BlobInfo& blob) {
      stored.insert(blob.digest.hex());
      const auto bytes = archive_->blobs().get(blob.digest);
      REQUIRE(bytes);
      CHECK(bytes->size() == blob.size);
      return true;
    }));
    CHECK(stored == expected);
  }

  TemporaryDirectory folder_;
  std::unique_ptr<Archive> archive_;
  std::mt19937 random_;
  int64_t clock_ = 1000;
  int kills_ = 0;
  std::map<Key, Version> versions_;  // by id and second
  std::map<Key, int> captures_;
  std::set<int> blobs_;
};

}  // namespace

TEST_CASE("child: forgets or collects garbage", "[.child]") {
  const std::string folder = from_parent("HALFTONE_TEST_ARCHIVE");
  if (folder.empty()) return;
  const auto archive = Archive::open_for_writing(folder);
  REQUIRE(archive);
  tell_parent("open");
  if (from_parent("HALFTONE_TEST_WORK") == "gc") {
    REQUIRE(collect_garbage(**archive));
  } else {
    const auto last = static_cast<unsigned>(std::stoul(from_parent("HALFTONE_TEST_LAST")));
    const auto forgotten = forget_by(**archive, from_parent("HALFTONE_TEST_ID"), last);
    REQUIRE((forgotten || forgotten.error().code == ErrorCode::kNotFound));
  }
  wait_for_parent();  // to be killed at the end, too
}

// HALFTONE_GC_STEPS: how many operations; 100 where it is not set.
TEST_CASE("gc and forget keep to the model", "[store]") {
  const std::string wanted = from_parent("HALFTONE_GC_STEPS");
  const int steps = wanted.empty() ? 100 : std::stoi(wanted);
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  Model model(seed);
  for (int step = 0; step < steps; ++step) {
    CAPTURE(step);
    model.step();
  }
  model.collect();
  if (steps >= 100) CHECK(model.kills() > 0);
}

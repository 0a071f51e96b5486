// What was acknowledged survives a disk that fails, and a power cut, at any operation that a
// workload has.
#include <set>

#include "store/article.h"
#include "store/capture.h"
#include "store/rocks_blob_store.h"
#include "tests/store/blob_store_contract.h"
#include "tests/support/catch.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_child.h"

using namespace halftone;

namespace {

constexpr const char* kChild = "child: works on a disk that fails";
constexpr uint64_t kSteps = 14;

// The store's parts over one database, as an archive has them.
struct Store {
  explicit Store(std::unique_ptr<Database> opened)
      : database(std::move(opened)), captures(*database), articles(*database) {}

  static Result<std::unique_ptr<Store>> open(const std::string& folder,
                                             const DatabaseEnvironment* environment = nullptr) {
    auto database = Database::open(folder, Database::Mode::kWrite, environment);
    if (!database) return tl::unexpected(database.error());
    auto store = std::make_unique<Store>(*std::move(database));
    auto blobs = open_blob_store(*store->database);
    if (!blobs) return tl::unexpected(blobs.error());
    store->blobs = *std::move(blobs);
    return store;
  }

  std::unique_ptr<Database> database;
  std::unique_ptr<BlobStore> blobs;
  Captures captures;
  Articles articles;
};

std::string url_of(uint64_t step, uint64_t item) {
  return fmt::format("https://example.com/{}/{}", step, item);
}

// Every kind of way that bytes take: most steps put a few small bodies, which go through the log;
// every third more than may wait in memory, which become files; every fourth one in chunks.
std::vector<std::string> bodies_of(uint64_t step) {
  std::vector<std::string> bodies;
  for (uint64_t item = 0; item < 3; ++item) {
    bodies.push_back(noise(1000 + step * 977 + item, step * 100 + item));
  }
  bodies.push_back(std::string(50'000, static_cast<char>('a' + step)) + " text");
  if (step % 3 == 1) {
    for (uint64_t item = 4; item < 14; ++item) bodies.push_back(noise(900'000, step * 100 + item));
  }
  if (step % 4 == 2) bodies.push_back(noise(2'500'000, step * 100 + 50));
  return bodies;
}

// Blobs, captures, an article: acknowledged when it returns.
Result<void> take_step(Store& store, uint64_t step) {
  std::vector<Capture> captures;
  for (const std::string& body : bodies_of(step)) {
    const auto put = store.blobs->put(body);
    if (!put) return tl::unexpected(put.error());
    Capture capture;
    capture.url = url_of(step, captures.size());
    capture.time = Time(std::chrono::hours(24 * step));
    capture.digest = put->info.digest;
    capture.size = put->info.size;
    captures.push_back(std::move(capture));
  }
  if (auto added = store.captures.add(captures); !added) return added;
  Article article;
  article.url = url_of(step, 0);
  article.id = article_id(article.url);
  article.captured_at = captures[0].time;
  article.digest = captures[0].digest;
  return store.articles.add(article);
}

void check_step(Store& store, uint64_t step) {
  CAPTURE(step);
  const auto bodies = bodies_of(step);
  for (size_t item = 0; item < bodies.size(); ++item) {
    const auto capture = store.captures.latest(url_of(step, item));
    REQUIRE(capture);
    REQUIRE(*capture);
    CHECK((*capture)->digest == sha256(bodies[item]));
    const auto blob = store.blobs->get((*capture)->digest);
    REQUIRE(blob);
    CHECK((*blob == bodies[item]));
  }
  CHECK(store.articles.get(article_id(url_of(step, 0))));
}

// Whatever is visible is whole.
void check_visible(Store& store) {
  std::set<Digest> blobs;
  REQUIRE(store.blobs->for_each(
      [&](const BlobInfo& blob) { return blobs.insert(blob.digest).second; }));
  for (const Digest& digest : blobs) {
    CAPTURE(digest.hex());
    const auto bytes = store.blobs->get(digest);
    INFO((bytes ? std::string() : bytes.error().message));
    REQUIRE(bytes);
  }
  REQUIRE(store.captures.for_each([&](const Capture& capture) {
    CHECK(blobs.contains(capture.digest));
    return true;
  }));
}

struct Case {
  const char* name;
  Operation operation;
  Fault fault;
};

constexpr Case kCases[] = {
    {"a write fails", Operation::kWrite, Fault::kError},
    {"a write is short", Operation::kWrite, Fault::kShortWrite},
    {"the disk is full at a write", Operation::kWrite, Fault::kFull},
    {"a sync fails", Operation::kSync, Fault::kError},
    {"a rename or link fails", Operation::kRename, Fault::kError},
    {"an opening fails", Operation::kOpen, Fault::kError},
    {"the disk is full at an opening", Operation::kOpen, Fault::kFull},
    {"the power is cut at a write", Operation::kWrite, Fault::kPowerCut},
    {"the power is cut at a sync", Operation::kSync, Fault::kPowerCut},
    {"the power is cut at a rename or link", Operation::kRename, Fault::kPowerCut},
    {"the power is cut at an opening", Operation::kOpen, Fault::kPowerCut},
};

// Runs the workload in a process of its own, in `folder`; the steps that it acknowledged.
std::set<uint64_t> run_workload(const TemporaryDirectory& folder, const Case& row, long at,
                                FaultCounts* counts = nullptr) {
  TestChild child(kChild, {{"HALFTONE_TEST_ARCHIVE", folder.path()},
                           {"HALFTONE_TEST_CASE", fmt::format("{}", &row - kCases)},
                           {"HALFTONE_TEST_AT", fmt::format("{}", at)}});
  std::set<uint64_t> acknowledged;
  while (const auto line = child.read_line()) {
    if (line->starts_with("counts ")) {
      if (counts) {
        std::istringstream(line->substr(7)) >> counts->of[0] >> counts->of[1] >> counts->of[2] >>
            counts->of[3];
      }
    } else {
      acknowledged.insert(std::stoull(*line));
    }
  }
  child.finish();
  return acknowledged;
}

}  // namespace

TEST_CASE(kChild, "[.child]") {
  const std::string folder = from_parent("HALFTONE_TEST_ARCHIVE");
  if (folder.empty()) return;
  const Case& row = kCases[std::stoul(from_parent("HALFTONE_TEST_CASE"))];
  const long at = std::stol(from_parent("HALFTONE_TEST_AT"));
  FaultyDisk disk({row.operation, row.fault, at, static_cast<unsigned>(at)}, folder + "/graveyard");
  if (auto store = Store::open(folder + "/db", &disk.environment())) {
    for (uint64_t step = 1; step <= kSteps; ++step) {
      if (!take_step(**store, step)) break;
      tell_parent(fmt::format("{}", step));
    }
  }
  const FaultCounts counts = disk.counts();
  tell_parent(
      fmt::format("counts {} {} {} {}", counts.of[0], counts.of[1], counts.of[2], counts.of[3]));
}

// HALFTONE_FAULTS: every how manieth operation fails in turn; 0 or 1 for every single one.
TEST_CASE("a fault at any operation loses nothing that was acknowledged", "[store]") {
  const std::string wanted = from_parent("HALFTONE_FAULTS");
  const long stride = wanted.empty() ? 41 : std::max(1L, std::stol(wanted));
  for (const Case& row : kCases) {
    DYNAMIC_SECTION(row.name) {
      FaultCounts counts;
      {
        const TemporaryDirectory folder;
        std::filesystem::create_directories(folder.file("graveyard"));
        REQUIRE(run_workload(folder, row, -1, &counts).size() == kSteps);
      }
      const long operations = counts.of[static_cast<size_t>(row.operation)];
      REQUIRE(operations > 5);
      size_t partly = 0;
      for (long at = stride == 1 ? 0 : operations % stride; at < operations; at += stride) {
        CAPTURE(at, operations);
        const TemporaryDirectory folder;
        std::filesystem::create_directories(folder.file("graveyard"));
        const auto acknowledged = run_workload(folder, row, at);
        partly += acknowledged.size() < kSteps;

        const auto store = Store::open(folder.file("db"));
        INFO((store ? std::string() : store.error().message));
        REQUIRE(store);
        for (const uint64_t step : acknowledged) check_step(**store, step);
        check_visible(**store);
        REQUIRE(take_step(**store, kSteps + 1));
        check_step(**store, kSteps + 1);
      }
      if (stride == 1) {
        CHECK(partly > 0);
        WARN(row.name << ": " << operations << " operations, all held");
      }
    }
  }
}

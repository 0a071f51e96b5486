#include "store/derive.h"

#include <filesystem>
#include <set>

#include "tests/store/archive_of_test.h"
#include "tests/support/pictures.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

constexpr const char* kProgram = HALFTONE_TEST_IMAGE_WORKER;

// One picture in many bodies: decoders stop before what follows its end.
std::string picture_of_its_own(int i) { return make_png(60, 40) + std::to_string(i); }

struct Fixture {
  TemporaryDirectory folder;
  std::unique_ptr<Archive> archive = *Archive::open_for_writing(folder.file("archive"));

  // An article that shows these; the first one leads it.
  Digest add(const std::string& url, const std::vector<std::string>& bodies) {
    std::vector<Shown> shown;
    for (const std::string& body : bodies) {
      shown.push_back({fmt::format("{}{}.png", url, shown.size()), body, ""});
    }
    Article article = keep_article(*archive, url, ++second, "page " + url, shown);
    article.facts.lead_image = shown.at(0).url;
    REQUIRE(archive->articles().add(article));
    return *article.references[0].digest;
  }

  Result<DeriveResult> derive(const DeriveOptions& options = {},
                              const std::string& program = kProgram, size_t workers = 2,
                              WorkerLimits limits = {}) {
    ImagePool pool(program, workers, limits);
    return derive_images(
        *archive, pool,
        [&](const auto& visit) { return archive->articles().for_each_version(visit); }, options);
  }

  ImageRecord record(std::string_view body) {
    const auto record = archive->derivatives().facts(sha256(body));
    REQUIRE(record);
    REQUIRE(*record);
    return **record;
  }

  bool has(std::string_view body, std::string_view recipe) {
    return *archive->derivatives().has(sha256(body), *find_recipe(recipe));
  }

  int second = 1000;
};

// The test's worker under another name.
struct NamedProgram {
  explicit NamedProgram(const char* name) : path(folder.file(name)) {
    fs::create_symlink(kProgram, path);
  }
  TemporaryDirectory folder;
  std::string path;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "what articles show gets facts and derivatives, once",
                 "[store][derive]") {
  const std::string lead = picture_of_its_own(0), second_one = picture_of_its_own(1);
  add("https://a.example/", {lead, second_one, second_one});
  add("https://b.example/", {second_one, lead, make_png(1, 1)});

  const auto result = derive();
  REQUIRE(result);
  CHECK(result->pictures == 3);
  CHECK(result->made == 4);  // two headers, two thumbnails; none of the spacer
  CHECK(result->known == 0);
  CHECK(result->failed == 0);
  CHECK(result->failures.empty());
  for (const std::string& body : {lead, second_one}) {
    CHECK(has(body, "thumb"));
    CHECK(has(body, "header"));
    CHECK_FALSE(has(body, "thumb@2x"));
    CHECK(record(body).facts.width == 60);
    CHECK_FALSE(record(body).placeholder.empty());
    CHECK(record(body).hash.has_value());
  }
  CHECK(record(make_png(1, 1)).facts.width == 1);

  const auto again = derive();
  REQUIRE(again);
  CHECK(again->pictures == 3);
  CHECK(again->made == 0);
  CHECK(again->known == 4);

  SECTION("other recipes are made for those who ask") {
    const auto more = derive({.recipes = {find_recipe("thumb@2x"), find_recipe("lead")}});
    REQUIRE(more);
    CHECK(more->made == 4);
    CHECK(has(lead, "thumb@2x"));
    CHECK(has(lead, "lead"));
  }
  SECTION("a recipe for lead pictures passes over the others") {
    add("https://c.example/", {lead, picture_of_its_own(7)});
    const auto more = derive({.recipes = {find_recipe("lead")}});
    REQUIRE(more);
    CHECK(more->pictures == 2);
    CHECK_FALSE(has(picture_of_its_own(7), "lead"));
  }
  SECTION("all of it is made again") {
    const auto remade = derive({.again = true});
    REQUIRE(remade);
    CHECK(remade->made == 4);
    CHECK(remade->known == 0);
    CHECK(*archive->derivatives().count() == 4);
  }
}

TEST_CASE_METHOD(Fixture, "lead pictures come first, then the rest", "[store][derive]") {
  std::vector<std::string> leads;
  for (int i = 0; i < 5; ++i) {
    leads.push_back(picture_of_its_own(100 * i));
    std::vector<std::string> bodies = {leads.back()};
    for (int j = 1; j < 8; ++j) bodies.push_back(picture_of_its_own(100 * i + j));
    add(fmt::format("https://a.example/{}", i), bodies);
  }
  DeriveOptions options;
  uint64_t pictures = 0;
  options.progress = [&](const DeriveResult& now) { pictures = now.pictures; };
  options.keep_going = [&] { return pictures < leads.size(); };
  const auto result = derive(options, kProgram, 1);
  REQUIRE(result);
  CHECK(result->was_interrupted);
  for (const std::string& lead : leads) CHECK(has(lead, "header"));
}

TEST_CASE_METHOD(Fixture, "what newer articles show comes before what older ones show",
                 "[store][derive]") {
  // In order of their ids, which follow from addresses, they would come as they may.
  std::vector<std::string> bodies;
  for (int i = 0; i < 12; ++i) {
    bodies.push_back(picture_of_its_own(i));
    add(fmt::format("https://{}.example/", i), {bodies.front(), bodies.back()});
  }
  DeriveOptions options;
  options.recipes = {find_recipe("thumb")};
  uint64_t pictures = 0;
  options.progress = [&](const DeriveResult& now) { pictures = now.pictures; };
  options.keep_going = [&] { return pictures < 4; };
  const auto result = derive(options, kProgram, 1);
  REQUIRE(result);
  CHECK(result->was_interrupted);
  CHECK(result->total == 12);
  CHECK(has(bodies[0], "thumb"));  // the one that leads
  for (size_t i = 9; i < 12; ++i) CHECK(has(bodies[i], "thumb"));
  for (size_t i = 1; i < 5; ++i) CHECK_FALSE(has(bodies[i], "thumb"));
}

TEST_CASE_METHOD(Fixture, "how many pictures there are is known before the first is made",
                 "[store][derive]") {
  const std::string shared = picture_of_its_own(0);
  add("https://a.example/", {shared, picture_of_its_own(1)});
  add("https://b.example/", {picture_of_its_own(2), shared});
  DeriveOptions options;
  std::set<uint64_t> totals;
  options.progress = [&](const DeriveResult& now) {
    if (now.total > 0 || now.pictures > 0) totals.insert(now.total);
  };
  const auto result = derive(options);
  REQUIRE(result);
  CHECK(result->pictures == 3);
  CHECK(totals == std::set<uint64_t>{3});
  CHECK(derive({.recipes = {find_recipe("lead")}})->total == 2);
}

TEST_CASE_METHOD(Fixture, "an interruption drops what is stuck, and holds nothing against it",
                 "[store][derive]") {
  const NamedProgram program("delicate");
  const std::string stuck = picture_of_its_own(1) + "tarpit", sound = picture_of_its_own(2);
  add("https://a.example/", {stuck, sound});
  DeriveOptions options;
  uint64_t pictures = 0;
  options.progress = [&](const DeriveResult& now) { pictures = now.pictures; };
  options.keep_going = [&] { return pictures < 1; };
  const auto result = derive(options, program.path, 2, {.time = std::chrono::seconds(100)});
  REQUIRE(result);
  CHECK(result->was_interrupted);
  CHECK(result->pictures == 1);
  CHECK(result->failed == 0);
  CHECK(has(sound, "thumb"));
  CHECK_FALSE((*archive->derivatives().facts(sha256(stuck))).has_value());
  CHECK(derive()->made == 2);
}

TEST_CASE_METHOD(Fixture, "an interruption loses nothing that was made", "[store][derive]") {
  std::vector<std::string> bodies;
  for (int i = 0; i < 60; ++i) bodies.push_back(picture_of_its_own(i));
  add("https://a.example/", bodies);
  uint64_t made = 0, runs = 0;
  for (bool is_done = false; !is_done; ++runs) {
    REQUIRE(runs < 60);
    DeriveOptions options;
    uint64_t pictures = 0;
    options.progress = [&](const DeriveResult& now) { pictures = now.made; };
    options.keep_going = [&] { return pictures < 15; };
    const auto result = derive(options);
    REQUIRE(result);
    CHECK(result->known == made);
    made += result->made;
    is_done = !result->was_interrupted;
    CHECK(*archive->derivatives().count() == made);
  }
  CHECK(runs >= 3);
  CHECK(made == 61);
}

TEST_CASE_METHOD(Fixture, "a picture that cannot be made is named once, and costs nothing else",
                 "[store][derive]") {
  const std::string sound = picture_of_its_own(1);
  const std::string bomb = png_header_only(60'000, 60'000);
  const std::string page = "<!DOCTYPE html><title>404</title>";
  const std::string empty = png_header_only(50, 50);  // no pixels: grey, or an error
  std::string flipped = picture("orientation6.jpg");
  for (size_t i = 600; i < flipped.size(); i += 97) flipped[i] = static_cast<char>(~flipped[i]);
  add("https://a.example/", {bomb, page, empty, flipped, sound});

  const auto first = derive();
  REQUIRE(first);
  CHECK(first->pictures == 5);
  CHECK(has(sound, "thumb"));
  CHECK_FALSE(has(bomb, "thumb"));
  CHECK(record(page).error.find("not an image") != std::string::npos);
  CHECK(record(bomb).error.empty());
  CHECK(record(bomb).facts.width == 60'000);
  CHECK(record(bomb).failures.at("thumb@3").find("60000×60000") != std::string::npos);
  CHECK(record(bomb).failures.contains("header@3"));
  std::set<std::string> named;
  for (const DeriveFailure& failure : first->failures) {
    named.insert(failure.digest.hex() + failure.recipe);
  }
  CHECK(named.size() == first->failed);
  CHECK(named.count(sha256(bomb).hex() + "header@3") == 1);
  CHECK(named.count(sha256(page).hex()) == 1);

  const auto second_run = derive();
  REQUIRE(second_run);
  CHECK(second_run->failed == 0);
  CHECK(second_run->failed_before == first->failed);
  CHECK(second_run->made == 0);

  const auto again = derive({.again = true});
  REQUIRE(again);
  CHECK(again->failed == first->failed);
  CHECK(again->failed_before == 0);
}

TEST_CASE_METHOD(Fixture, "a crash and a hang cost one picture each, and the pool goes on",
                 "[store][derive]") {
  const NamedProgram program("delicate");
  std::vector<std::string> bodies;
  for (int i = 0; i < 12; ++i) bodies.push_back(picture_of_its_own(i));
  bodies[3] += "poison";
  bodies[7] += "tarpit";
  add("https://a.example/", bodies);
  const auto result = derive({}, program.path, 2, {.time = std::chrono::milliseconds(3000)});
  REQUIRE(result);
  CHECK(result->pictures == 12);
  CHECK(result->made == 11);
  CHECK(result->failed == 2);
  CHECK(record(bodies[3]).error.find("last words: poisoned") != std::string::npos);
  CHECK(record(bodies[7]).error.find("no answer in time") != std::string::npos);

  // A worker that is sound now is not even asked.
  const auto later = derive();
  REQUIRE(later);
  CHECK(later->failed_before == 2);
  CHECK(later->made == 0);
  CHECK(derive({.again = true})->made == 13);
  CHECK(record(bodies[3]).error.empty());
  CHECK(record(bodies[3]).failures.empty());
}

TEST_CASE_METHOD(Fixture, "without a worker nothing is held against pictures", "[store][derive]") {
  const std::string body = picture_of_its_own(1);
  add("https://a.example/", {body, picture_of_its_own(2)});
  const auto result = derive({}, "/nonexistent/halftone");
  REQUIRE_FALSE(result);
  CHECK(result.error().code == ErrorCode::kIo);
  CHECK_FALSE((*archive->derivatives().facts(sha256(body))).has_value());
  CHECK(derive()->made == 3);
}

TEST_CASE_METHOD(Fixture, "a new version of a recipe is tried where the old one failed",
                 "[store][derive]") {
  const std::string body = picture_of_its_own(1);
  add("https://a.example/", {body});
  ImageRecord old{.facts = {"image/png", 60, 40, 1, false}};
  old.failures["thumb@1"] = "an old decoder's fault";
  REQUIRE(archive->derivatives().put_facts(sha256(body), old));
  const auto result = derive();
  REQUIRE(result);
  CHECK(result->made == 2);
  CHECK(result->failed_before == 0);
  CHECK(has(body, "thumb"));
}

TEST_CASE_METHOD(Fixture, "an error among the articles ends the run with what was made",
                 "[store][derive]") {
  const std::string body = picture_of_its_own(1);
  add("https://a.example/", {body});
  ImagePool pool(kProgram, 2);
  const auto result = derive_images(*archive, pool, [&](const auto& visit) -> Result<void> {
    const auto shown = archive->articles().for_each_version(visit);
    if (!shown) return shown;
    return fail(ErrorCode::kCorrupt, "the next article is damaged");
  });
  REQUIRE_FALSE(result);
  CHECK(result.error().code == ErrorCode::kCorrupt);
  CHECK(has(body, "thumb"));
}

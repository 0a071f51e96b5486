// What is remembered of what an article shows: written, read, and cut short.
#include "crawler/night_shown.h"

#include "tests/support/catch.h"

using namespace halftone;

namespace {

const OwedUrl kPage{.url = "https://example.org/a", .document = {}, .depth = 2, .hops = 1};

NightShown three_files() {
  const auto shown = [](const char* url, Kind kind, const char* body) {
    ShownFile file{.owed = kPage, .body = {}};
    file.owed.url = url;
    file.owed.kind = kind;
    file.owed.document = kPage.url;
    if (*body) file.body = short_key(body);
    return file;
  };
  NightShown known{short_key("the page"),
                   {shown("https://example.org/a.css", Kind::kStylesheet, "sheet"),
                    shown("https://cdn.example/b.png?w=1", Kind::kImage, "picture"),
                    shown("https://cdn.example/b.png", Kind::kImageCandidate, "")}};
  known.files[1].owed.document = "https://example.org/a.css";
  known.files[1].owed.policy = ReferrerPolicy::kOrigin;
  known.files[2].owed.is_guess = true;
  return known;
}

}  // namespace

TEST_CASE("what an article shows comes back as it was remembered", "[nightly]") {
  const NightShown before = three_files();
  const auto after = decode_shown(encode(before, kPage), kPage);
  REQUIRE(after);
  CHECK(after->body == before.body);
  REQUIRE(after->files.size() == before.files.size());
  for (size_t i = 0; i < before.files.size(); ++i) {
    CAPTURE(i);
    CHECK(encode(after->files[i].owed) == encode(before.files[i].owed));
    CHECK(after->files[i].body == before.files[i].body);
  }
  CHECK(decode_shown(encode({.body = before.body, .files = {}}, kPage), kPage)->files.empty());
}

TEST_CASE("a row that was cut anywhere, or is another version's, says nothing", "[nightly]") {
  const std::string row = encode(three_files(), kPage);
  for (size_t size = 0; size < row.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(decode_shown(row.substr(0, size), kPage));
  }
  const std::string reading = "\"reading\":1";
  const size_t at = row.find(reading);
  REQUIRE(at != std::string::npos);
  std::string other = row;
  other.replace(at, reading.size(), "\"reading\":2");
  CHECK_FALSE(decode_shown(other, kPage));
  for (const char* damaged : {"[]", "{}", "{\"reading\":1}", "7", "{\"reading\":1,\"body\":7}"}) {
    CHECK_FALSE(decode_shown(damaged, kPage));
  }
}

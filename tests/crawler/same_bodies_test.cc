#include "crawler/same_bodies.h"

#include "tests/support/catch.h"

using namespace halftone;

namespace {

using Kind = SeenBody::Kind;

const Digest kBody = sha256("body");

// How many of `count` addresses, # being their numbers, are said to have no answer of their own.
size_t blocked(const std::string& pattern, const SeenBody& body, size_t count = 20) {
  SameBodies bodies;
  size_t blocked = 0;
  for (size_t i = 0; i < count; ++i) {
    std::string address = pattern;
    for (size_t at = address.find('#'); at != address.npos; at = address.find('#')) {
      address.replace(at, 1, std::to_string(i));
    }
    blocked += bodies.saw(*Url::parse(address), kBody, body) ? 1 : 0;
  }
  return blocked;
}

}  // namespace

TEST_CASE("a body under many addresses is no answer to them", "[crawler][same_bodies]") {
  struct Row {
    const char* name;
    std::string pattern;
    SeenBody body;
    size_t blocked;  // of 20
  };
  const SeenBody photo = {Kind::kImage, 9000, 400, 300};
  const SeenBody page = {Kind::kPage, 9000};
  const Row rows[] = {
      {"images", "https://example.org/#.jpg", photo, 13},
      {"images without known sizes", "https://example.org/#.jpg", {Kind::kImage, 9000}, 13},
      {"images of a script", "https://example.org/image?id=#", photo, 13},
      {"pages", "https://example.org/#", page, 13},
      {"HTML for images", "https://example.org/#.jpg", {Kind::kOther, 900}, 13},
      {"a logo under several folders", "https://example.org/#/logo.png", photo, 0},
      {"a logo under several versions", "https://example.org/logo.png?v=#", photo, 0},
      {"a logo of several hosts", "https://#.example.org/#.png", photo, 0},
      {"spacers", "https://example.org/#.gif", {Kind::kImage, 43, 1, 1}, 0},
      {"long lines", "https://example.org/#.gif", {Kind::kImage, 900, 600, 1}, 13},
      {"icons", "https://example.org/#.png", {Kind::kImage, 900, 48, 48}, 0},
      {"people without a picture", "https://example.org/avatars/#.png", photo, 0},
      {"empty bodies", "https://example.org/#", {Kind::kPage, 0}, 0},
      {"a page with parameters", "https://example.org/?utm=#", page, 0},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) { CHECK(blocked(row.pattern, row.body) == row.blocked); }
  }
}

TEST_CASE("a body is counted by host and by what it is", "[crawler][same_bodies]") {
  SameBodies bodies;
  const auto saw = [&](const std::string& address, const Digest& digest, Kind kind) {
    return bodies.saw(*Url::parse(address), digest, {kind, 9000, 400, 300});
  };
  for (int i = 0; i < 7; ++i) {
    const std::string address = "https://example.org/" + std::to_string(i);
    CHECK_FALSE(saw(address, kBody, Kind::kImage));
    CHECK_FALSE(saw(address, kBody, Kind::kImage));
  }
  CHECK_FALSE(saw("https://example.net/8", kBody, Kind::kImage));
  CHECK_FALSE(saw("https://example.org/8", sha256("other"), Kind::kImage));
  CHECK_FALSE(saw("https://example.org/8", kBody, Kind::kPage));
  CHECK(saw("https://example.org/8", kBody, Kind::kImage) ==
        "the same image for 8 addresses of example.org or more");
}

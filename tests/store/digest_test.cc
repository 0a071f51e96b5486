#include "store/digest.h"

#include "tests/support/catch.h"

using namespace halftone;

// NIST, "Examples with intermediate values", SHA-256; the empty message from SHA256ShortMsg.rsp.
TEST_CASE("SHA-256 of the standard's messages", "[store]") {
  struct Row {
    std::string_view message, digest;
  };
  const Row rows[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION("\"" << row.message << '"') {
      CHECK(sha256(row.message).hex() == row.digest);
      Sha256 pieces;
      for (const char& c : row.message) pieces.update({&c, 1});
      CHECK(pieces.finish().hex() == row.digest);
    }
  }
}

TEST_CASE("a digest is written and read back", "[store]") {
  const Digest digest = sha256("abc");
  CHECK(Digest::from_hex(digest.hex()) == digest);
  CHECK(Digest::from_view(digest.view()) == digest);

  std::string upper = digest.hex();
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  CHECK(Digest::from_hex(upper) == digest);
}

TEST_CASE("what is no digest is none", "[store]") {
  const std::string hex = sha256("abc").hex();
  CHECK_FALSE(Digest::from_hex(""));
  CHECK_FALSE(Digest::from_hex(hex.substr(1)));
  CHECK_FALSE(Digest::from_hex(hex + "0"));
  CHECK_FALSE(Digest::from_hex("g" + hex.substr(1)));
  CHECK_FALSE(Digest::from_view("short"));
}

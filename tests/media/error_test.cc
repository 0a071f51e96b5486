#include "media/error.h"

#include "tests/support/catch.h"

using namespace halftone;

TEST_CASE("an error gathers context on its way up", "[media]") {
  const Error error{ErrorCode::kIo, "disk on fire"};
  const Error outer = error.during("reading a.html");
  CHECK(outer.code == ErrorCode::kIo);
  CHECK(outer.message == "reading a.html: disk on fire");
}

#include "tests/support/memory_frontier.h"

#include "tests/crawler/frontier_contract.h"
#include "tests/support/catch.h"

using namespace halftone;

TEST_CASE("MemoryFrontier keeps the contract", "[crawler]") {
  MemoryFrontier frontier;
  check_contract(frontier);
}

#include "crawler/robots.h"

#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(robots) {
  const Robots robots = Robots::parse(input);
  for (const char* const agent : {"halftone", "*", "", "Googlebot/2.1 (+http://example/)"}) {
    const Robots::Verdict verdict = robots.check(agent, fuzz_base());
    MUST(verdict.line == 0 || !verdict.rule.empty());
    MUST(verdict.allowed || verdict.line > 0);
  }
}

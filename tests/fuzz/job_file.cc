#include "tools/job_file.h"

#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(job_file) {
  const auto lines = job_lines(input);
  size_t last = 0;
  for (const JobLine& line : lines) {
    MUST(line.number > last);
    last = line.number;
  }
  parse_job({}, lines, [&](const JobLine& line, const std::string& why) {
    MUST(line.number <= last);
    MUST(!why.empty());
  });
}

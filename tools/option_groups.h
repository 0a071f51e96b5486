// Which options each command has; Boost.Program_options reads them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/program_options/options_description.hpp>

#include "tools/option_values.h"
#include "tools/options.h"

namespace halftone {

// What options are read into before they become Arguments.
struct Raw {
  Keep last, hourly, daily, weekly, monthly, yearly;
  std::string within;
  Size limit_rate, max_size{uint64_t{4} << 30};
  Natural connect_timeout{30}, timeout{30}, max_time{7200}, retry{3};
  std::optional<Natural> keep, jobs, distance;
  double retry_delay = 1;
  // mirror
  std::string scope = "domain", user;
  std::optional<Natural> depth;
  Natural hops, max_host_pages, max_pages, parallel{128}, per_host{6};
  double delay = 0;
  Size max_bytes, min_free{uint64_t{256} << 20};
  Duration run_time;
  // nightly
  Duration revisit_min{std::chrono::hours(20)}, revisit_max{std::chrono::hours(24) * 90};
  Duration file_age{std::chrono::hours(24) * 90}, host_time{std::chrono::hours(1)};
  Natural missing_tries{8}, whole_every{8}, verify_nights, backup_keep;
  Size host_bytes;
};

// The options of a command, which are read into `args` and `raw`; both must outlive the parsing.
boost::program_options::options_description options_of(const std::string& command, Arguments& args,
                                                       Raw& raw);

// What was read into `raw` becomes part of `args`.
void take_over(const Raw& raw, Arguments& args);

}  // namespace halftone

// The command line, read once into plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crawler/capturer.h"
#include "crawler/curl_fetcher.h"
#include "media/error.h"

namespace halftone {

// Of `halftone inspect`; see docs/inspect.md.
struct InspectOptions {
  bool batch = false;
  std::string type, charset, agent = "halftone", content_type;
  std::string map_file, prefix, timestamp;
};

struct Arguments {
  std::string command;  // "snapshot"; empty for halftone --help or --version
  std::vector<std::string> operands;

  // Everywhere.
  std::string archive;
  bool archive_named = false;  // on the command line
  bool json = false, quiet = false, help = false, version = false;
  std::string log_level = "warning";

  // snapshot
  FetchOptions fetch;
  CaptureOptions capture;
  std::string base;
  std::string seeds_file;

  // show, export, restore
  std::string at;  // a date: the last version taken by then

  // backup
  unsigned keep_generations = 0;  // 0: all

  bool dry_run = false;  // merge

  // export
  std::string format = "site";
  bool all = false;

  InspectOptions inspect;  // the operands begin with the part to ask
};

// kUsage: what is wrong, with the nearest thing that would be right.
Result<Arguments> parse_arguments(const std::vector<std::string>& words);

// What `halftone COMMAND --help` prints; for an empty command the overview.
std::string help_text(const std::string& command);

// 500, 64k, 10M, 4G, 1.5G: bytes, in powers of 1024 as curl and wget read them.
std::optional<uint64_t> parse_size(std::string_view text);

}  // namespace halftone

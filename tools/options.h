// The command line, read once into plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crawler/capturer.h"
#include "crawler/crawl.h"
#include "crawler/curl_fetcher.h"
#include "media/error.h"
#include "store/retention.h"

namespace halftone {

// Of `halftone inspect`; see docs/inspect.md.
struct InspectOptions {
  bool batch = false;
  std::string type, charset, agent = "halftone", content_type;
  std::string map_file, prefix, timestamp;
};

// Which articles: of `list`, `forget` and `derive`.
struct Selection {
  std::string site, source;
};

// Of `halftone list`.
struct ListOptions {
  std::string since, until;  // dates
  std::string sort = "captured";
  std::string captures;  // a URL or a host
  std::string near;      // a date
};

// Of `halftone forget`.
struct ForgetOptions {
  RetentionRules keep;
  bool all_versions = false;
  bool no_gc = false;
};

// Of `halftone mirror`.
struct MirrorArguments {
  CrawlOptions crawl;
  ScopeOptions scope;
  std::string reach;            // as given
  std::string robots = "obey";  // or "ignore"
  bool no_sitemaps = false, restart = false;
};

// Of `halftone derive`.
struct DeriveArguments {
  std::vector<std::string> recipes;  // names; none: the usual ones
  bool again = false;                // --all
  unsigned jobs = 0;                 // 0: as many as there are processors
};

// Of `halftone verify`.
struct VerifyArguments {
  std::string sample, since, article;  // as given; empty: not
  std::vector<std::string> repair;     // archives, backups, WARC files, "web"
  bool log = false;
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

  MirrorArguments mirror;  // with fetch, capture, seeds_file

  // show, export, restore
  std::string at;  // a date: the last version taken by then

  // backup
  unsigned keep_generations = 0;  // 0: all

  // export
  std::string format = "site";
  bool all = false;

  Selection selection;
  ListOptions list;
  ForgetOptions forget;
  bool dry_run = false;  // forget, gc, merge
  VerifyArguments verify;
  DeriveArguments derive;
  unsigned distance = 8;  // similar

  InspectOptions inspect;  // the operands begin with the part to ask
};

// kUsage: what is wrong, with the nearest thing that would be right.
Result<Arguments> parse_arguments(const std::vector<std::string>& words);

// What `halftone COMMAND --help` prints; for an empty command the overview.
std::string help_text(const std::string& command);

}  // namespace halftone

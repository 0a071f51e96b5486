// The command line, read once into plain values.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crawler/capturer.h"
#include "crawler/crawl.h"
#include "crawler/curl_fetcher.h"
#include "crawler/revisit_schedule.h"
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

// Of `halftone nightly`: what a job is made of, beside what it shares with `mirror`.
struct NightlyArguments {
  std::vector<std::string> urls, feeds, sitemaps, lists, opml;
  RevisitLimits revisit;
  std::chrono::seconds file_age{std::chrono::hours(24) * 90};
  unsigned whole_every = 8;
  std::chrono::seconds host_time{std::chrono::hours(1)};
  uint64_t host_bytes = 0;
  // Afterwards.
  bool derive = false;
  unsigned verify_nights = 0;  // so many samples are the whole; 0: no check
  std::string export_folder, export_format = "site", backup;
  unsigned backup_keep = 0;
  // Telling.
  std::string metrics, webhook, mail_server, mail_from, notify = "trouble", log_format = "text";
  std::vector<std::string> mail_to;
  // On the command line alone.
  bool check = false, status = false;
  unsigned at_once = 1;  // jobs
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

  MirrorArguments mirror;          // with fetch, capture, seeds_file
  NightlyArguments nightly;        // with those, mirror and forget.keep
  std::vector<std::string> words;  // nightly: the options as they were given

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

// A line of a job file: an option of `nightly`, without its dashes.
struct JobLine {
  size_t number = 0;  // in the file
  std::string key, value;
};

// What a job file says; options that were given on the command line, `words`, count before it.
// Tells `mistake` of every line that cannot be carried out, and leaves it out.
Arguments parse_job(const std::vector<std::string>& words, const std::vector<JobLine>& lines,
                    const std::function<void(const JobLine&, const std::string&)>& mistake);

// What `halftone COMMAND --help` prints; for an empty command the overview.
std::string help_text(const std::string& command);

}  // namespace halftone

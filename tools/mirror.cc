// halftone mirror: a site, page by page, with everything its pages show.
#include <algorithm>

#include "crawler/crawl_state.h"
#include "tools/commands.h"
#include "tools/mirror_run.h"
#include "tools/seeds.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

// "example.org" is meant as https://example.org/.
Result<std::string> seed_of(const std::string& word) {
  const bool has_scheme = word.find("://") != std::string::npos;
  const auto url = Url::parse(has_scheme ? word : "https://" + word);
  if (!url || !url->is_http()) {
    return fail(ErrorCode::kUsage, "{} is no http or https URL; halftone snapshot takes files",
                word);
  }
  return url->href_without_fragment();
}

Result<std::vector<std::string>> named_seeds(const Arguments& args) {
  std::vector<std::string> words = args.operands;
  if (!args.seeds_file.empty()) {
    const auto listed = read_seeds(args.seeds_file);
    if (!listed) return tl::unexpected(listed.error());
    words.insert(words.end(), listed->begin(), listed->end());
  }
  std::vector<std::string> seeds;
  for (const std::string& word : words) {
    const auto seed = seed_of(word);
    if (!seed) return tl::unexpected(seed.error());
    if (std::ranges::find(seeds, *seed) == seeds.end()) seeds.push_back(*seed);
  }
  return seeds;
}

// Without seeds: what was begun last and is not finished.
Result<std::vector<std::string>> unfinished_seeds(Archive& archive, const std::string& folder) {
  const auto states = CrawlStates(archive.database()).all();
  if (!states) return tl::unexpected(states.error());
  for (const CrawlState& state : *states) {
    if (!state.ended && state.job.empty()) return state.seeds;
  }
  return fail(ErrorCode::kUsage,
              "mirror needs a URL: nothing in {} is unfinished (see halftone mirror --help)",
              folder);
}

}  // namespace

Result<ExitCode> run_mirror(const Arguments& args) {
  auto seeds = named_seeds(args);
  if (!seeds) return tl::unexpected(seeds.error());
  if (seeds->empty()) {
    if (const auto there = Archive::check_marker(args.archive); !there) {
      return fail(ErrorCode::kUsage, "mirror needs a URL (see halftone mirror --help)");
    }
  }
  const auto archive = Archive::open_for_writing(args.archive);
  if (!archive) return tl::unexpected(archive.error());
  if (seeds->empty()) {
    seeds = unfinished_seeds(**archive, args.archive);
    if (!seeds) return tl::unexpected(seeds.error());
  }
  const auto run = run_crawl(**archive, args, *seeds);
  if (!run) return tl::unexpected(run.error());
  if (args.json) say_json(to_json(run->report));
  if (!args.quiet) tell("{} (report: {})\n", summary_line(run->report), run->page_path);
  return run->code;
}

}  // namespace halftone

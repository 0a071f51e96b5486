#include "tools/mirror_run.h"

#include "crawler/curl_fetcher.h"
#include "crawler/stored_frontier.h"
#include "tools/interrupt.h"
#include "tools/mirror_progress.h"
#include "tools/seeds.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

// The unfinished crawl with these seeds, or a new one; what an earlier one left in the frontier
// goes.
Result<CrawlState> begin_crawl(Archive& archive, const Arguments& args,
                               const std::vector<std::string>& seeds) {
  CrawlStates states(archive.database());
  auto known = states.find(seeds);
  if (!known) return tl::unexpected(known.error());
  const bool goes_on = *known && !(*known)->ended && !args.mirror.restart;
  CrawlState state = goes_on ? **known : CrawlState{.seeds = seeds};
  state.scope = args.mirror.scope;
  state.ignored_robots = args.mirror.crawl.manners.ignore_robots;
  if (!goes_on) {
    state.begun = now();
    state.run = to_digits(state.begun).substr(0, 20);
    if (*known) {
      const auto removed = remove_frontier(archive.database(), (*known)->run);
      if (!removed) return tl::unexpected(removed.error());
    }
  } else if (!args.quiet) {
    tell("going on with what was begun on {}\n", to_iso8601(state.begun));
  }
  if (auto kept = states.keep(state, true); !kept) return tl::unexpected(kept.error());
  return state;
}

FetchOptions fetch_options(const Arguments& args, std::vector<std::string>& seeds) {
  FetchOptions fetch = args.fetch;
  for (std::string& seed : seeds) {
    seed = without_credentials(seed, fetch);
    if (const auto url = Url::parse(seed)) fetch.seed_hosts.insert(url->hostname());
  }
  return fetch;
}

ExitCode code_of(const CrawlReport& report) {
  if (report.end.why == CrawlEnd::Why::kInterrupted) return ExitCode::kInterrupted;
  const bool has_nothing = report.pages + report.files + report.aliases == 0;
  if (has_nothing && report.end.why == CrawlEnd::Why::kDone) return ExitCode::kFailed;
  return report.is_complete() ? ExitCode::kOk : ExitCode::kIncomplete;
}

// As HTML for people, as JSON for scripts.
Result<void> write_reports(Archive& archive, MirrorRun& run) {
  const std::string name = "mirror-" + to_digits(run.report.ended);
  const auto json = archive.write_report(name, to_json(run.report));
  if (!json) return tl::unexpected(json.error());
  const auto page = archive.write_report(name, to_html(run.report), "html");
  if (!page) return tl::unexpected(page.error());
  run.report_path = *json;
  run.page_path = *page;
  return {};
}

// Why nothing came of it, where nothing did; the report has the rest.
void tell_of_failure(const CrawlReport& report) {
  for (const CrawlMissing& one : report.missing) tell("halftone: {}: {}\n", one.url, one.reason);
}

}  // namespace

Result<MirrorRun> run_crawl(Archive& archive, const Arguments& args,
                            const std::vector<std::string>& named) {
  std::vector<std::string> seeds = named;
  const FetchOptions fetch = fetch_options(args, seeds);
  const auto fetcher = make_curl_fetcher(fetch);
  if (!fetcher) return tl::unexpected(fetcher.error());
  auto state = begin_crawl(archive, args, seeds);
  if (!state) return tl::unexpected(state.error());
  const auto frontier = StoredFrontier::open(archive.database(), state->run);
  if (!frontier) return tl::unexpected(frontier.error());
  watch_for_interrupts();
  MirrorProgress progress(args.quiet, args.json);
  const auto end = crawl(
      archive, **fetcher, **frontier, *state, args.mirror.crawl, [] { return !interrupted(); },
      progress);
  progress.clear();
  if (!end) return tl::unexpected(end.error());
  if (const auto saved = (*fetcher)->cookies_saved(); !saved) {
    tell("halftone: {}\n", saved.error().message);
  }
  auto report = gather_report(archive, *state, *end);
  if (!report) return tl::unexpected(report.error());
  MirrorRun run{.report = *std::move(report), .report_path = {}, .page_path = {}};
  run.code = code_of(run.report);
  if (run.code == ExitCode::kFailed) tell_of_failure(run.report);
  if (auto written = write_reports(archive, run); !written) {
    return tl::unexpected(written.error());
  }
  if (end->why == CrawlEnd::Why::kDone) {  // not before its report is there
    state->ended = run.report.ended;
    if (auto kept = CrawlStates(archive.database()).keep(*state, true); !kept) {
      return tl::unexpected(kept.error());
    }
  }
  return run;
}

}  // namespace halftone

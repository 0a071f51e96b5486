// halftone why: which answer or which rule decided about a URL.
#include <nlohmann/json.hpp>

#include "crawler/canonical_url.h"
#include "crawler/crawl_rows.h"
#include "crawler/crawl_state.h"
#include "crawler/night_rows.h"
#include "crawler/stored_frontier.h"
#include "crawler/traps.h"
#include "store/formats/describe.h"
#include "tools/commands.h"
#include "tools/find_article.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

using Json = nlohmann::ordered_json;
using Step = CrawlResult::Step;

// All that can be told; the first line is the answer.
struct Answer {
  std::string outcome;  // "article", "file", "missing", "owed", "out of scope", "unknown" …
  std::vector<std::string> lines;
};

std::string say_result(const CrawlResult& result) {
  const CaptureOutcome& outcome = result.outcome;
  switch (result.step) {
    case Step::kArticle:
      return fmt::format("archived as an article: {}, {}", outcome.type,
                         describe_bytes(outcome.size));
    case Step::kFile:
      return fmt::format("archived: {}, {}", outcome.type, describe_bytes(outcome.size));
    case Step::kAlias:
      return fmt::format("the same page as {}, and kept under that address", result.other);
    case Step::kSkipped:
      return fmt::format("left out: {}", outcome.reason);
    case Step::kMissing:
      return fmt::format("not had: {}", outcome.reason);
    case Step::kBlocked:
      return fmt::format("blocked: {}", outcome.reason);
  }
  return {};
}

class Question {
 public:
  Question(Archive& archive, const Url& url) : archive_(archive), url_(url) {}

  Result<Answer> answer() {
    const auto states = CrawlStates(archive_.database()).all();
    if (!states) return tl::unexpected(states.error());
    for (const CrawlState& state : *states) {
      auto asked = ask_frontier(state);
      if (!asked) return tl::unexpected(asked.error());
      if (!answer_.outcome.empty()) break;
    }
    if (auto told = tell_captures(); !told) return tl::unexpected(told.error());
    if (answer_.outcome.empty()) {
      if (auto told = tell_references(); !told) return tl::unexpected(told.error());
    }
    if (auto told = tell_nights(); !told) return tl::unexpected(told.error());
    if (answer_.outcome.empty() && !states->empty()) {
      if (auto told = tell_rules(states->front()); !told) return tl::unexpected(told.error());
    }
    if (answer_.outcome.empty() && linked_from_.empty()) {
      set("unknown", "nothing that was captured leads to it");
    }
    if (!linked_from_.empty()) set("linked", "linked from the article " + linked_from_);
    return answer_;
  }

 private:
  void set(std::string_view outcome, std::string line) {
    if (answer_.outcome.empty()) answer_.outcome = outcome;
    answer_.lines.push_back(std::move(line));
  }

  // As a page, and as something that a page shows.
  Result<void> ask_frontier(const CrawlState& state) {
    for (const std::string& key : {frontier_page_key(url_), frontier_file_key(url_)}) {
      const auto known = find_in_frontier(archive_.database(), state.run, key);
      if (!known) return tl::unexpected(known.error());
      if (known->step == UrlState::Step::kDone) {
        const auto result = decode_result(known->result);
        if (!result) continue;
        set(to_string(result->step), say_result(*result));
        if (!result->document.empty()) {
          answer_.lines.push_back("first referred to by " + result->document);
        }
      }
      if (known->step == UrlState::Step::kOwed) tell_owed(*known);
    }
    return {};
  }

  void tell_owed(const UrlState& known) {
    const auto owed = decode_owed(known.note);
    std::string line = "still owed: its turn has not come";
    if (owed && owed->tries > 0) {
      line = fmt::format("still owed: {} {} came to nothing lasting; it is asked for again",
                         owed->tries, owed->tries == 1 ? "try" : "tries");
    }
    set("owed", line);
    if (owed && !owed->document.empty()) {
      answer_.lines.push_back("first referred to by " + owed->document);
    }
  }

  Result<void> tell_captures() {
    const auto captures = archive_.captures().history(url_.href_without_fragment());
    if (!captures) return tl::unexpected(captures.error());
    if (captures->empty()) return {};
    const Capture& last = captures->back();
    const bool is_had = (last.status >= 200 && last.status < 300) || last.confirms;
    set(is_had ? "captured" : "answered",
        fmt::format("{} answer{} kept; the last of {}: status {}, {}, {}", captures->size(),
                    captures->size() == 1 ? "" : "s", describe_time(last.time), last.status,
                    last.type, describe_bytes(last.size)));
    return {};
  }

  // What nightly jobs mean to do about it.
  Result<void> tell_nights() {
    const auto jobs = NightRows::jobs(archive_.database());
    if (!jobs) return tl::unexpected(jobs.error());
    for (const std::string& job : *jobs) {
      const NightRows rows(archive_.database(), job);
      const auto page = rows.visit(frontier_page_key(url_));
      if (!page) return tl::unexpected(page.error());
      if (*page) tell_next(job, (*page)->next, (*page)->failures, (*page)->reason);
      const auto file = rows.missing_file(url_.href_without_fragment());
      if (!file) return tl::unexpected(file.error());
      if (*file) tell_next(job, (*file)->next, (*file)->tries, (*file)->reason);
    }
    return {};
  }

  void tell_next(const std::string& job, const std::optional<Time>& next, unsigned tries,
                 const std::string& reason) {
    std::string line = next ? fmt::format("the nightly job {} asks for it again from {} on", job,
                                          describe_time(*next))
                            : fmt::format("the nightly job {} has given it up", job);
    if (tries > 0) line += fmt::format(" ({} tries in vain: {})", tries, reason);
    answer_.lines.push_back(std::move(line));
  }

  // Runs that had no frontier: what their articles say of it. That one links to it decides nothing.
  Result<void> tell_references() {
    const std::string wanted = url_.href_without_fragment();
    const auto visited = archive_.articles().for_each([&](const Article& article) {
      for (const ArchivedReference& reference : article.references) {
        if (reference.url.substr(0, reference.url.find('#')) != wanted) continue;
        if (reference.outcome == Outcome::kLinked) {
          linked_from_ = article.url;
          continue;
        }
        set(to_string(reference.outcome),
            fmt::format("{}{} for the article {}", to_string(reference.outcome),
                        reference.reason.empty() ? "" : ": " + reference.reason, article.url));
        return false;
      }
      return true;
    });
    return visited;
  }

  Result<void> tell_rules(const CrawlState& state) {
    std::vector<Url> seeds;
    for (const auto* list : {&state.seeds, &state.more_seeds}) {
      for (const std::string& seed : *list) {
        if (auto url = Url::parse(seed)) seeds.push_back(*std::move(url));
      }
    }
    const auto verdict = Scope(state.scope, seeds).judge(canonical_page_url(url_), 0, 0);
    if (!verdict.allowed) {
      set("out of scope", "out of scope: " + verdict.rule);
      return {};
    }
    const auto pages = state.host_pages.find(url_.host());
    const uint64_t most = state.scope.host_pages;
    if (most > 0 && pages != state.host_pages.end() && pages->second >= most) {
      set("left out",
          fmt::format("left out: --max-host-pages {}: {} has as many", most, url_.host()));
      return {};
    }
    const auto traps = CrawlStates(archive_.database()).traps_of(state);
    if (!traps) return tl::unexpected(traps.error());
    if (const auto trap = Traps::load(*traps, now()).judge(canonical_page_url(url_))) {
      set("trap", "left out: " + *trap);
      return {};
    }
    if (!linked_from_.empty()) {
      const std::string depth =
          state.scope.depth ? fmt::format("by --depth {}, or ", *state.scope.depth) : "";
      set("left out",
          fmt::format("in scope; left out {}because the pages that link to it ask not to be "
                      "followed or repeat others",
                      depth));
      return {};
    }
    set("unknown", "in scope, but no page that was looked through links to it");
    if (state.scope.depth) {
      answer_.lines.push_back(
          fmt::format("or only pages that --depth {} left out link to it", *state.scope.depth));
    }
    return {};
  }

  Archive& archive_;
  const Url& url_;
  std::string linked_from_;  // an article that links to it
  Answer answer_;
};

}  // namespace

Result<ExitCode> run_why(const Arguments& args) {
  const auto url = Url::parse(args.operands[0]);
  if (!url) return fail(ErrorCode::kUsage, "{} is no URL", args.operands[0]);
  const auto archive = Archive::open_for_reading(args.archive);
  if (!archive) return tl::unexpected(archive.error());
  const auto answer = Question(**archive, *url).answer();
  if (!answer) return tl::unexpected(answer.error());
  if (args.json) {
    const Json json = {{"url", url->href()}, {"outcome", answer->outcome}, {"why", answer->lines}};
    say_json(json.dump(-1, ' ', false, Json::error_handler_t::replace));
    return ExitCode::kOk;
  }
  say("{}\n", url->href());
  for (const std::string& line : answer->lines) say("  {}\n", line);
  return ExitCode::kOk;
}

}  // namespace halftone

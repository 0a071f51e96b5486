#include "crawler/crawl_report.h"

#include <nlohmann/json.hpp>

#include "crawler/stored_frontier.h"
#include "store/formats/describe.h"

namespace halftone {
namespace {

using Json = nlohmann::ordered_json;
using Step = CrawlResult::Step;

constexpr size_t kMostHosts = 10'000;

class Gathering {
 public:
  Gathering(CrawlReport& report, const Database& database) : report_(report), database_(database) {}

  void take(std::string_view key, const CrawlResult& result) {
    const bool is_page = key.starts_with("p ");
    CrawlHost& host = host_of(result.url);
    switch (result.step) {
      case Step::kArticle:
        ++report_.pages;
        ++host.pages;
        return add_body(result, host);
      case Step::kFile:
        if (is_page && is_shown_file(result.url)) return;
        ++report_.files;
        ++host.files;
        report_.images += result.outcome.type.starts_with("image/");
        return add_body(result, host);
      case Step::kAlias:
        ++report_.aliases;
        return;
      case Step::kSkipped:
        ++report_.skipped;
        return list(result, is_page);
      case Step::kMissing:
      case Step::kBlocked:
        if (!result.is_guess) take_missing(result, is_page, host);
    }
  }

 private:
  // What is linked to and shown as well counts once.
  bool is_shown_file(const std::string& text) const {
    const auto url = Url::parse(text);
    if (!url) return false;
    const auto state = find_in_frontier(database_, report_.state.run, frontier_file_key(*url));
    return state && state->step == UrlState::Step::kDone;
  }

  void add_body(const CrawlResult& result, CrawlHost& host) {
    report_.bytes += result.outcome.size;
    host.bytes += result.outcome.size;
  }

  void take_missing(const CrawlResult& result, bool is_page, CrawlHost& host) {
    ++host.missing;
    const int status = result.outcome.status;
    if (result.step == Step::kBlocked) {
      ++report_.blocked;
    } else if (is_page && (status == 404 || status == 410)) {
      ++report_.gone_pages;
    } else {
      ++(is_page ? report_.missing_pages : report_.missing_files);
    }
    list(result, is_page);
  }

  void list(const CrawlResult& result, bool is_page) {
    if (report_.missing.size() >= CrawlReport::kMostListed) return;
    report_.missing.push_back({result.url, result.document, result.outcome.reason,
                               result.outcome.status, result.step, is_page});
  }

  CrawlHost& host_of(const std::string& text) {
    const auto url = Url::parse(text);
    const std::string name = url ? url->host() : "";
    const bool fits = report_.hosts.size() < kMostHosts || report_.hosts.contains(name);
    return report_.hosts[fits ? name : "(other hosts)"];
  }

  CrawlReport& report_;
  const Database& database_;
};

Result<void> gather_articles(Archive& archive, CrawlReport& report) {
  ArticleQuery query;
  query.captured_since = report.state.begun;  // asking for a source would hold all in memory
  return archive.articles().list(query, [&](const ArticleSummary& article) {
    if (article.source != report.state.seeds.front()) return true;
    const Completeness& one = article.completeness;
    ++report.articles;
    report.complete += one.missing == 0;
    report.completeness.references += one.references;
    report.completeness.archived += one.archived;
    report.completeness.missing += one.missing;
    report.completeness.images += one.images;
    if (one.missing > 0 && report.incomplete.size() < CrawlReport::kMostListed) {
      report.incomplete.push_back(
          {article.id, article.url, article.title, one.references, one.missing});
    }
    return true;
  });
}

std::string_view end_of(const CrawlReport& report) {
  switch (report.end.why) {
    case CrawlEnd::Why::kDone:
      return "done";
    case CrawlEnd::Why::kLimit:
      return "limit";
    case CrawlEnd::Why::kInterrupted:
      return "interrupted";
  }
  return "done";
}

Json hosts_of(const CrawlReport& report) {
  Json hosts = Json::array();
  for (const auto& [name, host] : report.hosts) {
    const HostStats& stats = host.stats;
    Json entry = {{"host", name},
                  {"pages", host.pages},
                  {"files", host.files},
                  {"bytes", host.bytes},
                  {"missing", host.missing},
                  {"requests", stats.requests},
                  {"refusals", stats.refusals},
                  {"failures", stats.failures},
                  {"bytes_fetched", stats.bytes}};
    if (stats.answers > 0) {
      entry["mean_first_byte_ms"] = stats.waited.count() / static_cast<int64_t>(stats.answers);
      entry["slowest_first_byte_ms"] = stats.slowest.count();
    }
    hosts.push_back(std::move(entry));
  }
  return hosts;
}

Json missing_of(const CrawlReport& report) {
  Json missing = Json::array();
  for (const CrawlMissing& one : report.missing) {
    missing.push_back({{"url", one.url},
                       {"reason", one.reason},
                       {"outcome", to_string(one.step)},
                       {"page", one.is_page},
                       {"status", one.status},
                       {"document", one.document}});
  }
  return missing;
}

}  // namespace

Result<CrawlReport> gather_report(Archive& archive, const CrawlState& state, const CrawlEnd& end) {
  CrawlReport report;
  report.state = state;
  report.end = end;
  report.ended = now();
  Gathering gathering(report, archive.database());
  const auto walked = for_each_done(archive.database(), state.run, [&](auto key, auto value) {
    if (const auto result = decode_result(value)) gathering.take(key, *result);
    return true;
  });
  if (!walked) return tl::unexpected(walked.error());
  if (auto gathered = gather_articles(archive, report); !gathered) {
    return tl::unexpected(gathered.error());
  }
  for (const auto& [name, stats] : end.hosts) report.hosts[name].stats = stats;
  report.owed = end.owed;
  return report;
}

std::string to_json(const CrawlReport& report) {
  Json json = {{"run", "mirror"},
               {"end", end_of(report)},
               {"limit", report.end.limit},
               {"started", to_iso8601(report.state.begun)},
               {"ended", to_iso8601(report.ended)},
               {"seeds", report.state.seeds},
               {"scope", to_string(report.state.scope.reach)},
               {"robots", report.state.ignored_robots ? "ignored" : "obeyed"},
               {"articles", report.articles},
               {"complete_articles", report.complete},
               {"references", report.completeness.references},
               {"archived", report.completeness.archived},
               {"missing", report.completeness.missing},
               {"pages", report.pages},
               {"files", report.files},
               {"images", report.images},
               {"aliases", report.aliases},
               {"skipped_pages", report.skipped},
               {"gone_pages", report.gone_pages},
               {"missing_pages", report.missing_pages},
               {"missing_files", report.missing_files},
               {"blocked", report.blocked},
               {"owed", report.owed},
               {"requests", report.state.requests},
               {"bytes", report.bytes},
               {"bytes_fetched", report.state.bytes_fetched},
               {"new_blobs", report.state.new_blobs},
               {"new_bytes", report.state.new_bytes}};
  json["missing_references"] = missing_of(report);
  Json incomplete = Json::array();
  for (const IncompleteArticle& article : report.incomplete) {
    incomplete.push_back({{"id", article.id},
                          {"url", article.url},
                          {"title", article.title},
                          {"references", article.references},
                          {"missing", article.missing}});
  }
  json["incomplete_articles"] = std::move(incomplete);
  json["hosts"] = hosts_of(report);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string summary_line(const CrawlReport& report) {
  std::string line =
      fmt::format("{} page{}, {} file{}, {}; {} new file{}, {}", report.pages,
                  report.pages == 1 ? "" : "s", report.files, report.files == 1 ? "" : "s",
                  describe_bytes(report.bytes), report.state.new_blobs,
                  report.state.new_blobs == 1 ? "" : "s", describe_bytes(report.state.new_bytes));
  const auto add = [&](uint64_t count, std::string_view what) {
    if (count > 0) line += fmt::format("; {} {}", count, what);
  };
  line += fmt::format("; {} missing", report.missing_files + report.missing_pages);
  add(report.blocked, "blocked");
  add(report.gone_pages,
      report.gone_pages == 1 ? "link that leads nowhere" : "links that lead nowhere");
  add(report.skipped, "left out by rules");
  add(report.owed, "still owed: the same command goes on with them");
  return line;
}

}  // namespace halftone

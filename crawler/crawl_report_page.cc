#include <algorithm>

#include "crawler/crawl_report.h"
#include "store/formats/describe.h"
#include "store/formats/page.h"

namespace halftone {
namespace {

// A page with more rows is no help; the JSON beside it has them all.
constexpr size_t kMostRows = 2000;

std::string note_for(size_t count) {
  if (count <= kMostRows) return {};
  return fmt::format("The first {} of {}; the report in JSON has the others.", kMostRows, count);
}

std::string end_in_words(const CrawlReport& report) {
  switch (report.end.why) {
    case CrawlEnd::Why::kDone:
      return "everything in scope was looked at";
    case CrawlEnd::Why::kLimit:
      return "stopped at " + report.end.limit;
    case CrawlEnd::Why::kInterrupted:
      return "interrupted; the same command goes on";
  }
  return {};
}

std::vector<std::pair<std::string, std::string>> facts_of(const CrawlReport& report) {
  const auto number = [](uint64_t count) { return fmt::format("{}", count); };
  return {{"End", end_in_words(report)},
          {"Time",
           fmt::format("{} to {}", describe_time(report.state.begun), describe_time(report.ended))},
          {"Articles", fmt::format("{}, of which {} complete", report.articles, report.complete)},
          {"References", fmt::format("{} of {} archived", report.completeness.archived,
                                     report.completeness.references)},
          {"Files", fmt::format("{}, of which {} images", report.files, report.images)},
          {"Bytes", fmt::format("{} in all, {} fetched, {} new", describe_bytes(report.bytes),
                                describe_bytes(report.state.bytes_fetched),
                                describe_bytes(report.state.new_bytes))},
          {"Missing", fmt::format("{} files, {} pages; {} blocked", report.missing_files,
                                  report.missing_pages, report.blocked)},
          {"Links that lead nowhere", number(report.gone_pages)},
          {"Left out by rules", number(report.skipped)},
          {"Still owed", number(report.owed)},
          {"robots.txt", report.state.ignored_robots ? "ignored, as wished" : "obeyed"}};
}

ReportTable missing_table(const CrawlReport& report) {
  ReportTable table{.title = "Not had",
                    .note = note_for(report.missing.size()),
                    .columns = {"URL", "Why", "First referred to by"}};
  for (const CrawlMissing& one : report.missing) {
    if (table.rows.size() == kMostRows) break;
    table.rows.push_back({one.url, one.reason, one.document});
  }
  return table;
}

ReportTable incomplete_table(const CrawlReport& report) {
  ReportTable table{.title = "Incomplete articles",
                    .note = note_for(report.incomplete.size()),
                    .columns = {"Article", "URL", "Missing"}};
  for (const IncompleteArticle& article : report.incomplete) {
    if (table.rows.size() == kMostRows) break;
    table.rows.push_back(
        {article.title, article.url, fmt::format("{} of {}", article.missing, article.references)});
  }
  return table;
}

ReportTable host_table(const CrawlReport& report) {
  ReportTable table{.title = "Hosts",
                    .note = note_for(report.hosts.size()),
                    .columns = {"Host", "Pages", "Files", "Bytes", "Missing", "Requests", "4xx",
                                "Failures", "Mean answer"}};
  for (const auto& [name, host] : report.hosts) {
    if (table.rows.size() == kMostRows) break;
    const HostStats& stats = host.stats;
    const auto mean =
        stats.answers == 0 ? 0 : stats.waited.count() / static_cast<int64_t>(stats.answers);
    table.rows.push_back({name, fmt::format("{}", host.pages), fmt::format("{}", host.files),
                          describe_bytes(host.bytes), fmt::format("{}", host.missing),
                          fmt::format("{}", stats.requests), fmt::format("{}", stats.refusals),
                          fmt::format("{}", stats.failures), fmt::format("{} ms", mean)});
  }
  return table;
}

}  // namespace

std::string to_html(const CrawlReport& report) {
  return report_page(
      {.title = "Mirror of " + report.state.seeds.front(),
       .subtitle = summary_line(report),
       .facts = facts_of(report),
       .tables = {incomplete_table(report), missing_table(report), host_table(report)}});
}

}  // namespace halftone

#include <algorithm>

#include "store/formats/describe.h"
#include "tools/nightly_report.h"
#include "tools/nightly_report_articles.h"
#include "tools/nightly_report_html.h"

namespace halftone {
namespace {

// A page with more is no help; the JSON beside it has them all.
constexpr size_t kMostRows = 1000;

class Page {
 public:
  Page(const NightRun& run, Archive& archive) : run_(run), archive_(archive) {}

  std::string write() {
    const std::string title = "Night of " + run_.job;
    html_ = fmt::format(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\"><meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\"><title>{0}"
        "</title><style>{1}</style></head><body><h1>{0}</h1><p class=\"sub\">{2} to {3}</p>\n",
        html_escaped(title), kNightStyle, describe_time(run_.begun), describe_time(run_.ended));
    write_troubles();
    write_counts();
    write_facts();
    write_growth();
    html_ += night_articles(run_, archive_);
    write_tables();
    return html_ + "</body></html>\n";
  }

 private:
  void write_troubles() {
    const auto troubles = troubles_of(run_);
    if (troubles.empty()) {
      html_ += "<p class=\"calm\">Nothing needs a person.</p>\n";
      return;
    }
    html_ += "<div class=\"trouble\"><strong>Needs a person</strong><ul>";
    for (const std::string& trouble : troubles) html_ += "<li>" + html_escaped(trouble) + "</li>";
    html_ += "</ul></div>\n";
  }

  void write_counts() {
    const NightResult& night = run_.result;
    html_ += "<ul class=\"counts\">";
    const std::pair<uint64_t, const char*> counts[] = {{night.new_articles, "new articles"},
                                                       {night.changed_articles, "changed"},
                                                       {night.missing_files, "files missing"},
                                                       {night.failed_pages, "pages not had"},
                                                       {night.asked, "pages asked for"}};
    for (const auto& [count, what] : counts) {
      html_ += fmt::format("<li><b>{}</b><span>{}</span></li>", count, what);
    }
    html_ += "</ul>\n";
  }

  // The disk, night by night: from the lowest of its marks to the highest.
  void write_growth() {
    const auto& marks = run_.marks;
    if (marks.size() < 3) return;
    const auto [low, high] = std::ranges::minmax(marks, {}, &NightMark::disk_bytes);
    const auto span = static_cast<double>(std::max<uint64_t>(high.disk_bytes - low.disk_bytes, 1));
    const auto time =
        static_cast<double>(std::max<int64_t>((marks.back().time - marks.front().time).count(), 1));
    std::string points;
    for (const NightMark& mark : marks) {
      const auto past = static_cast<double>((mark.time - marks.front().time).count());
      const auto more = static_cast<double>(mark.disk_bytes - low.disk_bytes);
      points += fmt::format("{:.1f},{:.1f} ", 10 + 980 * past / time, 90 - 80 * more / span);
    }
    html_ += fmt::format(
        "<svg class=\"growth\" viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\" role=\"img\" "
        "aria-label=\"The archive's size\"><polyline points=\"{}\"/></svg>\n"
        "<small>The archive over the last {} nights: {} to {}.</small>\n",
        points, marks.size(), describe_bytes(low.disk_bytes), describe_bytes(high.disk_bytes));
  }

  void fact(std::string_view name, const std::string& value) {
    html_ += fmt::format("<dt>{}</dt><dd>{}</dd>", name, html_escaped(value));
  }

  void write_facts() {
    const NightResult& night = run_.result;
    html_ += "<dl>";
    fact("End", end_of_night(run_) + (run_.end.limit.empty() ? "" : ": " + run_.end.limit));
    fact("Pages", fmt::format("{} asked for, {} as before, {} not had", night.asked,
                              night.unchanged, night.failed_pages));
    fact("Articles", fmt::format("{} new, {} changed, {} changed around the same text",
                                 night.new_articles, night.changed_articles, night.around));
    fact("Missing files", fmt::format("{} looked for again, {} found tonight, {} given up",
                                      night.missing_files, night.found, night.given_up_files));
    fact("Requests",
         fmt::format("{}, of which {} answered \"not modified\"; {} fetched", run_.counts.requests,
                     run_.counts.confirmed, describe_bytes(run_.counts.bytes_fetched)));
    fact("New files",
         fmt::format("{}, {}", run_.counts.new_blobs, describe_bytes(run_.counts.new_bytes)));
    const uint64_t grown =
        run_.disk_after > run_.disk_before ? run_.disk_after - run_.disk_before : 0;
    std::string disk =
        fmt::format("{}, {} more than before; {} free", describe_bytes(run_.disk_after),
                    describe_bytes(grown), describe_bytes(run_.disk_free));
    if (const auto days = days_left(run_)) {
      disk += fmt::format(", enough for {:.0f} days like the last ones", *days);
    }
    fact("Disk", disk);
    if (run_.end.owed > 0) fact("Still owed", fmt::format("{}", run_.end.owed));
    html_ += "</dl>\n";
  }

  // ---- tables

  void table(std::string_view title, const std::vector<std::string>& columns,
             const std::vector<std::vector<std::string>>& rows, bool is_folded = false) {
    if (rows.empty()) return;
    html_ += is_folded ? fmt::format("<details><summary>{} ({})</summary>", title, rows.size())
                       : fmt::format("<h2>{}</h2>\n", title);
    html_ += "<table><tr>";
    for (const std::string& column : columns) html_ += "<th>" + html_escaped(column) + "</th>";
    html_ += "</tr>\n";
    for (size_t i = 0; i < std::min(rows.size(), kMostRows); ++i) {
      html_ += "<tr>";
      for (const std::string& cell : rows[i]) html_ += "<td>" + html_link(cell, cell) + "</td>";
      html_ += "</tr>\n";
    }
    html_ += "</table>\n";
    if (rows.size() > kMostRows) {
      html_ +=
          fmt::format("<p>{} more; the report in JSON has them.</p>\n", rows.size() - kMostRows);
    }
    if (is_folded) html_ += "</details>\n";
  }

  void write_tables() {
    const NightResult& night = run_.result;
    std::vector<std::vector<std::string>> rows;
    for (const NightSource& source : night.sources) {
      if (source.silent == 0 && source.moved_to.empty()) continue;
      rows.push_back({source.url, fmt::format("{}", source.silent),
                      source.moved_to.empty() ? source.reason : "moved to " + source.moved_to,
                      source.answered ? describe_time(*source.answered) : "never"});
    }
    table("Ailing sources", {"Source", "Nights without", "Why", "Last answer"}, rows);
    rows.clear();
    for (const NightFailure& one : night.failures) {
      rows.push_back({one.url, one.reason + (one.is_given_up ? " (given up)" : ""),
                      one.since ? describe_date(*one.since) : "", one.source});
    }
    table("Pages that were not had", {"Page", "Why", "Since", "Led to by"}, rows);
    rows.clear();
    for (const NightMissing& one : night.missing) {
      rows.push_back({one.url, one.reason, describe_date(one.first),
                      one.next ? describe_date(*one.next) : "given up", one.document});
    }
    table("Missing", {"File", "Why", "Since", "Next try", "Shown by"}, rows);
    rows.clear();
    for (const NightStep& step : run_.steps) rows.push_back({step.name, step.text});
    table("Afterwards", {"What", "Came to"}, rows);
    rows.clear();
    for (const NightSource& source : night.sources) {
      rows.push_back({source.url, source.kind, fmt::format("{}", source.entries),
                      source.answered ? describe_time(*source.answered) : "never"});
    }
    table("All sources", {"Source", "Kind", "Entries", "Last answer"}, rows, true);
    rows.clear();
    for (const std::string& warning : night.warnings) rows.push_back({warning});
    table("Worth knowing", {"What"}, rows);
  }

  const NightRun& run_;
  Archive& archive_;
  std::string html_;
};

}  // namespace

std::string to_html(const NightRun& run, Archive& archive) { return Page(run, archive).write(); }

}  // namespace halftone

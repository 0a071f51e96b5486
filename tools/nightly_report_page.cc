#include <algorithm>

#include "media/base64.h"
#include "media/text_diff.h"
#include "store/formats/describe.h"
#include "tools/nightly_report.h"

namespace halftone {
namespace {

// A page with more is no help; the JSON beside it has them all.
constexpr size_t kMostArticles = 500;
constexpr size_t kMostRows = 1000;
constexpr size_t kMostPictures = 12;             // of one article's changes
constexpr size_t kMostPictureBytes = 24u << 20;  // of the whole page

constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--line:#8884;--soft:#8881}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin-bottom:0}h2{font-size:1.15rem;margin:2rem 0 .5rem}
.sub{opacity:.7;margin-top:.2rem}.trouble{border-left:4px solid #d33;background:#d331;padding:.5rem 1rem}
.calm{border-left:4px solid #2a6;background:#2a61;padding:.5rem 1rem}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid var(--line);padding:.3rem .5rem;
text-align:left;vertical-align:top;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{opacity:.7}dd{margin:0}
article{display:flex;gap:1rem;border-bottom:1px solid var(--line);padding:.8rem 0}
article>div{flex:1;min-width:0}article h3{font-size:1rem;margin:0}article p{margin:.2rem 0;overflow-wrap:anywhere}
.thumb{flex:none;width:120px}.thumb img,.pair img{max-width:120px;max-height:120px;border-radius:4px}
.none{width:120px;height:68px;background:var(--soft);border-radius:4px}
.pair{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem}.pair figure{margin:0}.pair figcaption{font-size:.8rem;opacity:.7}
.diff{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);padding:.5rem .8rem;border-radius:4px}
del{background:#d333;text-decoration-color:#d33}ins{background:#2a63;text-decoration:none}
small{opacity:.7})";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += letter;
    }
  }
  return out;
}

// A link where it is a web address, else the text.
std::string link_to(const std::string& url, const std::string& text) {
  const bool is_web = url.starts_with("https://") || url.starts_with("http://");
  if (!is_web) return escaped(text);
  return fmt::format("<a href=\"{}\" rel=\"noreferrer noopener\">{}</a>", escaped(url),
                     escaped(text));
}

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
        escaped(title), kStyle, describe_time(run_.begun), describe_time(run_.ended));
    write_troubles();
    write_facts();
    write_articles("New", false);
    write_articles("Changed", true);
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
    for (const std::string& trouble : troubles) html_ += "<li>" + escaped(trouble) + "</li>";
    html_ += "</ul></div>\n";
  }

  void fact(std::string_view name, const std::string& value) {
    html_ += fmt::format("<dt>{}</dt><dd>{}</dd>", name, escaped(value));
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

  // ---- articles

  void write_articles(std::string_view title, bool is_changed) {
    size_t count = 0;
    for (const NightArticle& article : run_.result.articles) {
      if (article.before.has_value() != is_changed) continue;
      if (count++ == 0) html_ += fmt::format("<h2>{}</h2>\n", title);
      if (count <= kMostArticles) write_article(article);
    }
    if (count > kMostArticles) {
      html_ += fmt::format("<p>{} more; the report in JSON has them.</p>\n", count - kMostArticles);
    }
  }

  void write_article(const NightArticle& told) {
    const auto now = archive_.articles().version(told.id, told.captured_at);
    html_ += "<article><div class=\"thumb\">" + lead_picture(now) + "</div><div><h3>" +
             link_to(told.url, told.title) + "</h3>";
    html_ += fmt::format("<p><small>{} · {}</small></p>", escaped(told.id), escaped(told.url));
    if (told.before && now) write_changes(told, *now);
    html_ += "</div></article>\n";
  }

  std::string lead_picture(const Result<Article>& article) {
    constexpr std::string_view kNone = "<div class=\"none\"></div>";
    if (!article) return std::string(kNone);
    const ArchivedReference* best = nullptr;
    for (const ArchivedReference& reference : article->references) {
      if (!reference.digest || !reference.type.starts_with("image/")) continue;
      if (reference.url == article->facts.lead_image) best = &reference;
      if (best == nullptr && reference.size > kSpacer) best = &reference;
    }
    const std::string picture = best ? thumbnail(*best->digest) : "";
    return picture.empty() ? std::string(kNone) : picture;
  }

  // As far as the archive has one, and the page has room.
  std::string thumbnail(const Digest& digest) {
    static const Recipe* const recipe = find_recipe("thumb");
    if (recipe == nullptr) return {};
    const auto made = archive_.derivatives().get(digest, *recipe);
    if (!made || !*made || picture_bytes_ + (*made)->bytes.size() > kMostPictureBytes) return {};
    picture_bytes_ += (*made)->bytes.size();
    return fmt::format("<img alt=\"\" src=\"data:{};base64,{}\">", escaped((*made)->type),
                       encode_base64((*made)->bytes));
  }

  void write_changes(const NightArticle& told, const Article& now) {
    const ArticleChanges& changes = told.changes;
    html_ += "<p>" + escaped(changes.summary()) + "</p>";
    const auto before = archive_.articles().version(told.id, *told.before);
    if (!before) return;
    if (changes.title) {
      html_ += fmt::format("<p>Title: <del>{}</del> <ins>{}</ins></p>",
                           escaped(before->facts.title), escaped(now.facts.title));
    }
    if (changes.text) write_diff(before->facts.text, now.facts.text);
    write_pictures("replaced", changes.images_replaced, &*before, &now);
    write_pictures("added", changes.images_added, nullptr, &now);
    write_pictures("removed", changes.images_removed, &*before, nullptr);
    write_pictures("found", changes.found, nullptr, &now);
  }

  void write_diff(const std::string& before, const std::string& after) {
    html_ += "<div class=\"diff\">";
    for (const TextPiece& piece : text_diff(before, after)) {
      const char* tag = piece.kind == TextPiece::Kind::kRemoved ? "del"
                        : piece.kind == TextPiece::Kind::kAdded ? "ins"
                                                                : "span";
      html_ += fmt::format("<{0}>{1}</{0}>", tag, escaped(piece.text));
    }
    html_ += "</div>";
  }

  static const ArchivedReference* find(const Article* article, const std::string& url) {
    if (article == nullptr) return nullptr;
    const auto found = std::ranges::find_if(article->references, [&](const auto& reference) {
      return reference.url == url && reference.digest;
    });
    return found == article->references.end() ? nullptr : &*found;
  }

  // What stood under the URL before and stands there now, side by side.
  void write_pictures(std::string_view what, const std::vector<std::string>& urls,
                      const Article* before, const Article* now) {
    if (urls.empty()) return;
    html_ += fmt::format("<p>{} {}:</p><div class=\"pair\">", urls.size(), what);
    for (size_t i = 0; i < std::min(urls.size(), kMostPictures); ++i) {
      html_ += "<figure>";
      for (const ArchivedReference* one : {find(before, urls[i]), find(now, urls[i])}) {
        if (one) html_ += thumbnail(*one->digest);
      }
      html_ += "<figcaption>" + link_to(urls[i], urls[i]) + "</figcaption></figure>";
    }
    html_ += "</div>";
  }

  // ---- tables

  void table(std::string_view title, const std::vector<std::string>& columns,
             const std::vector<std::vector<std::string>>& rows) {
    if (rows.empty()) return;
    html_ += fmt::format("<h2>{}</h2>\n<table><tr>", title);
    for (const std::string& column : columns) html_ += "<th>" + escaped(column) + "</th>";
    html_ += "</tr>\n";
    for (size_t i = 0; i < std::min(rows.size(), kMostRows); ++i) {
      html_ += "<tr>";
      for (const std::string& cell : rows[i]) html_ += "<td>" + link_to(cell, cell) + "</td>";
      html_ += "</tr>\n";
    }
    html_ += "</table>\n";
    if (rows.size() > kMostRows) {
      html_ +=
          fmt::format("<p>{} more; the report in JSON has them.</p>\n", rows.size() - kMostRows);
    }
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
    for (const std::string& warning : night.warnings) rows.push_back({warning});
    table("Worth knowing", {"What"}, rows);
  }

  static constexpr uint64_t kSpacer = 2000;  // bytes

  const NightRun& run_;
  Archive& archive_;
  std::string html_;
  size_t picture_bytes_ = 0;
};

}  // namespace

std::string to_html(const NightRun& run, Archive& archive) { return Page(run, archive).write(); }

}  // namespace halftone

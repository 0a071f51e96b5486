#include "tools/nightly_report_articles.h"

#include <algorithm>

#include "media/base64.h"
#include "media/text_diff.h"
#include "tools/nightly_report_html.h"

namespace halftone {
namespace {

// A page with more is no help; the JSON beside it has them all.
constexpr size_t kMostArticles = 500;
constexpr size_t kMostPictures = 12;             // of one article's changes
constexpr size_t kMostPictureBytes = 24u << 20;  // of the whole page
constexpr uint64_t kSpacer = 2000;               // bytes

class ArticleList {
 public:
  ArticleList(const NightRun& run, Archive& archive) : run_(run), archive_(archive) {}

  std::string write() {
    write_articles("New", false);
    write_articles("Changed", true);
    return std::move(html_);
  }

 private:
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
             html_link(told.url, told.title) + "</h3>";
    html_ +=
        fmt::format("<p><small>{} · {}</small></p>", html_escaped(told.id), html_escaped(told.url));
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
    return fmt::format("<img alt=\"\" src=\"data:{};base64,{}\">", html_escaped((*made)->type),
                       encode_base64((*made)->bytes));
  }

  void write_changes(const NightArticle& told, const Article& now) {
    const ArticleChanges& changes = told.changes;
    html_ += "<p>" + html_escaped(changes.summary()) + "</p>";
    const auto before = archive_.articles().version(told.id, *told.before);
    if (!before) return;
    if (changes.title) {
      html_ += fmt::format("<p>Title: <del>{}</del> <ins>{}</ins></p>",
                           html_escaped(before->facts.title), html_escaped(now.facts.title));
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
      html_ += fmt::format("<{0}>{1}</{0}>", tag, html_escaped(piece.text));
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
    html_ += fmt::format("<p>{} {} {}:</p><div class=\"pictures\">", urls.size(),
                         urls.size() == 1 ? "picture" : "pictures", what);
    for (size_t i = 0; i < std::min(urls.size(), kMostPictures); ++i) {
      html_ += "<figure><div class=\"sides\">";
      write_side("gone", "before", find(before, urls[i]));
      write_side("new", before ? "now" : "new", find(now, urls[i]));
      html_ += "</div><figcaption>" + html_link(urls[i], urls[i]) + "</figcaption></figure>";
    }
    html_ += "</div>";
    if (urls.size() > kMostPictures) {
      html_ += fmt::format("<p>{} more; the report in JSON has them.</p>\n",
                           urls.size() - kMostPictures);
    }
  }

  void write_side(std::string_view kind, std::string_view when, const ArchivedReference* one) {
    const std::string picture = one ? thumbnail(*one->digest) : "";
    if (picture.empty()) return;
    html_ += fmt::format("<div class=\"{}\">{}<small>{}</small></div>", kind, picture, when);
  }

  const NightRun& run_;
  Archive& archive_;
  std::string html_;
  size_t picture_bytes_ = 0;
};

}  // namespace

std::string night_articles(const NightRun& run, Archive& archive) {
  return ArticleList(run, archive).write();
}

}  // namespace halftone

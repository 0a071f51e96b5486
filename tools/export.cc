// halftone export: archived copies for readers who have no halftone.
#include "store/formats/export.h"

#include <filesystem>
#include <set>

#include "store/formats/describe.h"
#include "tools/article_json.h"
#include "tools/commands.h"
#include "tools/export.h"
#include "tools/find_article.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

Result<std::vector<Article>> chosen_articles(Archive& archive, const Arguments& args) {
  if (args.all) {
    auto articles = all_articles(archive);
    if (articles && articles->empty()) {
      return fail(ErrorCode::kNotFound, "nothing is archived in {} yet", args.archive);
    }
    return articles;
  }
  std::vector<Article> articles;
  std::set<std::string> known;
  for (size_t i = 0; i + 1 < args.operands.size(); ++i) {
    auto article = find_article(archive, args.operands[i], args);
    if (!article) return tl::unexpected(article.error());
    if (known.insert(article->id).second) articles.push_back(std::move(*article));
  }
  return articles;
}

}  // namespace

Result<ExportResult> export_articles(Archive& archive, const std::vector<Article>& articles,
                                     const std::string& format, const std::string& folder) {
  const bool is_site = format == "site";
  if (articles.size() == 1) {
    return is_site ? export_site(archive, articles[0], folder)
                   : export_markdown(archive, articles[0], folder);
  }
  Neighbours neighbours;
  for (const Article& article : articles)
    neighbours[article.url] = "../" + article.id + "/index.html";

  ExportResult total{.entry = folder};
  if (is_site) {
    const auto index = export_index(archive, articles, folder);
    if (!index) return tl::unexpected(index.error());
    total = *index;
  }
  for (const Article& article : articles) {
    const std::string own = folder + "/" + article.id;
    const auto done = is_site ? export_site(archive, article, own, neighbours)
                              : export_markdown(archive, article, own);
    if (!done) return tl::unexpected(done.error());
    total.files += done->files;
    total.bytes += done->bytes;
  }
  return total;
}

Result<ExportResult> export_news(Archive& archive, const std::vector<std::string>& ids,
                                 const std::string& format, const std::string& folder) {
  const bool is_site = format == "site";
  Neighbours neighbours;
  std::set<std::string> wanted(ids.begin(), ids.end());
  std::error_code error;
  const bool is_first =
      !std::filesystem::exists(folder, error) || std::filesystem::is_empty(folder, error);
  const auto listed = archive.articles().list({}, [&](const ArticleSummary& article) {
    neighbours[article.url] = "../" + article.id + "/index.html";
    if (is_first) wanted.insert(article.id);
    return true;
  });
  if (!listed) return tl::unexpected(listed.error());
  ExportResult total{.entry = folder};
  if (wanted.empty()) return total;
  if (is_site) {
    const auto articles = all_articles(archive);
    if (!articles) return tl::unexpected(articles.error());
    const auto index = export_index(archive, *articles, folder);
    if (!index) return tl::unexpected(index.error());
    total = *index;
  }
  for (const std::string& id : wanted) {
    const auto article = archive.articles().get(id);
    if (!article) return tl::unexpected(article.error());
    const std::string own = fmt::format("{}/{}", folder, id);
    const auto done = is_site ? export_site(archive, *article, own, neighbours)
                              : export_markdown(archive, *article, own);
    if (!done) return tl::unexpected(done.error());
    total.files += done->files;
    total.bytes += done->bytes;
  }
  return total;
}

Result<ExitCode> run_export(const Arguments& args) {
  const auto archive = Archive::open_for_reading(args.archive);
  if (!archive) return tl::unexpected(archive.error());
  const auto articles = chosen_articles(**archive, args);
  if (!articles) return tl::unexpected(articles.error());
  const auto done = export_articles(**archive, *articles, args.format, args.operands.back());
  if (!done) return tl::unexpected(done.error());
  if (args.json) say_json(export_entry(*done));
  if (!args.quiet) {
    tell("{} file{}, {}: {}\n", done->files, done->files == 1 ? "" : "s",
         describe_bytes(done->bytes), done->entry);
  }
  bool complete = true;
  for (const Article& article : *articles)
    complete = complete && article.completeness().missing == 0;
  return complete ? ExitCode::kOk : ExitCode::kIncomplete;
}

}  // namespace halftone

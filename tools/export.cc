// halftone export: archived copies for readers who have no halftone.
#include "store/formats/export.h"

#include <cstdio>

#include "store/formats/describe.h"
#include "tools/commands.h"
#include "tools/export.h"

namespace halftone {
namespace {

Result<std::vector<Article>> chosen_articles(Archive& archive, const Arguments& args) {
  std::vector<Article> articles;
  if (args.all) {
    const auto listed = archive.articles().for_each([&](const Article& article) {
      articles.push_back(article);
      return true;
    });
    if (!listed) return tl::unexpected(listed.error());
    if (articles.empty())
      return fail(ErrorCode::kNotFound, "nothing is archived in {} yet", args.archive);
    return articles;
  }
  for (size_t i = 0; i + 1 < args.operands.size(); ++i) {
    auto article = archive.articles().get(args.operands[i]);
    if (!article) return tl::unexpected(article.error());
    articles.push_back(std::move(*article));
  }
  return articles;
}

}  // namespace

Result<ExportResult> export_articles(Archive& archive, const std::vector<Article>& articles,
                                     const std::string& format, const std::string& folder) {
  const auto one = [&](const Article& article, const std::string& where) {
    return format == "site" ? export_site(archive, article, where)
                            : export_markdown(archive, article, where);
  };
  if (articles.size() == 1) return one(articles[0], folder);

  ExportResult total{.entry = folder};
  for (const Article& article : articles) {
    const auto done = one(article, folder + "/" + article.id);
    if (!done) return tl::unexpected(done.error());
    total.files += done->files;
    total.bytes += done->bytes;
  }
  if (format != "site") return total;
  const auto index = export_index(archive, articles, folder);
  if (!index) return tl::unexpected(index.error());
  return ExportResult{index->entry, total.files + index->files, total.bytes + index->bytes};
}

Result<ExitCode> run_export(const Arguments& args) {
  const auto archive = Archive::open_for_reading(args.archive);
  if (!archive) return tl::unexpected(archive.error());
  const auto articles = chosen_articles(**archive, args);
  if (!articles) return tl::unexpected(articles.error());
  const auto done = export_articles(**archive, *articles, args.format, args.operands.back());
  if (!done) return tl::unexpected(done.error());
  if (!args.quiet) {
    fmt::print(stderr, "{} file{}, {}: {}\n", done->files, done->files == 1 ? "" : "s",
               describe_bytes(done->bytes), done->entry);
  }
  bool complete = true;
  for (const Article& article : *articles)
    complete = complete && article.completeness().missing == 0;
  return complete ? ExitCode::kOk : ExitCode::kIncomplete;
}

}  // namespace halftone

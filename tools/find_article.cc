#include "tools/find_article.h"

#include "media/url.h"
#include "tools/dates.h"

namespace halftone {

namespace {

bool is_address(const std::string& named) {
  const auto url = Url::parse(named);
  return url && (url->is_http() || url->scheme() == "file");
}

}  // namespace

std::string id_named(const std::string& named) {
  if (!is_address(named)) return named;
  return article_id(Url::parse(named)->without_credentials().href_without_fragment());
}

Result<Article> find_article(Archive& archive, const std::string& named, const Arguments& args) {
  auto article = archive.articles().get(id_named(named));
  if (!article && is_address(named) && article.error().code == ErrorCode::kNotFound) {
    return fail(ErrorCode::kNotFound, "{} is not archived in {}; halftone snapshot takes it", named,
                args.archive);
  }
  if (!article || args.at.empty()) return article;

  const auto moment = end_of(args.at, "--at");
  if (!moment) return tl::unexpected(moment.error());
  auto history = archive.articles().history(article->id);
  if (!history) return tl::unexpected(history.error());
  while (!history->empty() && history->back().captured_at > *moment) history->pop_back();
  if (history->empty()) {
    return fail(ErrorCode::kNotFound, "{} had not been archived by {}", named, args.at);
  }
  return history->back();
}

Result<std::vector<Article>> all_articles(Archive& archive) {
  std::vector<Article> articles;
  const auto listed = archive.articles().for_each([&](const Article& article) {
    articles.push_back(article);
    return true;
  });
  if (!listed) return tl::unexpected(listed.error());
  return articles;
}

}  // namespace halftone

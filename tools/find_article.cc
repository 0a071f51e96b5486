#include "tools/find_article.h"

#include "media/time.h"
#include "media/url.h"
#include "store/formats/describe.h"

namespace halftone {

namespace {

// The last microsecond of what a date names: a day where it has no time, else its second.
std::optional<Time> end_of(const std::string& date) {
  const auto begin = parse_date(date);
  if (!begin) return std::nullopt;
  const bool is_exact = date.find('.') != std::string::npos;
  const bool is_day = date.find(':') == std::string::npos;
  if (is_exact) return begin;
  const Time::duration whole =
      is_day ? Time::duration(std::chrono::hours(24)) : std::chrono::seconds(1);
  return *begin + whole - Time::duration(1);
}

}  // namespace

Result<Article> find_article(Archive& archive, const std::string& named, const Arguments& args) {
  const auto url = Url::parse(named);
  const bool is_address = url && (url->is_http() || url->scheme() == "file");
  const std::string id =
      is_address ? article_id(url->without_credentials().href_without_fragment()) : named;
  auto article = archive.articles().get(id);
  if (!article && is_address && article.error().code == ErrorCode::kNotFound) {
    return fail(ErrorCode::kNotFound, "{} is not archived in {}; halftone snapshot takes it", named,
                args.archive);
  }
  if (!article || args.at.empty()) return article;

  const auto moment = end_of(args.at);
  if (!moment)
    return fail(ErrorCode::kUsage, "--at {} is no date; 2026-01-09T12:30:00Z is one", args.at);
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

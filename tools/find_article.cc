#include "tools/find_article.h"

#include "crawler/canonical_url.h"
#include "media/article.h"
#include "media/document.h"
#include "media/url.h"
#include "store/limits.h"
#include "store/redirect.h"
#include "tools/dates.h"

namespace halftone {

namespace {

bool is_address(const std::string& named) {
  const auto url = Url::parse(named);
  return url && (url->is_http() || url->scheme() == "file");
}

// How many redirects are followed to an article.
constexpr int kMostHops = 10;

// Where a capture of the address leads: by a redirect, or by what the page names as its own.
std::optional<Url> next_address(Archive& archive, const Url& url) {
  const auto capture = archive.captures().latest(url.href_without_fragment());
  if (!capture || !*capture) return std::nullopt;
  if (auto target = redirect_target(**capture)) return target;
  if ((*capture)->type != "text/html") return std::nullopt;
  const auto bytes = archive.blobs().get((*capture)->digest, kLargestDocument);
  if (!bytes) return std::nullopt;
  const Scan scan = scan_document(*bytes, DocumentType::kHtml, url);
  return Url::parse(read_article(*bytes, DocumentType::kHtml, url, scan).canonical, &url);
}

// The article under another address of the same page: without tracking parameters, by the other of
// http and https, where it redirects to, or what it names as its own. kNotFound.
Result<Article> find_by_other_address(Archive& archive, const Url& named) {
  std::optional<Url> url = named;
  for (int hops = 0; url && hops < kMostHops; ++hops) {
    const Url canonical = canonical_page_url(*url);
    const std::string& address = canonical.href();
    const std::string rest = address.substr(std::min(address.find(':'), address.size()));
    for (const std::string& known : {"https" + rest, "http" + rest}) {
      auto article = archive.articles().get(article_id(known));
      if (article || article.error().code != ErrorCode::kNotFound) return article;
    }
    auto next = next_address(archive, *url);
    url = next ? next : next_address(archive, canonical);
  }
  return fail(ErrorCode::kNotFound, "not archived");
}

}  // namespace

std::string id_named(const std::string& named) {
  if (!is_address(named)) return named;
  return article_id(Url::parse(named)->without_credentials().href_without_fragment());
}

Result<Article> find_article(Archive& archive, const std::string& named, const Arguments& args) {
  auto article = archive.articles().get(id_named(named));
  const auto url = Url::parse(named);
  if (!article && article.error().code == ErrorCode::kNotFound && url && url->is_http()) {
    article = find_by_other_address(archive, url->without_credentials());
  }
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

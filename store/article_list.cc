#include <set>

#include "store/article.h"
#include "store/article_index.h"

namespace halftone {

namespace {

using namespace article_index;

using Visit = std::function<bool(const ArticleSummary&)>;

template <class T>
bool is_within(const T& moment, const std::optional<Time>& from, const std::optional<Time>& to) {
  return (!from || moment >= *from) && (!to || moment <= *to);
}

// One answer to one query.
class Listing {
 public:
  Listing(const Database& database, const ArticleQuery& query)
      : database_(database), query_(query) {}

  Result<void> run(const Visit& visit) {
    if (!query_.site.empty()) {
      site_ = site_prefix(query_.site);
      if (!site_) return fail(ErrorCode::kInvalid, "{} is no host", query_.site);
    }
    if (!query_.source.empty()) return sorted(source_prefix(query_.source), true, visit);
    if (site_) return sorted(*site_, false, visit);
    return query_.order == ArticleQuery::Order::kCaptured ? by_capture(visit) : by_date(visit);
  }

 private:
  bool is_wanted(const ArticleSummary& version) const {
    if (!is_within(version.captured_at, query_.captured_since, query_.captured_until)) return false;
    if (!query_.source.empty() && version.source != query_.source) return false;
    if (!query_.dated_since && !query_.dated_until) return true;
    return version.date && is_within(*version.date, query_.dated_since, query_.dated_until);
  }

  // The newest wanted version of an article.
  Result<std::optional<ArticleSummary>> newest(std::string_view id) const {
    std::optional<ArticleSummary> found;
    Result<void> read;
    const auto scanned = database_.scan_backward(
        Table::kIndex, fmt::format("{}{} ", kSummaries, id), [&](auto key, auto value) {
          auto version = read_summary(key, value);
          if (!version) {
            read = tl::unexpected(version.error());
            return false;
          }
          if (!is_wanted(*version)) return true;
          found = *std::move(version);
          return false;
        });
    if (!scanned) return tl::unexpected(scanned.error());
    if (!read) return tl::unexpected(read.error());
    return found;
  }

  // Visits the version that a row leads to, if that is the one to be told of.
  bool visit_row(std::string_view key, const Visit& visit) {
    const auto version = newest(id_in(key));
    if (!version) {
      read_ = tl::unexpected(version.error());
      return false;
    }
    const bool is_it = *version && captured_at_in(key) == (*version)->captured_at;
    return !is_it || visit(**version);
  }

  Result<void> walk(std::string_view prefix, const std::optional<Time>& from,
                    const std::optional<Time>& to, const Visit& visit, bool& wanted) {
    const std::string begin = fmt::format("{}{}", prefix, from ? to_digits(*from) : "");
    const std::string end = fmt::format("{}{}\xFF", prefix, to ? to_digits(*to) : "");
    const auto scanned =
        database_.scan_range_backward(Table::kIndex, begin, end, [&](auto key, auto) {
          wanted = visit_row(key, visit);
          return wanted;
        });
    return scanned ? read_ : scanned;
  }

  Result<void> by_capture(const Visit& visit) {
    bool wanted = true;
    return walk(kCaptured, query_.captured_since, query_.captured_until, visit, wanted);
  }

  Result<void> by_date(const Visit& visit) {
    bool wanted = true;
    auto walked = walk(kDated, query_.dated_since, query_.dated_until, visit, wanted);
    if (!walked || !wanted) return walked;
    return walk(kUndated, std::nullopt, std::nullopt, visit, wanted);
  }

  // The articles whose rows begin with `prefix`; `exactly`: with nothing but the version behind it.
  Result<void> sorted(const std::string& prefix, bool exactly, const Visit& visit) {
    std::set<std::string, std::less<>> ids;
    auto scanned = database_.scan(Table::kIndex, prefix, [&](auto key, auto) {
      if (!exactly || key.size() == prefix.size() + kVersionSize) ids.emplace(id_in(key));
      return true;
    });
    if (!scanned) return scanned;
    std::vector<ArticleSummary> found;
    for (const std::string& id : ids) {
      auto version = newest(id);
      if (!version) return tl::unexpected(version.error());
      if (*version && is_of_site(**version)) found.push_back(**std::move(version));
    }
    std::sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
      return rank(a) != rank(b) ? rank(a) > rank(b) : a.id < b.id;
    });
    for (const ArticleSummary& version : found) {
      if (!visit(version)) break;
    }
    return {};
  }

  std::optional<Time> rank(const ArticleSummary& version) const {
    if (query_.order == ArticleQuery::Order::kDate) return version.date;
    return version.captured_at;
  }

  bool is_of_site(const ArticleSummary& version) const {
    return !site_ || is_article_of_site(version, *site_);
  }

  const Database& database_;
  const ArticleQuery& query_;
  std::optional<std::string> site_;  // where its rows begin
  Result<void> read_;
};

}  // namespace

Result<void> Articles::list(const ArticleQuery& query, const Visit& visit) const {
  return Listing(database_, query).run(visit);
}

Result<ArticleSummary> Articles::summary(std::string_view id, Time captured_at) const {
  const std::string key = fmt::format("{}{}", kSummaries, version_key(id, captured_at));
  const auto value = database_.get(Table::kIndex, key);
  if (!value) return tl::unexpected(value.error());
  if (!*value) return fail(ErrorCode::kNotFound, "there is no index row \"{}\"", key);
  return read_summary(key, **value);
}

Result<void> Articles::for_each_summary(const Visit& visit) const {
  Result<void> read;
  const auto scanned = database_.scan(Table::kIndex, kSummaries, [&](auto key, auto value) {
    const auto version = read_summary(key, value);
    if (!version) read = tl::unexpected(version.error());
    return version && visit(*version);
  });
  return scanned ? read : scanned;
}

}  // namespace halftone

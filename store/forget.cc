#include "store/forget.h"

#include <algorithm>

#include "store/article_index.h"
#include "store/reachable.h"

namespace halftone {

namespace {

constexpr size_t kBatchVersions = 64;       // taken away together
constexpr size_t kRoundCaptures = 500'000;  // in memory at once

VersionName name_of(const Article& article) { return {article.id, article.captured_at}; }

Result<void> check(const ForgetRequest& request) {
  if (request.all_versions) {
    if (request.ids.empty() || request.rules.any() || !request.site.empty() ||
        !request.source.empty()) {
      return fail(ErrorCode::kInvalid,
                  "all versions are forgotten only of articles that are named by ID, and without "
                  "rules");
    }
  } else if (!request.rules.any()) {
    return fail(ErrorCode::kInvalid, "no rule says which versions to keep");
  }
  return {};
}

// Decides article by article, as their versions come by.
class Planner {
 public:
  Planner(const ForgetRequest& request, const std::optional<std::string>& site,
          const std::function<void(const ArticleRetention&)>& visit)
      : request_(request), site_(site), visit_(visit) {}

  void add(const ArticleSummary& version) {
    if (!is_asked_about(version)) return;
    if (!times_.empty() && version.id != newest_.id) decide();
    times_.push_back(version.captured_at);
    newest_ = version;  // the last one that comes is the newest
  }

  ForgetPlan finish() {
    if (!times_.empty()) decide();
    return std::move(plan_);
  }

 private:
  bool is_asked_about(const ArticleSummary& version) const {
    const auto& ids = request_.ids;
    if (!ids.empty() && std::find(ids.begin(), ids.end(), version.id) == ids.end()) return false;
    if (!request_.source.empty() && version.source != request_.source) return false;
    return !site_ || article_index::is_article_of_site(version, *site_);
  }

  void decide() {
    const ArticleRetention article{newest_, apply(request_.rules, std::move(times_))};
    times_.clear();
    size_t going = 0;
    for (auto version = article.versions.rbegin(); version != article.versions.rend(); ++version) {
      if (version->stays()) {
        ++plan_.staying;
      } else {
        plan_.going.push_back({newest_.id, version->time});
        ++going;
      }
    }
    plan_.articles += going > 0;
    visit_(article);
  }

  const ForgetRequest& request_;
  const std::optional<std::string>& site_;
  const std::function<void(const ArticleRetention&)>& visit_;
  std::vector<Time> times_;
  ArticleSummary newest_;
  ForgetPlan plan_;
};

// Carries a plan out, or acts as if. In rounds, so that memory is bounded: every version that is
// not gone by the end of a round keeps what it saw.
class Forgetting {
 public:
  Forgetting(Archive& archive, const ForgetPlan& plan, const ForgetProgress& progress)
      : archive_(archive), plan_(plan), progress_(progress) {}

  using EndOfRound = std::function<Result<void>(const SeenCaptures& seen, size_t from, size_t to)>;
  Result<void> run(const EndOfRound& end_of_round) {
    for (size_t from = 0, to = 0; from < plan_.going.size(); from = to) {
      SeenCaptures seen(archive_);
      auto begun = begin_round(seen, from, to);
      if (!begun) return begun;
      auto kept = keep_others(seen, to);
      if (!kept) return kept;
      seen.sort_by_owner();
      if (auto ended = end_of_round(seen, from, to); !ended) return ended;
    }
    return {};
  }

  Result<void> take_away(const SeenCaptures& seen, size_t from, size_t to, Forgotten& forgotten) {
    for (size_t i = from; i < to; i += kBatchVersions) {
      WriteBatch batch;
      for (size_t j = i; j < std::min(to, i + kBatchVersions); ++j) {
        auto removed = remove_version(plan_.going[j], batch);
        if (!removed) return removed;
      }
      auto removed = seen.for_each_of(i / kBatchVersions, [&](const auto& url, const auto& times) {
        forgotten.captures += times.size();
        archive_.captures().remove(url, times, batch);
        return Result<void>();
      });
      if (!removed) return removed;
      auto written = archive_.database().write(std::move(batch), true);
      if (!written) return written;
      progress_("forgetting", std::min(to, i + kBatchVersions));
    }
    return {};
  }

  bool is_gone(const Article& article, size_t to) const {
    return std::binary_search(plan_.going.begin(), plan_.going.begin() + static_cast<ptrdiff_t>(to),
                              name_of(article));
  }

 private:
  // `to`: the end of the versions that are dealt with in this round.
  Result<void> begin_round(SeenCaptures& seen, size_t from, size_t& to) {
    for (to = from; to < plan_.going.size(); ++to) {
      if (to % kBatchVersions == 0 && seen.size() > kRoundCaptures) break;
      const auto article =
          archive_.articles().version(plan_.going[to].id, plan_.going[to].captured_at);
      if (!article) return tl::unexpected(article.error());
      if (auto added = seen.add(*article, to / kBatchVersions); !added) return added;
      progress_("looking up what they saw", to);
    }
    return {};
  }

  Result<void> keep_others(SeenCaptures& seen, size_t to) {
    Result<void> kept;
    uint64_t done = 0;
    const auto visited = archive_.articles().for_each_version([&](const Article& article) {
      if (!is_gone(article, to)) kept = seen.keep(article);
      progress_("looking up what others saw", ++done);
      return kept.has_value();
    });
    return visited ? kept : visited;
  }

  Result<void> remove_version(const VersionName& name, WriteBatch& batch) {
    const auto summary = archive_.articles().summary(name.id, name.captured_at);
    if (!summary) return tl::unexpected(summary.error());
    archive_.articles().remove(*summary, batch);
    return {};
  }

  Archive& archive_;
  const ForgetPlan& plan_;
  const ForgetProgress& progress_;
};

// Captures by 64 bits of their URL, and their time: enough for a forecast.
class CaptureNames {
 public:
  void insert(const std::string& url, Time time) { names_.emplace_back(print_of(url), time); }
  void seal() { std::sort(names_.begin(), names_.end()); }
  bool contains(const Capture& capture) const {
    return std::binary_search(names_.begin(), names_.end(),
                              std::pair(print_of(capture.url), capture.time));
  }

 private:
  static uint64_t print_of(const std::string& url) { return std::hash<std::string>()(url); }
  std::vector<std::pair<uint64_t, Time>> names_;
};

}  // namespace

Result<ForgetPlan> plan_forget(Archive& archive, const ForgetRequest& request,
                               const std::function<void(const ArticleRetention&)>& visit) {
  if (auto checked = check(request); !checked) return tl::unexpected(checked.error());
  std::optional<std::string> site;
  if (!request.site.empty()) {
    site = article_index::site_prefix(request.site);
    if (!site) return fail(ErrorCode::kInvalid, "{} is no host", request.site);
  }
  Planner planner(request, site, visit);
  const auto listed = archive.articles().for_each_summary([&](const ArticleSummary& version) {
    planner.add(version);
    return true;
  });
  if (!listed) return tl::unexpected(listed.error());
  return planner.finish();
}

Result<Forgotten> forecast_forget(Archive& archive, const ForgetPlan& plan,
                                  const ForgetProgress& progress) {
  Forgotten forgotten;
  if (plan.going.empty()) return forgotten;
  Forgetting forgetting(archive, plan, progress);
  CaptureNames captures;
  auto gathered = forgetting.run([&](const SeenCaptures& seen, size_t, size_t) {
    return seen.for_each([&](const std::string& url, const std::vector<Time>& times) {
      for (const Time time : times) captures.insert(url, time);
      forgotten.captures += times.size();
      return Result<void>();
    });
  });
  if (!gathered) return tl::unexpected(gathered.error());
  captures.seal();

  std::vector<Digest> released;  // what is reached from that which goes
  MarkOptions options;
  options.version_counts = [&](const Article& article) {
    const bool is_gone = forgetting.is_gone(article, plan.going.size());
    if (is_gone)
      for_each_digest(article, [&](const Digest& digest) { released.push_back(digest); });
    return !is_gone;
  };
  options.capture_counts = [&](const Capture& capture) {
    const bool is_gone = captures.contains(capture);
    if (is_gone) released.push_back(capture.digest);
    return !is_gone;
  };
  options.progress = [&](uint64_t done) { progress("looking up what others need", done); };
  const auto reachable = find_reachable(archive, options);
  if (!reachable) return tl::unexpected(reachable.error());
  std::sort(released.begin(), released.end());
  released.erase(std::unique(released.begin(), released.end()), released.end());
  for (const Digest& digest : released) {
    if (reachable->contains(digest)) continue;
    const auto blob = archive.blobs().info(digest);
    if (!blob && blob.error().code != ErrorCode::kNotFound) return tl::unexpected(blob.error());
    forgotten.blobs += blob.has_value();
    forgotten.bytes += blob ? blob->size : 0;
  }
  return forgotten;
}

Result<Forgotten> forget_versions(Archive& archive, const ForgetPlan& plan,
                                  const ForgetProgress& progress) {
  Forgotten forgotten;
  Forgetting forgetting(archive, plan, progress);
  auto done = forgetting.run([&](const SeenCaptures& seen, size_t from, size_t to) {
    return forgetting.take_away(seen, from, to, forgotten);
  });
  if (!done) return tl::unexpected(done.error());
  return forgotten;
}

}  // namespace halftone

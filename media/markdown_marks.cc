#include "media/markdown_marks.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <unordered_set>

namespace halftone {
namespace {

constexpr int kRounds = 3;
constexpr std::string_view kMarkHost = "h.test/";

class HomeFinder {
 public:
  HomeFinder(std::string_view body, const std::vector<MarkdownLink>& links,
             const std::vector<MarkdownCandidate>& candidates)
      : body_(body), links_(links), candidates_(candidates), homes_(links.size()) {
    order_.resize(candidates.size());
    std::iota(order_.begin(), order_.end(), size_t{0});
    std::stable_sort(order_.begin(), order_.end(), [&](size_t a, size_t b) {
      return candidates[a].place.span.from < candidates[b].place.span.from;
    });
  }

  std::vector<std::optional<MarkdownHome>> find(const MarkdownLimits& limits) && {
    for (int round = 0; round < kRounds; ++round) {
      const std::vector<size_t> chosen = choose();
      if (chosen.empty()) break;
      settle(parse_markdown(marked(chosen), limits).links, chosen);
    }
    return std::move(homes_);
  }

 private:
  // Candidates not tried before, none of which overlap, that could be a home that is looked for.
  std::vector<size_t> choose() {
    std::unordered_set<std::string_view> wanted;
    for (size_t i = 0; i < links_.size(); ++i) {
      if (!homes_[i]) wanted.insert(links_[i].url);
    }
    std::vector<size_t> chosen, left;
    size_t end = 0;
    for (const size_t index : order_) {
      const MarkdownCandidate& candidate = candidates_[index];
      if (!wanted.contains(candidate.value)) continue;
      const Span& span = candidate.place.span;
      const bool free = span.from >= end;
      (free ? chosen : left).push_back(index);
      if (free) end = span.to;
    }
    order_ = std::move(left);
    return chosen;
  }

  std::string marked(const std::vector<size_t>& chosen) const {
    std::string out;
    size_t done = 0;
    for (size_t mark = 0; mark < chosen.size(); ++mark) {
      const Span& span = candidates_[chosen[mark]].place.span;
      out += body_.substr(done, span.from - done);
      out += body_.substr(span.from, span.size()).starts_with("www.") ? "www." : "https://";
      out += kMarkHost;
      out += std::to_string(mark);
      done = span.to;
    }
    out += body_.substr(done);
    return out;
  }

  // The candidate whose mark this is, if it could have been this link.
  std::optional<size_t> mark_of(const MarkdownLink& read, const MarkdownLink& link,
                                const std::vector<size_t>& chosen) const {
    const size_t host = read.url.find(kMarkHost);
    if (host == read.url.npos) return std::nullopt;
    size_t mark = 0;
    const char* const end = read.url.data() + read.url.size();
    const auto [rest, error] =
        std::from_chars(read.url.data() + host + kMarkHost.size(), end, mark);
    if (error != std::errc() || rest != end || mark >= chosen.size()) return std::nullopt;
    if (candidates_[chosen[mark]].value != link.url) return std::nullopt;
    return chosen[mark];
  }

  // True where `read` of the marked text is link `i` of the body; notes its home.
  bool matches(size_t i, const MarkdownLink& read, const std::vector<size_t>& chosen) {
    if (links_[i].is_image != read.is_image) return false;
    if (const auto candidate = mark_of(read, links_[i], chosen)) {
      const Escape written = candidates_[*candidate].place.escape;
      homes_[i] = {*candidate, read.is_auto ? Escape::kMarkdownAutolink : written};
      return true;
    }
    return read.url == links_[i].url;
  }

  // A mark may change what is around it; then what is alike at both ends can be told.
  void settle(const std::vector<MarkdownLink>& read, const std::vector<size_t>& chosen) {
    const size_t both = std::min(links_.size(), read.size());
    const bool same = links_.size() == read.size();
    size_t head = 0;
    while (head < both && (matches(head, read[head], chosen) || same)) ++head;
    for (size_t tail = 1; tail <= both - head; ++tail) {
      if (!matches(links_.size() - tail, read[read.size() - tail], chosen)) return;
    }
  }

  std::string_view body_;
  const std::vector<MarkdownLink>& links_;
  const std::vector<MarkdownCandidate>& candidates_;
  std::vector<size_t> order_;  // candidates not tried yet
  std::vector<std::optional<MarkdownHome>> homes_;
};

}  // namespace

std::vector<std::optional<MarkdownHome>> find_homes(
    std::string_view body, const MarkdownLimits& limits, const std::vector<MarkdownLink>& links,
    const std::vector<MarkdownCandidate>& candidates) {
  return HomeFinder(body, links, candidates).find(limits);
}

}  // namespace halftone

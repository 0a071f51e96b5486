#include "crawler/crawl_rows.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "crawler/canonical_url.h"
#include "crawler/frontier.h"

namespace halftone {
namespace {

constexpr std::array<std::string_view, 6> kSteps = {"article", "file",    "alias",
                                                    "skipped", "missing", "blocked"};

constexpr size_t kLongestText = 2048;  // of what servers say

// One field a line; one that is too long is left empty; a line end inside of a field becomes a
// space.
class Lines {
 public:
  Lines& add(std::string_view field, size_t longest = kLongestCrawlUrl) {
    if (field.size() > longest) field = {};
    const size_t from = text_.size();
    text_ += field;
    std::replace(text_.begin() + static_cast<ptrdiff_t>(from), text_.end(), '\n', ' ');
    text_ += '\n';
    return *this;
  }
  Lines& add(uint64_t number) {
    text_ += fmt::format_int(number).c_str();
    text_ += '\n';
    return *this;
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

// Reads them in the same order; is not sound once one was missing or wrong.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : text_(text) {}

  std::string_view next() {
    const size_t end = text_.find('\n');
    if (end == std::string_view::npos) {
      sound_ = false;
      return {};
    }
    const std::string_view line = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return line;
  }

  template <class Number>
  void read(Number& number) {
    const std::string_view line = next();
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
    if (error != std::errc() || end != line.data() + line.size()) sound_ = false;
  }
  void read(bool& flag) { flag = next() == "1"; }
  void read(std::string& text) { text = next(); }

  void spoil() { sound_ = false; }
  bool is_sound() const { return sound_ && text_.empty(); }

 private:
  std::string_view text_;
  bool sound_ = true;
};

}  // namespace

std::string_view to_string(CrawlResult::Step step) { return kSteps[static_cast<size_t>(step)]; }

std::string encode(const OwedUrl& owed) {
  return Lines()
      .add(owed.url)
      .add(to_string(owed.kind))
      .add(owed.document)
      .add(to_string(owed.policy))
      .add(uint64_t{owed.depth})
      .add(uint64_t{owed.hops})
      .add(uint64_t{owed.tries})
      .add(uint64_t{owed.redirects})
      .add(uint64_t{owed.is_guess})
      .add(uint64_t{owed.may_be_known})
      .take();
}

std::optional<OwedUrl> decode_owed(std::string_view text) {
  LineReader lines(text);
  OwedUrl owed;
  lines.read(owed.url);
  const auto kind = kind_from_string(lines.next());
  if (!kind) return std::nullopt;
  owed.kind = *kind;
  lines.read(owed.document);
  owed.policy = referrer_policy_from_string(lines.next());
  lines.read(owed.depth);
  lines.read(owed.hops);
  lines.read(owed.tries);
  lines.read(owed.redirects);
  lines.read(owed.is_guess);
  lines.read(owed.may_be_known);
  if (!lines.is_sound()) return std::nullopt;
  return owed;
}

std::string encode(const CrawlResult& result) {
  const CaptureOutcome& outcome = result.outcome;
  const bool has_body = outcome.archived;
  return Lines()
      .add(to_string(result.step))
      .add(result.url)
      .add(result.document)
      .add(result.other)
      .add(result.fingerprint)
      .add(uint64_t{result.is_guess})
      .add(std::string_view(outcome.reason).substr(0, kLongestText), kLongestText)
      .add(outcome.final_url == result.url ? "" : outcome.final_url)
      .add(static_cast<uint64_t>(outcome.status))
      .add(has_body ? outcome.digest.hex() : "")
      .add(outcome.size)
      .add(outcome.type, kLongestText)
      .add(outcome.content_type, kLongestText)
      .add(outcome.referrer_policy, kLongestText)
      .add(outcome.robots_tag, kLongestText)
      .take();
}

std::optional<CrawlResult> decode_result(std::string_view text) {
  LineReader lines(text);
  CrawlResult result;
  CaptureOutcome& outcome = result.outcome;
  const auto* const step = std::ranges::find(kSteps, lines.next());
  if (step == kSteps.end()) return std::nullopt;
  result.step = static_cast<CrawlResult::Step>(step - kSteps.begin());
  lines.read(result.url);
  lines.read(result.document);
  lines.read(result.other);
  lines.read(result.fingerprint);
  lines.read(result.is_guess);
  lines.read(outcome.reason);
  lines.read(outcome.final_url);
  if (outcome.final_url.empty()) outcome.final_url = result.url;
  lines.read(outcome.status);
  const std::string_view hex = lines.next();
  if (const auto digest = Digest::from_hex(hex)) outcome.digest = *digest;
  outcome.archived = !hex.empty();
  outcome.blocked = result.step == CrawlResult::Step::kBlocked;
  lines.read(outcome.size);
  lines.read(outcome.type);
  lines.read(outcome.content_type);
  lines.read(outcome.referrer_policy);
  lines.read(outcome.robots_tag);
  if (!lines.is_sound()) return std::nullopt;
  return result;
}

std::string frontier_page_key(const Url& url) { return "p " + page_key(url); }
std::string frontier_file_key(const Url& url) { return "f " + requisite_key(url); }

uint8_t file_rank(Kind kind, bool is_guess) {
  if (is_guess) return kGuessRank;
  return kind == Kind::kStylesheet || kind == Kind::kCssString ? kSheetRank : kFileRank;
}

uint8_t page_rank(uint32_t depth) {
  return static_cast<uint8_t>(std::min<uint32_t>(kFirstPageRank + depth, Frontier::kRanks - 1));
}

}  // namespace halftone

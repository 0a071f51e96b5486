#include "crawler/robots_meta.h"

#include <algorithm>

#include "media/ascii.h"
#include "media/html_tokenizer.h"

namespace halftone {
namespace {

constexpr std::string_view kAgent = "halftone";
constexpr size_t kMostHtml = 64 * 1024;  // bytes
constexpr size_t kMostValue = 8 * 1024;  // bytes of a list of rules

// Rules that have a value behind a colon, so that their names are no agents'.
constexpr std::string_view kValued[] = {"unavailable_after", "max-snippet", "max-image-preview",
                                        "max-video-preview"};

void add_rule(RobotsMeta& meta, std::string_view rule) {
  const auto is = [rule](std::string_view name) { return equals_ignoring_case(rule, name); };
  meta.noarchive |= is("noarchive") || is("nocache");
  meta.nofollow |= is("nofollow") || is("none");
  meta.noindex |= is("noindex") || is("none");
  meta.noimageindex |= is("noimageindex");
}

void add_end(RobotsMeta& meta, Time end) {
  meta.unavailable_after = std::min(meta.unavailable_after.value_or(end), end);
}

// Reads a list of rules.
class RuleReader {
 public:
  // `has_agents`: names before colons are agents', as in headers.
  RuleReader(std::string_view text, bool has_agents)
      : rest_(text.substr(0, kMostValue)), has_agents_(has_agents) {}

  RobotsMeta read() {
    while (!rest_.empty()) take();
    return meta_;
  }

 private:
  void take() {
    std::string_view rule = next_piece();
    for (size_t colon = rule.find(':'); colon != rule.npos; colon = rule.find(':')) {
      const std::string_view name = trim(rule.substr(0, colon));
      if (equals_ignoring_case(name, kValued[0])) return take_end(trim(rule.substr(colon + 1)));
      const auto is_name = [name](std::string_view known) {
        return equals_ignoring_case(name, known);
      };
      if (std::ranges::any_of(kValued, is_name) || !has_agents_) return;
      is_ours_ = is_name(kAgent);
      rule = trim(rule.substr(colon + 1));
    }
    if (is_ours_) add_rule(meta_, rule);
  }

  // A date may hold a comma: "Friday, 25-Jun-10 15:00:00 UTC".
  void take_end(std::string_view text) {
    auto date = parse_date(text);
    if (!date && !rest_.empty()) {
      const std::string_view kept = rest_;
      const std::string_view more = next_piece();
      date =
          parse_date({text.data(), static_cast<size_t>(more.data() + more.size() - text.data())});
      if (!date) rest_ = kept;
    }
    if (date && is_ours_) add_end(meta_, *date);
  }

  std::string_view next_piece() {
    const size_t end = std::min(rest_.find(','), rest_.size());
    const std::string_view piece = trim(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return piece;
  }

  std::string_view rest_;
  bool has_agents_;
  bool is_ours_ = true;
  RobotsMeta meta_;
};

// "robots" or our own name, in any letter case.
bool is_for_us(const HtmlToken& meta) {
  const HtmlAttribute* const name = meta.find("name");
  if (name == nullptr) return false;
  const SourceText decoded = decode_value(*name);
  const std::string_view agent = trim(decoded.text());
  return equals_ignoring_case(agent, "robots") || equals_ignoring_case(agent, kAgent);
}

bool ends_head(const HtmlToken& token) {
  const bool is_end = token.type == HtmlToken::Type::kEndTag;
  return equals_ignoring_case(token.name, is_end ? "head" : "body");
}

}  // namespace

RobotsMeta& RobotsMeta::operator|=(const RobotsMeta& other) {
  noarchive |= other.noarchive;
  nofollow |= other.nofollow;
  noindex |= other.noindex;
  noimageindex |= other.noimageindex;
  if (other.unavailable_after) add_end(*this, *other.unavailable_after);
  return *this;
}

RobotsMeta robots_from_headers(std::span<const std::string_view> values) {
  RobotsMeta all;
  for (const std::string_view value : values) all |= RuleReader(value, true).read();
  return all;
}

RobotsMeta robots_from_html(std::string_view html) {
  RobotsMeta all;
  HtmlTokenizer tokenizer(html.substr(0, kMostHtml));
  while (true) {
    const HtmlToken& token = tokenizer.next();
    using Type = HtmlToken::Type;
    if (token.type == Type::kEnd) return all;
    if (token.type != Type::kStartTag && token.type != Type::kEndTag) continue;
    if (ends_head(token)) return all;
    if (token.type != Type::kStartTag) continue;
    if (!equals_ignoring_case(token.name, "meta") || !is_for_us(token)) continue;
    if (const HtmlAttribute* const content = token.find("content")) {
      all |= RuleReader(decode_value(*content).text(), false).read();
    }
  }
}

}  // namespace halftone

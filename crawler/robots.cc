#include "crawler/robots.h"

#include <algorithm>
#include <charconv>

#include "crawler/robots_path.h"
#include "media/ascii.h"

namespace halftone {
namespace {

constexpr size_t kMostBytes = 500 * 1024;      // 2.5
constexpr double kLongestDelay = 24 * 3600.0;  // seconds

// Up to the version, a comment or a star: "halftone" of "halftone/0.1 (+https://…)".
std::string_view product_token(std::string_view agent) {
  agent = trim(agent);
  return agent.substr(0, agent.find_first_of(" \t/*(;,"));
}

bool is_star(std::string_view agent) {
  return agent.starts_with('*') && (agent.size() == 1 || is_space(agent[1]));
}

// Plain characters of a path that mean the same when they are escaped (RFC 3986, 2.2 and 3.3), but
// for those that rules give a meaning.
bool is_plain(char c, bool in_query) {
  if (is_alnum(c)) return true;
  constexpr std::string_view kPath = "-._~!'(),;:@&=+", kQuery = "-._~!'(),;:@/?";
  return (in_query ? kQuery : kPath).find(c) != std::string_view::npos;
}

void append_escaped(std::string& out, char c) {
  constexpr char kHex[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

// One form for all spellings of a path (2.2.2): what may stand plain does, all else is escaped in
// capitals. `is_rule`: * and a last $ keep their meaning.
std::string normalised(std::string_view path, bool is_rule) {
  std::string out;
  bool in_query = false;
  for (size_t i = 0; i < path.size(); ++i) {
    char c = path[i];
    const bool escaped =
        c == '%' && path.size() - i > 2 && is_hex(path[i + 1]) && is_hex(path[i + 2]);
    if (escaped) {
      c = static_cast<char>(hex_value(path[i + 1]) * 16 + hex_value(path[i + 2]));
      i += 2;
    }
    const bool is_mark = is_rule && !escaped && (c == '*' || (c == '$' && i + 1 == path.size()));
    const bool is_delimiter =
        !escaped && (in_query ? c == '&' || c == '=' || c == '+' : c == '/' || c == '?');
    in_query = in_query || (c == '?' && !escaped);
    if (is_mark && c == '*' && out.ends_with('*')) continue;
    if (is_mark || is_delimiter || is_plain(c, in_query)) {
      out += c;
    } else {
      append_escaped(out, c);
    }
  }
  return out;
}

std::optional<double> parse_delay(std::string_view text) {
  if (text.empty() || !(is_digit(text[0]) || text[0] == '.')) return std::nullopt;
  double seconds = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds, std::chars_format::fixed);
  if (stop != end) return std::nullopt;
  if (error == std::errc::result_out_of_range) return kLongestDelay;
  return error == std::errc() ? std::optional(std::min(seconds, kLongestDelay)) : std::nullopt;
}

enum class Key { kAgent, kAllow, kDisallow, kDelay, kSitemap, kOther };

// With the misspellings that Google's parser takes as well (google/robotstxt, robots.cc).
Key key_of(std::string_view name) {
  struct Name {
    std::string_view name;
    Key key;
  };
  constexpr Name kNames[] = {
      {"user-agent", Key::kAgent},  {"useragent", Key::kAgent},   {"user agent", Key::kAgent},
      {"allow", Key::kAllow},       {"disallow", Key::kDisallow}, {"dissallow", Key::kDisallow},
      {"dissalow", Key::kDisallow}, {"disalow", Key::kDisallow},  {"diasllow", Key::kDisallow},
      {"disallaw", Key::kDisallow}, {"sitemap", Key::kSitemap},   {"site-map", Key::kSitemap},
      {"crawl-delay", Key::kDelay}, {"crawldelay", Key::kDelay},  {"crawl delay", Key::kDelay}};
  for (const Name& known : kNames) {
    if (equals_ignoring_case(name, known.name)) return known.key;
  }
  return Key::kOther;
}

struct Line {
  Key key = Key::kOther;
  std::string_view value;
};

// "key: value"; without a colon "key value", as Google's parser reads it.
Line parse_line(std::string_view text) {
  size_t mark = text.find(':');
  if (mark == text.npos) mark = text.find_first_of(" \t");
  if (mark == text.npos) return {};
  return {key_of(trim(text.substr(0, mark))), trim(text.substr(mark + 1))};
}

}  // namespace

// Reads a file line by line.
class RobotsParser {
 public:
  explicit RobotsParser(Robots& robots) : robots_(robots) {}

  void parse(std::string_view bytes) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    bytes = bytes.substr(0, kMostBytes);
    for (size_t number = 1; !bytes.empty(); ++number) {
      const size_t end = std::min(bytes.find_first_of("\r\n"), bytes.size());
      const std::string_view text = bytes.substr(0, end);
      take(trim(text.substr(0, text.find('#'))), number);
      bytes.remove_prefix(end);
      bytes.remove_prefix(bytes.starts_with("\r\n") ? 2 : std::min<size_t>(1, bytes.size()));
    }
    give_delay();
  }

 private:
  void take(std::string_view text, size_t number) {
    const Line line = parse_line(text);
    switch (line.key) {
      case Key::kAgent:
        return agent(line.value);
      case Key::kAllow:
      case Key::kDisallow:
        return rule(line, text, number);
      case Key::kDelay:
        return delay(line.value);
      case Key::kSitemap:
        if (!line.value.empty()) robots_.sitemaps_.emplace_back(line.value);
        return;
      case Key::kOther:
        return;
    }
  }

  // Agents in a row share what follows; a rule ends the row, nothing else does (2.1, 2.2.4).
  void agent(std::string_view name) {
    give_delay();
    if (in_rules_ || robots_.groups_.empty()) robots_.groups_.emplace_back();
    std::vector<Robots::Agent>& agents = robots_.groups_.back().agents;
    if (in_rules_ || had_delay_) delayed_from_ = in_rules_ ? 0 : agents.size();
    in_rules_ = had_delay_ = false;
    agents.push_back({std::string(name), std::nullopt});
  }

  void rule(const Line& line, std::string_view text, size_t number) {
    if (robots_.groups_.empty()) return;
    if (delayed_from_ > 0) give_delay();
    in_rules_ = true;
    delayed_from_ = 0;
    if (line.value.empty()) return;  // forbids nothing
    robots_.groups_.back().rules.push_back({robots_.keep(normalised(line.value, true)),
                                            robots_.keep(text), static_cast<uint32_t>(number),
                                            line.key == Key::kAllow});
  }

  // Of the agents just named; behind rules, of all that they are for. The last one counts, so it is
  // given to them when no other can follow: each agent is come by once or twice.
  void delay(std::string_view value) {
    const auto seconds = parse_delay(value);
    if (robots_.groups_.empty() || !seconds) return;
    delay_ = seconds;
    had_delay_ = true;
  }

  void give_delay() {
    if (!delay_) return;
    std::vector<Robots::Agent>& agents = robots_.groups_.back().agents;
    for (size_t i = delayed_from_; i < agents.size(); ++i) agents[i].crawl_delay = delay_;
    delay_.reset();
  }

  Robots& robots_;
  bool in_rules_ = false;  // the group has got its first rule
  bool had_delay_ = false;
  size_t delayed_from_ = 0;  // the first agent that a delay is for
  std::optional<double> delay_;
};

Robots::Span Robots::keep(std::string_view text) {
  const Span span{static_cast<uint32_t>(bytes_.size()), static_cast<uint32_t>(text.size())};
  bytes_ += text;
  return span;
}

Robots Robots::parse(std::string_view bytes) {
  Robots robots;
  RobotsParser(robots).parse(bytes);
  robots.bytes_.shrink_to_fit();
  for (Group& group : robots.groups_) group.rules.shrink_to_fit();
  return robots;
}

size_t Robots::memory() const {
  constexpr size_t kBlock = 16;  // what the allocator adds
  size_t size = bytes_.capacity() + groups_.capacity() * sizeof(Group);
  for (const Group& group : groups_) {
    size += group.agents.capacity() * sizeof(Agent) + kBlock;
    size += group.rules.capacity() * sizeof(Rule) + kBlock;
    for (const Agent& agent : group.agents) size += agent.name.capacity() + kBlock;
  }
  for (const std::string& sitemap : sitemaps_) {
    size += sizeof(std::string) + sitemap.capacity() + kBlock;
  }
  return size;
}

std::vector<std::pair<const Robots::Agent*, const Robots::Group*>> Robots::groups_for(
    std::string_view token) const {
  std::vector<std::pair<const Agent*, const Group*>> named, others;
  for (const Group& group : groups_) {
    const auto find = [&](auto is_wanted, auto& found) {
      const auto agent = std::find_if(group.agents.begin(), group.agents.end(), is_wanted);
      if (agent != group.agents.end()) found.emplace_back(&*agent, &group);
    };
    find([](const Agent& agent) { return is_star(agent.name); }, others);
    if (token.empty()) continue;
    find([&](const Agent& agent) { return equals_ignoring_case(product_token(agent.name), token); },
         named);
  }
  return named.empty() ? others : named;
}

Robots::Verdict Robots::check(std::string_view agent, const Url& url) const {
  Verdict verdict;
  const auto groups = groups_for(product_token(agent));
  if (groups.empty()) return verdict;
  verdict.group = groups.front().first->name;
  for (const auto& [who, group] : groups) {
    if (who->crawl_delay) {
      verdict.crawl_delay = std::max(verdict.crawl_delay.value_or(0), *who->crawl_delay);
    }
  }
  if (url.pathname() == "/robots.txt") return verdict;  // 2.2.2

  RobotsPath path(normalised(url.pathname() + url.search(), false));
  const Rule* best = nullptr;
  const Agent* named = nullptr;
  for (const auto& [who, group] : groups) {
    for (const Rule& rule : group->rules) {
      const bool better = !best || rule.path.size > best->path.size ||
                          (rule.path.size == best->path.size && rule.allow && !best->allow);
      if (!better || !path.meets(view(rule.path))) continue;
      best = &rule;
      named = who;
    }
  }
  if (!best) return verdict;
  verdict.allowed = best->allow;
  verdict.rule = view(best->text);
  verdict.line = best->line;
  verdict.group = named->name;
  return verdict;
}

}  // namespace halftone

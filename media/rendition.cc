#include "media/rendition.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "media/ascii.h"
#include "media/rendition_rules.h"
#include "media/url_pattern.h"

namespace halftone {
namespace {

constexpr size_t kLongestUrl = 4096;  // of those that are looked at
constexpr size_t kMostSteps = 3;      // renditions of renditions

// Names of parameters that carry a signature over the rest of the URL, or its end of life.
constexpr std::string_view kSignatures[] = {"sig",
                                            "sign",
                                            "signature",
                                            "x-signature",
                                            "hmac",
                                            "token",
                                            "auth_key",
                                            "q-signature",
                                            "ossaccesskeyid",
                                            "x-oss-signature",
                                            "key-pair-id",
                                            "x-amz-signature",
                                            "x-goog-signature",
                                            "x-expires",
                                            "hdnts"};
constexpr size_t kShortestDigest = 32;  // of imgix's and Reddit's "s"

struct Parameter {
  std::string_view text, name, value;
};

std::vector<Parameter> parameters_of(std::string_view query) {
  std::vector<Parameter> found;
  while (!query.empty()) {
    const std::string_view text = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(text.size() + 1, query.size()));
    const size_t equals = std::min(text.find('='), text.size());
    found.push_back({text, text.substr(0, equals), text.substr(std::min(equals + 1, text.size()))});
  }
  return found;
}

bool is_signature(const Parameter& parameter) {
  const std::string name = lower_case(parameter.name);
  if (name == "s") {
    return parameter.value.size() >= kShortestDigest &&
           std::all_of(parameter.value.begin(), parameter.value.end(), is_hex);
  }
  return std::find(std::begin(kSignatures), std::end(kSignatures), name) != std::end(kSignatures);
}

// A URL as it stands inside of another one: whole, without its scheme, or from the root.
std::optional<std::string> inner_url(std::string text) {
  if (starts_with_ignoring_case(text, "ssl:")) text.erase(0, 4);  // weserv
  if (starts_with_ignoring_case(text, "http:") || starts_with_ignoring_case(text, "https:") ||
      text.starts_with('/')) {
    return text;
  }
  const std::string_view host = std::string_view(text).substr(0, text.find('/'));
  const bool has_host = host.find('.') != host.npos && host.find(':') == host.npos;
  return has_host && host.size() < text.size() ? std::optional("https://" + text) : std::nullopt;
}

// The URL that stands in a path behind options ("w_600,c_fit/https%3A%2F%2F…"), or is all of it.
std::optional<std::string> url_in_path(std::string_view path, std::string_view search) {
  for (size_t at = path.find("http"); at != path.npos; at = path.find("http", at + 1)) {
    if (at > 0 && path[at - 1] != '/') continue;
    std::string_view rest = path.substr(at + 4);
    if (rest.starts_with('s')) rest.remove_prefix(1);
    if (rest.starts_with(":/")) return std::string(path.substr(at)) + std::string(search);
    if (starts_with_ignoring_case(rest, "%3a%2f")) return percent_decode(path.substr(at));
  }
  return std::nullopt;
}

std::string_view without_fragment(const Url& url) {
  const std::string_view href = url.href();
  return href.substr(0, href.find('#'));
}

// One rule at one URL.
class Step {
 public:
  explicit Step(const Url& url)
      : url_(url),
        origin_(url.origin()),
        host_(url.hostname()),
        path_(url.pathname()),
        search_(url.search()) {
    if (!search_.empty()) parameters_ = parameters_of(std::string_view(search_).substr(1));
  }

  // What the first rule that changes anything makes of the URL.
  // `rule` is the first that may hold.
  std::vector<Url> originals(const Marks& marks, const RenditionRule* rule) {
    for (; rule; rule = next_rule(marks, rule)) {
      if (!is_of_host(rule->host)) continue;
      apply(*rule);
      if (!found_.empty()) break;
    }
    return std::move(found_);
  }

 private:
  bool is_of_host(std::string_view pattern) const {
    if (pattern == "any") return true;
    if (pattern.starts_with('.')) return host_.ends_with(pattern) || host_ == pattern.substr(1);
    return pattern == host_ || (pattern.find('#') != pattern.npos && matches(pattern, host_));
  }

  void apply(const RenditionRule& rule) {
    if (rule.path.empty()) {
      match_ = {};
    } else if (!find_pattern(rule.path, path_, match_)) {
      return;
    }
    if (rule.query.starts_with('<')) {
      if (const auto inner = parameter(rule.query.substr(1))) take(*inner);
      return;
    }
    std::string_view choices = rule.to;
    do {
      const std::string_view to = choices.substr(0, choices.find('|'));
      choices.remove_prefix(std::min(to.size() + 1, choices.size()));
      take_changed(to, rule.query);
    } while (!choices.empty());
  }

  void take_changed(std::string_view to, std::string_view query) {
    if (to.starts_with('<')) {
      const std::string_view rest = match_.kept.empty() ? std::string_view() : match_.kept.back();
      auto inner = url_in_path(rest, search_);
      if (!inner && to == "<host") inner = inner_url(std::string(rest));
      if (inner) take(*inner);
      return;
    }
    const bool drops_query = to.ends_with('?');
    if (drops_query) to.remove_suffix(1);
    std::string text = origin_;
    text.append(path_, 0, match_.from).append(match_.expanded(to));
    text.append(path_, std::max(match_.to, match_.from));
    if (!drops_query) text += changed_query(query);
    take(text);
  }

  std::optional<std::string> parameter(std::string_view name) const {
    for (const Parameter& parameter : parameters_) {
      if (parameter.name == name) return inner_url(percent_decode(parameter.value));
    }
    return std::nullopt;
  }

  // The query without the parameters that `words` name, or with others in their place.
  std::string changed_query(std::string_view words) const {
    if (words.empty()) return search_;
    std::string query;
    for (const Parameter& parameter : parameters_) {
      const std::string_view word = word_for(parameter.name, words);
      const bool is_set = word.find('=') != word.npos;
      if (!word.empty() && !is_set) continue;
      query += query.empty() ? '?' : '&';
      query += is_set ? word : parameter.text;
    }
    return query;
  }

  // "name", "name=value", or "begin*".
  static std::string_view word_for(std::string_view name, std::string_view words) {
    while (!words.empty()) {
      const std::string_view word = words.substr(0, words.find(' '));
      words.remove_prefix(std::min(word.size() + 1, words.size()));
      const bool is_begin = word.ends_with('*');
      if (is_begin && name.starts_with(word.substr(0, word.size() - 1))) return word;
      if (word.substr(0, word.find('=')) == name) return word;
    }
    return {};
  }

  // A signature holds for one server's URL; what another server keeps needs none of it.
  void take(const std::string& text) {
    if (text == without_fragment(url_)) return;
    auto original = Url::parse(text, &url_);
    if (!original || !original->is_http() || original->href().size() > kLongestUrl) return;
    if (without_fragment(*original) == without_fragment(url_)) return;
    const bool is_signed = std::any_of(parameters_.begin(), parameters_.end(), is_signature);
    if (is_signed && original->hostname() == host_) return;
    found_.push_back(*std::move(original));
  }

  const Url& url_;
  const std::string origin_, host_, path_, search_;
  std::vector<Parameter> parameters_;
  PatternMatch match_;
  std::vector<Url> found_;
};

bool is_picture(const Reference& reference) {
  switch (reference.kind) {
    case Kind::kImage:
    case Kind::kImageCandidate:
    case Kind::kLazyImage:
    case Kind::kPoster:
    case Kind::kMetadataImage:
    case Kind::kStateImage:
      return !reference.rejected && reference.origin_of.empty();
    default:
      return false;
  }
}

Reference candidate(const Reference& rendition, std::string url) {
  Reference reference;
  reference.url = std::move(url);
  reference.raw = rendition.raw;
  reference.kind = Kind::kImageCandidate;
  reference.span = rendition.span;
  reference.escapes = rendition.escapes;
  reference.element = rendition.element;
  reference.attribute = rendition.attribute;
  reference.referrer_policy = rendition.referrer_policy;
  reference.loading = Loading::kNever;
  reference.origin_of = rendition.url;
  return reference;
}

// Finds the originals of one picture after the other, which often have one in common.
class Originals {
 public:
  // True where some rule may hold for the URL.
  bool may_be_rendition(std::string_view url) { return next_rule(urls_.marks_of(url)) != nullptr; }

  std::vector<std::string> of(const Url& url) {
    std::vector<std::string> found;
    std::optional<Url> rendition = url;
    for (size_t steps = 0; rendition && steps < kMostSteps; ++steps) {
      std::vector<Url> originals = step(*rendition);
      rendition = originals.empty() ? std::nullopt : std::optional(originals.front());
      std::vector<std::string> all;
      const auto add = [&](std::string each) {
        const bool known =
            each == url.href() || std::find(all.begin(), all.end(), each) != all.end();
        if (!known) all.push_back(std::move(each));
      };
      for (Url& original : originals) add(std::move(original).href());
      for (std::string& each : found) add(std::move(each));
      found = std::move(all);
    }
    return found;
  }

 private:
  std::vector<Url> step(const Url& url) {
    if (url.href() == plain_) return {};
    const Marks marks = urls_.marks_of(url.href());
    const RenditionRule* rule = next_rule(marks);
    if (!rule) return {};
    std::vector<Url> found = Step(url).originals(marks, rule);
    if (found.empty()) plain_ = url.href();
    return found;
  }

  MarkedUrls urls_;
  std::string plain_;  // the latest URL that was seen to be no rendition
};

// Where a candidate goes: behind references[after].
struct Addition {
  size_t after;
  std::string url;
};

std::vector<Addition> find_originals(const std::vector<Reference>& references, size_t most) {
  std::vector<Addition> found;
  std::unordered_set<std::string_view> looked_at;
  Originals originals;
  for (size_t i = 0; i < references.size() && found.size() < most; ++i) {
    const std::string& url = references[i].url;
    if (!is_picture(references[i]) || url.size() > kLongestUrl || !url.starts_with("http"))
      continue;
    if (!originals.may_be_rendition(url) || !looked_at.insert(url).second) continue;
    const auto parsed = Url::parse(url);
    if (!parsed || !parsed->is_http()) continue;
    for (std::string& original : originals.of(*parsed)) found.push_back({i, std::move(original)});
  }
  return found;
}

// Each URL once, and none that the document names itself.
void leave_out_known(std::vector<Addition>& additions, const std::vector<Reference>& references) {
  std::unordered_map<std::string_view, bool> known;
  for (const Addition& addition : additions) known.emplace(addition.url, false);
  for (const Reference& reference : references) {
    if (const auto found = known.find(reference.url); found != known.end()) found->second = true;
  }
  std::vector<Addition> left;
  for (Addition& addition : additions) {
    bool& is_known = known.find(addition.url)->second;
    if (is_known) continue;
    is_known = true;
    left.push_back({addition.after, addition.url});
  }
  additions = std::move(left);
}

}  // namespace

std::vector<std::string> originals_of(const Url& url) {
  if (!url.is_http() || url.href().size() > kLongestUrl) return {};
  return Originals().of(url);
}

void add_originals(std::vector<Reference>& references, size_t most) {
  const size_t room = most - std::min(most, references.size());
  std::vector<Addition> additions = find_originals(references, room);
  if (additions.empty()) return;
  leave_out_known(additions, references);
  if (additions.empty()) return;
  additions.resize(std::min(additions.size(), room));

  std::vector<Reference> all;
  all.reserve(references.size() + additions.size());
  auto next = additions.begin();
  for (size_t i = 0; i < references.size(); ++i) {
    all.push_back(std::move(references[i]));
    const size_t rendition = all.size() - 1;
    for (; next != additions.end() && next->after == i; ++next) {
      all.push_back(candidate(all[rendition], std::move(next->url)));
    }
  }
  references = std::move(all);
}

}  // namespace halftone

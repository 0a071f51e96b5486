#include "media/rendition.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <iterator>
#include <optional>
#include <span>
#include <unordered_map>

#include "media/ascii.h"
#include "media/http_url_parts.h"
#include "media/rendition_index.h"
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

// The rules at one URL, which must outlive this.
class Step {
 public:
  explicit Step(std::string_view url) : url_(url) {
    if (!url_.search.empty()) parameters_ = parameters_of(url_.search.substr(1));
  }

  // What the first rule that changes anything makes of the URL. All rules are of its host.
  std::vector<std::string> originals(std::span<const RenditionRule* const> rules) {
    for (const RenditionRule* rule : rules) {
      apply(*rule);
      if (!found_.empty()) break;
    }
    return std::move(found_);
  }

 private:
  void apply(const RenditionRule& rule) {
    if (rule.path.empty()) {
      match_ = {};
    } else if (!find_pattern(rule.path, url_.path, match_)) {
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
      const std::string_view rest = match_.kept.last();
      auto inner = url_in_path(rest, url_.search);
      if (!inner && to == "<host") inner = inner_url(std::string(rest));
      if (inner) take(*inner);
      return;
    }
    const bool drops_query = to.ends_with('?');
    if (drops_query) to.remove_suffix(1);
    std::string text;
    text.reserve(url_.whole.size() + to.size());
    text.append(url_.scheme).append(url_.authority).append(url_.path, 0, match_.from);
    text.append(match_.expanded(to)).append(url_.path, std::max(match_.to, match_.from));
    if (!drops_query) append_query(text, query);
    take(text);
  }

  std::optional<std::string> parameter(std::string_view name) const {
    for (const Parameter& parameter : parameters_) {
      if (parameter.name == name) return inner_url(percent_decode(parameter.value));
    }
    return std::nullopt;
  }

  // The query without the parameters that `words` name, or with others in their place.
  void append_query(std::string& text, std::string_view words) const {
    if (words.empty()) {
      text += url_.search;
      return;
    }
    char before = '?';
    for (const Parameter& parameter : parameters_) {
      const std::string_view word = word_for(parameter.name, words);
      const bool is_set = word.find('=') != word.npos;
      if (!word.empty() && !is_set) continue;
      text += before;
      text += is_set ? word : parameter.text;
      before = '&';
    }
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
    if (text == url_.whole) return;
    const bool is_whole = text.starts_with("http://") || text.starts_with("https://");
    const auto base = is_whole ? std::nullopt : Url::parse(url_.whole);
    auto original = Url::parse(text, base ? &*base : nullptr);
    if (!original || !original->is_http() || original->href().size() > kLongestUrl) return;
    const HttpUrlParts parts(original->href());
    if (parts.whole == url_.whole) return;
    const bool is_signed = std::any_of(parameters_.begin(), parameters_.end(), is_signature);
    if (is_signed && parts.host == url_.host) return;
    found_.push_back(std::move(*original).href());
  }

  HttpUrlParts url_;
  std::vector<Parameter> parameters_;
  PatternMatch match_;
  std::vector<std::string> found_;
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

bool is_http(std::string_view url) {
  return url.starts_with("http://") || url.starts_with("https://");
}

// Finds the originals of one picture after the other, which often have one in common.
class Originals {
 public:
  // `url` is http or https, and serialised.
  std::vector<std::string> of(std::string_view url) {
    std::vector<std::string> found = step(url);
    // A rendition of a rendition: what stands behind both is the better guess.
    std::string rendition = found.empty() ? std::string() : found.front();
    for (size_t steps = 1; !rendition.empty() && steps < kMostSteps; ++steps) {
      std::vector<std::string> all = step(rendition);
      rendition = all.empty() ? std::string() : all.front();
      all.insert(all.end(), std::make_move_iterator(found.begin()),
                 std::make_move_iterator(found.end()));
      found = std::move(all);
    }
    leave_out_repeated(found, url);
    return found;
  }

 private:
  // `url` itself, and each but once.
  static void leave_out_repeated(std::vector<std::string>& urls, std::string_view url) {
    auto end = urls.begin();
    for (std::string& each : urls) {
      if (each == url || std::find(urls.begin(), end, each) != end) continue;
      if (&each != &*end) *end = std::move(each);
      ++end;
    }
    urls.erase(end, urls.end());
  }

  std::vector<std::string> step(std::string_view url) {
    if (url == plain_) return {};
    const auto rules = index_.rules_for(url);
    if (rules.empty()) return {};
    std::vector<std::string> found = Step(url).originals(rules);
    if (found.empty()) plain_ = url;
    return found;
  }

  RenditionIndex index_;
  std::string plain_;  // the latest URL that met rules and was no rendition
};

// Whether a URL has been seen a little while ago; pages show one picture in several places.
class RecentUrls {
 public:
  // True where it has; notes it if not. `url` must outlive this.
  bool seen(std::string_view url) {
    std::string_view& slot = slots_[slot_of(url)];
    if (slot == url) return true;
    slot = url;
    return false;
  }

  static size_t slot_of(std::string_view url) {
    const auto byte = [url](size_t i) { return static_cast<uint8_t>(url[i]); };
    const size_t last = url.size() - 1;
    return (url.size() * 7 + byte(last) + byte(last / 2) * 5 + byte(last - last / 4) * 11 +
            byte(last - last / 8) * 17) %
           kSlots;
  }

  static constexpr size_t kSlots = 128;

 private:
  std::array<std::string_view, kSlots> slots_;
};
// Where a candidate goes: behind references[after].
struct Addition {
  size_t after;
  std::string url;
};

std::vector<Addition> find_originals(const std::vector<Reference>& references, size_t most) {
  std::vector<Addition> found;
  RecentUrls recent;
  Originals originals;
  for (size_t i = 0; i < references.size() && found.size() < most; ++i) {
    const std::string& url = references[i].url;
    if (!is_picture(references[i]) || url.size() > kLongestUrl || !is_http(url)) continue;
    if (recent.seen(url)) continue;
    for (std::string& original : originals.of(url)) {
      const bool again = !found.empty() && found.back().url == original;  // of one srcset
      if (!again) found.push_back({i, std::move(original)});
    }
  }
  return found;
}

// Each URL once, and none that the document names itself.
void leave_out_known(std::vector<Addition>& additions, const std::vector<Reference>& references) {
  std::unordered_map<std::string_view, bool> known;
  std::bitset<RecentUrls::kSlots> slots;
  for (const Addition& addition : additions) {
    known.emplace(addition.url, false);
    slots.set(RecentUrls::slot_of(addition.url));
  }
  for (const Reference& reference : references) {
    if (reference.url.empty() || !slots[RecentUrls::slot_of(reference.url)]) continue;
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

// From the end on, so that nothing is moved twice.
void insert(std::vector<Reference>& references, std::vector<Addition> additions) {
  size_t from = references.size();
  references.resize(from + additions.size());
  for (size_t to = references.size(); !additions.empty();) {
    const Addition& addition = additions.back();
    while (from > addition.after + 1) references[--to] = std::move(references[--from]);
    references[--to] = candidate(references[addition.after], std::move(additions.back().url));
    additions.pop_back();
  }
}

}  // namespace

std::vector<std::string> originals_of(const Url& url) {
  if (!url.is_http() || url.href().size() > kLongestUrl) return {};
  return Originals().of(url.href());
}

void add_originals(std::vector<Reference>& references, size_t most) {
  const size_t room = most - std::min(most, references.size());
  std::vector<Addition> additions = find_originals(references, room);
  if (additions.empty()) return;
  leave_out_known(additions, references);
  additions.resize(std::min(additions.size(), room));
  insert(references, std::move(additions));
}

}  // namespace halftone

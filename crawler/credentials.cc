#include "crawler/credentials.h"

#include "media/ascii.h"
#include "store/files.h"

namespace halftone {
namespace {

constexpr uint64_t kMaxFile = 1 << 20;

// The words of a .netrc, one after another.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}

  size_t line() const { return line_; }

  // Nothing at the end, and where a quoted word has none.
  std::optional<std::string> next() {
    skip_space();
    if (rest_.empty()) return std::nullopt;
    return rest_.front() == '"' ? quoted() : plain();
  }

  // A macro ends with an empty line.
  void skip_macro() {
    size_t end = rest_.find("\n\n");
    if (end == std::string_view::npos) end = rest_.size();
    skip(end);
  }

 private:
  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  void skip(size_t count) {
    line_ += static_cast<size_t>(std::count(rest_.begin(), rest_.begin() + count, '\n'));
    rest_.remove_prefix(count);
  }

  void skip_space() {
    while (!rest_.empty()) {
      if (rest_.front() == '#') {
        skip(std::min(rest_.find('\n'), rest_.size()));
      } else if (is_space(rest_.front())) {
        skip(1);
      } else {
        return;
      }
    }
  }

  std::string plain() {
    const auto end = std::ranges::find_if(rest_, is_space);
    std::string word(rest_.begin(), end);
    rest_.remove_prefix(word.size());
    return word;
  }

  std::optional<std::string> quoted() {
    std::string word;
    for (size_t at = 1; at < rest_.size() && rest_[at] != '\n'; ++at) {
      char c = rest_[at];
      if (c == '"') {
        rest_.remove_prefix(at + 1);
        return word;
      }
      if (c == '\\' && at + 1 < rest_.size()) c = unescaped(rest_[++at]);
      word += c;
    }
    return std::nullopt;
  }

  static char unescaped(char c) {
    switch (c) {
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      default:
        return c;
    }
  }

  std::string_view rest_;
  size_t line_ = 1;
};

struct Entry {
  std::optional<std::string> machine;  // nothing: default
  std::string login, password;
};

void keep(Netrc& netrc, const std::optional<Entry>& entry) {
  if (!entry || (entry->login.empty() && entry->password.empty())) return;
  const std::string credentials = entry->login + ":" + entry->password;
  if (entry->machine) {
    netrc.machines.try_emplace(lower_case(*entry->machine), credentials);
  } else if (!netrc.fallback) {
    netrc.fallback = credentials;
  }
}

std::string_view bare_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

}  // namespace

Result<Netrc> parse_netrc(std::string_view text) {
  Netrc netrc;
  std::optional<Entry> entry;
  Words words(text);
  const auto bad = [&](std::string_view what) {
    return fail(ErrorCode::kUsage, "line {}: {}", words.line(), what);
  };
  while (const auto word = words.next()) {
    if (*word == "default") {
      keep(netrc, std::exchange(entry, Entry{}));
      continue;
    }
    const auto value = words.next();
    if (!value) return bad(fmt::format("'{}' without a value", *word));
    if (*word == "machine") {
      keep(netrc, std::exchange(entry, Entry{*value, {}, {}}));
    } else if (*word == "macdef") {
      words.skip_macro();
    } else if (!entry) {
      return bad(fmt::format("'{}' before any machine", *word));
    } else if (*word == "login") {
      entry->login = *value;
    } else if (*word == "password") {
      entry->password = *value;
    } else if (*word != "account") {
      return bad(fmt::format("unknown word '{}'", *word));
    }
  }
  keep(netrc, entry);
  return netrc;
}

Result<Credentials> Credentials::make(const FetchOptions& options) {
  Credentials credentials;
  credentials.by_origin_ = options.credentials;
  credentials.user_ = options.user;
  for (const std::string& host : options.seed_hosts) {
    credentials.seeds_.insert(lower_case(bare_host(host)));
  }
  if (options.netrc_file.empty()) return credentials;
  const auto text = read_file(options.netrc_file, kMaxFile);
  if (!text) return fail(ErrorCode::kUsage, "--netrc-file: {}", text.error().message);
  auto netrc = parse_netrc(*text);
  if (!netrc) {
    return fail(ErrorCode::kUsage, "--netrc-file {}: {}", options.netrc_file,
                netrc.error().message);
  }
  credentials.netrc_ = *std::move(netrc);
  return credentials;
}

const std::string* Credentials::find_for_host(const std::string& host) const {
  const bool is_seed = seeds_.contains(host);
  if (is_seed && !user_.empty()) return &user_;
  const auto machine = netrc_.machines.find(host);
  if (machine != netrc_.machines.end()) return &machine->second;
  return is_seed && netrc_.fallback ? &*netrc_.fallback : nullptr;
}

std::optional<std::string> Credentials::find(const Origin& origin) {
  const bool is_tls = origin.scheme == "https";
  if (!by_origin_.empty()) {
    const bool is_usual = origin.port == (is_tls ? 443 : 80);
    const std::string name =
        is_usual ? fmt::format("{}://{}", origin.scheme, origin.host)
                 : fmt::format("{}://{}:{}", origin.scheme, origin.host, origin.port);
    if (const auto found = by_origin_.find(name); found != by_origin_.end()) return found->second;
  }
  if (user_.empty() && netrc_.machines.empty() && !netrc_.fallback) return std::nullopt;
  const std::string host(bare_host(origin.host));
  const std::string* found = find_for_host(host);
  if (!found) return std::nullopt;
  if (is_tls) {
    tls_hosts_.insert(host);
  } else if (tls_hosts_.contains(host)) {
    return std::nullopt;
  }
  return *found;
}

}  // namespace halftone

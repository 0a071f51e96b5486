#include "crawler/fetch_options.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <unistd.h>

#include "crawler/address_guard.h"
#include "media/ascii.h"

namespace halftone {
namespace {

// "HOST:PORT:…" cut at its colons, at most `count` parts; those inside brackets do not count.
std::vector<std::string_view> split_at_colons(std::string_view text, size_t count) {
  std::vector<std::string_view> parts;
  while (parts.size() + 1 < count) {
    const size_t bracket = text.starts_with('[') ? text.find(']') : 0;
    if (bracket == std::string_view::npos) break;
    const size_t colon = text.find(':', bracket);
    if (colon == std::string_view::npos) break;
    parts.push_back(text.substr(0, colon));
    text.remove_prefix(colon + 1);
  }
  parts.push_back(text);
  return parts;
}

std::string_view without_brackets(std::string_view host) {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    return host.substr(1, host.size() - 2);
  }
  return host;
}

std::string normal_host(std::string_view host) {
  host = without_brackets(host);
  if (host.ends_with('.')) host.remove_suffix(1);
  return lower_case(host);
}

bool is_port(std::string_view text) {
  uint16_t port = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && stop == text.data() + text.size();
}

// Without the prefix by which curl lets an entry expire.
std::string_view without_plus(std::string_view entry) {
  return entry.starts_with('+') ? entry.substr(1) : entry;
}

bool are_addresses(std::string_view list) {
  while (true) {
    const size_t comma = list.find(',');
    if (!is_ip_address(without_brackets(list.substr(0, comma)))) return false;
    if (comma == std::string_view::npos) return true;
    list.remove_prefix(comma + 1);
  }
}

Result<void> check_resolve(std::string_view entry) {
  const auto parts = split_at_colons(without_plus(entry), 3);
  if (parts.size() == 3 && !parts[0].empty() && is_port(parts[1]) && are_addresses(parts[2])) {
    return {};
  }
  return fail(ErrorCode::kUsage,
              "--resolve {}: should read HOST:PORT:ADDR, as in example.org:443:203.0.113.9", entry);
}

Result<void> check_connect_to(std::string_view entry) {
  const auto parts = split_at_colons(entry, 4);
  const bool is_sound = parts.size() == 4 && (parts[1].empty() || is_port(parts[1])) &&
                        (parts[3].empty() || is_port(parts[3]));
  if (is_sound) return {};
  return fail(ErrorCode::kUsage,
              "--connect-to {}: should read HOST1:PORT1:HOST2:PORT2, as in "
              "example.org:443:staging.example.org:8443",
              entry);
}

bool is_one_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

Result<void> check_header(std::string_view header) {
  const size_t colon = header.find_first_of(":;");
  const bool has_name = colon != std::string_view::npos && colon > 0;
  if (has_name && is_one_line(header)) return {};
  return fail(ErrorCode::kUsage, "--header {}: should read 'Name: value', on one line", header);
}

Result<void> check_cacert(const std::string& path) {
  std::ifstream file(path);
  if (!file) return fail(ErrorCode::kUsage, "--cacert {}: cannot read the file", path);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("-----BEGIN ")) return {};
  }
  return fail(ErrorCode::kUsage, "--cacert {}: holds no certificate in PEM format", path);
}

Result<void> check_cookie_file(const std::string& path) {
  if (std::ifstream file(path); file && file.peek() != std::ifstream::traits_type::eof()) return {};
  return fail(ErrorCode::kUsage, "--cookie {}: cannot read the file, or it is empty", path);
}

// Written anew each time, so its folder must be one where we may write.
Result<void> check_cookie_jar(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (std::filesystem::is_directory(path)) {
    return fail(ErrorCode::kUsage, "--cookie-jar {}: is a folder", path);
  }
  if (access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) == 0) return {};
  return fail(ErrorCode::kUsage, "--cookie-jar {}: cannot write in its folder: {}", path,
              std::generic_category().message(errno));
}

Result<void> check_user(const std::string& user) {
  const size_t colon = user.find(':');
  if (colon != std::string::npos && colon > 0 && is_one_line(user)) return {};
  return fail(ErrorCode::kUsage, "--user: should read NAME:PASSWORD");
}

// It goes into a comment of the User-Agent field (RFC 9110, 5.6.5), between semicolons.
Result<void> check_contact(const std::string& contact) {
  const bool is_url = contact.starts_with("https://") || contact.starts_with("http://");
  const bool is_mail = contact.find('@') != std::string::npos;
  const bool is_plain = std::ranges::all_of(contact, [](char c) {
    return c > ' ' && c < 0x7F && std::string_view("()\\;\"<>").find(c) == std::string_view::npos;
  });
  if ((is_url || is_mail) && is_plain) return {};
  return fail(ErrorCode::kUsage,
              "--contact {}: should be a URL or a mail address by which you can be reached",
              contact);
}

Result<void> check_proxy(const std::string& proxy) {
  const size_t end = proxy.find("://");
  const std::string scheme = end == std::string::npos ? "http" : lower_case(proxy.substr(0, end));
  const std::string rest = end == std::string::npos ? proxy : proxy.substr(end + 3);
  for (const char* known : {"http", "https", "socks4", "socks4a", "socks5", "socks5h"}) {
    if (scheme == known && !rest.empty()) return {};
  }
  return fail(ErrorCode::kUsage, "--proxy {}: should read http://HOST:PORT or socks5h://HOST:PORT",
              proxy);
}

Result<void> check_limits(const FetchOptions& options) {
  if (options.parallel == 0 || options.per_host == 0) {
    return fail(ErrorCode::kUsage, "requests at once, in all and per host, must be at least 1");
  }
  const bool has_time = options.connect_timeout.count() > 0 && options.stall_timeout.count() > 0 &&
                        options.max_time.count() > 0;
  if (!has_time) return fail(ErrorCode::kUsage, "time limits must be at least one second");
  return {};
}

template <class Check>
Result<void> check_all(const std::vector<std::string>& entries, Check check) {
  for (const std::string& entry : entries) {
    if (auto sound = check(entry); !sound) return sound;
  }
  return {};
}

}  // namespace

bool goes_everywhere(std::string_view header) {
  const std::string_view name = trim(header.substr(0, header.find_first_of(":;")));
  return starts_with_ignoring_case(name, "accept") || equals_ignoring_case(name, "dnt") ||
         equals_ignoring_case(name, "cache-control");
}

Result<void> check_fetch_options(const FetchOptions& options) {
  if (auto sound = check_limits(options); !sound) return sound;
  if (auto sound = check_all(options.resolve, check_resolve); !sound) return sound;
  if (auto sound = check_all(options.connect_to, check_connect_to); !sound) return sound;
  if (auto sound = check_all(options.headers, check_header); !sound) return sound;
  const std::pair<const std::string&, Result<void> (*)(const std::string&)> checks[] = {
      {options.proxy, check_proxy},
      {options.cacert, check_cacert},
      {options.cookie_file, check_cookie_file},
      {options.cookie_jar, check_cookie_jar},
      {options.user, check_user},
      {options.contact, check_contact},
  };
  for (const auto& [value, check] : checks) {
    if (value.empty()) continue;
    if (auto sound = check(value); !sound) return sound;
  }
  return {};
}

// Some sites refuse whoever does not begin as browsers do.
std::string user_agent(const FetchOptions& options) {
  const std::string contact = options.contact.empty() ? "" : "+" + options.contact;
  if (options.user_agent.empty()) {
    return fmt::format("Mozilla/5.0 (compatible; halftone/0.1; {})",
                       contact.empty() ? "archiving crawler" : contact);
  }
  return contact.empty() ? options.user_agent : fmt::format("{} ({})", options.user_agent, contact);
}

NamedHosts::NamedHosts(const FetchOptions& options) : everything_(options.allow_private) {
  for (const std::string& host : options.seed_hosts) seeds_.insert(normal_host(host));
  for (const std::string& entry : options.resolve) {
    const auto parts = split_at_colons(without_plus(entry), 3);
    if (parts.size() == 3) vouch(parts[0] == "*" ? "" : parts[0], parts[1]);
  }
  for (const std::string& entry : options.connect_to) {
    const auto parts = split_at_colons(entry, 4);
    if (parts.size() == 4) vouch(parts[0], parts[1]);
  }
}

// An entry without a host stands for every host on its port, one without both for everything.
void NamedHosts::vouch(std::string_view host, std::string_view port) {
  if (!host.empty()) {
    vouched_.insert(normal_host(host));
  } else if (!port.empty()) {
    ports_.emplace(port);
  } else {
    everything_ = true;
  }
}

bool NamedHosts::is_vouched(const std::string& host, uint16_t port) const {
  return everything_ || vouched_.contains(host) || ports_.contains(fmt::format("{}", port));
}

bool NamedHosts::contains(std::string_view host) const {
  const std::string name = normal_host(host);
  return seeds_.contains(name) || vouched_.contains(name);
}

bool NamedHosts::may_be_private(std::string_view host, uint16_t port) const {
  const std::string name = normal_host(host);
  return is_vouched(name, port) || seeds_.contains(name);
}

bool NamedHosts::allows(std::string_view host, uint16_t port, std::string_view address) {
  const std::string name = normal_host(host);
  if (is_vouched(name, port)) return true;
  const bool is_private = is_private_address(address);
  if (!seeds_.contains(name)) return !is_private;
  const auto first = seed_is_private_.try_emplace(name, is_private).first;
  return !is_private || first->second;
}

}  // namespace halftone

#include "crawler/curl_cookies.h"

#include <charconv>
#include <ctime>
#include <map>

#include <curl/curl.h>

#include "media/ascii.h"
#include "store/files.h"

namespace halftone {
namespace {

constexpr size_t kPruneEvery = 1000;  // Set-Cookie fields
constexpr const char* kFirstLine = "# Netscape HTTP Cookie File\n";

// The host of a line of a cookie file: "#HttpOnly_.example.org\tTRUE\t…".
std::string host_of(std::string_view line) {
  constexpr std::string_view kHttpOnly = "#HttpOnly_";
  if (line.starts_with(kHttpOnly)) line.remove_prefix(kHttpOnly.size());
  line = line.substr(0, line.find('\t'));
  if (line.starts_with('.')) line.remove_prefix(1);
  return lower_case(line);
}

// libcurl lists what it was just told to forget until it looks at that host again.
bool is_expired(std::string_view line, int64_t now) {
  constexpr int kFieldsBefore = 4;
  for (int i = 0; i < kFieldsBefore; ++i) {
    const size_t tab = line.find('\t');
    if (tab == std::string_view::npos) return false;
    line.remove_prefix(tab + 1);
  }
  int64_t expires = 0;
  std::from_chars(line.data(), line.data() + line.size(), expires);
  return expires != 0 && expires < now;
}

size_t total_size(const std::vector<std::string>& lines) {
  size_t size = 0;
  for (const std::string& line : lines) size += line.size();
  return size;
}

// `lines` come oldest first.
std::vector<std::string> newest_of_each_host(const std::vector<std::string>& lines, size_t most) {
  std::map<std::string, size_t> counts;
  std::vector<std::string> kept;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (++counts[host_of(*line)] <= most) kept.push_back(*line);
  }
  std::ranges::reverse(kept);
  return kept;
}

}  // namespace

CookieJar::CookieJar(const FetchOptions& options)
    : path_(options.cookie_jar),
      is_on_(options.keep_cookies || !options.cookie_file.empty() || !options.cookie_jar.empty()),
      share_(curl_share_init()),
      teller_(curl_easy_init()) {
  if (!share_ || !teller_) throw std::bad_alloc();
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  if (!is_on_) return;
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
  curl_easy_setopt(teller_, CURLOPT_SHARE, share_);
  for (const std::string& host : options.seed_hosts) ours_.insert(lower_case(host));
  if (!options.cookie_file.empty()) load(options.cookie_file);
}

CookieJar::~CookieJar() {
  curl_easy_cleanup(teller_);
  curl_share_cleanup(share_);
}

void CookieJar::load(const std::string& file) {
  curl_easy_setopt(teller_, CURLOPT_COOKIEFILE, file.c_str());
  curl_easy_setopt(teller_, CURLOPT_COOKIELIST, "RELOAD");
  for (const std::string& line : lines()) ours_.insert(host_of(line));
}

std::vector<std::string> CookieJar::lines() const {
  curl_slist* list = nullptr;
  if (is_on_) curl_easy_getinfo(teller_, CURLINFO_COOKIELIST, &list);
  std::vector<std::string> lines;
  const int64_t now = std::time(nullptr);
  for (const curl_slist* entry = list; entry; entry = entry->next) {
    if (!is_expired(entry->data, now)) lines.emplace_back(entry->data);
  }
  curl_slist_free_all(list);
  return lines;
}

void CookieJar::note_set_cookies(size_t count) {
  if (!is_on_) return;
  set_since_prune_ += count;
  if (set_since_prune_ >= kPruneEvery) prune();
}

// True for a seed, its parent domains, and hosts of --cookie.
bool CookieJar::is_ours(const std::string& host) const {
  return ours_.contains(host) ||
         std::ranges::any_of(ours_, [&](const auto& one) { return one.ends_with("." + host); });
}

void CookieJar::prune() {
  set_since_prune_ = 0;
  const auto all = lines();
  auto kept = newest_of_each_host(all, kMaxOfHost);
  if (kept.size() > kMaxCookies || total_size(kept) > kMaxBytes) {
    std::erase_if(kept, [&](const std::string& line) { return !is_ours(host_of(line)); });
  }
  if (kept.size() == all.size()) return;
  curl_easy_setopt(teller_, CURLOPT_COOKIELIST, "ALL");
  for (const std::string& line : kept) {
    curl_easy_setopt(teller_, CURLOPT_COOKIELIST, line.c_str());
  }
}

Result<void> CookieJar::save() {
  if (path_.empty()) return {};
  prune();
  std::string text = kFirstLine;
  for (const std::string& line : lines()) text += line + "\n";
  if (text == saved_) return {};
  auto written = write_private_file(path_, text);
  if (!written) return tl::unexpected(written.error().during("--cookie-jar"));
  saved_ = std::move(text);
  return {};
}

}  // namespace halftone

// The cookies of a run, and whatever else libcurl's transfers share.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "crawler/fetch_options.h"
#include "media/error.h"

namespace halftone {

// Cookies are kept only where --cookie, --cookie-jar or `keep_cookies` ask for it. libcurl bounds
// what one answer sets (50 cookies, 5,000 bytes a line); this bounds what many answers can pile up.
// One thread at a time.
class CookieJar {
 public:
  // Beyond these, the oldest of a host go; then all those of hosts that are no seeds and that
  // --cookie did not name.
  static constexpr size_t kMaxOfHost = 150;  // as many as libcurl sends with one request
  static constexpr size_t kMaxCookies = 10'000;
  static constexpr size_t kMaxBytes = 8 << 20;

  explicit CookieJar(const FetchOptions& options);
  ~CookieJar();
  CookieJar(const CookieJar&) = delete;
  CookieJar& operator=(const CookieJar&) = delete;

  void* share() const { return share_; }  // CURLSH*
  bool is_on() const { return is_on_; }

  // An answer with so many Set-Cookie fields has ended. Not while libcurl calls us.
  void note_set_cookies(size_t count);

  // One line of a cookie file for each, session cookies included.
  std::vector<std::string> lines() const;

  // Writes --cookie-jar, whole or not at all, readable for its owner alone; nothing where there is
  // none or nothing changed. kIo, kNoSpace.
  Result<void> save();

 private:
  void load(const std::string& file);
  void prune();
  bool is_ours(const std::string& host) const;

  const std::string path_;
  const bool is_on_;
  void* share_;   // CURLSH*
  void* teller_;  // CURL*: libcurl gives and takes cookies by one handle
  std::set<std::string> ours_;
  size_t set_since_prune_ = 0;
  std::string saved_;
};

}  // namespace halftone

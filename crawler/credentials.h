// User names and passwords, and who gets them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "crawler/fetch_options.h"
#include "media/error.h"

namespace halftone {

// A .netrc file as curl and ftp read it: machine, default, login, password, account, macdef;
// quoted words; comments from '#' to the end of the line.
struct Netrc {
  // "login:password" by host, lower case; the first entry for a host counts.
  std::map<std::string, std::string> machines;
  std::optional<std::string> fallback;  // of "default"
};

// kUsage: not such a file; the message names the line.
Result<Netrc> parse_netrc(std::string_view text);

// The parts of a URL on which it depends who is asked.
struct Origin {
  std::string_view scheme, host;  // host: lower case, IPv6 in brackets
  uint16_t port = 0;
};

// Knows the passwords of a run: those for one origin, --user and --netrc-file. One thread at a
// time.
class Credentials {
 public:
  // kUsage: the --netrc-file cannot be read.
  static Result<Credentials> make(const FetchOptions& options);

  // "name:password" for a request to `origin`; nothing: none is sent. As in curl, --user goes
  // before a .netrc; and it goes to the seeds alone, as does the default entry of a .netrc. A host
  // that was asked over TLS gets neither in the clear later, whatever a page links to.
  std::optional<std::string> find(const Origin& origin);

 private:
  const std::string* find_for_host(const std::string& host) const;

  std::map<std::string, std::string> by_origin_;
  std::set<std::string> seeds_;
  std::string user_;
  Netrc netrc_;
  std::set<std::string> tls_hosts_;  // of those that get a password by name
};

}  // namespace halftone

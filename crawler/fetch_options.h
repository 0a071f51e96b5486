// How to ask the network: what the user may choose, and which hosts the user vouched for.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"

namespace halftone {

// Named as on the command line, where they follow curl's own habits.
struct FetchOptions {
  std::string user_agent;               // empty: halftone's own
  std::string contact;                  // a URL or mail address, told in the user agent
  std::vector<std::string> resolve;     // HOST:PORT:ADDR
  std::vector<std::string> connect_to;  // HOST1:PORT1:HOST2:PORT2
  std::string proxy;                    // empty: none, whatever the environment says
  std::string cacert;                   // file of CA certificates, instead of the system's
  bool insecure = false;
  std::string cookie_file;    // Netscape format, read only
  std::string cookie_jar;     // the same format; written whenever Fetcher::run() returns
  bool keep_cookies = false;  // what servers set is sent back, as it is with either file
  std::string netrc_file;     // passwords by host, see Credentials
  std::string user;           // "name:password" for the seeds
  std::vector<std::string> headers;
  uint64_t limit_rate = 0;                // bytes per second over all transfers, 0: unlimited
  uint64_t max_size = uint64_t{4} << 30;  // of a body, content coding removed
  std::chrono::seconds connect_timeout{30};
  std::chrono::seconds stall_timeout{30};  // slower than 1 KiB/s for so long
  std::chrono::seconds max_time{7200};     // for one request
  size_t parallel = 16;                    // requests at once
  size_t per_host = 6;                     // connections to one host

  // Addresses that are not on the public internet are refused at connect time, unless this is set
  // or the user named the host: in --resolve or --connect-to, or as a seed that leads to such an
  // address from the first.
  bool allow_private = false;
  std::set<std::string> seed_hosts;  // names without ports

  // "user:password" for an origin ("https://example.org"); sent to it alone.
  std::map<std::string, std::string> credentials;
};

// kUsage: an option that cannot be carried out, in the words of the command line.
Result<void> check_fetch_options(const FetchOptions& options);

// The value of User-Agent.
std::string user_agent(const FetchOptions& options);

// True for lines of --header that tell nobody a secret (Accept-Language …); the others are sent
// only to hosts that the user named.
bool goes_everywhere(std::string_view header);

// The hosts that the user named, and what that allows them. One thread at a time.
class NamedHosts {
 public:
  explicit NamedHosts(const FetchOptions& options);

  // As a seed, or in --resolve or --connect-to: such a host gets the lines of --header.
  // `host` as in a URL; brackets of an IPv6 address are allowed.
  bool contains(std::string_view host) const;

  // Whether a URL of this host may be asked for at all, by the look of its name.
  bool may_be_private(std::string_view host, uint16_t port) const;

  // Whether a connection to `address` may be made on behalf of `host`. A seed that led to the
  // public internet once must not lead into a private network later (DNS rebinding).
  bool allows(std::string_view host, uint16_t port, std::string_view address);

 private:
  void vouch(std::string_view host, std::string_view port);
  bool is_vouched(const std::string& host, uint16_t port) const;

  bool everything_ = false;
  std::set<std::string> seeds_;
  std::set<std::string> vouched_;  // in --resolve or --connect-to
  std::set<std::string> ports_;    // of entries that stand for every host
  std::map<std::string, bool> seed_is_private_;
};

}  // namespace halftone

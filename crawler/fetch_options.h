// How to ask the network: what the user may choose, and which hosts the user vouched for.
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"

namespace halftone {

// Named as on the command line, where they follow curl's own habits.
struct FetchOptions {
  std::string user_agent;               // empty: halftone's own
  std::vector<std::string> resolve;     // HOST:PORT:ADDR
  std::vector<std::string> connect_to;  // HOST1:PORT1:HOST2:PORT2
  std::string proxy;                    // empty: none, whatever the environment says
  std::string cacert;                   // file of CA certificates, instead of the system's
  bool insecure = false;
  std::string cookie_file;  // Netscape format, read only
  std::vector<std::string> headers;
  uint64_t limit_rate = 0;                // bytes per second over all transfers, 0: unlimited
  uint64_t max_size = uint64_t{4} << 30;  // of a body, content coding removed
  std::chrono::seconds connect_timeout{30};
  std::chrono::seconds stall_timeout{30};  // slower than 1 KiB/s for so long
  std::chrono::seconds max_time{7200};     // for one request
  size_t parallel = 16;                    // requests at once
  size_t per_host = 6;                     // connections to one host

  // Addresses that are not on the public internet are refused at connect time, unless this is set
  // or the user named the host: as a seed (the caller puts it here), in --resolve or --connect-to.
  bool allow_private = false;
  std::set<std::string> trusted_hosts;  // host names (without ports) that may be private
};

// kUsage: an option that cannot be carried out, in the words of the command line.
Result<void> check_fetch_options(const FetchOptions& options);

// Which hosts may lead to private addresses.
class TrustedHosts {
 public:
  explicit TrustedHosts(const FetchOptions& options);

  // `host` as in a URL, lower case; brackets of an IPv6 address are allowed.
  bool contains(std::string_view host, uint16_t port) const;

 private:
  void trust(std::string_view host, std::string_view port);

  bool everything_ = false;
  std::set<std::string> hosts_;
  std::set<std::string> ports_;  // of entries that stand for every host
};

}  // namespace halftone

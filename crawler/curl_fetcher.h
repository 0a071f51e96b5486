// The Fetcher over libcurl's multi interface: one I/O thread, HTTP/2, reused connections.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "crawler/fetcher.h"

namespace halftone {

// Named as on the command line, where they follow curl's own habits.
struct FetchOptions {
  std::string user_agent;               // empty: halftone's own
  std::vector<std::string> resolve;     // HOST:PORT:ADDR
  std::vector<std::string> connect_to;  // HOST1:PORT1:HOST2:PORT2
  std::string proxy;
  std::string cacert;  // file of CA certificates, instead of the system's
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
  // or the user named the host: seeds, --resolve and --connect-to are put here by the caller.
  bool allow_private = false;
  std::set<std::string> trusted_hosts;  // host names (without ports) that may be private
};

// kUsage: an option that curl cannot carry out (an unreadable --cacert, a malformed --resolve …).
Result<std::unique_ptr<Fetcher>> make_curl_fetcher(const FetchOptions& options);

// True for addresses that no public name should lead to: private, loopback, link-local, CGNAT,
// multicast, reserved, and IPv6 forms that embed such an IPv4 address. `address` without brackets
// or port.
bool is_private_address(std::string_view address);

}  // namespace halftone

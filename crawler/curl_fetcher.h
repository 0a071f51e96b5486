// The Fetcher over libcurl's multi interface: one I/O thread, HTTP/2, reused connections.
#pragma once

#include <memory>

#include "crawler/address_guard.h"
#include "crawler/fetch_options.h"
#include "crawler/fetcher.h"

namespace halftone {

// kUsage: an option that curl cannot carry out (an unreadable --cacert, a malformed --resolve …).
Result<std::unique_ptr<Fetcher>> make_curl_fetcher(const FetchOptions& options);

}  // namespace halftone

// Hosts of URLs (URL Standard, 3).
#pragma once

#include <string>
#include <string_view>

namespace halftone {

// Appends the serialised form of `host` (without "@" and port) to `out`. `special`: the URL's
// scheme is special, so that the host is a domain or an address; otherwise an opaque host. False
// where the standard says "failure"; `out` is then spoilt.
bool append_host(std::string& out, std::string_view host, bool special);

// True for a domain in lower case of which nothing has to be changed and that is no address.
bool is_plain_domain(std::string_view host);

// Whether a serialised host is an address: [::1] or, for special URLs, 127.0.0.1.
bool is_address(std::string_view host);

}  // namespace halftone

// Which addresses a crawler must not be led to.
#pragma once

#include <string_view>

namespace halftone {

// True for addresses that no public name should lead to: private, loopback, link-local, CGNAT,
// multicast, reserved, and IPv6 forms that embed such an IPv4 address. `address` without brackets
// or port. True as well for text that is no address at all.
bool is_private_address(std::string_view address);

// True for names that mean this machine whatever a resolver says: "localhost", "*.localhost"
// (RFC 6761, 6.3), lower case.
bool is_loopback_name(std::string_view name);

// True for an IPv4 or IPv6 address without brackets.
bool is_ip_address(std::string_view text);

}  // namespace halftone

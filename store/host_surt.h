// Hosts as keys have them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace halftone {

// What the SURTs of a host's URLs begin with: www.example.com as "com,example,www". A port is left
// out. Nothing where `host` is no host.
std::optional<std::string> host_surt(std::string_view host);

}  // namespace halftone

// Registrable domains by the public suffix list, by libpsl.
#pragma once

#include <string>
#include <string_view>

namespace halftone {

// The registrable domain of a serialised host that is no address; the host itself where it is a
// public suffix.
std::string registrable_domain(std::string_view host);

}  // namespace halftone

// Internationalised domain names (UTS #46), by ICU.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace halftone {

// The URL Standard's "domain to ASCII", not strict, for a domain that is not all ASCII: UTS #46
// ToASCII, non-transitional, CheckBidi and CheckJoiners on, CheckHyphens, UseSTD3ASCIIRules and
// VerifyDnsLength off. `domain` is valid UTF-8. Nothing where it is no domain name, and where it is
// longer than 2 KiB: no such name resolves, and Punycode takes quadratic time.
std::optional<std::string> domain_to_ascii(std::string_view domain);

}  // namespace halftone

#include "crawler/address_guard.h"

#include "tests/support/catch.h"

using namespace halftone;

// IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), first and last address of a
// block and the public neighbours.
TEST_CASE("addresses that no public name should lead to", "[crawler]") {
  struct Row {
    const char* address;
    bool is_private;
  };
  const Row rows[] = {
      {"0.0.0.0", true},
      {"0.255.255.255", true},
      {"1.0.0.0", false},
      {"9.255.255.255", false},
      {"10.0.0.0", true},
      {"10.255.255.255", true},
      {"11.0.0.0", false},
      {"100.63.255.255", false},
      {"100.64.0.0", true},  // RFC 6598, CGNAT
      {"100.127.255.255", true},
      {"100.128.0.0", false},
      {"126.255.255.255", false},
      {"127.0.0.1", true},
      {"127.255.255.255", true},
      {"128.0.0.0", false},
      {"169.253.255.255", false},
      {"169.254.169.254", true},  // RFC 3927; cloud metadata
      {"169.255.0.0", false},
      {"172.15.255.255", false},
      {"172.16.0.0", true},  // RFC 1918
      {"172.31.255.255", true},
      {"172.32.0.0", false},
      {"192.0.0.8", true},  // RFC 7600
      {"192.0.1.0", false},
      {"192.0.2.1", true},    // RFC 5737
      {"192.88.99.1", true},  // RFC 7526
      {"192.167.255.255", false},
      {"192.168.0.0", true},
      {"192.168.255.255", true},
      {"192.169.0.0", false},
      {"198.17.255.255", false},
      {"198.18.0.0", true},  // RFC 2544
      {"198.19.255.255", true},
      {"198.20.0.0", false},
      {"198.51.100.7", true},
      {"203.0.113.9", true},
      {"203.0.114.0", false},
      {"223.255.255.255", false},
      {"224.0.0.1", true},  // RFC 5771, multicast
      {"240.0.0.1", true},  // RFC 1112, reserved
      {"255.255.255.255", true},
      {"8.8.8.8", false},
      {"::", true},
      {"::1", true},
      {"::7f00:1", true},         // IPv4-compatible, RFC 4291, 2.5.5.1
      {"::8.8.8.8", true},        // deprecated as a whole
      {"::ffff:10.0.0.1", true},  // IPv4-mapped, RFC 4291, 2.5.5.2
      {"::ffff:8.8.8.8", false},
      {"64:ff9b::127.0.0.1", true},  // NAT64, RFC 6052
      {"64:ff9b::8.8.8.8", false},
      {"64:ff9b:1::8.8.8.8", true},  // RFC 8215, local use
      {"100::1", true},              // RFC 6666, discard
      {"2001::1", true},             // Teredo, RFC 4380
      {"2001:1ff:ffff::", true},     // RFC 2928
      {"2001:200::1", false},
      {"2001:db8::1", true},  // RFC 3849
      {"2001:db9::1", false},
      {"2002:7f00:1::", true},      // 6to4 of 127.0.0.1, RFC 3056
      {"2002:a9fe:a9fe::1", true},  // 6to4 of 169.254.169.254
      {"2002:808:808::1", false},
      {"2606:4700::1111", false},
      {"2606:4700::5efe:10.0.0.1", true},      // ISATAP, RFC 5214
      {"2606:4700::200:5efe:10.0.0.1", true},  // with the universal bit
      {"2606:4700::5efe:8.8.8.8", false},
      {"3fff::1", true},  // RFC 9637
      {"3fff:1000::1", false},
      {"4000::1", true},  // outside of 2000::/3
      {"5f00::1", true},  // RFC 9602
      {"fc00::1", true},  // RFC 4193
      {"fdff:ffff::1", true},
      {"fe80::1", true},
      {"fe80::1%eth0", true},
      {"fec0::1", true},
      {"ff02::1", true},
      {"", true},
      {"example.org", true},
      {"1.2.3", true},
      {"1.2.3.4.5", true},
      {"[2606:4700::1111]", true},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.address) { CHECK(is_private_address(row.address) == row.is_private); }
  }
}

// RFC 6761, 6.3.
TEST_CASE("names that mean this machine", "[crawler]") {
  CHECK(is_loopback_name("localhost"));
  CHECK(is_loopback_name("localhost."));
  CHECK(is_loopback_name("www.localhost"));
  CHECK_FALSE(is_loopback_name("localhost.example.org"));
  CHECK_FALSE(is_loopback_name("notlocalhost"));
}

#include "crawler/address_guard.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace halftone {
namespace {

using Ipv6 = std::array<uint8_t, 16>;

struct Ipv4Block {
  uint32_t first;
  int prefix;
};

// IANA IPv4 Special-Purpose Address Registry (RFC 6890) without its globally reachable rows,
// and multicast (RFC 5771).
constexpr Ipv4Block kPrivateIpv4[] = {
    {0x00000000, 8},   // 0.0.0.0/8 "this network"
    {0x0A000000, 8},   // 10.0.0.0/8 private
    {0x64400000, 10},  // 100.64.0.0/10 shared address space (CGNAT)
    {0x7F000000, 8},   // 127.0.0.0/8 loopback
    {0xA9FE0000, 16},  // 169.254.0.0/16 link-local, cloud metadata
    {0xAC100000, 12},  // 172.16.0.0/12 private
    {0xC0000000, 24},  // 192.0.0.0/24 IETF protocol assignments
    {0xC0000200, 24},  // 192.0.2.0/24 documentation
    {0xC0586300, 24},  // 192.88.99.0/24 6to4 relay, deprecated
    {0xC0A80000, 16},  // 192.168.0.0/16 private
    {0xC6120000, 15},  // 198.18.0.0/15 benchmarking
    {0xC6336400, 24},  // 198.51.100.0/24 documentation
    {0xCB007100, 24},  // 203.0.113.0/24 documentation
    {0xE0000000, 4},   // 224.0.0.0/4 multicast
    {0xF0000000, 4},   // 240.0.0.0/4 reserved, limited broadcast
};

struct Ipv6Block {
  std::array<uint8_t, 4> first;
  int prefix;
};

// IANA IPv6 Special-Purpose Address Registry, inside 2000::/3; nothing outside is public.
constexpr Ipv6Block kPrivateIpv6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23},  // 2001::/23 IETF protocol assignments
    {{0x20, 0x01, 0x0D, 0xB8}, 32},  // 2001:db8::/32 documentation
    {{0x3F, 0xFF, 0x00, 0x00}, 20},  // 3fff::/20 documentation
};

uint32_t read32(std::span<const uint8_t> bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

bool is_private(uint32_t address) {
  return std::ranges::any_of(kPrivateIpv4, [&](const Ipv4Block& block) {
    return (address ^ block.first) >> (32 - block.prefix) == 0;
  });
}

bool begins_with(const Ipv6& address, std::initializer_list<uint8_t> prefix) {
  return std::equal(prefix.begin(), prefix.end(), address.begin());
}

// The IPv4 address that a transition mechanism carries inside `address`.
std::optional<uint32_t> embedded_ipv4(const Ipv6& address) {
  const std::span<const uint8_t> bytes(address);
  const bool is_mapped = begins_with(address, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF});
  const bool is_nat64 = begins_with(address, {0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0});
  if (is_mapped || is_nat64) return read32(bytes.subspan(12));              // RFC 4291, RFC 6052
  if (begins_with(address, {0x20, 0x02})) return read32(bytes.subspan(2));  // 6to4, RFC 3056
  const bool is_isatap = (address[8] & 0xFD) == 0 && address[9] == 0 && address[10] == 0x5E &&
                         address[11] == 0xFE;  // RFC 5214
  if (is_isatap) return read32(bytes.subspan(12));
  return std::nullopt;
}

bool matches(const Ipv6& address, const Ipv6Block& block) {
  return (read32(address) ^ read32(block.first)) >> (32 - block.prefix) == 0;
}

bool is_private(const Ipv6& address) {
  if (const auto ipv4 = embedded_ipv4(address); ipv4 && is_private(*ipv4)) return true;
  if (begins_with(address, {0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0})) return false;
  if (begins_with(address, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF})) return false;
  if (address[0] >> 5 != 1) return true;  // 2000::/3 is all of global unicast (RFC 4291, 2.4)
  return std::ranges::any_of(kPrivateIpv6,
                             [&](const Ipv6Block& block) { return matches(address, block); });
}

std::optional<uint32_t> parse_ipv4(const std::string& text) {
  std::array<uint8_t, 4> bytes{};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) != 1) return std::nullopt;
  return read32(bytes);
}

std::optional<Ipv6> parse_ipv6(const std::string& text) {
  Ipv6 bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return std::nullopt;
  return bytes;
}

std::string without_zone(std::string_view address) {
  return std::string(address.substr(0, address.find('%')));
}

}  // namespace

bool is_private_address(std::string_view address) {
  const std::string text = without_zone(address);
  if (const auto ipv4 = parse_ipv4(text)) return is_private(*ipv4);
  if (const auto ipv6 = parse_ipv6(text)) return is_private(*ipv6);
  return true;
}

bool is_loopback_name(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return name == "localhost" || name.ends_with(".localhost");
}

bool is_ip_address(std::string_view text) {
  const std::string address = without_zone(text);
  return parse_ipv4(address) || parse_ipv6(address);
}

}  // namespace halftone

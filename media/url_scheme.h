// The schemes that the URL Standard knows by name ("special schemes").
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace halftone {

struct SpecialScheme {
  std::string_view name;
  uint16_t default_port;  // 0: none
};

inline constexpr std::array<SpecialScheme, 6> kSpecialSchemes = {
    {{"https", 443}, {"http", 80}, {"file", 0}, {"ftp", 21}, {"ws", 80}, {"wss", 443}}};

constexpr const SpecialScheme* find_special_scheme(std::string_view name) {
  for (const SpecialScheme& scheme : kSpecialSchemes)
    if (scheme.name == name) return &scheme;
  return nullptr;
}

constexpr bool is_special_scheme(std::string_view name) { return find_special_scheme(name); }

constexpr uint16_t default_port(std::string_view name) {
  const SpecialScheme* scheme = find_special_scheme(name);
  return scheme ? scheme->default_port : 0;
}

}  // namespace halftone

#include "media/url_host.h"

#include <array>
#include <optional>

#include <fmt/format.h>

#include "media/ascii.h"
#include "media/idna.h"
#include "media/percent.h"
#include "media/url.h"
#include "media/utf8.h"

namespace halftone {
namespace {

using Pieces = std::array<uint16_t, 8>;  // of an IPv6 address

// One part of an IPv4 address; saturates far above what any part may be. (3.5, "IPv4 number
// parser")
std::optional<uint64_t> parse_ipv4_number(std::string_view part) {
  if (part.empty()) return std::nullopt;
  int radix = 10;
  if (part.size() >= 2 && part[0] == '0') {
    const bool hex = to_lower(part[1]) == 'x';
    radix = hex ? 16 : 8;
    part.remove_prefix(hex ? 2 : 1);
  }
  uint64_t value = 0;
  for (const char c : part) {
    const int digit = hex_value(c);
    if (digit < 0 || digit >= radix) return std::nullopt;
    value = std::min<uint64_t>(value * radix + digit, uint64_t{1} << 40);
  }
  return value;
}

// "Ends in a number checker".
bool ends_in_number(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  const size_t dot = host.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? host : host.substr(dot + 1);
  if (last.empty() || !is_digit(last[0])) return false;
  return std::all_of(last.begin(), last.end(), is_digit) || parse_ipv4_number(last);
}

// "IPv4 parser".
std::optional<uint32_t> parse_ipv4(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  uint64_t address = 0;
  for (int part = 0; part < 4; ++part) {
    const size_t dot = host.find('.');
    const auto number = parse_ipv4_number(host.substr(0, dot));
    if (!number) return std::nullopt;
    if (dot == std::string_view::npos) {
      if (*number >= uint64_t{1} << (8 * (4 - part))) return std::nullopt;
      return static_cast<uint32_t>(address + *number);
    }
    if (*number > 255) return std::nullopt;
    address += *number << (8 * (3 - part));
    host.remove_prefix(dot + 1);
  }
  return std::nullopt;  // more than four parts
}

// The dotted end of an IPv6 address: exactly four parts, decimal, no leading zeros.
std::optional<uint32_t> parse_embedded_ipv4(std::string_view text) {
  uint32_t address = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0) {
      if (!text.starts_with('.')) return std::nullopt;
      text.remove_prefix(1);
    }
    size_t digits = 0;
    uint32_t value = 0;
    while (digits < text.size() && digits < 4 && is_digit(text[digits]))
      value = value * 10 + (text[digits++] - '0');
    if (digits == 0 || value > 255 || (digits > 1 && text[0] == '0')) return std::nullopt;
    address = address << 8 | value;
    text.remove_prefix(digits);
  }
  return text.empty() ? std::optional(address) : std::nullopt;
}

// Moves the pieces after "::" to the end.
bool expand_compressed(Pieces& pieces, size_t count, std::optional<size_t> compress) {
  if (!compress) return count == pieces.size();
  std::rotate(pieces.begin() + *compress, pieces.begin() + count, pieces.end());
  return true;
}

// "IPv6 parser".
std::optional<Pieces> parse_ipv6(std::string_view text) {
  Pieces pieces{};
  size_t count = 0;
  std::optional<size_t> compress;
  if (text.starts_with(':')) {
    if (!text.starts_with("::")) return std::nullopt;
    text.remove_prefix(2);
    compress = 0;
  }
  while (!text.empty()) {
    if (count == pieces.size()) return std::nullopt;
    if (text[0] == ':') {
      if (compress) return std::nullopt;
      text.remove_prefix(1);
      compress = count;
      continue;
    }
    size_t digits = 0;
    uint32_t value = 0;
    while (digits < text.size() && digits < 4 && hex_value(text[digits]) >= 0)
      value = value * 16 + hex_value(text[digits++]);
    if (digits > 0 && digits < text.size() && text[digits] == '.') {
      const auto address = parse_embedded_ipv4(text);
      if (!address || count > pieces.size() - 2) return std::nullopt;
      pieces[count++] = static_cast<uint16_t>(*address >> 16);
      pieces[count++] = static_cast<uint16_t>(*address);
      break;
    }
    if (digits == 0) return std::nullopt;
    text.remove_prefix(digits);
    if (!text.empty()) {
      if (text[0] != ':' || text.size() == 1) return std::nullopt;
      text.remove_prefix(1);
    }
    pieces[count++] = static_cast<uint16_t>(value);
  }
  if (!expand_compressed(pieces, count, compress)) return std::nullopt;
  return pieces;
}

// "IPv6 serializer": the first longest run of two or more zero pieces becomes "::".
void append_ipv6(std::string& out, const Pieces& pieces) {
  size_t run_at = pieces.size(), run_size = 1;
  for (size_t i = 0; i < pieces.size(); ++i) {
    size_t end = i;
    while (end < pieces.size() && pieces[end] == 0) ++end;
    if (end - i > run_size) {
      run_at = i;
      run_size = end - i;
    }
    i = std::max(i, end);
  }
  out += '[';
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (i == run_at) {
      out += i == 0 ? "::" : ":";
      i += run_size - 1;
      continue;
    }
    fmt::format_to(std::back_inserter(out), "{:x}", pieces[i]);
    if (i + 1 < pieces.size()) out += ':';
  }
  out += ']';
}

// Ends `out`, whose host begins at `from` and is a domain in lower case: checks it, and rewrites it
// where it is an IPv4 address.
bool finish_domain(std::string& out, size_t from) {
  const std::string_view domain = std::string_view(out).substr(from);
  if (domain.empty()) return false;
  for (const char c : domain)
    if (in_set(c, kForbiddenInDomain)) return false;
  if (!ends_in_number(domain)) return true;
  const auto address = parse_ipv4(domain);
  if (!address) return false;
  out.resize(from);
  fmt::format_to(std::back_inserter(out), "{}.{}.{}.{}", *address >> 24, *address >> 16 & 255,
                 *address >> 8 & 255, *address & 255);
  return true;
}

}  // namespace

bool is_plain_domain(std::string_view host) {
  char before = '.', first = '0';  // of the last label
  for (const char c : host) {
    const bool lower = c >= 'a' && c <= 'z';
    if (!lower && !is_digit(c) && c != '-' && c != '.') return false;
    if (before == '.') first = c;
    before = c;
  }
  return is_alpha(first);
}

bool append_host(std::string& out, std::string_view host, bool special) {
  if (host.starts_with('[')) {
    if (!host.ends_with(']')) return false;
    const auto pieces = parse_ipv6(host.substr(1, host.size() - 2));
    if (pieces) append_ipv6(out, *pieces);
    return pieces.has_value();
  }
  if (!special) {
    for (const char c : host)
      if (in_set(c, kForbiddenInHost)) return false;
    append_percent_encoded(out, host, kC0Set);
    return true;
  }
  if (is_plain_domain(host)) {
    out += host;
    return true;
  }
  std::string decoded;
  if (host.find('%') != std::string_view::npos) {
    decoded = percent_decode(host);
    host = decoded;
  }
  const size_t from = out.size();
  if (is_ascii(host)) {
    // The tables let an all-ASCII domain pass whatever its "xn--" labels say.
    out.resize(from + host.size());
    std::transform(host.begin(), host.end(), out.begin() + from, to_lower);
  } else {
    const auto domain = is_valid_utf8(host) ? domain_to_ascii(host) : std::nullopt;
    if (!domain) return false;
    out += *domain;
  }
  return finish_domain(out, from);
}

bool is_address(std::string_view host) { return host.starts_with('[') || ends_in_number(host); }

}  // namespace halftone

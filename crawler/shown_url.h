// URLs in messages.
#pragma once

#include <string>
#include <string_view>

namespace halftone {

// `url` without user name and password: they belong on no terminal and in no report.
inline std::string shown_url(std::string_view url) {
  const size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return std::string(url);
  const size_t authority = scheme_end + 3;
  const size_t path = url.find_first_of("/?#", authority);
  const size_t at = url.substr(0, path).rfind('@');
  if (at == std::string_view::npos || at < authority) return std::string(url);
  return std::string(url.substr(0, authority)) + std::string(url.substr(at + 1));
}

}  // namespace halftone

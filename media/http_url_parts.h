// The parts of an http(s) URL, without parsing it again.
#pragma once

#include <algorithm>
#include <string_view>

namespace halftone {

// `url` is http or https, and as the URL standard serialises it; the parts are views of it.
struct HttpUrlParts {
  explicit HttpUrlParts(std::string_view url) : whole(url.substr(0, url.find('#'))) {
    const size_t authority_from = whole.find("//") + 2;
    const size_t path_from = std::min(whole.find('/', authority_from), whole.size());
    const size_t query = std::min(whole.find('?', path_from), whole.size());
    scheme = whole.substr(0, authority_from);
    authority = whole.substr(authority_from, path_from - authority_from);
    authority.remove_prefix(authority.rfind('@') + 1);
    host = authority.substr(0, authority.find(':', authority.rfind(']') + 1));
    path = whole.substr(path_from, query - path_from);
    search = whole.substr(query);
    if (search.size() == 1) search = {};
  }

  std::string_view whole;      // without the fragment
  std::string_view scheme;     // with its slashes
  std::string_view authority;  // host and port
  std::string_view host;       // IPv6 in brackets
  std::string_view path;
  std::string_view search;  // with its "?"; empty where nothing follows that
};

}  // namespace halftone

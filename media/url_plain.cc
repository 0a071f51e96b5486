// The short way for what most references are: http(s) URLs of which nothing has to be changed.
#include "media/byte_scan.h"
#include "media/percent.h"
#include "media/url_host.h"
#include "media/url_parser.h"

namespace halftone {
namespace {

// Where the path that begins at `at`, behind a slash, ends; npos where it may have to be changed.
// Only a segment that begins with a dot, written or encoded, can be a dot segment.
size_t plain_path_end(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && !in_set(text[end], kPathSet) && text[end] != '\\') ++end;
  if (end < text.size() && text[end] != '?' && text[end] != '#') return text.npos;
  for (size_t slash = at - 1; slash + 1 < end; slash = find_any<'/'>(text, slash + 1)) {
    const char c = text[slash + 1];
    if (c == '.' || c == '%' || c == '/') return text.npos;
  }
  return end;
}

// Where the query or fragment at `at` ends, at a "#" if that is in `set`; npos as above.
size_t plain_end(std::string_view text, size_t at, ByteSet set) {
  while (at < text.size() && !in_set(text[at], set)) ++at;
  return at == text.size() || text[at] == '#' ? at : text.npos;
}

}  // namespace

bool UrlParser::plain(std::string_view input, const Url* base, Url& url) {
  const size_t scheme_size = input.starts_with("https:") ? 5 : input.starts_with("http:") ? 4 : 0;
  if (scheme_size == 0 && (!base || !base->is_http())) return false;
  const size_t slashes = scheme_size == 0 ? 0 : scheme_size + 1;
  if (input.substr(slashes).starts_with("//")) return plain_with_host(input, slashes, base, url);
  if (scheme_size != 0 || input.empty()) return false;
  return plain_with_path(input, *base, url);
}

// `input` has its slashes at `slashes`; where that is 0, its scheme is the base's.
bool UrlParser::plain_with_host(std::string_view input, size_t slashes, const Url* base, Url& url) {
  const size_t host_from = slashes + 2;
  const size_t host_end = find_any<'/', '?', '#'>(input, host_from);
  if (!is_plain_domain(input.substr(host_from, host_end - host_from))) return false;
  const bool has_path = host_end < input.size() && input[host_end] == '/';
  const size_t path_end = has_path ? plain_path_end(input, host_end + 1) : host_end;
  if (path_end == input.npos) return false;

  std::string_view scheme;
  if (slashes == 0) scheme = base->part(0, base->scheme_end_ + 1);
  url.scheme_end_ = scheme.size() + slashes - 1;
  url.username_end_ = url.host_from_ = scheme.size() + host_from;
  url.host_end_ = url.path_from_ = scheme.size() + host_end;
  url.href_.reserve(scheme.size() + input.size() + 1);
  url.href_.append(scheme).append(input, 0, path_end);
  if (!has_path) url.href_ += '/';
  return plain_with_tail(input, path_end, url);
}

// `input` is a path from the root of `base`, or from where the last slash in its path stands.
bool UrlParser::plain_with_path(std::string_view input, const Url& base, Url& url) {
  const bool from_root = input[0] == '/';
  const size_t path_end = plain_path_end(input, from_root ? 1 : 0);
  if (path_end == input.npos || path_end == 0) return false;
  const std::string_view path = input.substr(0, path_end);
  if (!from_root && path.find(':') != path.npos) return false;  // may be a scheme

  const size_t kept = from_root ? base.path_from_ : base.href_.rfind('/', base.path_end_ - 1) + 1;
  url.scheme_end_ = base.scheme_end_;
  url.username_end_ = base.username_end_;
  url.host_from_ = base.host_from_;
  url.host_end_ = base.host_end_;
  url.path_from_ = base.path_from_;
  url.href_.reserve(kept + input.size());
  url.href_.append(base.href_, 0, kept).append(path);
  return plain_with_tail(input, path_end, url);
}

// `url` is whole up to its path; query and fragment begin at input[at].
bool UrlParser::plain_with_tail(std::string_view input, size_t at, Url& url) {
  url.path_end_ = url.query_end_ = url.href_.size();
  if (at == input.size()) return true;
  const size_t query_end = plain_end(input, at, kSpecialQuerySet);
  if (query_end == input.npos) return false;
  url.query_end_ += query_end - at;
  const bool has_fragment = query_end < input.size();
  if (has_fragment && plain_end(input, query_end + 1, kFragmentSet) != input.size()) return false;
  url.href_.append(input, at);
  return true;
}

}  // namespace halftone

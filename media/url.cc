#include "media/url.h"

#include <charconv>

#include "media/site.h"
#include "media/url_host.h"
#include "media/url_scheme.h"

namespace halftone {
namespace {

// "," and ")" mean something in a SURT, yet hosts may hold them.
void append_surt_label(std::string& out, std::string_view label) {
  for (const char c : label) {
    if (c == ',')
      out += "%2C";
    else if (c == ')')
      out += "%29";
    else
      out += c;
  }
}

// www.example.com as com,example,www
void append_reversed(std::string& out, std::string_view host) {
  while (true) {
    const size_t dot = host.rfind('.');
    if (dot == std::string_view::npos) break;
    append_surt_label(out, host.substr(dot + 1));
    out += ',';
    host = host.substr(0, dot);
  }
  append_surt_label(out, host);
}

}  // namespace

std::string_view Url::part(size_t from, size_t to) const {
  return std::string_view(href_).substr(from, to - from);
}

std::string_view Url::port_text() const {
  const bool written = has_host() && host_end_ < path_from_ && href_[host_end_] == ':';
  return written ? part(host_end_ + 1, path_from_) : std::string_view();
}

std::string Url::href_without_fragment() const { return href_.substr(0, query_end_); }
Url Url::without_credentials() const {
  if (username().empty() && password().empty()) return *this;
  const std::string authority = "//" + host();
  return *parse(protocol() + authority + pathname() + search() + hash());
}

std::string Url::protocol() const { return href_.substr(0, scheme_end_ + 1); }
std::string Url::scheme() const { return href_.substr(0, scheme_end_); }
std::string Url::hostname() const { return std::string(part(host_from_, host_end_)); }
std::string Url::port() const { return std::string(port_text()); }
std::string Url::pathname() const { return std::string(part(path_from_, path_end_)); }

std::string Url::username() const {
  return has_host() ? std::string(part(scheme_end_ + 3, username_end_)) : std::string();
}

std::string Url::password() const {
  const bool written = username_end_ < host_from_ && href_[username_end_] == ':';
  return written ? std::string(part(username_end_ + 1, host_from_ - 1)) : std::string();
}

std::string Url::host() const {
  return has_host() ? std::string(part(host_from_, path_from_)) : std::string();
}

std::string Url::search() const {
  const auto query = part(path_end_, query_end_);
  return query.size() > 1 ? std::string(query) : std::string();
}

std::string Url::hash() const {
  const auto fragment = part(query_end_, href_.size());
  return fragment.size() > 1 ? std::string(fragment) : std::string();
}

std::string Url::origin() const {
  const std::string_view scheme = part(0, scheme_end_);
  if (scheme == "blob") {
    const auto inner = parse(part(path_from_, path_end_));
    return inner && inner->is_http() ? inner->origin() : "null";
  }
  if (!is_special_scheme(scheme) || scheme == "file") return "null";
  return protocol() + "//" + host();
}

uint16_t Url::effective_port() const {
  const auto text = port_text();
  if (text.empty()) return default_port(part(0, scheme_end_));
  uint16_t port = 0;
  std::from_chars(text.data(), text.data() + text.size(), port);
  return port;
}

bool Url::is_http() const {
  const auto scheme = part(0, scheme_end_);
  return scheme == "http" || scheme == "https";
}

bool Url::has_opaque_path() const {
  return !has_host() && (path_from_ == path_end_ || href_[path_from_] != '/');
}

std::string Url::surt() const {
  if (has_opaque_path()) return href_without_fragment();
  std::string out;
  out.reserve(query_end_);
  const auto host = part(host_from_, host_end_);
  if (is_address(host))
    out += host;
  else
    append_reversed(out, host);
  if (const auto port = port_text(); !port.empty()) {
    out += ':';
    out += port;
  }
  out += ')';
  out += part(path_from_, query_end_);
  return out;
}

std::string Url::site() const {
  const auto host = part(host_from_, host_end_);
  return is_address(host) ? std::string(host) : registrable_domain(host);
}

}  // namespace halftone

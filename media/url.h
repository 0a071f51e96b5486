// URLs as browsers read them (WHATWG URL Standard, https://url.spec.whatwg.org/).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace halftone {

// A parsed URL: always absolute, always serialisable, never changed.
// Members are named as in the standard's API and hold its serialised forms.
class Url {
 public:
  // Parses `input`, relative to `base` where one is given. `charset` is the
  // WHATWG name of the document's encoding, which the standard applies to the
  // query of special URLs. Nothing where the standard says "failure".
  // Input is UTF-8; ill-formed sequences are read as U+FFFD.
  static std::optional<Url> parse(std::string_view input, const Url* base = nullptr,
                                  std::string_view charset = "UTF-8");

  const std::string& href() const& { return href_; }
  std::string href() && { return std::move(href_); }
  std::string href_without_fragment() const;
  Url without_credentials() const;

  std::string protocol() const;  // "https:"
  std::string scheme() const;    // "https"
  std::string username() const;
  std::string password() const;
  std::string host() const;      // with the port, where it is not the scheme's own
  std::string hostname() const;  // IPv6 in brackets
  std::string port() const;
  std::string pathname() const;
  std::string search() const;
  std::string hash() const;
  std::string origin() const;  // "null" for opaque origins

  // The port that a connection would use: the written one or the scheme's own; 0 where neither
  // exists.
  uint16_t effective_port() const;

  bool is_http() const;          // http or https
  bool has_opaque_path() const;  // mailto:, data:, javascript: …

  // Sort-friendly form: com,example,www)/path?query; a port that is not the
  // scheme's own follows the host, scheme and credentials and fragment are left out.
  // Two URLs that differ only in scheme share a SURT.
  std::string surt() const;

  // The registrable domain ("example.co.uk") by the public suffix list; the
  // host itself where it is an address or a public suffix.
  std::string site() const;

  friend bool operator==(const Url& a, const Url& b) { return a.href_ == b.href_; }

 private:
  friend class UrlParser;
  Url() = default;

  bool has_host() const { return host_from_ > scheme_end_ + 1; }
  std::string_view part(size_t from, size_t to) const;
  std::string_view port_text() const;

  // scheme ":" [ "//" [ username [ ":" password ] "@" ] host [ ":" port ] ] [ "/." ] path
  //   [ "?" query ] [ "#" fragment ]
  // Offsets into it; those of an absent query and fragment are the end of what stands before.
  std::string href_;
  size_t scheme_end_ = 0;                                   // ":"
  size_t username_end_ = 0, host_from_ = 0, host_end_ = 0;  // one after ":" where there is no host
  size_t path_from_ = 0, path_end_ = 0, query_end_ = 0;
};

// Percent-decodes; ill-formed sequences stay as they are.
std::string percent_decode(std::string_view text);

}  // namespace halftone

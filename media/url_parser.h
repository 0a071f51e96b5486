// The URL Standard's "basic URL parser" (4.4), without a state override.
//
// Where the standard walks a state machine one code point at a time, this takes whole components
// off the front of `rest_`; each function is named after the states that it stands for. Components
// are written to `url_.href_` as they are read, so an ordinary URL costs one allocation.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "media/url.h"

namespace halftone {

class UrlParser {
 public:
  // `input` is valid UTF-8, trimmed, without tabs and newlines. All arguments must outlive the
  // parser.
  UrlParser(std::string_view input, const Url* base, std::string_view charset)
      : rest_(input), base_(base), charset_(charset) {}

  std::optional<Url> run();

  // The same at once for http(s) URLs of which nothing has to be changed; false for the others,
  // and `url` is then good for nothing. `input` is any bytes. (media/url_plain.cc)
  static bool plain(std::string_view input, const Url* base, Url& url);

 private:
  static bool plain_with_host(std::string_view input, size_t slashes, const Url* base, Url& url);
  static bool plain_with_path(std::string_view input, const Url& base, Url& url);
  static bool plain_with_tail(std::string_view input, size_t at, Url& url);

  bool take_scheme();
  bool after_scheme();
  bool no_scheme();

  bool relative();
  bool relative_slash();
  bool authority();
  bool file();
  bool file_slash();
  bool file_host();

  bool host_and_port(std::string_view text);
  bool port(std::string_view text);
  void credentials(std::string_view text);

  void path_start();
  void path();
  size_t plain_path_size() const;
  void segment(std::string_view text, bool last);
  void shorten_path();
  void end_path();
  void opaque_path();
  void query_and_fragment();
  void query(std::string_view text);

  void begin_authority();
  void no_authority();
  void end_authority() { url_.path_from_ = url_.href_.size(); }
  void copy_authority_of_base();
  void keep_path_of_base();
  void set_scheme(std::string_view scheme);

  bool is_slash(char c) const { return c == '/' || (c == '\\' && special_); }
  bool at_path_end() const { return rest_.empty() || rest_[0] == '?' || rest_[0] == '#'; }
  bool at_slash() const { return !rest_.empty() && is_slash(rest_[0]); }
  std::string_view path_so_far() const {
    return std::string_view(url_.href_).substr(url_.path_from_);
  }

  std::string_view rest_;
  const Url* base_;
  std::string_view charset_;
  Url url_;
  bool special_ = false;
  bool file_ = false;
};

}  // namespace halftone

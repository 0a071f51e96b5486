#include "media/url_parser.h"

#include <fmt/format.h>

#include "media/ascii.h"
#include "media/byte_scan.h"
#include "media/percent.h"
#include "media/query_encoding.h"
#include "media/url_host.h"
#include "media/url_scheme.h"
#include "media/utf8.h"

namespace halftone {
namespace {

constexpr auto kEnd = std::string_view::npos;
constexpr size_t kSlack = 16;  // for slashes that are added, and a few escapes

bool is_windows_drive_letter(std::string_view text) {
  return text.size() == 2 && is_alpha(text[0]) && (text[1] == ':' || text[1] == '|');
}

bool starts_with_windows_drive_letter(std::string_view text) {
  if (!is_windows_drive_letter(text.substr(0, 2))) return false;
  return text.size() == 2 || std::string_view("/\\?#").find(text[2]) != kEnd;
}

bool is_normalized_windows_drive_letter(std::string_view text) {
  return is_windows_drive_letter(text) && text[1] == ':';
}

// The number of dots, "." or "%2e", that `segment` consists of; 0 where there is anything else in
// it, or more than two.
int count_dots(std::string_view segment) {
  int dots = 0;
  while (!segment.empty()) {
    const size_t size = segment[0] == '.' ? 1 : starts_with_ignoring_case(segment, "%2e") ? 3 : 0;
    if (size == 0 || ++dots > 2) return 0;
    segment.remove_prefix(size);
  }
  return dots;
}

// "Get an output encoding": what UTF-8 stands in for.
bool encodes_as_utf8(std::string_view charset) {
  return equals_ignoring_case(charset, "UTF-8") || starts_with_ignoring_case(charset, "UTF-16") ||
         equals_ignoring_case(charset, "replacement");
}

// What the standard does to the input before it reads it; `storage` holds the result where it is
// not a part of `input`.
std::string_view clean(std::string_view input, std::string& storage) {
  const auto trimmable = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!input.empty() && trimmable(input.front())) input.remove_prefix(1);
  while (!input.empty() && trimmable(input.back())) input.remove_suffix(1);
  if (printable_ascii_size(input) == input.size()) return input;
  bool dropped = false, ascii = true;
  for (const char c : input) {
    dropped |= c == '\t' || c == '\n' || c == '\r';
    ascii &= static_cast<unsigned char>(c) < 0x80;
  }
  if (!ascii && !is_valid_utf8(input)) {
    storage = to_valid_utf8(input);
    input = storage;
  }
  if (dropped) {
    std::string without;
    without.reserve(input.size());
    for (const char c : input)
      if (c != '\t' && c != '\n' && c != '\r') without += c;
    storage = std::move(without);
    input = storage;
  }
  return input;
}

}  // namespace

std::optional<Url> Url::parse(std::string_view input, const Url* base, std::string_view charset) {
  std::optional<Url> url{Url()};
  if (UrlParser::plain(input, base, *url)) return url;
  std::string storage;
  url = UrlParser(clean(input, storage), base, charset).run();
  return url;
}

std::optional<Url> UrlParser::run() {
  if (!(take_scheme() ? after_scheme() : no_scheme())) return std::nullopt;
  return std::move(url_);
}

// "scheme start state", "scheme state"
bool UrlParser::take_scheme() {
  if (rest_.empty() || !is_alpha(rest_[0])) return false;
  size_t end = 1;
  while (end < rest_.size() &&
         (is_alnum(rest_[end]) || rest_[end] == '+' || rest_[end] == '-' || rest_[end] == '.'))
    ++end;
  if (end == rest_.size() || rest_[end] != ':') return false;
  url_.href_.reserve(rest_.size() + kSlack);
  set_scheme(rest_.substr(0, end));
  rest_.remove_prefix(end + 1);
  return true;
}

void UrlParser::set_scheme(std::string_view scheme) {
  for (const char c : scheme) url_.href_ += to_lower(c);
  special_ = is_special_scheme(url_.href_);
  file_ = url_.href_ == "file";
  url_.scheme_end_ = scheme.size();
  url_.href_ += ':';
}

bool UrlParser::after_scheme() {
  if (file_) return file();
  if (special_) {
    const bool same = base_ && base_->part(0, base_->scheme_end_ + 1) == url_.href_;
    return same && !rest_.starts_with("//") ? relative() : authority();
  }
  if (rest_.starts_with("//")) return authority();
  no_authority();
  if (rest_.starts_with('/'))
    path_start();
  else
    opaque_path();
  return true;
}

// "no scheme state"
bool UrlParser::no_scheme() {
  if (!base_) return false;
  if (base_->has_opaque_path() && !rest_.starts_with('#')) return false;
  url_.href_.reserve(base_->path_end_ + rest_.size() + kSlack);
  set_scheme(base_->part(0, base_->scheme_end_));
  if (!base_->has_opaque_path()) return file_ ? file() : relative();
  no_authority();
  keep_path_of_base();
  return true;
}

// "relative state"
bool UrlParser::relative() {
  if (at_slash()) return relative_slash();
  copy_authority_of_base();
  if (at_path_end()) {
    keep_path_of_base();
    return true;
  }
  url_.href_ += base_->part(base_->path_from_, base_->path_end_);
  shorten_path();
  path();
  return true;
}

// "relative slash state"
bool UrlParser::relative_slash() {
  if (rest_.size() > 1 && is_slash(rest_[1])) return authority();
  rest_.remove_prefix(1);
  copy_authority_of_base();
  path();
  return true;
}

// "special authority slashes state" and those after it
bool UrlParser::authority() {
  if (special_)
    while (at_slash()) rest_.remove_prefix(1);
  else
    rest_.remove_prefix(2);
  begin_authority();
  const size_t end =
      special_ ? find_any<'/', '\\', '?', '#'>(rest_, 0) : find_any<'/', '?', '#'>(rest_, 0);
  const std::string_view text = rest_.substr(0, end);
  rest_.remove_prefix(text.size());
  const size_t at = text.rfind('@');
  if (at == kEnd) {
    if (!host_and_port(text)) return false;
  } else {
    if (at + 1 == text.size()) return false;
    credentials(text.substr(0, at));
    if (!host_and_port(text.substr(at + 1))) return false;
  }
  end_authority();
  path_start();
  return true;
}

void UrlParser::credentials(std::string_view text) {
  std::string& out = url_.href_;
  const size_t colon = text.find(':');
  const auto password = colon == kEnd ? std::string_view() : text.substr(colon + 1);
  append_percent_encoded(out, text.substr(0, colon), kUserinfoSet);
  url_.username_end_ = out.size();
  if (!password.empty()) {
    out += ':';
    append_percent_encoded(out, password, kUserinfoSet);
  }
  if (out.size() > url_.host_from_) out += '@';
  url_.host_from_ = out.size();
}

// "host state"
bool UrlParser::host_and_port(std::string_view text) {
  size_t colon = 0;
  for (bool in_brackets = false; colon < text.size(); ++colon) {
    if (text[colon] == ':' && !in_brackets) break;
    if (text[colon] == '[') in_brackets = true;
    if (text[colon] == ']') in_brackets = false;
  }
  const bool has_port = colon < text.size();
  if (colon == 0 && (special_ || has_port)) return false;
  if (!append_host(url_.href_, text.substr(0, colon), special_)) return false;
  url_.host_end_ = url_.href_.size();
  return !has_port || port(text.substr(colon + 1));
}

// "port state"
bool UrlParser::port(std::string_view text) {
  if (text.empty()) return true;
  uint32_t number = 0;
  for (const char c : text) {
    if (!is_digit(c)) return false;
    number = number * 10 + (c - '0');
    if (number > 65535) return false;
  }
  const SpecialScheme* scheme = find_special_scheme(url_.part(0, url_.scheme_end_));
  if (!scheme || scheme->default_port != number)
    fmt::format_to(std::back_inserter(url_.href_), ":{}", number);
  return true;
}

// "file state"
bool UrlParser::file() {
  if (at_slash()) return file_slash();
  if (!base_ || base_->part(0, base_->scheme_end_) != "file") {
    begin_authority();
    end_authority();
    path();
    return true;
  }
  if (!starts_with_windows_drive_letter(rest_)) return relative();
  copy_authority_of_base();
  path();
  return true;
}

// "file slash state"
bool UrlParser::file_slash() {
  rest_.remove_prefix(1);
  if (at_slash()) {
    rest_.remove_prefix(1);
    return file_host();
  }
  if (base_ && base_->part(0, base_->scheme_end_) == "file") {
    copy_authority_of_base();
    const std::string_view path = base_->part(base_->path_from_, base_->path_end_);
    const std::string_view first = path.substr(0, path.find('/', 1));
    if (!starts_with_windows_drive_letter(rest_) && first.size() == 3 &&
        is_normalized_windows_drive_letter(first.substr(1)))
      url_.href_ += first;
  } else {
    begin_authority();
    end_authority();
  }
  path();
  return true;
}

// "file host state"
bool UrlParser::file_host() {
  begin_authority();
  const std::string_view host = rest_.substr(0, rest_.find_first_of("/\\?#"));
  if (is_windows_drive_letter(host)) {  // file://C:/ means file:///C:/
    end_authority();
    path();
    return true;
  }
  rest_.remove_prefix(host.size());
  if (!host.empty()) {
    if (!append_host(url_.href_, host, special_)) return false;
    if (std::string_view(url_.href_).substr(url_.host_from_) == "localhost")
      url_.href_.resize(url_.host_from_);
    url_.host_end_ = url_.href_.size();
  }
  end_authority();
  path_start();
  return true;
}

// "path start state"
void UrlParser::path_start() {
  const bool any = special_ || (!rest_.empty() && rest_[0] == '/');
  if (at_slash()) rest_.remove_prefix(1);
  if (any) return path();
  end_path();
  query_and_fragment();
}

// "path state": `rest_` begins after the slash, if there was one.
void UrlParser::path() {
  if (const size_t plain = plain_path_size(); plain > 0) {
    url_.href_ += '/';
    url_.href_.append(rest_, 0, plain);
    rest_.remove_prefix(plain);
    end_path();
    return query_and_fragment();
  }
  while (true) {
    size_t end = 0;
    while (end < rest_.size() && rest_[end] != '?' && rest_[end] != '#' && !is_slash(rest_[end]))
      ++end;
    const std::string_view text = rest_.substr(0, end);
    const bool last = end == rest_.size() || !is_slash(rest_[end]);
    rest_.remove_prefix(end);
    segment(text, last);
    if (last) break;
    rest_.remove_prefix(1);
  }
  end_path();
  query_and_fragment();
}

// The size of a path of which nothing has to be changed; 0 where that is not sure.
size_t UrlParser::plain_path_size() const {
  if (file_) return 0;
  size_t at = 0;
  char before = '/';
  for (; at < rest_.size(); ++at) {
    const char c = rest_[at];
    if (in_set(c, kPathSet) || c == '%' || c == '\\') break;
    if (before == '/' && (c == '.' || c == '/')) return 0;
    before = c;
  }
  return at == rest_.size() || rest_[at] == '?' || rest_[at] == '#' ? at : 0;
}

void UrlParser::segment(std::string_view text, bool last) {
  std::string& out = url_.href_;
  if (const int dots = count_dots(text); dots > 0) {
    if (dots == 2) shorten_path();
    if (last) out += '/';
    return;
  }
  const bool drive = file_ && path_so_far().empty() && is_windows_drive_letter(text);
  out += '/';
  if (drive) {
    out += text[0];
    out += ':';
  } else {
    append_percent_encoded(out, text, kPathSet);
  }
}

// "shorten a url's path"
void UrlParser::shorten_path() {
  const std::string_view path = path_so_far();
  if (path.empty()) return;
  if (file_ && path.size() == 3 && is_normalized_windows_drive_letter(path.substr(1))) return;
  url_.href_.resize(url_.path_from_ + path.rfind('/'));
}

// A path that begins with "//" would read as a host: "/." keeps them apart. (4.5, URL serializing)
void UrlParser::end_path() {
  if (!url_.has_host() && path_so_far().starts_with("//")) {
    url_.href_.insert(url_.path_from_, "/.");
    url_.path_from_ += 2;
  }
  url_.path_end_ = url_.query_end_ = url_.href_.size();
}

// "opaque path state"
void UrlParser::opaque_path() {
  const std::string_view text = rest_.substr(0, rest_.find_first_of("?#"));
  rest_.remove_prefix(text.size());
  append_percent_encoded(url_.href_, text, kC0Set);
  if (!rest_.empty() && text.ends_with(' ')) {  // else setters could bare a trailing space
    url_.href_.pop_back();
    url_.href_ += "%20";
  }
  end_path();
  query_and_fragment();
}

// The base's path, and its query unless there is a new one.
void UrlParser::keep_path_of_base() {
  url_.href_ += base_->part(base_->path_from_, base_->path_end_);
  end_path();
  if (!rest_.starts_with('?')) url_.href_ += base_->part(base_->path_end_, base_->query_end_);
  query_and_fragment();
}

// Everything from "?" or "#".
void UrlParser::query_and_fragment() {
  if (rest_.starts_with('?')) {
    const std::string_view text = rest_.substr(0, rest_.find('#'));
    rest_.remove_prefix(text.size());
    url_.href_ += '?';
    query(text.substr(1));
  }
  url_.query_end_ = url_.href_.size();
  if (!rest_.starts_with('#')) return;
  url_.href_ += '#';
  append_percent_encoded(url_.href_, rest_.substr(1), kFragmentSet);
}

// "query state"
void UrlParser::query(std::string_view text) {
  const bool websocket = url_.href_.starts_with("ws:") || url_.href_.starts_with("wss:");
  if (!special_ || websocket || encodes_as_utf8(charset_))
    append_percent_encoded(url_.href_, text, special_ ? kSpecialQuerySet : kQuerySet);
  else
    append_encoded_query(url_.href_, text, charset_);
}

void UrlParser::begin_authority() {
  url_.href_ += "//";
  url_.username_end_ = url_.host_from_ = url_.host_end_ = url_.href_.size();
}

void UrlParser::no_authority() {
  url_.username_end_ = url_.host_from_ = url_.host_end_ = url_.path_from_ = url_.href_.size();
}

// The schemes are the same, so that the offsets are.
void UrlParser::copy_authority_of_base() {
  if (!base_->has_host()) return no_authority();
  url_.href_.assign(base_->href_, 0, base_->path_from_);
  url_.username_end_ = base_->username_end_;
  url_.host_from_ = base_->host_from_;
  url_.host_end_ = base_->host_end_;
  end_authority();
}

}  // namespace halftone

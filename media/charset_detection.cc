// Which encoding a document is in (WHATWG HTML, 13.2.3.2 "Determining the character encoding").
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <unicode/ucsdet.h>

#include "media/ascii.h"
#include "media/charset.h"
#include "media/charset_guess.h"
#include "media/html_tokenizer.h"
#include "media/utf8.h"

namespace halftone {
namespace {

constexpr size_t kPrescanBytes = 1024;
constexpr size_t kLateMetaBytes = 1024 * 1024;  // that browsers wait for a declaration behind those
constexpr size_t kDetectorBytes = 32 * 1024;
constexpr int32_t kLeastConfidence = 10;  // of 100; below that the detector is guessing

// "Extracting a character encoding from a meta element".
std::string_view charset_in_content(std::string_view content) {
  const auto space_end = [&](size_t i) {
    while (i < content.size() && is_space(content[i])) ++i;
    return i;
  };
  for (size_t i = 0; i < content.size(); ++i) {
    if (!starts_with_ignoring_case(content.substr(i), "charset")) continue;
    size_t at = space_end(i + 7);
    if (at >= content.size() || content[at] != '=') continue;
    at = space_end(at + 1);
    if (at >= content.size()) return {};
    if (content[at] == '"' || content[at] == '\'') {
      const size_t end = content.find(content[at], at + 1);
      if (end == content.npos) return {};
      return encoding_for_label(content.substr(at + 1, end - at - 1));
    }
    size_t end = at;
    while (end < content.size() && !is_space(content[end]) && content[end] != ';') ++end;
    return encoding_for_label(content.substr(at, end - at));
  }
  return {};
}

// What the attributes of a meta element declare ("prescan a byte stream", step 2, "<meta").
class MetaCharset {
 public:
  void add(std::string_view as_written, std::string_view value) {
    const std::string name = lower_case(as_written);
    if (std::find(seen_.begin(), seen_.end(), name) != seen_.end()) return;
    seen_.push_back(name);
    if (name == "http-equiv") {
      got_pragma_ = equals_ignoring_case(value, "content-type");
    } else if (name == "content" && charset_.empty()) {
      charset_ = charset_in_content(value);
      if (!charset_.empty()) need_pragma_ = true;
    } else if (name == "charset") {
      charset_ = encoding_for_label(value);
      need_pragma_ = false;
    }
  }

  std::string_view encoding() const {
    if (!need_pragma_ || (*need_pragma_ && !got_pragma_) || charset_.empty()) return {};
    if (charset_.starts_with("UTF-16")) return "UTF-8";
    if (charset_ == "x-user-defined") return "windows-1252";
    return charset_;
  }

 private:
  bool got_pragma_ = false;
  std::optional<bool> need_pragma_;
  std::string_view charset_;
  std::vector<std::string> seen_;
};

// "Prescan a byte stream to determine its encoding".
class Prescan {
 public:
  explicit Prescan(std::string_view bytes) : bytes_(bytes) {}

  std::string_view run() {
    using namespace std::string_view_literals;
    if (bytes_.starts_with("<\0?\0x\0"sv)) return "UTF-16LE";
    if (bytes_.starts_with("\0<\0?\0x"sv)) return "UTF-16BE";
    for (; at_ < bytes_.size(); ++at_) {
      if (bytes_[at_] != '<') continue;
      const std::string_view found = markup();
      if (!found.empty()) return found;
    }
    return {};
  }

 private:
  struct Attribute {
    std::string_view name, value;
  };

  char here() const { return at_ < bytes_.size() ? bytes_[at_] : '\0'; }
  std::string_view rest() const { return bytes_.substr(std::min(at_, bytes_.size())); }
  void move_to(char c) { at_ = std::min(bytes_.find(c, at_), bytes_.size()); }

  // At '<': moves to the last byte of what stands here.
  std::string_view markup() {
    const std::string_view here = rest();
    if (here.starts_with("<!--")) {
      at_ += 2;
      const size_t end = bytes_.find("-->", at_);
      at_ = end == bytes_.npos ? bytes_.size() : end + 2;
    } else if (starts_with_ignoring_case(here, "<meta") && here.size() > 5 &&
               (is_space(here[5]) || here[5] == '/')) {
      at_ += 5;
      return meta();
    } else if (const size_t letter = here.starts_with("</") ? 2 : 1;
               here.size() > letter && is_alpha(here[letter])) {
      while (at_ < bytes_.size() && !is_space(bytes_[at_]) && bytes_[at_] != '>') ++at_;
      while (attribute()) {
      }
    } else if (here.starts_with("<!") || here.starts_with("</") || here.starts_with("<?")) {
      move_to('>');
    }
    return {};
  }

  std::string_view meta() {
    MetaCharset meta;
    while (const auto found = attribute()) meta.add(found->name, found->value);
    if (at_ >= bytes_.size()) return {};  // a tag that is cut off says nothing
    return meta.encoding();
  }

  // "Get an attribute"; nothing at the end of the tag.
  std::optional<Attribute> attribute() {
    while (is_space(here()) || here() == '/') ++at_;
    if (at_ >= bytes_.size() || here() == '>') return std::nullopt;
    const size_t name = at_++;
    while (at_ < bytes_.size() && !is_space(here()) && here() != '/' && here() != '>' &&
           here() != '=') {
      ++at_;
    }
    const size_t name_end = at_;
    const std::string_view named = bytes_.substr(name, name_end - name);
    while (is_space(here())) ++at_;
    if (here() != '=') {
      at_ = name_end;
      return Attribute{named, {}};
    }
    ++at_;
    while (is_space(here())) ++at_;
    const char quote = here();
    const bool quoted = quote == '"' || quote == '\'';
    const size_t value = quoted ? ++at_ : at_;
    while (at_ < bytes_.size() && (quoted ? here() != quote : !is_space(here()) && here() != '>')) {
      ++at_;
    }
    if (quoted && at_ >= bytes_.size()) return std::nullopt;
    const Attribute found{named, bytes_.substr(value, at_ - value)};
    if (quoted) ++at_;
    return found;
  }

  std::string_view bytes_;
  size_t at_ = 0;
};

// True where a tag <meta> may stand.
bool may_have_meta(std::string_view bytes) {
  for (size_t at = bytes.find('<'); at != bytes.npos; at = bytes.find('<', at + 1)) {
    if (starts_with_ignoring_case(bytes.substr(at + 1), "meta")) return true;
  }
  return false;
}

// What a meta element behind the prescanned bytes declares: browsers begin anew there (13.2.3.4,
// "Changing the encoding while parsing"). Up to the body, and so that comments and scripts say
// nothing.
std::string_view late_meta(std::string_view bytes) {
  bytes = bytes.substr(0, kLateMetaBytes);
  if (!may_have_meta(bytes)) return {};
  HtmlTokenizer tokens(bytes);
  for (;;) {
    const HtmlToken& token = tokens.next();
    if (token.type == HtmlToken::Type::kEnd) return {};
    if (token.type != HtmlToken::Type::kStartTag || tokens.is_foreign()) continue;
    if (equals_ignoring_case(token.name, "body")) return {};
    if (!equals_ignoring_case(token.name, "meta")) continue;
    MetaCharset meta;
    for (const HtmlAttribute& attribute : token.attributes) {
      meta.add(attribute.name, decode_value(attribute).text());
    }
    if (const auto found = meta.encoding(); !found.empty()) return found;
  }
}

// "Get an XML encoding".
std::string_view xml_encoding(std::string_view bytes) {
  if (!bytes.starts_with("<?xml")) return {};
  bytes = bytes.substr(0, bytes.find('>'));
  const size_t word = bytes.find("encoding");
  if (word == bytes.npos) return {};
  size_t at = word + 8;
  const auto skip = [&] {
    while (at < bytes.size() && static_cast<unsigned char>(bytes[at]) <= 0x20) ++at;
  };
  skip();
  if (at >= bytes.size() || bytes[at] != '=') return {};
  ++at;
  skip();
  if (at >= bytes.size() || (bytes[at] != '"' && bytes[at] != '\'')) return {};
  const size_t end = bytes.find(bytes[at], at + 1);
  if (end == bytes.npos) return {};
  const std::string_view name = encoding_for_label(bytes.substr(at + 1, end - at - 1));
  return name.starts_with("UTF-16") ? "UTF-8" : name;
}

// CSS Syntax, 3.2 "The input byte stream".
std::string_view css_charset(std::string_view bytes) {
  constexpr std::string_view kRule = "@charset \"";
  if (!bytes.starts_with(kRule)) return {};
  const size_t end = bytes.find('"', kRule.size());
  if (end == bytes.npos || bytes.substr(end, 2) != "\";") return {};
  const std::string_view name = encoding_for_label(bytes.substr(kRule.size(), end - kRule.size()));
  return name.starts_with("UTF-16") ? "UTF-8" : name;
}

// True where ASCII switches to two bytes a character and back, as only ISO-2022-JP does.
bool is_iso_2022_jp(std::string_view bytes) {
  bytes = bytes.substr(0, kDetectorBytes);
  size_t escape = bytes.find("\x1B$B");
  if (escape == bytes.npos) escape = bytes.find("\x1B$@");
  return escape != bytes.npos && is_ascii(bytes) && bytes.find("\x1B(", escape) != bytes.npos;
}

// The bytes around the first one that is not UTF-8, from the begin of a tag or a line where there
// is one.
std::string_view sample_at(std::string_view bytes, size_t first) {
  constexpr size_t kBefore = kDetectorBytes / 4;
  if (first <= kBefore) return bytes.substr(0, kDetectorBytes);
  const std::string_view sample = bytes.substr(first - kBefore, kDetectorBytes);
  const size_t begin = sample.substr(0, kBefore).find_first_of("<\n ");
  return begin == sample.npos ? sample : sample.substr(begin);
}

std::string_view guess_of_icu(std::string_view sample) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(ucsdet_open(&status),
                                                                            &ucsdet_close);
  if (!detector) return {};
  ucsdet_setText(detector.get(), sample.data(), static_cast<int32_t>(sample.size()), &status);
  ucsdet_enableInputFilter(detector.get(), true);
  int32_t count = 0;
  const UCharsetMatch** matches = ucsdet_detectAll(detector.get(), &count, &status);
  if (U_FAILURE(status)) return {};
  for (int32_t i = 0; i < count; ++i) {
    if (ucsdet_getConfidence(matches[i], &status) < kLeastConfidence) break;
    const std::string_view name = encoding_for_label(ucsdet_getName(matches[i], &status));
    if (!name.empty() && name != "UTF-8" && !name.starts_with("UTF-16") && name != "replacement") {
      return name;
    }
  }
  return {};
}

std::string_view detected(std::string_view sample) {
  const std::string_view guess = guess_encoding(sample);
  return guess.empty() ? refined_guess(guess_of_icu(sample), sample) : guess;
}

}  // namespace

Encoding detect_encoding(std::string_view bytes, std::string_view http_charset, bool is_html) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return {"UTF-8", "bom"};
  if (bytes.starts_with("\xFE\xFF")) return {"UTF-16BE", "bom"};
  if (bytes.starts_with("\xFF\xFE")) return {"UTF-16LE", "bom"};
  const std::string_view header = encoding_for_label(http_charset);
  if (!header.empty()) return {header, "header"};
  if (bytes.empty()) return {"UTF-8", "default"};
  const std::string_view head = bytes.substr(0, kPrescanBytes);
  std::string_view declared = is_html ? Prescan(head).run() : css_charset(head);
  if (declared.empty() && is_html) declared = xml_encoding(head);
  if (declared.empty() && is_html && bytes.size() > kPrescanBytes) declared = late_meta(bytes);
  if (!declared.empty()) return {declared, "meta"};
  const size_t valid = valid_utf8_size(bytes);
  if (valid == bytes.size()) return {is_iso_2022_jp(bytes) ? "ISO-2022-JP" : "UTF-8", "detected"};
  const std::string_view guess = detected(sample_at(bytes, valid));
  if (!guess.empty()) return {guess, "detected"};
  return {"windows-1252", "default"};
}

}  // namespace halftone

#include "crawler/page_sketch.h"

#include <algorithm>

#include "media/ascii.h"
#include "media/charset.h"
#include "media/html_tokenizer.h"

namespace halftone {
namespace {

constexpr size_t kMostHtml = 64 * 1024;  // bytes
constexpr size_t kMostText = 4 * 1024;
constexpr size_t kMostTitle = 512;

// Elements whose text is not a page's own.
constexpr std::string_view kAside[] = {"nav", "footer", "header", "select", "button", "template"};
// Elements that no link goes on in, closed or not.
constexpr std::string_view kBlocks[] = {"p", "div", "li", "td", "tr", "h1", "h2", "section"};
// Attributes that say whose code a page runs.
constexpr std::string_view kCodeAttributes[] = {"id", "src", "action", "class"};

bool is_one_of(std::string_view name, const auto& names) {
  return std::ranges::any_of(
      names, [name](std::string_view known) { return equals_ignoring_case(name, known); });
}

// Appends in lower case, each run of spaces as one, up to `most` bytes in all.
void append_plain(std::string& out, std::string_view text, size_t most) {
  for (const char c : text) {
    if (out.size() >= most) return;
    if (!is_space(c)) {
      out += to_lower(c);
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
}

class Sketcher {
 public:
  PageSketch run(std::string_view html, size_t enough) {
    HtmlTokenizer tokenizer(html);
    while (sketch_.text_size <= enough) {
      const HtmlToken& token = tokenizer.next();
      switch (token.type) {
        case HtmlToken::Type::kText:
          take_text(token);
          break;
        case HtmlToken::Type::kStartTag:
          take_start(token);
          break;
        case HtmlToken::Type::kEndTag:
          take_end(token.name);
          break;
        case HtmlToken::Type::kEnd:
          return finish();
        default:
          break;
      }
    }
    return finish();
  }

 private:
  PageSketch finish() {
    end_link(true);
    sketch_.title = std::string(trim(sketch_.title));
    return std::move(sketch_);
  }

  void take_text(const HtmlToken& token) {
    using Mode = HtmlToken::TextMode;
    if (token.text_mode == Mode::kScript) return append_plain(sketch_.code, token.text, kMostHtml);
    const bool is_text = token.text_mode == Mode::kData || token.text_mode == Mode::kRcData;
    if (!is_text || aside_ > 0) return;
    const SourceText decoded =
        decode_html(token.text, token.span.from, token.text_mode, /*in_attribute=*/false);
    if (in_title_) return append_plain(sketch_.title, decoded.text(), kMostTitle);
    if (in_link_) {
      link_ += decoded.text();
    } else {
      add_own(decoded.text());
    }
  }

  void add_own(std::string_view text) {
    sketch_.text_size +=
        static_cast<size_t>(std::ranges::count_if(text, [](char c) { return !is_space(c); }));
    append_plain(sketch_.text, text, kMostText);
  }

  void take_start(const HtmlToken& token) {
    const auto is = [&token](std::string_view name) {
      return equals_ignoring_case(token.name, name);
    };
    if (is("a") || is_one_of(token.name, kBlocks)) end_link(true);
    in_link_ = in_link_ || (is("a") && token.find("href") != nullptr);
    if (is_one_of(token.name, kAside)) ++aside_;
    in_title_ = is("title") && sketch_.title.empty();
    sketch_.scripts += is("script") ? 1 : 0;
    sketch_.images += is("img") || is("picture") || is("video") ? 1 : 0;
    if (is("input")) sketch_.has_password |= has_value(token, "type", "password");
    if (is("meta") && has_value(token, "http-equiv", "refresh")) take_refresh(token);
    take_code(token);
  }

  static bool has_value(const HtmlToken& token, std::string_view name, std::string_view value) {
    const HtmlAttribute* const attribute = token.find(name);
    return attribute != nullptr && equals_ignoring_case(trim(attribute->value), value);
  }

  void take_refresh(const HtmlToken& token) {
    const HtmlAttribute* const content = token.find("content");
    if (content == nullptr) return;
    const std::string value = lower_case(decode_value(*content).text());
    sketch_.has_refresh |= value.find_first_of(";,") != value.npos && value.find('=') != value.npos;
  }

  void take_code(const HtmlToken& token) {
    for (const HtmlAttribute& attribute : token.attributes) {
      if (!is_one_of(attribute.name, kCodeAttributes)) continue;
      append_plain(sketch_.code, " ", kMostHtml);
      append_plain(sketch_.code, decode_value(attribute).text(), kMostHtml);
      append_plain(sketch_.code, " ", kMostHtml);
    }
  }

  void take_end(std::string_view name) {
    if (equals_ignoring_case(name, "a")) {
      end_link(false);
    } else if (is_one_of(name, kBlocks)) {
      end_link(true);
    } else if (aside_ > 0 && is_one_of(name, kAside)) {
      --aside_;
    }
    if (equals_ignoring_case(name, "title")) in_title_ = false;
  }

  // `is_text`: no end tag was there, so that it may be all the rest of the page.
  void end_link(bool is_text) {
    if (in_link_ && is_text) add_own(link_);
    in_link_ = false;
    link_.clear();
  }

  PageSketch sketch_;
  std::string link_;  // the text of the link that is open
  bool in_link_ = false, in_title_ = false;
  size_t aside_ = 0;  // open elements of kAside
};

}  // namespace

PageSketch sketch_page(std::string_view html, std::string_view charset, size_t enough) {
  html = html.substr(0, kMostHtml);
  if (is_ascii(html)) return Sketcher().run(html, enough);
  const SourceText decoded = decode(html, detect_encoding(html, charset, /*is_html=*/true).name);
  return Sketcher().run(decoded.text(), enough);
}

}  // namespace halftone

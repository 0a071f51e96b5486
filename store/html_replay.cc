#include "store/html_replay.h"

#include <algorithm>

#include "media/ascii.h"
#include "store/html_edits.h"

namespace halftone {
namespace {

constexpr size_t kDeepestFrame = 4;  // of documents in srcdoc inside one another

class HtmlReplay {
 public:
  HtmlReplay(std::string_view bytes, const Scan& scan, const std::vector<Edit>& links,
             bool without_base)
      : links_(links),
        base_url_(scan.base),
        without_base_(without_base),
        edits_(bytes, scan.charset) {}

  ReplayEdits run() {
    HtmlTokenizer tokens(edits_.html().text());
    for (;;) {
      const HtmlToken& token = tokens.next();
      if (token.type == HtmlToken::Type::kEnd) break;
      if (token.type != HtmlToken::Type::kStartTag || token.attributes.empty()) continue;
      if (equals_ignoring_case(token.name, "base")) base(token);
      if (equals_ignoring_case(token.name, "meta")) meta(token);
      if (has_replaced_link(token)) loosen(token);
      if (without_base_) stand_without_base(token);
    }
    if (base_is_gone_) {
      for (const HtmlAttribute& href : empty_) edits_.set_value(href, base_url_);
    }
    std::vector<Edit> edits = edits_.take();
    sort_edits(edits);
    return {std::move(edits), base_is_gone_};
  }

 private:
  void base(const HtmlToken& tag) {
    if (!without_base_ || !tag.find("href")) return;
    edits_.disable(tag, "href");
    base_is_gone_ = true;
  }

  // A frame's document may have a base of its own, and an empty link means the base.
  void stand_without_base(const HtmlToken& tag) {
    const HtmlAttribute* srcdoc = tag.find("srcdoc");
    if (srcdoc && equals_ignoring_case(tag.name, "iframe")) {
      inner_bases(decode_value(*srcdoc).through(edits_.html()), kDeepestFrame);
    }
    const bool is_link =
        equals_ignoring_case(tag.name, "a") || equals_ignoring_case(tag.name, "area");
    const HtmlAttribute* href = is_link ? tag.find("href") : nullptr;
    if (href && href->quote != 0 && trim(href->value).empty()) empty_.push_back(*href);
  }

  void inner_bases(const SourceText& html, size_t depth) {
    HtmlTokenizer tokens(html.text());
    for (;;) {
      const HtmlToken& token = tokens.next();
      if (token.type == HtmlToken::Type::kEnd) return;
      if (token.type != HtmlToken::Type::kStartTag) continue;
      const HtmlAttribute* href = token.find("href");
      if (href && equals_ignoring_case(token.name, "base")) {
        edits_.disable(*href, html);
        base_is_gone_ = true;
      }
      const HtmlAttribute* srcdoc = depth > 0 ? token.find("srcdoc") : nullptr;
      if (srcdoc && equals_ignoring_case(token.name, "iframe")) {
        inner_bases(decode_value(*srcdoc).through(html), depth - 1);
      }
    }
  }

  void meta(const HtmlToken& tag) {
    const HtmlAttribute* equiv = tag.find("http-equiv");
    if (equiv && lower_value(*equiv).starts_with("content-security-policy")) {
      edits_.disable(tag, "http-equiv");
    }
  }

  // What stands at the new place may be another text, and is no other site's.
  void loosen(const HtmlToken& tag) {
    edits_.disable(tag, "integrity");
    edits_.disable(tag, "crossorigin");
  }

  // Tags and links both come in order.
  bool has_replaced_link(const HtmlToken& tag) {
    const Span place = edits_.html().source(tag.span.from, tag.span.to);
    while (next_link_ < links_.size() && links_[next_link_].span.from < place.from) ++next_link_;
    return next_link_ < links_.size() && links_[next_link_].span.from < place.to;
  }

  const std::vector<Edit>& links_;
  const std::string base_url_;
  const bool without_base_;
  HtmlEdits edits_;
  size_t next_link_ = 0;
  bool base_is_gone_ = false;
  std::vector<HtmlAttribute> empty_;  // links to the base
};

}  // namespace

ReplayEdits replay_edits(std::string_view bytes, const Scan& scan, const std::vector<Edit>& links,
                         bool without_base) {
  return HtmlReplay(bytes, scan, links, without_base).run();
}

}  // namespace halftone

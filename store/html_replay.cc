#include "store/html_replay.h"

#include <algorithm>

#include "media/ascii.h"
#include "store/html_edits.h"

namespace halftone {
namespace {

class HtmlReplay {
 public:
  HtmlReplay(std::string_view bytes, const Scan& scan, const std::vector<Edit>& links,
             bool without_base)
      : links_(links), without_base_(without_base), edits_(bytes, scan.charset) {}

  ReplayEdits run() {
    HtmlTokenizer tokens(edits_.html().text());
    for (;;) {
      const HtmlToken& token = tokens.next();
      if (token.type == HtmlToken::Type::kEnd) break;
      if (token.type != HtmlToken::Type::kStartTag || token.attributes.empty()) continue;
      if (equals_ignoring_case(token.name, "base")) base(token);
      if (equals_ignoring_case(token.name, "meta")) meta(token);
      if (has_replaced_link(token)) loosen(token);
    }
    return {edits_.take(), base_is_gone_};
  }

 private:
  void base(const HtmlToken& tag) {
    if (!without_base_ || !tag.find("href")) return;
    edits_.disable(tag, "href");
    base_is_gone_ = true;
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
  const bool without_base_;
  HtmlEdits edits_;
  size_t next_link_ = 0;
  bool base_is_gone_ = false;
};

}  // namespace

ReplayEdits replay_edits(std::string_view bytes, const Scan& scan, const std::vector<Edit>& links,
                         bool without_base) {
  return HtmlReplay(bytes, scan, links, without_base).run();
}

}  // namespace halftone

#include "store/html_copy.h"

#include <algorithm>
#include <array>
#include <map>

#include "media/ascii.h"
#include "store/html_edits.h"

namespace halftone {
namespace {

constexpr std::string_view kMark = "data-halftone";

// No script, and nothing from outside the copy's own folder (or server).
constexpr std::string_view kPolicy =
    "default-src 'none'; img-src 'self' file: data:; media-src 'self' file: data:; "
    "font-src 'self' file: data:; style-src 'self' file: data: 'unsafe-inline'; form-action 'none'";

// rel values that make a browser ask a server for something a copy does not show.
constexpr std::array<std::string_view, 7> kHints = {
    "preconnect", "dns-prefetch", "prefetch", "preload", "modulepreload", "prerender", "manifest"};

bool has_word(std::string_view text, std::string_view word) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = std::min(text.find_first_of(" \t\n\f\r", at), text.size());
    if (text.substr(at, end - at) == word) return true;
    at = end + 1;
  }
  return false;
}

class HtmlCopy {
 public:
  HtmlCopy(std::string_view bytes, const Scan& scan, const LinkMap& map, std::vector<Edit>& links)
      : scan_(scan), map_(map), links_(links), edits_(bytes, scan.charset) {
    for (const Reference& reference : scan.references) {
      if (reference.origin_of.empty()) by_place_.emplace(reference.span.from, &reference);
    }
  }

  std::vector<Edit> edits(CopyKind kind) {
    const bool has_head = kind == CopyKind::kSealedDocument;
    const size_t head_at = has_head ? place_of_head() : 0;
    const std::string head = has_head ? head_of_copy() : "";
    const bool is_copy = has_head && edits_.html().text().substr(head_at).starts_with(head);
    if (has_head && !is_copy) edits_.insert(head_at, head);

    HtmlTokenizer tokens(edits_.html().text());
    for (;;) {
      const HtmlToken& token = tokens.next();
      if (token.type == HtmlToken::Type::kEnd) break;
      const bool is_ours =
          is_copy && token.span.from >= head_at && token.span.to <= head_at + head.size();
      if (token.type == HtmlToken::Type::kStartTag && !is_ours) start_tag(token);
    }
    return edits_.take();
  }

 private:
  // Behind the doctype where that is what the document begins with, else before everything: nothing
  // then makes a browser close the head, or open the body, before it has read ours. A browser
  // takes the tags <html> and <head> that may follow for what they are. A doctype that the end of
  // the document cuts off would swallow the head.
  size_t place_of_head() const {
    HtmlTokenizer tokens(edits_.html().text());
    for (;;) {
      const HtmlToken& token = tokens.next();
      if (token.type == HtmlToken::Type::kDoctype) {
        const bool is_cut = edits_.html().text()[token.span.to - 1] != '>';
        return is_cut ? 0 : token.span.to;
      }
      const bool is_blank =
          token.type == HtmlToken::Type::kText && trim(token.text).empty() && !token.text.empty();
      if (!is_blank && token.type != HtmlToken::Type::kComment) return 0;
    }
  }

  std::string head_of_copy() const {
    return fmt::format(
        R"(<meta charset="{}" {}><meta http-equiv="Content-Security-Policy" content="{}" {}>)",
        scan_.charset, kMark, kPolicy, kMark);
  }

  void start_tag(const HtmlToken& tag) {
    const std::string name = lower_case(tag.name);
    if (name == "base") edits_.disable(tag, "href");
    if (name == "meta") meta(tag);
    if (name == "link") link(tag);
    if (name == "script") edits_.disable(tag, "src");
    if (name == "iframe" || name == "frame") frame(tag);
    if (name == "img") show_lazy_picture(tag);
    edits_.disable(tag, "integrity");
    edits_.disable(tag, "crossorigin");
    edits_.disable(tag, "ping");
  }

  // Policies, refreshes, and what else makes a browser act: none of them is the copy's.
  void meta(const HtmlToken& tag) {
    const HtmlAttribute* equiv = tag.find("http-equiv");
    if (equiv && lower_value(*equiv) != "content-type") edits_.disable(tag, "http-equiv");
  }

  void link(const HtmlToken& tag) {
    const HtmlAttribute* rel = tag.find("rel");
    if (!rel) return;
    const std::string value = lower_value(*rel);
    const bool is_hint = std::any_of(kHints.begin(), kHints.end(),
                                     [&](std::string_view hint) { return has_word(value, hint); });
    if (is_hint && !has_word(value, "stylesheet")) edits_.disable(tag, "rel");
  }

  void frame(const HtmlToken& tag) {
    edits_.disable(tag, "src");
    edits_.disable(tag, "srcdoc");
  }

  // <img src="spacer.gif" data-src="picture.jpg">: no script will run, so the picture goes into
  // src.
  void show_lazy_picture(const HtmlToken& tag) {
    const auto references = references_in(tag);
    const Reference* shown = nullptr;
    const Reference* lazy = nullptr;
    for (const Reference* reference : references) {
      if (reference->attribute == "src") shown = reference;
      if (reference->kind == Kind::kLazyImage && !lazy && !map_.is_blank(*reference))
        lazy = reference;
    }
    const HtmlAttribute* src = tag.find("src");
    if (!lazy || (src && shown && !map_.is_blank(*shown))) return;
    const auto to = map_.link(*lazy);
    if (to) set_source(tag, src, *to);
  }

  void set_source(const HtmlToken& tag, const HtmlAttribute* src, const std::string& to) {
    if (const HtmlAttribute* srcset = tag.find("srcset"); srcset && srcset->has_value) {
      edits_.disable(tag, "srcset");
    }
    if (!src || src->value_span.size() == 0) {
      if (src) edits_.disable(tag, "src");
      edits_.insert(tag.span.from + 1 + tag.name.size(),
                    fmt::format(" src=\"{}\"", escape_value(to, '"')));
      return;
    }
    const Span value = edits_.html().source(src->value_span.from, src->value_span.to);
    std::erase_if(links_, [&](const Edit& edit) {
      return edit.span.from >= value.from && edit.span.to <= value.to;
    });
    edits_.set_value(*src, to);
  }

  std::vector<const Reference*> references_in(const HtmlToken& tag) const {
    const Span source = edits_.html().source(tag.span.from, tag.span.to);
    std::vector<const Reference*> found;
    for (auto it = by_place_.lower_bound(source.from);
         it != by_place_.end() && it->first < source.to; ++it) {
      found.push_back(it->second);
    }
    return found;
  }

  const Scan& scan_;
  const LinkMap& map_;
  std::vector<Edit>& links_;
  HtmlEdits edits_;
  std::multimap<size_t, const Reference*> by_place_;
};

}  // namespace

std::vector<Edit> sealing_edits(std::string_view bytes, const Scan& scan, const LinkMap& map,
                                CopyKind kind, std::vector<Edit>& links) {
  return HtmlCopy(bytes, scan, map, links).edits(kind);
}

}  // namespace halftone

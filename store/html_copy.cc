#include "store/html_copy.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "media/ascii.h"
#include "media/html_tag.h"
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

class HtmlCopy {
 public:
  HtmlCopy(std::string_view bytes, const Scan& scan, const LinkMap& map, std::vector<Edit>& links)
      : scan_(scan), map_(map), links_(links), edits_(bytes, scan.charset) {
    by_place_.reserve(scan.references.size());
    for (const Reference& reference : scan.references) {
      if (reference.origin_of.empty()) by_place_.push_back(&reference);
    }
    const auto comes_before = [](const Reference* a, const Reference* b) {
      return a->span.from < b->span.from;
    };
    if (!std::is_sorted(by_place_.begin(), by_place_.end(), comes_before)) {
      std::stable_sort(by_place_.begin(), by_place_.end(), comes_before);
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
      const bool is_plain = token.type != HtmlToken::Type::kStartTag || token.attributes.empty();
      if (!is_plain && !is_ours) start_tag(token);
      const bool is_bare = is_plain && token.type == HtmlToken::Type::kStartTag;
      if (is_bare && equals_ignoring_case(token.name, "video")) show_poster(token);
    }
    leave_out_given_up();
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
    const auto is = [&tag](std::string_view name) { return equals_ignoring_case(tag.name, name); };
    if (is("base")) edits_.disable(tag, "href");
    if (is("meta")) meta(tag);
    if (is("link")) link(tag);
    if (is("script")) edits_.disable(tag, "src");
    if (is("iframe") || is("frame")) frame(tag);
    if (is("img")) show_lazy_picture(tag);
    if (is("video")) show_poster(tag);
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
    const Span place = edits_.html().source(tag.span.from, tag.span.to);
    const Reference* shown = nullptr;
    const Reference* lazy = nullptr;
    while (next_ < by_place_.size() && by_place_[next_]->span.from < place.from) ++next_;
    for (; next_ < by_place_.size() && by_place_[next_]->span.from < place.to; ++next_) {
      const Reference* reference = by_place_[next_];
      if (reference->attribute == "src") shown = reference;
      if (reference->kind == Kind::kLazyImage && !lazy && !map_.is_blank(*reference))
        lazy = reference;
    }
    const HtmlAttribute* src = tag.find("src");
    if (!lazy || (src && shown && !map_.is_blank(*shown))) return;
    const auto to = map_.link(*lazy);
    if (to) set_source(tag, src, *to);
  }

  // The video is what the tag itself refers to, or the <source> that follows it.
  void show_poster(const HtmlToken& tag) {
    if (tag.find("poster")) return;
    const Span place = edits_.html().source(tag.span.from, tag.span.to);
    const auto video = std::lower_bound(
        by_place_.begin(), by_place_.end(), place.from,
        [](const Reference* reference, size_t from) { return reference->span.from < from; });
    if (video == by_place_.end() || (*video)->kind != Kind::kMedia) return;
    if ((*video)->element != "video" && (*video)->element != "source") return;
    if (const auto poster = map_.poster(**video)) add_attribute(tag, "poster", *poster);
  }

  void add_attribute(const HtmlToken& tag, std::string_view name, std::string_view value) {
    edits_.insert(tag.span.from + 1 + tag.name.size(),
                  fmt::format(" {}=\"{}\"", name, escape_value(value, '"')));
  }

  void set_source(const HtmlToken& tag, const HtmlAttribute* src, const std::string& to) {
    if (const HtmlAttribute* srcset = tag.find("srcset"); srcset && srcset->has_value) {
      edits_.disable(tag, "srcset");
    }
    if (!src || src->value_span.size() == 0) {
      if (src) edits_.disable(tag, "src");
      add_attribute(tag, "src", to);
      return;
    }
    const Span value = edits_.html().source(src->value_span.from, src->value_span.to);
    const auto first =
        std::lower_bound(links_.begin(), links_.end(), value.from,
                         [](const Edit& edit, size_t from) { return edit.span.from < from; });
    for (auto edit = first; edit != links_.end() && edit->span.from < value.to; ++edit) {
      if (edit->span.to <= value.to)
        given_up_.push_back(static_cast<size_t>(edit - links_.begin()));
    }
    edits_.set_value(*src, to);
  }

  void leave_out_given_up() {
    if (given_up_.empty()) return;
    std::vector<Edit> left;
    left.reserve(links_.size() - given_up_.size());
    auto next = given_up_.begin();
    for (size_t i = 0; i < links_.size(); ++i) {
      if (next != given_up_.end() && *next == i) {
        ++next;
      } else {
        left.push_back(std::move(links_[i]));
      }
    }
    links_ = std::move(left);
  }

  const Scan& scan_;
  const LinkMap& map_;
  std::vector<Edit>& links_;
  HtmlEdits edits_;
  std::vector<const Reference*> by_place_;  // in order, and so are tags
  size_t next_ = 0;                         // of them, the first that no tag before held
  std::vector<size_t> given_up_;            // of `links_`, in order
};

}  // namespace

std::vector<Edit> sealing_edits(std::string_view bytes, const Scan& scan, const LinkMap& map,
                                CopyKind kind, std::vector<Edit>& links) {
  return HtmlCopy(bytes, scan, map, links).edits(kind);
}

}  // namespace halftone

#include "media/html_foreign.h"

#include <algorithm>
#include <iterator>
#include <span>

#include "media/ascii.h"
#include "media/html_names.h"
#include "media/html_tokenizer.h"

namespace halftone {
namespace {

constexpr size_t kMostOpen = 256;

using Names = NameTable<bool, 256>;

// 13.2.6.5: start tags that end foreign content.
constexpr std::string_view kBreakouts[] = {
    "b",      "big",  "blockquote", "body",  "br",   "center", "code",    "dd",   "div",
    "dl",     "dt",   "em",         "embed", "h1",   "h2",     "h3",      "h4",   "h5",
    "h6",     "head", "hr",         "i",     "img",  "li",     "listing", "menu", "meta",
    "nobr",   "ol",   "p",          "pre",   "ruby", "s",      "small",   "span", "strong",
    "strike", "sub",  "sup",        "table", "tt",   "u",      "ul",      "var"};

constexpr Names names_of(const auto& words) {
  Names names(std::span<const Names::Row>{});
  for (const std::string_view word : words) names[word] = true;
  return names;
}

constexpr Names kBreakingOut = names_of(kBreakouts);

bool breaks_out(const HtmlToken& tag) {
  if (kBreakingOut.find(tag.name) != nullptr) return true;
  return equals_ignoring_case(tag.name, "font") &&
         (tag.find("color") || tag.find("face") || tag.find("size"));
}

// Elements that are hardly ever closed without having been opened.
constexpr std::string_view kContainers[] = {
    "div",        "a",          "span",    "li",      "ul",       "ol",      "section", "article",
    "header",     "footer",     "main",    "nav",     "aside",    "figure",  "form",    "button",
    "label",      "h1",         "h2",      "h3",      "h4",       "h5",      "h6",      "table",
    "tbody",      "tr",         "td",      "th",      "dl",       "dd",      "dt",      "body",
    "html",       "b",          "i",       "em",      "strong",   "small",   "u",       "s",
    "code",       "big",        "tt",      "font",    "sub",      "sup",     "center",  "pre",
    "blockquote", "figcaption", "details", "summary", "fieldset", "address", "thead",   "tfoot"};

constexpr Names kContaining = names_of(kContainers);

// 13.2.6: annotation-xml is an integration point where its encoding says so.
bool holds_html(const HtmlToken& annotation) {
  const HtmlAttribute* encoding = annotation.find("encoding");
  return encoding != nullptr && (equals_ignoring_case(encoding->value, "text/html") ||
                                 equals_ignoring_case(encoding->value, "application/xhtml+xml"));
}

}  // namespace

bool ForeignContent::start_tag(const HtmlToken& tag) {
  if (!active()) {
    if (equals_ignoring_case(tag.name, "svg")) {
      open(tag, {"svg", false, false, true});
    } else if (equals_ignoring_case(tag.name, "math")) {
      open(tag, {"math", false, false, false});
    } else if (!open_.empty() && !open_.back().svg && open_.back().cdata &&
               (equals_ignoring_case(tag.name, "mglyph") ||
                equals_ignoring_case(tag.name, "malignmark"))) {
      // 13.2.6: in <mi> and its like these two go on as MathML.
      open(tag, {tag.name, false, false, false});
      return true;
    }
    return active();
  }
  if (breaks_out(tag)) {
    break_out();
    return false;
  }
  Element element{tag.name, false, false, open_.back().svg};
  const auto named = [&tag](std::string_view name) { return equals_ignoring_case(tag.name, name); };
  if (element.svg) {
    element.cdata = named("title") || named("desc");
    element.html = element.cdata || named("foreignobject");
  } else if (named("annotation-xml")) {
    element.html = holds_html(tag);
  } else if (named("svg")) {
    // Inside annotation-xml an <svg> is SVG; elsewhere in MathML it is an unknown MathML element.
    element.svg = equals_ignoring_case(open_.back().name, "annotation-xml");
  } else {
    element.html = element.cdata =
        named("mi") || named("mo") || named("mn") || named("ms") || named("mtext");
  }
  open(tag, element);
  return true;
}

void ForeignContent::end_tag(const HtmlToken& tag) {
  if (!active()) {
    close(tag.name);
  } else if (equals_ignoring_case(tag.name, "p") || equals_ignoring_case(tag.name, "br") ||
             (!close(tag.name) && kContaining.find(tag.name) != nullptr)) {
    break_out();
  }
}

// Closes the innermost element of that name and all in it; false where there is none.
bool ForeignContent::close(std::string_view name) {
  if (deeper_ > 0) {
    --deeper_;
    return true;
  }
  const auto found = std::find_if(open_.rbegin(), open_.rend(), [&](const Element& element) {
    return equals_ignoring_case(name, element.name);
  });
  if (found == open_.rend()) return false;
  open_.erase(std::prev(found.base()), open_.end());
  return true;
}

void ForeignContent::open(const HtmlToken& tag, const Element& element) {
  if (tag.self_closing) return;
  if (open_.size() < kMostOpen) {
    open_.push_back(element);
  } else {
    ++deeper_;
  }
}

void ForeignContent::break_out() {
  deeper_ = 0;
  while (active()) open_.pop_back();
}

}  // namespace halftone

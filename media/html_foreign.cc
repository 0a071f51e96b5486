#include "media/html_foreign.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "media/ascii.h"
#include "media/html_tokenizer.h"

namespace halftone {
namespace {

constexpr size_t kMostOpen = 64;

// 13.2.6.5: start tags that end foreign content.
constexpr std::string_view kBreakouts[] = {
    "b",      "big",  "blockquote", "body",  "br",   "center", "code",    "dd",   "div",
    "dl",     "dt",   "em",         "embed", "h1",   "h2",     "h3",      "h4",   "h5",
    "h6",     "head", "hr",         "i",     "img",  "li",     "listing", "menu", "meta",
    "nobr",   "ol",   "p",          "pre",   "ruby", "s",      "small",   "span", "strong",
    "strike", "sub",  "sup",        "table", "tt",   "u",      "ul",      "var"};

bool is_one_of(std::string_view name, const auto& names) {
  return std::any_of(std::begin(names), std::end(names),
                     [&](std::string_view n) { return equals_ignoring_case(name, n); });
}

bool breaks_out(const HtmlToken& tag) {
  if (is_one_of(tag.name, kBreakouts)) return true;
  return equals_ignoring_case(tag.name, "font") &&
         (tag.find("color") || tag.find("face") || tag.find("size"));
}

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
    }
    return active();
  }
  if (breaks_out(tag)) {
    break_out();
    return false;
  }
  const bool svg = open_.back().svg;
  if (svg) {
    for (const std::string_view name : {"title", "desc"}) {
      if (equals_ignoring_case(tag.name, name)) open(tag, {name, true, true, true});
    }
    if (equals_ignoring_case(tag.name, "foreignobject"))
      open(tag, {"foreignobject", true, false, true});
    if (equals_ignoring_case(tag.name, "svg")) open(tag, {"svg", false, false, true});
    return true;
  }
  for (const std::string_view name : {"mi", "mo", "mn", "ms", "mtext"}) {
    if (equals_ignoring_case(tag.name, name)) open(tag, {name, true, true, false});
  }
  if (equals_ignoring_case(tag.name, "annotation-xml")) {
    open(tag, {"annotation-xml", holds_html(tag), false, false});
  }
  // Inside annotation-xml an <svg> is SVG; elsewhere in MathML it is an unknown MathML element.
  if (equals_ignoring_case(tag.name, "svg")) {
    open(tag, {"svg", false, false, open_.back().name == "annotation-xml"});
  }
  if (equals_ignoring_case(tag.name, "math")) open(tag, {"math", false, false, false});
  return true;
}

void ForeignContent::end_tag(const HtmlToken& tag) {
  if (active() && (equals_ignoring_case(tag.name, "p") || equals_ignoring_case(tag.name, "br"))) {
    break_out();
    return;
  }
  const auto found = std::find_if(open_.rbegin(), open_.rend(), [&](const Element& element) {
    return equals_ignoring_case(tag.name, element.name);
  });
  if (found != open_.rend()) open_.erase(std::prev(found.base()), open_.end());
}

void ForeignContent::open(const HtmlToken& tag, const Element& element) {
  if (!tag.self_closing && open_.size() < kMostOpen) open_.push_back(element);
}

void ForeignContent::break_out() {
  while (active()) open_.pop_back();
}

}  // namespace halftone

#include "media/sniff_markup.h"

#include <algorithm>
#include <iterator>

#include "media/ascii.h"

namespace halftone {
namespace {

constexpr auto kEnd = std::string_view::npos;

// What stands before the root element.
struct Prolog {
  bool xml = false;      // <?xml …?>
  bool comment = false;  // <!-- … -->
  bool doctype = false;
  std::string_view doctype_name;
  std::string_view rest;  // from the root element's "<"; empty where the head ends before it
};

// What follows `end` in `text`; empty where there is no `end`.
std::string_view after(std::string_view text, std::string_view end) {
  const size_t at = text.find(end);
  return at == kEnd ? std::string_view() : text.substr(at + end.size());
}

std::string_view skip_space(std::string_view text) {
  while (!text.empty() && is_space(text[0])) text.remove_prefix(1);
  return text;
}

std::string_view name_at(std::string_view text) {
  return text.substr(0, text.find_first_of(" \t\r\n\f/>["));
}

// Behind "<!DOCTYPE …>" and its internal subset, which may hold ">" in "[ ]".
std::string_view skip_doctype(std::string_view text) {
  const size_t end = text.find_first_of(">[");
  if (end == kEnd) return "";
  return text[end] == '>' ? text.substr(end + 1) : after(after(text.substr(end), "]"), ">");
}

Prolog read_prolog(std::string_view text) {
  Prolog prolog;
  while (true) {
    text = skip_space(text);
    if (text.starts_with("<!--")) {
      prolog.comment = true;
      text = after(text.substr(4), "-->");
    } else if (text.starts_with("<?")) {
      prolog.xml |= starts_with_ignoring_case(text, "<?xml");
      text = after(text, ">");
    } else if (starts_with_ignoring_case(text, "<!doctype")) {
      prolog.doctype = true;
      prolog.doctype_name = name_at(skip_space(text.substr(9)));
      text = skip_doctype(text);
    } else {
      prolog.rest = text;
      return prolog;
    }
  }
}

// Root elements of XML that we know. Names of feeds and SVG mean the same with any prefix.
std::string_view type_for_root(std::string_view name, std::string_view rest) {
  const size_t colon = name.rfind(':');
  const std::string_view local = colon == kEnd ? name : name.substr(colon + 1);
  if (local == "svg" || local == "SVG") return "image/svg+xml";
  if (local == "rss") return "application/rss+xml";
  if (local == "feed") return "application/atom+xml";
  if (local == "MPD") return "application/dash+xml";
  if (local == "RDF") {
    const bool rss = rest.find("http://purl.org/rss/1.0/") != kEnd;
    return rss ? "application/rss+xml" : "application/rdf+xml";
  }
  return "";
}

// WHATWG MIME Sniffing, 7.1, and the elements that pages and their pieces begin with today.
bool begins_html(std::string_view name) {
  constexpr std::string_view kNames[] = {
      "html",     "head",       "body",  "script",  "iframe",  "h1",  "div",    "font",
      "table",    "a",          "style", "title",   "b",       "br",  "p",      "meta",
      "link",     "base",       "h2",    "h3",      "ul",      "ol",  "span",   "img",
      "center",   "form",       "main",  "article", "section", "nav", "header", "noscript",
      "frameset", "blockquote", "pre",   "figure",
  };
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](std::string_view known) { return equals_ignoring_case(name, known); });
}

bool is_document_element(std::string_view name) {
  return equals_ignoring_case(name, "html") || equals_ignoring_case(name, "head") ||
         equals_ignoring_case(name, "body");
}

}  // namespace

Markup sniff_markup(std::string_view text) {
  text = skip_space(text);
  if (!text.starts_with('<')) return {};
  const Prolog prolog = read_prolog(text);
  const std::string_view name =
      prolog.rest.starts_with('<') ? name_at(prolog.rest.substr(1)) : std::string_view();
  if (const auto type = type_for_root(name, prolog.rest); !type.empty()) return {type, true};
  const bool html = equals_ignoring_case(prolog.doctype_name, "html");
  if (prolog.xml) {
    const bool xhtml = html || equals_ignoring_case(name, "html");
    return {xhtml ? "application/xhtml+xml" : "text/xml", true};
  }
  if (html) return {"text/html", true};
  if (equals_ignoring_case(prolog.doctype_name, "svg")) return {"image/svg+xml", true};
  if (begins_html(name)) return {"text/html", is_document_element(name)};
  const std::string_view tag = prolog.rest.substr(0, prolog.rest.find('>'));
  if (!name.empty() && tag.find("xmlns") != kEnd) return {"text/xml", true};
  if (prolog.comment) return {"text/html", false};
  return {};
}

std::string_view root_element(std::string_view text) { return read_prolog(text).rest; }

}  // namespace halftone

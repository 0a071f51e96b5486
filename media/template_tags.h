// URLs in what blog engines expand before they read Markdown: Hexo's and Jekyll's {% tags %},
// Hugo's {{< shortcodes >}}, {{ expressions }}; and Obsidian's ![[embeds]].
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/reference.h"

namespace halftone {

// An argument that is a URL, judged by its looks.
struct TemplateUrl {
  std::string value;
  Span span;  // in the text, without quotes; to be written with Escape::kTemplate
  Kind kind = Kind::kImage;
  std::string tag, key;  // "figure", "src"; no key where its place says what it is
  std::string alt;
};

struct TemplateTag {
  Span span;
  bool holds_url = false;  // one or more of `urls`
};

struct TemplateScan {
  std::vector<TemplateTag> tags;  // in order, none inside another
  std::vector<TemplateUrl> urls;  // in order
};

// Reads the body of a Markdown file. What stands between {% raw %} and {% endraw %} holds no tags;
// code between {% codeblock %} and its end is one tag without URLs, and so are comments. Linear.
TemplateScan scan_template_tags(std::string_view body);

// The path behind expressions for the site's root: "/a.png" of "{{ site.baseurl }}/a.png". Nothing
// where there are none, or other expressions or tags.
std::optional<std::string> path_behind_site_root(std::string_view url);

// The body with the letter x in place of the tags, so that Markdown takes each for a word; nothing
// else moves.
std::string without_template_tags(std::string_view body, const std::vector<TemplateTag>& tags);

}  // namespace halftone

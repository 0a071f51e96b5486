// Front matter: what stands at the head of a Markdown file in Hexo, Hugo and Jekyll. YAML between
// --- lines, TOML between +++ lines, JSON in braces or before a line ;;;.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/charset.h"
#include "media/reference.h"
#include "media/time.h"

namespace halftone {

struct FrontMatterValue {
  std::string key;                  // top level; nested keys joined by '.'
  std::vector<std::string> values;  // none for null, one for a scalar, many for a sequence
  bool is_list = false;
  // Where the written value stands (without quotes), and how to write another there; one for each
  // value. Spans are offsets into the text that was parsed; empty for texts over several lines
  // without quotes, in whose place nothing else can be written.
  std::vector<Span> spans;
  std::vector<Escape> escapes;
};

struct FrontMatter {
  // From its first line to the end of its closing line, or to the brace that closes it; empty where
  // there is no front matter.
  Span block;
  std::vector<FrontMatterValue> entries;  // in order of writing
  std::vector<std::string> warnings;      // for people, naming the line or the key

  bool present() const { return block.size() > 0; }
  const FrontMatterValue* find(std::string_view key) const;
  // The scalar, or the first of a list; empty where the key is absent.
  std::string get(std::string_view key) const;
};

// Reads what stands at the head of `markdown`: blank lines and a byte order mark may come before
// it. Hexo's may lack its first ---, where it begins with a well-known key. A file without front
// matter, or with a first paragraph between two rules, gives an absent one.
//
// Any text gets an answer. Front matter that is not what it claims to be, or past reason (10,000
// values, 16 levels), is read by its plain lines, with a warning that names the line. What begins
// but never ends, or not within 256 KiB, is absent, with a warning. Of keys written twice the last
// one counts. YAML's aliases stand for their scalar.
FrontMatter parse_front_matter(std::string_view markdown);

// When the article was published, by the first of date, published, publishDate, created … that
// holds a date.
std::optional<Time> front_matter_date(const FrontMatter& front_matter);

// A YAML block (--- … ---) for these entries, lists one item a line, strings quoted where YAML
// needs it. Values that look like a number, a truth or a date stay plain unless their escape is a
// quoted one. parse_front_matter reads the same values back.
std::string write_front_matter(const std::vector<FrontMatterValue>& entries);

}  // namespace halftone

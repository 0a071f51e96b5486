// Front matter: the YAML between two --- lines at the head of a Markdown file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/charset.h"
#include "media/error.h"
#include "media/reference.h"

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
  Span block;  // from the first --- to the end of the closing line; empty where there is no front
               // matter
  std::vector<FrontMatterValue> entries;  // in order of writing

  bool present() const { return block.size() > 0; }
  const FrontMatterValue* find(std::string_view key) const;
  // The scalar, or the first of a list; empty where the key is absent.
  std::string get(std::string_view key) const;
};

// Reads what stands at the head of `markdown`: blank lines and a byte order mark may come before
// the first ---. A file without front matter, or with a first paragraph between two rules, gives an
// absent one. kInvalid, naming the line: it begins but never ends, or it is not YAML, or it is
// nested or long past reason (256 KiB, 10,000 values, 16 levels). Aliases stand for their scalar.
Result<FrontMatter> parse_front_matter(std::string_view markdown);

// A YAML block (--- … ---) for these entries, lists one item a line, strings quoted where YAML
// needs it. Values that look like a number, a truth or a date stay plain unless their escape is a
// quoted one. parse_front_matter reads the same values back.
std::string write_front_matter(const std::vector<FrontMatterValue>& entries);

}  // namespace halftone

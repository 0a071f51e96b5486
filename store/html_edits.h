// Edits to the tags of an HTML document, told in the text it decodes to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/charset.h"
#include "media/html_tokenizer.h"
#include "store/splice.h"

namespace halftone {

class HtmlEdits {
 public:
  // `bytes` must outlive it.
  HtmlEdits(std::string_view bytes, std::string_view charset)
      : charset_(charset), html_(decode(bytes, charset)) {}

  const SourceText& html() const { return html_; }

  void insert(size_t at, std::string_view text);

  // The value of an attribute, escaped for its quotes, in place of the one that it has.
  void set_value(const HtmlAttribute& attribute, std::string_view value);

  // Puts data-halftone- before the attribute's name, which keeps its value for readers. A second
  // attribute of the name would take the place of the first.
  void disable(const HtmlToken& tag, std::string_view name);

  // The same for an attribute in `html`, a piece of the document that was decoded once more.
  void disable(const HtmlAttribute& attribute, const SourceText& html);

  std::vector<Edit> take() { return std::move(edits_); }

 private:
  const std::string charset_;
  const SourceText html_;
  std::vector<Edit> edits_;
};

// The attribute's value in lower case.
std::string lower_value(const HtmlAttribute& attribute);

// `value` as it stands between such quotes; 0 for none.
std::string escape_value(std::string_view value, char quote);

}  // namespace halftone

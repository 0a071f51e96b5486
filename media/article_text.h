// Words as an article's text has them.
#pragma once

#include <string>
#include <string_view>

namespace halftone {

// Gathers the text of a block: blanks collapse, line breaks between Chinese or Japanese characters
// vanish, soft hyphens and zero-width blanks are left out.
class TextGatherer {
 public:
  // Decoded text. `keep_blanks`: as in <pre>.
  void add(std::string_view utf8, bool keep_blanks);

  // <br>: the end of a line. True where it is the second in a row, which ends a paragraph.
  bool break_line();

  size_t size() const { return text_.size(); }
  bool is_blank() const;

  // The text without blanks at either end (of <pre>: without blank lines), and begins anew.
  std::string take();

 private:
  void add_character(std::string_view character);

  std::string text_;
  bool blank_ = false;       // one stands before what comes next
  bool blank_line_ = false;  // and it held a line break
  bool kept_ = false;        // blanks were kept
};

// `text` with its blanks made single ones and character references that were left in it decoded:
// fit for a title or a name. At most `longest` bytes of it.
std::string clean_text(std::string_view text, size_t longest);

// The same for text whose character references were decoded before: those that are left are meant.
std::string plain_text(std::string_view text, size_t longest);

// `text` without blanks at either end, the ideographic and the one that does not break included.
std::string_view trim_blanks(std::string_view text);

// At most `longest` bytes of whole characters, and an ellipsis where something is missing.
std::string cut_text(std::string_view text, size_t longest);

// True where a sentence ends or pauses in it, in any of the greater scripts.
bool has_sentence_marks(std::string_view text);

}  // namespace halftone

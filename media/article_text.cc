#include "media/article_text.h"

#include <algorithm>

#include "media/ascii.h"
#include "media/html_tokenizer.h"
#include "media/utf8.h"

namespace halftone {
namespace {

constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
constexpr std::string_view kIdeographicSpace = "\xE3\x80\x80";

// The bytes of the character that `text` begins with; one where it is ill-formed.
size_t character_size(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return std::min(size, text.size());
}

// How many bytes of `text` in front are letters, digits and marks of ASCII.
size_t plain_size(std::string_view text) {
  size_t size = 0;
  while (size < text.size() && text[size] > ' ' && is_ascii(text.substr(size, 1))) ++size;
  return size;
}

// Soft hyphen, zero-width space, byte order mark: there is nothing to see.
bool is_invisible(std::string_view character) {
  return character == "\xC2\xAD" || character == "\xE2\x80\x8B" || character == "\xEF\xBB\xBF";
}

bool is_blank(std::string_view character) {
  return (character.size() == 1 && is_space(character[0])) || character == kNoBreakSpace;
}

// Chinese and Japanese, and their punctuation: U+3000 … U+9FFF, U+F900 … U+FAFF, U+FF00 … U+FFEF.
bool is_wide(std::string_view character) {
  if (character.size() != 3) return false;
  const auto first = static_cast<unsigned char>(character[0]);
  const auto second = static_cast<unsigned char>(character[1]);
  if (first >= 0xE3 && first <= 0xE9) return true;
  return first == 0xEF && (second >= 0xA4 && second != 0xBB && second != 0xBF);
}

std::string_view last_character(std::string_view text) {
  size_t at = text.size();
  while (at > 0 && text.size() - at < 4) {
    --at;
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80) break;
  }
  return text.substr(at);
}

}  // namespace

void TextGatherer::add(std::string_view utf8, bool keep_blanks) {
  kept_ = kept_ || keep_blanks;
  while (!utf8.empty()) {
    // Words of ASCII need no looking at each letter.
    const size_t word = blank_ ? 0 : plain_size(utf8);
    if (word > 0) {
      text_ += utf8.substr(0, word);
      utf8.remove_prefix(word);
      continue;
    }
    const std::string_view character = utf8.substr(0, character_size(utf8));
    utf8.remove_prefix(character.size());
    if (is_invisible(character)) continue;
    if (keep_blanks) {
      text_ += character == kNoBreakSpace ? " " : character;
    } else if (halftone::is_blank(character)) {
      blank_ = true;
      blank_line_ = blank_line_ || character == "\n";
    } else {
      add_character(character);
    }
  }
}

void TextGatherer::add_character(std::string_view character) {
  const bool begins_line = text_.empty() || text_.back() == '\n';
  if (begins_line && character == kIdeographicSpace) return;
  if (blank_ && !begins_line) {
    // CSS Text 3, 4.1.3 "Segment Break Transformation Rules".
    const bool vanishes = blank_line_ && is_wide(character) && is_wide(last_character(text_));
    if (!vanishes) text_ += ' ';
  }
  blank_ = blank_line_ = false;
  text_ += character;
}

bool TextGatherer::break_line() {
  const bool second = !kept_ && !text_.empty() && text_.back() == '\n';
  if (!text_.empty()) text_ += '\n';
  blank_ = blank_line_ = false;
  return second;
}

bool TextGatherer::is_blank() const { return trim_blanks(text_).empty(); }

std::string TextGatherer::take() {
  std::string out;
  if (kept_) {
    std::string_view text = text_;
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    // Blank lines in front go, the blanks that indent the first line stay.
    const size_t begin = std::min(text.find_first_not_of(" \t\r\n\f"), text.size());
    const size_t line = text.substr(0, begin).rfind('\n');
    out = text.substr(line == text.npos ? 0 : line + 1);
  } else {
    out = trim_blanks(text_);
  }
  text_.clear();
  blank_ = blank_line_ = kept_ = false;
  return out;
}

std::string clean_text(std::string_view text, size_t longest) {
  TextGatherer gatherer;
  const SourceText decoded =
      decode_html(utf8_head(text, longest), 0, HtmlToken::TextMode::kRcData, false);
  gatherer.add(decoded.text(), false);
  return gatherer.take();
}

std::string plain_text(std::string_view text, size_t longest) {
  TextGatherer gatherer;
  gatherer.add(utf8_head(text, longest), false);
  return gatherer.take();
}

std::string_view trim_blanks(std::string_view text) {
  for (;;) {
    const size_t before = text.size();
    text = trim(text);
    for (const std::string_view blank : {kNoBreakSpace, kIdeographicSpace}) {
      if (text.starts_with(blank)) text.remove_prefix(blank.size());
      if (text.ends_with(blank)) text.remove_suffix(blank.size());
    }
    if (text.size() == before) return text;
  }
}

std::string cut_text(std::string_view text, size_t longest) {
  if (text.size() <= longest) return std::string(text);
  return std::string(trim_blanks(utf8_head(text, longest))) + "\xE2\x80\xA6";
}

bool has_sentence_marks(std::string_view text) {
  for (size_t at = 0; at < text.size(); ++at) {
    const bool ends = at + 1 == text.size() || is_space(text[at + 1]) || text[at + 1] == '"';
    if (ends && std::string_view(".!?,;:").find(text[at]) != std::string_view::npos) return true;
  }
  // Chinese and Japanese, Arabic, Devanagari, the ellipsis.
  for (const std::string_view mark :
       {"。", "，", "！", "？", "；", "：", "、", "،", "؟", "؛", "۔", "।", "…", "」", "”"}) {
    if (text.find(mark) != text.npos) return true;
  }
  return false;
}

}  // namespace halftone

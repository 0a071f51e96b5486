#include <algorithm>
#include <optional>

#include "media/ascii.h"
#include "media/front_matter_readers.h"

namespace halftone {
namespace {

constexpr size_t kLongestKey = 64;

// A text that stands within its line.
struct Piece {
  std::string_view text;
  size_t at = 0;  // where it begins
};

Piece trimmed(Piece piece) {
  const std::string_view text = trim(piece.text);
  const size_t before = text.empty() ? 0 : static_cast<size_t>(text.data() - piece.text.data());
  return {text, piece.at + before};
}

// What is before a comment.
Piece without_comment(Piece piece) {
  for (size_t hash = piece.text.find('#'); hash != piece.text.npos;
       hash = piece.text.find('#', hash + 1)) {
    if (hash == 0 || is_space(piece.text[hash - 1])) return {piece.text.substr(0, hash), piece.at};
  }
  return piece;
}

// Lines become entries: a path of keys by their indentation, lists below the last key.
class Reader {
 public:
  Reader(const FrontMatterText& text, FrontMatterBuilder& builder)
      : text_(text), builder_(builder) {}

  void read() {
    builder_.open_map();
    for (size_t at = 0; at < text_.text.size() && builder_.problem().empty();) {
      const size_t end = std::min(text_.text.find('\n', at), text_.text.size());
      take_line({text_.text.substr(at, end - at), at});
      at = end + 1;
    }
    end_value();
    builder_.close();
  }

 private:
  enum class Waiting : uint8_t { kNothing, kValue, kItems, kMembers };

  void take_line(const Piece& line) {
    const Piece content = trimmed(line);
    if (content.text.empty() || content.text[0] == '#') return;
    if (content.text == "-" || content.text.starts_with("- ")) {
      if (waiting_ == Waiting::kNothing || waiting_ == Waiting::kMembers) return;
      if (waiting_ == Waiting::kValue) builder_.open_list();
      waiting_ = Waiting::kItems;
      return take_scalar(trimmed({content.text.substr(1), content.at + 1}));
    }
    const auto colon = key_end(content.text);
    if (!colon) return;
    const std::string_view key = trim(content.text.substr(0, *colon));
    const Piece value = trimmed({content.text.substr(*colon + 1), content.at + *colon + 1});
    content.at > line.at ? take_member(key, value) : take_outermost(key, value);
  }

  void take_outermost(std::string_view key, const Piece& value) {
    end_value();
    builder_.key(key);
    waiting_ = value.text.empty() ? Waiting::kValue : Waiting::kNothing;
    if (!value.text.empty()) take_value(value);
  }

  // A key below one that has no value of its own.
  void take_member(std::string_view key, const Piece& value) {
    if (waiting_ == Waiting::kNothing || waiting_ == Waiting::kItems) return;
    if (waiting_ == Waiting::kValue) builder_.open_map();
    waiting_ = Waiting::kMembers;
    builder_.key(key);
    value.text.empty() ? builder_.null() : take_value(value);
  }

  // Before the ":" or "=" behind a word.
  static std::optional<size_t> key_end(std::string_view line) {
    const size_t end = line.find_first_of(":=");
    if (end == line.npos || end == 0 || end > kLongestKey) return std::nullopt;
    const bool apart = line[end] == '=' || end + 1 == line.size() || is_space(line[end + 1]);
    const bool is_word = trim(line.substr(0, end)).find_first_of("[]{}\"'<>") == line.npos;
    return apart && is_word ? std::optional(end) : std::nullopt;
  }

  void end_value() {
    if (waiting_ == Waiting::kValue) builder_.null();
    if (waiting_ == Waiting::kItems || waiting_ == Waiting::kMembers) builder_.close();
    waiting_ = Waiting::kNothing;
  }

  void take_value(const Piece& value) {
    const Piece list = trimmed(without_comment(value));
    if (!list.text.starts_with('[') || !list.text.ends_with(']')) return take_scalar(value);
    builder_.open_list();
    for (size_t from = 1; from < list.text.size();) {
      const size_t end = std::min(list.text.find(',', from), list.text.size() - 1);
      const Piece item = trimmed({list.text.substr(from, end - from), list.at + from});
      if (!item.text.empty()) take_scalar(item);
      from = end + 1;
    }
    builder_.close();
  }

  void take_scalar(const Piece& written) {
    const char quote = written.text.empty() ? '\0' : written.text[0];
    const size_t close = quote == '"' || quote == '\'' ? written.text.rfind(quote) : 0;
    Piece value = close > 0 ? Piece{written.text.substr(1, close - 1), written.at + 1}
                            : trimmed(without_comment(written));
    if (value.text.starts_with('|') || value.text.starts_with('>')) value.text = {};
    Span span;
    if (!value.text.empty()) {
      span.from = text_.origin + value.at;
      span.to = span.from + value.text.size();
    }
    builder_.scalar(std::string(value.text), span, escape_of(close > 0 ? quote : '\0'));
  }

  static Escape escape_of(char quote) {
    if (quote == '"') return Escape::kYamlDoubleQuoted;
    return quote == '\'' ? Escape::kYamlSingleQuoted : Escape::kYamlPlain;
  }

  const FrontMatterText& text_;
  FrontMatterBuilder& builder_;
  Waiting waiting_ = Waiting::kNothing;
};

}  // namespace

void read_plain_lines(const FrontMatterText& text, FrontMatterBuilder& builder) {
  Reader(text, builder).read();
}

}  // namespace halftone

#include "media/text_diff.h"

#include <algorithm>
#include <cstdint>
#include <functional>

namespace halftone {
namespace {

using Kind = TextPiece::Kind;

// Beyond so many comparisons texts count as wholly different.
constexpr size_t kMostCells = size_t{4} << 20;
constexpr size_t kContext = 8;  // words that stay around a change

// A word with the space that follows it, or one character of a script without spaces.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  size_t begin = 0;
  for (size_t at = 0; at < text.size();) {
    const auto byte = static_cast<uint8_t>(text[at]);
    const size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    const bool is_space = byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
    const bool is_alone = length >= 3;  // U+0800 and up: nearly all of it CJK
    if (is_alone && at > begin) {
      words.push_back(text.substr(begin, at - begin));
      begin = at;
    }
    at = std::min(at + length, text.size());
    if (!is_space && !is_alone) continue;
    words.push_back(text.substr(begin, at - begin));
    begin = at;
  }
  if (begin < text.size()) words.push_back(text.substr(begin));
  return words;
}

// A line that is broken elsewhere has the same words.
bool same_word(std::string_view a, std::string_view b) {
  const auto without_space = [](std::string_view word) {
    return word.substr(0, word.find_last_not_of(" \n\t\r") + 1);
  };
  return a == b || without_space(a) == without_space(b);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

struct Edit {
  Kind kind;
  std::string_view text;
};

using Parts = std::vector<std::string_view>;

// By the longest common subsequence of what is between the common ends.
template <class Same>
std::vector<Edit> compare(const Parts& a, const Parts& b, const Same& same) {
  size_t head = 0, tail = 0;
  while (head < std::min(a.size(), b.size()) && same(a[head], b[head])) ++head;
  while (tail < std::min(a.size(), b.size()) - head &&
         same(a[a.size() - 1 - tail], b[b.size() - 1 - tail])) {
    ++tail;
  }
  std::vector<Edit> edits;
  for (size_t i = 0; i < head; ++i) edits.push_back({Kind::kSame, b[i]});
  const size_t rows = a.size() - head - tail, columns = b.size() - head - tail;
  size_t i = 0, j = 0;
  if ((rows + 1) * (columns + 1) <= kMostCells) {
    std::vector<uint32_t> length((rows + 1) * (columns + 1));
    const auto at = [&](size_t row, size_t column) -> uint32_t& {
      return length[row * (columns + 1) + column];
    };
    for (size_t row = rows; row-- > 0;) {
      for (size_t column = columns; column-- > 0;) {
        at(row, column) = same(a[head + row], b[head + column])
                              ? at(row + 1, column + 1) + 1
                              : std::max(at(row + 1, column), at(row, column + 1));
      }
    }
    while (i < rows && j < columns) {
      if (same(a[head + i], b[head + j])) {
        edits.push_back({Kind::kSame, b[head + j]});
        ++i, ++j;
      } else if (at(i + 1, j) >= at(i, j + 1)) {
        edits.push_back({Kind::kRemoved, a[head + i++]});
      } else {
        edits.push_back({Kind::kAdded, b[head + j++]});
      }
    }
  }
  for (; i < rows; ++i) edits.push_back({Kind::kRemoved, a[head + i]});
  for (; j < columns; ++j) edits.push_back({Kind::kAdded, b[head + j]});
  for (size_t k = b.size() - tail; k < b.size(); ++k) edits.push_back({Kind::kSame, b[k]});
  return edits;
}

class Telling {
 public:
  explicit Telling(size_t most) : most_(most) {}

  void add(Kind kind, std::string_view text) {
    if (size_ >= most_) return;
    size_ += text.size();
    if (pieces_.empty() || pieces_.back().kind != kind) pieces_.push_back({kind, {}});
    pieces_.back().text += text;
  }

  void leave_out() {
    if (!pieces_.empty() && pieces_.back().text.ends_with("… ")) return;
    add(Kind::kSame, "… ");
  }

  std::vector<TextPiece> take() {
    if (size_ >= most_) pieces_.push_back({Kind::kSame, "…"});
    return std::move(pieces_);
  }

 private:
  const size_t most_;
  size_t size_ = 0;
  std::vector<TextPiece> pieces_;
};

// The words of paragraphs that changed, with a few around each change.
void tell_words(std::string_view before, std::string_view after, Telling& telling) {
  const auto edits = compare(words_of(before), words_of(after), same_word);
  size_t next_change = 0, since_change = SIZE_MAX / 2;
  for (size_t i = 0; i < edits.size(); ++i) {
    if (edits[i].kind != Kind::kSame) {
      telling.add(edits[i].kind, edits[i].text);
      since_change = 0;
      continue;
    }
    if (next_change <= i) {
      next_change = i;
      while (next_change < edits.size() && edits[next_change].kind == Kind::kSame) ++next_change;
    }
    const bool is_near =
        since_change < kContext || (next_change < edits.size() && next_change - i <= kContext);
    ++since_change;
    is_near ? telling.add(Kind::kSame, edits[i].text) : telling.leave_out();
  }
}

}  // namespace

std::vector<TextPiece> text_diff(std::string_view before, std::string_view after, size_t most) {
  Telling telling(most);
  const auto edits = compare(lines_of(before), lines_of(after), std::equal_to<>());
  for (size_t i = 0; i < edits.size();) {
    if (edits[i].kind == Kind::kSame) {
      telling.leave_out();
      ++i;
      continue;
    }
    std::string removed, added;
    for (; i < edits.size() && edits[i].kind != Kind::kSame; ++i) {
      (edits[i].kind == Kind::kRemoved ? removed : added) += edits[i].text;
    }
    tell_words(removed, added, telling);
  }
  return telling.take();
}

}  // namespace halftone

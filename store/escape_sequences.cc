#include "store/escape_sequences.h"

#include <algorithm>
#include <iterator>

namespace halftone {
namespace {

constexpr std::string_view kAscii = "\x1B(B";
constexpr size_t kSize = 3;

// The escape sequence at `at`; empty where there is none.
std::string_view sequence_at(std::string_view bytes, size_t at) {
  constexpr std::string_view kSequences[] = {kAscii, "\x1B(J", "\x1B(I", "\x1B$@", "\x1B$B"};
  const std::string_view here = bytes.substr(std::min(at, bytes.size()), kSize);
  const auto found = std::find(std::begin(kSequences), std::end(kSequences), here);
  return found == std::end(kSequences) ? std::string_view() : *found;
}

// Which state the bytes up to some place leave, on the way through them.
class State {
 public:
  explicit State(std::string_view bytes) : bytes_(bytes) {}

  void move_to(size_t place) {
    while (at_ < place) {
      const std::string_view sequence = sequence_at(bytes_, at_);
      if (sequence.empty()) {
        ++at_;
        continue;
      }
      before_ = now_;
      now_ = sequence;
      at_ += kSize;
      sequence_end_ = at_;
    }
  }

  std::string_view now() const { return now_; }
  std::string_view before() const { return before_; }  // the latest sequence
  size_t sequence_end() const { return sequence_end_; }

 private:
  std::string_view bytes_, now_ = kAscii, before_ = kAscii;
  size_t at_ = 0, sequence_end_ = 0;
};

void begin_in(std::string& text, std::string_view state) {
  if (state == kAscii) return;
  if (text.starts_with(state)) {
    text.erase(0, kSize);
  } else if (text[0] != '\x1B') {
    text.insert(0, kAscii);
  }
}

// `begun` is the state that the text began in.
void end_in(std::string& text, std::string_view state, std::string_view begun) {
  if (state == kAscii) return;
  if (text.ends_with(kAscii)) text.erase(text.size() - kSize);
  const size_t last = text.rfind('\x1B');
  if (state != (last == text.npos ? begun : sequence_at(text, last))) text += state;
}

}  // namespace

void fit_escape_sequences(std::string_view bytes, std::vector<Edit>& edits) {
  State state(bytes);
  size_t done = 0;
  for (Edit& edit : edits) {
    if (edit.span.from < done || edit.span.to > bytes.size() || edit.text.empty()) continue;
    state.move_to(edit.span.from);
    std::string_view begun = state.now();
    const bool is_behind_sequence = edit.span.from > 0 && state.sequence_end() == edit.span.from;
    if (is_behind_sequence && edit.span.from - kSize >= done) {
      begun = state.before();
      edit.span.from -= kSize;
    }
    state.move_to(edit.span.to);
    done = edit.span.to;
    begin_in(edit.text, begun);
    if (sequence_at(bytes, edit.span.to).empty()) {
      end_in(edit.text, state.now(), begun);
    } else if (edit.text.ends_with(kAscii)) {
      edit.text.erase(edit.text.size() - kSize);
    }
  }
}

}  // namespace halftone

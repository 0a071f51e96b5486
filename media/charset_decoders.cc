#include <algorithm>
#include <optional>

#include "media/charset_codecs.h"
#include "media/utf8.h"

namespace halftone {
namespace {

constexpr char32_t kBad = 0xFFFD;

bool is_between(unsigned byte, unsigned low, unsigned high) { return byte >= low && byte <= high; }

// Collects decoded characters in runs whose members have equal sizes.
class Writer {
 public:
  explicit Writer(std::string_view bytes) : bytes_(bytes) {}

  // The byte at `i`; 0 behind the end.
  unsigned byte(size_t i) const {
    return i < bytes_.size() ? static_cast<unsigned char>(bytes_[i]) : 0;
  }
  size_t size() const { return bytes_.size(); }

  // ASCII from `i` on stands for itself. Returns where it ends.
  size_t ascii(size_t i) {
    const size_t from = i;
    while (i < bytes_.size() && static_cast<unsigned char>(bytes_[i]) < 0x80) ++i;
    if (i > from) {
      flush();
      out_.append(bytes_.substr(from, i - from), {from, i});
    }
    return i;
  }

  // `c` came from the `size` bytes at `from`, which come after all that was added before.
  void add(char32_t c, size_t from, size_t size) {
    const size_t unit = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    if (unit != unit_ || size != source_unit_ || from != next_) {
      flush();
      unit_ = unit;
      source_unit_ = size;
      from_ = from;
    }
    next_ = from + size;
    if (unit == 3) {
      const char bytes[] = {static_cast<char>(0xE0 | c >> 12),
                            static_cast<char>(0x80 | (c >> 6 & 0x3F)),
                            static_cast<char>(0x80 | (c & 0x3F))};
      run_.append(bytes, 3);
    } else {
      append_utf8(run_, c);
    }
  }

  // One unit of several characters.
  void add_text(std::string_view text, size_t from, size_t size) {
    flush();
    out_.append(text, {from, from + size});
  }

  SourceText finish() && {
    flush();
    return std::move(out_);
  }

 private:
  void flush() {
    out_.append_units(run_, unit_, from_, source_unit_);
    run_.clear();
    unit_ = 0;
  }

  std::string_view bytes_;
  SourceText out_ = SourceText::decoded();
  std::string run_;
  size_t unit_ = 0, source_unit_ = 0, from_ = 0, next_ = 0;
};

// `step(writer, i)` decodes what begins with the byte at `i`, which is not ASCII, and returns how
// many bytes that was.
template <class Step>
SourceText decode_each(std::string_view bytes, Step step) {
  Writer writer(bytes);
  for (size_t i = 0; (i = writer.ascii(i)) < bytes.size();) i += step(writer, i);
  return std::move(writer).finish();
}

// U+FFFD for a lead whose trail makes no character with it. An ASCII trail counts again, so that
// no lead hides a quote or a bracket.
size_t add_bad_pair(Writer& writer, size_t i) {
  const bool keeps_trail = i + 1 >= writer.size() || writer.byte(i + 1) < 0x80;
  const size_t size = keeps_trail ? 1 : 2;
  writer.add(kBad, i, size);
  return size;
}

size_t add_pair(Writer& writer, size_t i, char32_t c) {
  if (c == 0) return add_bad_pair(writer, i);
  writer.add(c, i, 2);
  return 2;
}

size_t add_byte(Writer& writer, size_t i, char32_t c) {
  writer.add(c, i, 1);
  return 1;
}

char32_t gb18030_four_bytes(size_t pointer) {
  if (pointer >= 189000 && pointer <= 1237575)
    return static_cast<char32_t>(pointer - 189000 + 0x10000);
  return gb18030_ranges().at(pointer);
}

// At a lead and a digit. What is not in the form of four bytes ends as a lead alone.
size_t gb18030_long_step(Writer& writer, size_t i) {
  const size_t left = writer.size() - i;
  const unsigned third = writer.byte(i + 2), fourth = writer.byte(i + 3);
  const bool is_cut = left < 3 || (left == 3 && is_between(third, 0x81, 0xFE));
  const bool has_form = is_between(third, 0x81, 0xFE) && is_between(fourth, '0', '9');
  if (!is_cut && !has_form) return add_byte(writer, i, kBad);
  const size_t size = std::min<size_t>(left, 4);
  const size_t pointer = ((writer.byte(i) - 0x81) * 10 + writer.byte(i + 1) - '0') * 1260 +
                         (third - 0x81) * 10 + fourth - '0';
  const char32_t c = is_cut ? 0 : gb18030_four_bytes(pointer);
  writer.add(c == 0 ? kBad : c, i, size);
  return size;
}

// "gb18030 decoder", which is GBK's, too.
size_t gb18030_step(const CharsetIndex& index, Writer& writer, size_t i) {
  const unsigned lead = writer.byte(i), trail = writer.byte(i + 1);
  if (lead == 0x80) return add_byte(writer, i, 0x20AC);
  if (lead == 0xFF) return add_byte(writer, i, kBad);
  if (is_between(trail, '0', '9')) return gb18030_long_step(writer, i);
  const bool has_form = is_between(trail, 0x40, 0x7E) || is_between(trail, 0x80, 0xFE);
  const size_t pointer = (lead - 0x81) * 190 + trail - (trail < 0x7F ? 0x40 : 0x41);
  return add_pair(writer, i, has_form ? index.at(pointer) : 0);
}

// "Big5 decoder": four pointers mean a letter with a mark.
size_t big5_step(const CharsetIndex& index, Writer& writer, size_t i) {
  const unsigned lead = writer.byte(i), trail = writer.byte(i + 1);
  if (!is_between(lead, 0x81, 0xFE)) return add_byte(writer, i, kBad);
  const bool has_form = is_between(trail, 0x40, 0x7E) || is_between(trail, 0xA1, 0xFE);
  if (!has_form) return add_bad_pair(writer, i);
  const size_t pointer = (lead - 0x81) * 157 + trail - (trail < 0x7F ? 0x40 : 0x62);
  const std::string_view marked = pointer == 1133   ? "\u00CA\u0304"
                                  : pointer == 1135 ? "\u00CA\u030C"
                                  : pointer == 1164 ? "\u00EA\u0304"
                                  : pointer == 1166 ? "\u00EA\u030C"
                                                    : "";
  if (marked.empty()) return add_pair(writer, i, index.at(pointer));
  writer.add_text(marked, i, 2);
  return 2;
}

// "EUC-KR decoder".
size_t euc_kr_step(const CharsetIndex& index, Writer& writer, size_t i) {
  const unsigned lead = writer.byte(i), trail = writer.byte(i + 1);
  if (!is_between(lead, 0x81, 0xFE)) return add_byte(writer, i, kBad);
  const size_t pointer = (lead - 0x81) * 190 + trail - 0x41;
  return add_pair(writer, i, is_between(trail, 0x41, 0xFE) ? index.at(pointer) : 0);
}

// "EUC-JP decoder".
size_t euc_jp_step(const CharsetIndex& index, Writer& writer, size_t i) {
  const unsigned lead = writer.byte(i), trail = writer.byte(i + 1);
  if (lead == 0x8E && is_between(trail, 0xA1, 0xDF)) {
    return add_pair(writer, i, 0xFF61 - 0xA1 + trail);
  }
  if (lead == 0x8F && is_between(trail, 0xA1, 0xFE)) {
    const unsigned last = writer.byte(i + 2);
    const size_t pointer = (trail - 0xA1) * 94 + last - 0xA1;
    const char32_t c = is_between(last, 0xA1, 0xFE) ? jis0212_index().at(pointer) : 0;
    const size_t size = last < 0x80 ? 2 : 3;
    writer.add(c == 0 ? kBad : c, i, size);
    return size;
  }
  if (lead != 0x8E && lead != 0x8F && !is_between(lead, 0xA1, 0xFE))
    return add_byte(writer, i, kBad);
  const bool has_form = is_between(lead, 0xA1, 0xFE) && is_between(trail, 0xA1, 0xFE);
  return add_pair(writer, i, has_form ? index.at((lead - 0xA1) * 94 + trail - 0xA1) : 0);
}

// "Shift_JIS decoder".
size_t shift_jis_step(const CharsetIndex& index, Writer& writer, size_t i) {
  const unsigned lead = writer.byte(i), trail = writer.byte(i + 1);
  if (lead == 0x80) return add_byte(writer, i, 0x80);
  if (is_between(lead, 0xA1, 0xDF)) return add_byte(writer, i, 0xFF61 - 0xA1 + lead);
  if (lead == 0xA0 || lead > 0xFC) return add_byte(writer, i, kBad);
  if (!is_between(trail, 0x40, 0x7E) && !is_between(trail, 0x80, 0xFC)) {
    return add_bad_pair(writer, i);
  }
  const size_t pointer =
      (lead - (lead < 0xA0 ? 0x81 : 0xC1)) * 188 + trail - (trail < 0x7F ? 0x40 : 0x41);
  const bool is_private = pointer >= 8836 && pointer <= 10715;
  const char32_t c =
      is_private ? static_cast<char32_t>(0xE000 - 8836 + pointer) : index.at(pointer);
  return add_pair(writer, i, c);
}

// "ISO-2022-JP decoder". A character waits for what follows it.
class Iso2022JpDecoder {
 public:
  explicit Iso2022JpDecoder(std::string_view bytes) : bytes_(bytes) {}

  SourceText run() {
    size_t i = 0;
    while (i < bytes_.size()) i += bytes_[i] == '\x1B' ? escape(i) : character(i);
    flush();
    return std::move(out_);
  }

 private:
  enum class State { kAscii, kRoman, kKatakana, kTwoBytes };

  size_t escape(size_t i) {
    const std::string_view sequence = bytes_.substr(i + 1, 2);
    std::optional<State> state;
    if (sequence == "(B") state = State::kAscii;
    if (sequence == "(J") state = State::kRoman;
    if (sequence == "(I") state = State::kKatakana;
    if (sequence == "$@" || sequence == "$B") state = State::kTwoBytes;
    // Two escape sequences in a row: the first one was for nothing, and may hide something.
    const bool is_bad = !state || wrote_nothing_;
    if (is_bad) add(kBad, i, state ? 3 : 1);
    wrote_nothing_ = state.has_value();
    if (!state) return 1;
    const bool ends = *state == State::kAscii || *state == State::kRoman;
    if (ends && !is_bad && pending_ && pending_span_.to == i) pending_span_.to = i + 3;
    state_ = *state;
    return 3;
  }

  size_t character(size_t i) {
    wrote_nothing_ = false;
    const unsigned byte = at(i);
    if (state_ == State::kAscii || state_ == State::kRoman) {
      const bool is_bad = byte == 0x0E || byte == 0x0F || byte > 0x7F;
      const char32_t roman = byte == 0x5C ? 0xA5 : byte == 0x7E ? 0x203E : byte;
      return add(is_bad ? kBad : state_ == State::kRoman ? roman : byte, i, 1);
    }
    if (state_ == State::kKatakana) {
      return add(is_between(byte, 0x21, 0x5F) ? 0xFF61 - 0x21 + byte : kBad, i, 1);
    }
    if (!is_between(byte, 0x21, 0x7E)) return add(kBad, i, 1);
    if (i + 1 >= bytes_.size() || bytes_[i + 1] == '\x1B') return add(kBad, i, 1);
    const unsigned trail = at(i + 1);
    const size_t pointer = (byte - 0x21) * 94 + trail - 0x21;
    const char32_t c = is_between(trail, 0x21, 0x7E) ? jis0208_index().at(pointer) : 0;
    return add(c == 0 ? kBad : c, i, 2);
  }

  unsigned at(size_t i) const { return static_cast<unsigned char>(bytes_[i]); }

  size_t add(char32_t c, size_t from, size_t size) {
    flush();
    pending_ = c;
    pending_span_ = {from, from + size};
    return size;
  }

  void flush() {
    if (!pending_) return;
    std::string text;
    append_utf8(text, *pending_);
    out_.append(text, pending_span_);
    pending_.reset();
  }

  std::string_view bytes_;
  SourceText out_ = SourceText::decoded();
  State state_ = State::kAscii;
  bool wrote_nothing_ = false;  // since the last escape sequence
  std::optional<char32_t> pending_;
  Span pending_span_;
};

}  // namespace

SourceText decode_single_byte(std::string_view bytes, const ByteIndex& index) {
  return decode_each(bytes, [&](Writer& writer, size_t i) {
    const char16_t c = index[writer.byte(i) - 0x80];
    return add_byte(writer, i, c == 0 ? kBad : c);
  });
}

SourceText decode_gb18030(std::string_view bytes) {
  const CharsetIndex& index = gb18030_index();
  return decode_each(bytes, [&](Writer& w, size_t i) { return gb18030_step(index, w, i); });
}

SourceText decode_big5(std::string_view bytes) {
  const CharsetIndex& index = big5_index();
  return decode_each(bytes, [&](Writer& w, size_t i) { return big5_step(index, w, i); });
}

SourceText decode_euc_kr(std::string_view bytes) {
  const CharsetIndex& index = euc_kr_index();
  return decode_each(bytes, [&](Writer& w, size_t i) { return euc_kr_step(index, w, i); });
}

SourceText decode_euc_jp(std::string_view bytes) {
  const CharsetIndex& index = jis0208_index();
  return decode_each(bytes, [&](Writer& w, size_t i) { return euc_jp_step(index, w, i); });
}

SourceText decode_shift_jis(std::string_view bytes) {
  const CharsetIndex& index = jis0208_index();
  return decode_each(bytes, [&](Writer& w, size_t i) { return shift_jis_step(index, w, i); });
}

SourceText decode_iso_2022_jp(std::string_view bytes) { return Iso2022JpDecoder(bytes).run(); }

SourceText decode_utf16(std::string_view bytes, size_t from, bool big_endian) {
  Writer writer(bytes);
  const auto unit = [&](size_t i) -> char32_t {
    return big_endian ? writer.byte(i) << 8 | writer.byte(i + 1)
                      : writer.byte(i + 1) << 8 | writer.byte(i);
  };
  for (size_t i = from; i < bytes.size();) {
    const size_t size = std::min<size_t>(bytes.size() - i, 2);
    const char32_t c = unit(i);
    const bool is_half = c >= 0xD800 && c <= 0xDFFF;
    const char32_t next = i + 4 <= bytes.size() ? unit(i + 2) : 0;
    if (is_half && c < 0xDC00 && next >= 0xDC00 && next <= 0xDFFF) {
      writer.add(0x10000 + ((c - 0xD800) << 10) + (next - 0xDC00), i, 4);
      i += 4;
    } else {
      writer.add(is_half || size == 1 ? kBad : c, i, size);
      i += size;
    }
  }
  return std::move(writer).finish();
}

}  // namespace halftone

#include "media/source_text.h"

#include <algorithm>

namespace halftone {

Span SourceText::source(size_t from, size_t to) const {
  if (!mapped_) return {origin_ + from, origin_ + std::max(from, to)};
  if (pieces_.empty()) return {};
  const auto begin_of = [&](size_t position) {
    const Piece& piece = piece_at(position);
    return piece.from + (position - piece.at) / piece.unit * piece.source_unit;
  };
  const auto end_of = [&](size_t position) {
    return begin_of(position) + piece_at(position).source_unit;
  };
  const size_t size = text().size();
  if (from >= size) return {end_of(size - 1), end_of(size - 1)};
  if (to <= from) return {begin_of(from), begin_of(from)};
  return {begin_of(from), end_of(std::min(to, size) - 1)};
}

const SourceText::Piece& SourceText::piece_at(size_t position) const {
  const auto after = std::upper_bound(pieces_.begin(), pieces_.end(), position,
                                      [](size_t p, const Piece& piece) { return p < piece.at; });
  return *std::prev(after);
}

void SourceText::append(std::string_view bytes, Span from) {
  if (bytes.size() == from.size()) return append_units(bytes, 1, from.from, 1);
  append_units(bytes, bytes.size(), from.from, from.size());
}

void SourceText::append_units(std::string_view bytes, size_t unit, size_t from,
                              size_t source_unit) {
  if (bytes.empty()) return;
  if (unit == source_unit) unit = source_unit = 1;
  bool joins = false;
  if (!pieces_.empty()) {
    const Piece& last = pieces_.back();
    const size_t runs = (owned_.size() - last.at) / last.unit;
    joins = last.unit == unit && last.source_unit == source_unit &&
            last.from + runs * source_unit == from;
  }
  if (!joins) pieces_.push_back({owned_.size(), from, unit, source_unit});
  owned_.append(bytes);
}

SourceText SourceText::through(const SourceText& outer) const {
  SourceText out = decoded();
  const std::string_view all = text();
  if (!mapped_) {
    out.append_run(all, origin_, outer);
    return out;
  }
  for (size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& piece = pieces_[i];
    const size_t end = i + 1 < pieces_.size() ? pieces_[i + 1].at : all.size();
    if (piece.unit == 1 && piece.source_unit == 1) {
      out.append_run(all.substr(piece.at, end - piece.at), piece.from, outer);
      continue;
    }
    size_t from = piece.from;
    for (size_t at = piece.at; at < end; at += piece.unit, from += piece.source_unit) {
      out.append(all.substr(at, piece.unit), outer.source(from, from + piece.source_unit));
    }
  }
  return out;
}

// `bytes` stand in `outer` at `from`, byte by byte; each run of outer's own pieces is kept as one.
void SourceText::append_run(std::string_view bytes, size_t from, const SourceText& outer) {
  const size_t to = from + bytes.size();
  for (size_t at = from; at < to;) {
    size_t end = to;
    if (outer.mapped_) {
      const Piece& piece = outer.piece_at(at);
      const bool is_last = &piece == &outer.pieces_.back();
      const size_t piece_end = is_last ? outer.text().size() : (&piece + 1)->at;
      const bool is_plain = piece.unit == 1 && piece.source_unit == 1;
      const size_t unit_end = at + piece.unit - (at - piece.at) % piece.unit;
      end = std::min(to, is_plain ? piece_end : unit_end);
    }
    append(bytes.substr(at - from, end - at), outer.source(at, end));
    at = end;
  }
}

SourceText SourceText::slice(size_t from, size_t to) const {
  SourceText part(text().substr(from, to - from), origin_ + from);
  if (!mapped_) return part;
  part.mapped_ = true;
  if (part.view_.empty()) {
    const size_t at = source(from, from).from;
    part.pieces_.clear();
    part.mapped_ = false;
    part.origin_ = at;
    return part;
  }
  for (const Piece* piece = &piece_at(from);
       piece != pieces_.data() + pieces_.size() && piece->at < to; ++piece) {
    Piece copy = *piece;
    if (copy.at < from) {
      const size_t skipped = (from - copy.at) / copy.unit;
      copy.from += skipped * copy.source_unit;
      copy.at += skipped * copy.unit;
    }
    copy.at = std::max(copy.at, from) - from;
    part.pieces_.push_back(copy);
  }
  return part;
}

}  // namespace halftone

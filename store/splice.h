// Replacing pieces of a document and leaving every other byte as it is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/charset.h"

namespace halftone {

// Bytes [span.from, span.to) give way to `text`; an empty span inserts.
struct Edit {
  Span span;
  std::string text;
};

inline bool comes_before(const Edit& a, const Edit& b) { return a.span.from < b.span.from; }

// In order of place; those at the same place keep theirs.
void sort_edits(std::vector<Edit>& edits);

// Edits in order of place and `more` of them, those at the same place behind what is there.
void add_edits(std::vector<Edit>& edits, std::vector<Edit> more);

// Carries out the edits in order of place, those at the same place in order of the vector. An edit
// that overlaps one before it, or that reaches past the end, is left out.
std::string splice(std::string_view bytes, std::vector<Edit> edits);

}  // namespace halftone

// Recipes that users define: `name = WxH, crop, format, quality`.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"
#include "media/image.h"

namespace halftone {

// Owns what its recipes refer to; they live as long as it does.
class RecipeBook {
 public:
  RecipeBook() = default;
  RecipeBook(const RecipeBook&) = delete;
  RecipeBook& operator=(const RecipeBook&) = delete;

  // "card = 600x400, crop, webp, 80". The size comes first: a box that the picture fits in, or with
  // "crop" one that it fills around its subject; "600" or "600x" is a width alone. Then, in any
  // order and where wanted: "jpeg", "webp" or "png" (else what suits the picture), and the quality
  // of JPEG and WebP from 1 to 100 (else 82). Blanks count for nothing.
  //
  // The recipe's key has all of it, so that it is another recipe once it is written differently:
  // "card@1,600x400,crop,webp,80". kUsage: what is wrong, and what would be right.
  Result<const Recipe*> define(std::string_view definition);

 private:
  std::deque<std::string> texts_;
  std::deque<Recipe> recipes_;
};

}  // namespace halftone

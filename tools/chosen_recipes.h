// The recipes that --recipe names.
#pragma once

#include <string>
#include <vector>

#include "media/recipe_book.h"

namespace halftone {

// Those of `named`, each once; the usual ones where nothing is named. `book` keeps what is defined
// there: NAME=SIZE,…. kUsage: there is no such recipe, or none can be made of it.
Result<std::vector<const Recipe*>> chosen_recipes(const std::vector<std::string>& named,
                                                  RecipeBook& book);

}  // namespace halftone

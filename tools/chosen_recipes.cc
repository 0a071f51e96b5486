#include "tools/chosen_recipes.h"

#include <algorithm>

#include "store/derive.h"

namespace halftone {
namespace {

Result<const Recipe*> recipe_of(const std::string& named, RecipeBook& book) {
  if (named.find('=') != std::string::npos) return book.define(named);
  if (const Recipe* recipe = find_recipe(named)) return recipe;
  std::string known;
  for (const Recipe& one : recipes()) known += fmt::format(" {}", one.name);
  return fail(ErrorCode::kUsage,
              "there is no recipe {}; there are:{}, and those that you define, as in "
              "--recipe card=600x400,crop,webp,80",
              named, known);
}

}  // namespace

Result<std::vector<const Recipe*>> chosen_recipes(const std::vector<std::string>& named,
                                                  RecipeBook& book) {
  if (named.empty()) return usual_recipes();
  std::vector<const Recipe*> chosen;
  for (const std::string& name : named) {
    const auto recipe = recipe_of(name, book);
    if (!recipe) return tl::unexpected(recipe.error());
    if (std::ranges::find(chosen, *recipe) == chosen.end()) chosen.push_back(*recipe);
  }
  return chosen;
}

}  // namespace halftone

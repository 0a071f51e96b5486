#include <array>

#include "media/image.h"

namespace halftone {

namespace {

constexpr std::array<Recipe, 2> kRecipes = {{
    {.name = "thumb", .version = 1, .width = 320, .height = 0, .crop = false},
    {.name = "header", .version = 1, .width = 1200, .height = 630, .crop = true},
}};

}  // namespace

std::string Recipe::key() const { return fmt::format("{}@{}", name, version); }

std::span<const Recipe> recipes() { return kRecipes; }

const Recipe* find_recipe(std::string_view name) {
  for (const Recipe& recipe : kRecipes) {
    if (recipe.name == name) return &recipe;
  }
  return nullptr;
}

}  // namespace halftone

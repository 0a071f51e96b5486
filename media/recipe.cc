#include <array>

#include "media/image.h"

namespace halftone {

namespace {

// Boxes are in pixels, none is filled by scaling up: of a smaller picture a header keeps the
// proportions alone. What comes out of a row must stay the same until its version is raised.
constexpr std::array<Recipe, 5> kRecipes = {{
    // In galleries and lists; @2x for screens of double density.
    {.name = "thumb", .version = 3, .width = 320, .height = 0, .crop = false, .most_frames = 60},
    {.name = "thumb@2x",
     .version = 2,
     .width = 640,
     .height = 0,
     .crop = false,
     .most_frames = 60,
     .when_asked = true},
    // Above an article, and where a link to it is shared.
    {.name = "header",
     .version = 3,
     .width = 1200,
     .height = 630,
     .crop = true,
     .leads_only = true},
    // The whole picture at a size for pages: front matter's headimg.
    {.name = "lead",
     .version = 2,
     .width = 1200,
     .height = 0,
     .crop = false,
     .leads_only = true,
     .when_asked = true},
    // What a video shows before it plays.
    {.name = "poster", .version = 1, .width = 1280, .height = 0, .crop = false, .of_video = true},
}};

}  // namespace

std::string Recipe::key() const {
  const std::string key = fmt::format("{}@{}", name, version);
  return definition.empty() ? key : fmt::format("{},{}", key, definition);
}

std::span<const Recipe> recipes() { return kRecipes; }

const Recipe* find_recipe(std::string_view name) {
  for (const Recipe& recipe : kRecipes) {
    if (recipe.name == name) return &recipe;
  }
  return nullptr;
}

}  // namespace halftone

#include "media/recipe_book.h"

#include "tests/support/catch.h"

using namespace halftone;

TEST_CASE("a recipe is defined by name, size, crop, format and quality", "[media][recipe]") {
  struct Row {
    const char* text;
    const char* key;
  };
  const Row rows[] = {
      {"card = 600x400, crop, webp, 80", "card@2,600x400,crop,webp,80"},
      {"card=600x400,80,webp,crop", "card@2,600x400,crop,webp,80"},
      {"wide=800", "wide@2,800,82"},
      {"wide=800x", "wide@2,800,82"},
      {"box_2=100 x 200,jpg", "box_2@2,100x200,jpeg,82"},
      {"lossless=50x50,png", "lossless@2,50x50,png,82"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.text) {
      RecipeBook book;
      const auto recipe = book.define(row.text);
      REQUIRE(recipe);
      CHECK((*recipe)->key() == row.key);
    }
  }
}

TEST_CASE("a definition that is wrong says what would be right", "[media][recipe]") {
  struct Row {
    const char* text;
    const char* told;
  };
  const Row rows[] = {
      {"thumb=100", "thumb is one of halftone's own"},
      {"=100", "its name is"},
      {"a b=100", "its name is"},
      {"9=100", "its name is"},
      {"a@1=100", "its name is"},
      {"card=", " is no size"},
      {"card", " is no size"},
      {"card=0x100", "0x100 is no size"},
      {"card=100x0", "100x0 is no size"},
      {"card=99999", "99999 is no size"},
      {"card=-5x5", "-5x5 is no size"},
      {"card=5x5x5", "5x5x5 is no size"},
      {"card=600x400,gif", "gif is neither crop, nor jpeg, png or webp"},
      {"card=600x400,0", "0 is neither"},
      {"card=600x400,101", "101 is neither"},
      {"card=600x400,", "nothing is neither"},
      {"card=600,crop", "crop needs a width and a height"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.text) {
      RecipeBook book;
      const auto recipe = book.define(row.text);
      REQUIRE_FALSE(recipe);
      CHECK(recipe.error().code == ErrorCode::kUsage);
      CHECK(recipe.error().message.find(row.told) != std::string::npos);
      CHECK(recipe.error().message.find(row.text) != std::string::npos);
    }
  }
  RecipeBook book;
  REQUIRE(book.define("card=1"));
  const auto again = book.define("card=2");
  REQUIRE_FALSE(again);
  CHECK(again.error().message.find("another of that name") != std::string::npos);
}

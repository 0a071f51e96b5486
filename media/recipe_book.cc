#include "media/recipe_book.h"

#include <algorithm>
#include <optional>

#include "media/ascii.h"

namespace halftone {

namespace {

// Raised when the same definition comes to make other pictures.
constexpr int kVersion = 2;

constexpr uint32_t kMostSide = 16'383;  // of what WebP can hold
constexpr size_t kLongestName = 40;
constexpr const char* kExample = "as in card=600x400,crop,webp,80";

std::optional<uint32_t> number(std::string_view text) {
  if (text.empty() || text.size() > 6) return std::nullopt;
  uint32_t value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<uint32_t>(c - '0');
  }
  return value;
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && is_alpha(name[0]) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_alpha(c) || is_digit(c) || c == '-' || c == '_'; });
}

std::vector<std::string_view> split(std::string_view list) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t comma = list.find(',');
    parts.push_back(trim(list.substr(0, comma)));
    if (comma == std::string_view::npos) return parts;
    list.remove_prefix(comma + 1);
  }
}

Result<void> read_size(std::string_view text, Recipe& recipe) {
  const size_t x = text.find('x');
  const auto width = number(trim(text.substr(0, x)));
  const std::string_view rest = x == std::string_view::npos ? "" : trim(text.substr(x + 1));
  const auto height = rest.empty() ? std::optional<uint32_t>(0) : number(rest);
  const bool is_sound = width && height && *width > 0 && *width <= kMostSide &&
                        *height <= kMostSide && (rest.empty() || *height > 0);
  if (!is_sound) {
    return fail(ErrorCode::kUsage, "{} is no size: it comes first, in pixels up to {}, {}", text,
                kMostSide, kExample);
  }
  recipe.width = *width;
  recipe.height = *height;
  return {};
}

// A word after the size.
Result<void> read_word(std::string_view word, Recipe& recipe) {
  if (word == "crop") {
    recipe.crop = true;
    return {};
  }
  for (const std::string_view format : {"jpeg", "png", "webp"}) {
    if (word != format && !(word == "jpg" && format == "jpeg")) continue;
    recipe.format = format;
    return {};
  }
  const auto quality = number(word);
  if (!quality || *quality < 1 || *quality > 100) {
    return fail(ErrorCode::kUsage,
                "{} is neither crop, nor jpeg, png or webp, nor a quality from 1 to 100; {}",
                word.empty() ? "nothing" : word, kExample);
  }
  recipe.quality = static_cast<int>(*quality);
  return {};
}

std::string written(const Recipe& recipe) {
  std::string text = recipe.height == 0 ? fmt::format("{}", recipe.width)
                                        : fmt::format("{}x{}", recipe.width, recipe.height);
  if (recipe.crop) text += ",crop";
  if (!recipe.format.empty()) text += fmt::format(",{}", recipe.format);
  return text + fmt::format(",{}", recipe.quality);
}

}  // namespace

Result<const Recipe*> RecipeBook::define(std::string_view definition) {
  const size_t equals = std::min(definition.find('='), definition.size());
  const std::string_view name = trim(definition.substr(0, equals));
  const auto wrong = [&](const std::string& why) {
    return fail(ErrorCode::kUsage, "the recipe {}: {}", trim(definition), why);
  };
  if (!is_name(name)) {
    return wrong(fmt::format(
        "its name is up to {} letters, digits, - and _, beginning with a letter", kLongestName));
  }
  if (find_recipe(name)) return wrong(fmt::format("{} is one of halftone's own", name));
  Recipe recipe{
      .name = {}, .version = kVersion, .width = 0, .height = 0, .crop = false, .most_frames = 60};
  const auto parts = split(definition.substr(std::min(equals + 1, definition.size())));
  if (auto read = read_size(parts[0], recipe); !read) return wrong(read.error().message);
  for (size_t i = 1; i < parts.size(); ++i)
    if (auto read = read_word(parts[i], recipe); !read) return wrong(read.error().message);
  if (recipe.crop && recipe.height == 0) return wrong("crop needs a width and a height");
  for (const Recipe& known : recipes_)
    if (known.name == name) return wrong("there is another of that name");
  recipe.name = texts_.emplace_back(name);
  recipe.definition = texts_.emplace_back(written(recipe));
  return &recipes_.emplace_back(recipe);
}

}  // namespace halftone

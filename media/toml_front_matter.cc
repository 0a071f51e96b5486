#include <algorithm>
#include <sstream>

#include <toml++/toml.h>

#include "media/front_matter_readers.h"

namespace halftone {
namespace {

// Where toml++'s lines and columns, which count characters, are in the text.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {
    lines_.push_back(0);
    for (size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '\n') lines_.push_back(at + 1);
    }
  }

  size_t offset(const toml::source_position& position) const {
    if (position.line == 0 || position.line > lines_.size()) return text_.size();
    size_t at = lines_[position.line - 1];
    for (size_t column = 1; column < position.column && at < text_.size(); ++column) {
      ++at;
      while (at < text_.size() && (static_cast<unsigned char>(text_[at]) & 0xC0) == 0x80) ++at;
    }
    return at;
  }

 private:
  std::string_view text_;
  std::vector<size_t> lines_;
};

struct Written {
  Span span;
  Escape escape = Escape::kTomlBasic;
};

// How the string that begins with the quote at `at` is written; nothing for one of several lines.
Written find_written(std::string_view toml, size_t at, std::string_view value) {
  if (at >= toml.size()) return {};
  const char quote = toml[at];
  if ((quote != '"' && quote != '\'') || toml.substr(at, 3) == std::string(3, quote)) return {};
  size_t end = at + 1;
  bool has_escapes = false;
  for (; end < toml.size() && toml[end] != quote && toml[end] != '\n'; ++end) {
    if (quote != '"' || toml[end] != '\\') continue;
    has_escapes = true;
    ++end;
  }
  if (end >= toml.size() || toml[end] != quote) return {};
  if (!has_escapes && toml.substr(at + 1, end - at - 1) != value) return {};
  return {{at + 1, end}, quote == '"' ? Escape::kTomlBasic : Escape::kTomlLiteral};
}

// Passes a tree on in order of writing. toml++ bounds its depth.
class Walker {
 public:
  Walker(const FrontMatterText& text, FrontMatterBuilder& builder)
      : toml_(text.text), origin_(text.origin), places_(text.text), builder_(builder) {}

  void walk(const toml::node& node) {
    if (!builder_.problem().empty()) return;
    if (const toml::table* table = node.as_table()) return walk_table(*table);
    if (const toml::array* array = node.as_array()) {
      builder_.open_list();
      for (const toml::node& item : *array) walk(item);
      return builder_.close();
    }
    if (const auto* string = node.as_string()) {
      const Written written =
          find_written(toml_, places_.offset(node.source().begin), string->get());
      Span span;
      if (written.span.size() > 0) span = {origin_ + written.span.from, origin_ + written.span.to};
      return builder_.scalar(string->get(), span, written.escape);
    }
    std::ostringstream text;
    node.visit([&](const auto& value) {
      if constexpr (!toml::is_container<decltype(value)>) text << value;
    });
    builder_.scalar(text.str(), {}, Escape::kTomlBasic);
  }

 private:
  void walk_table(const toml::table& table) {
    std::vector<std::pair<const toml::key*, const toml::node*>> members;
    for (const auto& [key, value] : table) members.emplace_back(&key, &value);
    std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) {
      return a.first->source().begin < b.first->source().begin;
    });
    builder_.open_map();
    for (const auto& [key, value] : members) {
      if (!builder_.problem().empty()) return;
      builder_.key(key->str());
      walk(*value);
    }
    builder_.close();
  }

  std::string_view toml_;
  size_t origin_;
  Places places_;
  FrontMatterBuilder& builder_;
};

}  // namespace

Result<void> read_toml(const FrontMatterText& text, FrontMatterBuilder& builder) {
  try {
    const toml::table table = toml::parse(text.text);
    Walker(text, builder).walk(table);
  } catch (const toml::parse_error& error) {
    const size_t line = text.first_line + std::max<size_t>(error.source().begin.line, 1) - 1;
    return fail(ErrorCode::kInvalid, "front matter, line {}: {}", line, error.description());
  }
  if (!builder.problem().empty()) {
    return fail(ErrorCode::kInvalid, "front matter, line {}: {}", text.first_line,
                builder.problem());
  }
  return {};
}

}  // namespace halftone

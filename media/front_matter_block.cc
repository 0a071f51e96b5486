#include "media/front_matter_block.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>

#include <fmt/format.h>

#include "media/ascii.h"

namespace halftone {
namespace {

using Language = FrontMatterBlock::Language;

constexpr size_t kMaxBlock = 256 * 1024;

// What Hexo's front matter begins with where its first --- is missing. Any other word before a
// colon may begin a heading that the --- underlines.
constexpr std::string_view kFirstKeys[] = {"title",    "date",   "layout",     "tags",
                                           "author",   "status", "categories", "category",
                                           "comments", "id",     "permalink",  "updated"};

size_t line_end(std::string_view text, size_t at) {
  const size_t end = text.find('\n', at);
  return end == text.npos ? text.size() : end + 1;
}

// A line without the blanks behind it.
std::string_view line_at(std::string_view text, size_t at) {
  std::string_view line = text.substr(at, line_end(text, at) - at);
  while (!line.empty() && is_space(line.back())) line.remove_suffix(1);
  return line;
}

FrontMatterBlock unsound(std::string problem) {
  FrontMatterBlock block;
  block.problem = std::move(problem);
  return block;
}

// The block whose content begins at block.content.from and ends before one of these lines.
FrontMatterBlock closed(std::string_view text, FrontMatterBlock block,
                        std::initializer_list<std::string_view> ends) {
  const size_t line = std::max<size_t>(block.first_line, 2) - 1;
  for (size_t at = block.content.from; at < text.size(); at = line_end(text, at)) {
    block.content.to = at;
    if (block.content.size() > kMaxBlock) {
      return unsound(fmt::format(
          "front matter that begins in line {} is longer than {} KiB; end it with a line {}", line,
          kMaxBlock / 1024, *ends.begin()));
    }
    if (std::find(ends.begin(), ends.end(), line_at(text, at)) == ends.end()) continue;
    block.whole.to = line_end(text, at);
    return block;
  }
  return unsound(fmt::format("front matter begins in line {} but never ends; end it with a line {}",
                             line, *ends.begin()));
}

// JSON in braces, which end it.
std::optional<FrontMatterBlock> braced(std::string_view text, FrontMatterBlock block) {
  size_t at = block.whole.from + 1;
  while (at < text.size() && is_space(text[at])) ++at;
  if (at >= text.size() || (text[at] != '"' && text[at] != '}')) return std::nullopt;
  size_t depth = 0;
  const size_t limit = std::min(text.size(), block.whole.from + kMaxBlock);
  for (at = block.whole.from; at < limit; ++at) {
    if (text[at] == '"') {
      for (++at; at < limit && text[at] != '"' && text[at] != '\n'; ++at) at += text[at] == '\\';
    } else if (text[at] == '{') {
      ++depth;
    } else if (text[at] == '}' && --depth == 0) {
      block.content = {block.whole.from, at + 1};
      block.whole.to = at + 1;
      if (line_at(text, at + 1).empty()) block.whole.to = line_end(text, at + 1);
      return block;
    }
  }
  return unsound(
      fmt::format("front matter begins in line {} but its braces are never closed; close them",
                  block.first_line));
}

bool may_stand_in_yaml(std::string_view line) {
  if (line.empty() || is_space(line[0]) || line[0] == '-' || line[0] == '#') return true;
  const size_t colon = line.find(':');
  return colon != line.npos && colon > 0 && (colon + 1 == line.size() || is_space(line[colon + 1]));
}

// YAML that begins with a well-known key and ends before a line ---, or JSON before a line ;;;.
std::optional<FrontMatterBlock> unopened(std::string_view text, FrontMatterBlock block) {
  const std::string_view first = line_at(text, block.whole.from);
  const bool json = first.starts_with('"');
  const std::string key = lower_case(first.substr(0, first.find(':')));
  const bool known =
      std::find(std::begin(kFirstKeys), std::end(kFirstKeys), key) != std::end(kFirstKeys);
  if (!json && !known) return std::nullopt;
  block.language = json ? Language::kJson : Language::kYaml;
  block.content.from = block.whole.from;
  const size_t limit = std::min(text.size(), block.whole.from + kMaxBlock);
  for (size_t at = block.whole.from; at < limit; at = line_end(text, at)) {
    const std::string_view line = line_at(text, at);
    if (line == (json ? ";;;" : "---")) {
      block.content.to = at;
      block.whole.to = line_end(text, at);
      return block;
    }
    if (!json && !may_stand_in_yaml(line)) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<FrontMatterBlock> find_front_matter_block(std::string_view text) {
  FrontMatterBlock block;
  size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (; at < text.size() && line_at(text, at).empty(); at = line_end(text, at)) {
    ++block.first_line;
  }
  block.whole.from = at;
  const std::string_view first = line_at(text, at);
  if (first.starts_with('{')) {
    block.language = Language::kJson;
    return braced(text, block);
  }
  if (first != "---" && first != "+++" && first != ";;;") return unopened(text, block);
  block.content.from = line_end(text, at);
  ++block.first_line;
  if (first == "---") return closed(text, block, {"---", "..."});
  block.language = first == "+++" ? Language::kToml : Language::kJson;
  return closed(text, block, {first});
}

}  // namespace halftone

#include "media/front_matter.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "media/ascii.h"
#include "media/front_matter_block.h"
#include "media/front_matter_readers.h"
#include "media/yaml_scalar.h"

namespace halftone {
namespace {

// Of the character at `at`; 0 where the bytes there are none.
size_t utf8_length(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  const size_t length = lead < 0x80    ? 1
                        : lead >= 0xF0 ? 4
                        : lead >= 0xE0 ? 3
                        : lead >= 0xC2 ? 2
                                       : 0;
  if (length == 0 || lead > 0xF4 || at + length > text.size()) return 0;
  uint32_t c = length == 1 ? lead : lead & (0x7F >> length);
  for (size_t i = at + 1; i < at + length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    c = c << 6 | (byte(i) & 0x3F);
  }
  const bool overlong = (length == 3 && c < 0x800) || (length == 4 && c < 0x10000);
  return overlong || (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF ? 0 : length;
}

// The readers count what they pass on, so nothing may change in size on the way: what they would
// refuse, replace or leave out is replaced here.
std::string made_safe(std::string_view yaml) {
  std::string out;
  out.reserve(yaml.size());
  for (size_t at = 0; at < yaml.size();) {
    const size_t length = utf8_length(yaml, at);
    const char c = yaml[at];
    if (length == 0 || (is_control(c) && !is_space(c))) {
      out += '_';
      ++at;
    } else {
      out += at == 0 && yaml.starts_with("\xEF\xBB\xBF") ? "   " : yaml.substr(at, length);
      at += length;
    }
  }
  return out;
}

Result<void> read_strictly(FrontMatterBlock::Language language, const FrontMatterText& text,
                           FrontMatterBuilder& builder) {
  using enum FrontMatterBlock::Language;
  if (language == kToml) return read_toml(text, builder);
  if (language == kJson) return read_json(text, builder);
  return read_yaml(text, builder);
}

}  // namespace

const FrontMatterValue* FrontMatter::find(std::string_view key) const {
  for (const FrontMatterValue& entry : entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

std::string FrontMatter::get(std::string_view key) const {
  const FrontMatterValue* entry = find(key);
  return entry && !entry->values.empty() ? entry->values.front() : std::string();
}

FrontMatter parse_front_matter(std::string_view markdown) {
  FrontMatter result;
  const auto block = find_front_matter_block(markdown);
  if (!block) return result;
  if (!block->problem.empty()) {
    result.warnings.push_back(block->problem);
    return result;
  }
  const std::string content =
      made_safe(markdown.substr(block->content.from, block->content.size()));
  const FrontMatterText text{content, block->content.from, block->first_line};
  FrontMatterBuilder builder;
  const auto read = read_strictly(block->language, text, builder);
  if (!read) {
    result.warnings.push_back(read.error().message + "; its plain lines are read all the same");
    builder = FrontMatterBuilder();
    read_plain_lines(text, builder);
  }
  if (!builder.is_mapping()) return {};
  for (const std::string& key : builder.repeated()) {
    result.warnings.push_back(
        fmt::format("front matter: {} is written twice; the last one counts", key));
  }
  result.block = block->whole;
  result.entries = std::move(builder).take();
  return result;
}

std::optional<Time> front_matter_date(const FrontMatter& front_matter) {
  constexpr std::string_view kKeys[] = {
      "date",    "published", "publishDate", "pubDate",    "publish_date", "published_at",
      "created", "createdAt", "created_at",  "createTime", "create_time",  "dateCreated",
      "time",    "lastmod",   "updated",     "modified"};
  for (const std::string_view key : kKeys) {
    for (const FrontMatterValue& entry : front_matter.entries) {
      if (!equals_ignoring_case(entry.key, key) || entry.values.empty()) continue;
      if (const auto date = parse_date(entry.values.front())) return date;
    }
  }
  return std::nullopt;
}

std::string write_front_matter(const std::vector<FrontMatterValue>& entries) {
  std::string out = "---\n";
  const auto scalar = [](const FrontMatterValue& entry, size_t i) {
    const Escape escape = i < entry.escapes.size() ? entry.escapes[i] : Escape::kYamlPlain;
    const bool quoted = escape == Escape::kYamlSingleQuoted || escape == Escape::kYamlDoubleQuoted;
    return quoted ? yaml_quoted(entry.values[i]) : yaml_scalar(entry.values[i], false);
  };
  for (const FrontMatterValue& entry : entries) {
    out += yaml_scalar(entry.key, false) + ':';
    if (entry.is_list && entry.values.empty()) out += " []";
    if (!entry.is_list && !entry.values.empty()) out += ' ' + scalar(entry, 0);
    out += '\n';
    if (!entry.is_list) continue;
    for (size_t i = 0; i < entry.values.size(); ++i) out += "  - " + scalar(entry, i) + '\n';
  }
  return out + "---\n";
}

}  // namespace halftone

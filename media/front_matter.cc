#include "media/front_matter.h"

#include <map>
#include <sstream>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "media/ascii.h"
#include "media/yaml_scalar.h"

namespace halftone {
namespace {

constexpr size_t kMaxBlock = 256 * 1024;
constexpr size_t kMaxDepth = 16;
constexpr size_t kMaxValues = 10'000;
constexpr size_t kMaxValueBytes = 1024 * 1024;  // of all values; aliases repeat theirs

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

// yaml-cpp counts the bytes that it passes on, so nothing may change in size on the way: what it
// would replace or leave out is replaced here.
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

size_t mark_position(const YAML::Mark& mark) { return static_cast<size_t>(std::max(mark.pos, 0)); }

// Behind the tag and the anchor that may stand before a node's text.
size_t skip_properties(std::string_view yaml, size_t at) {
  while (at < yaml.size() && (yaml[at] == '!' || yaml[at] == '&')) {
    while (at < yaml.size() && !is_space(yaml[at])) ++at;
    while (at < yaml.size() && is_space(yaml[at])) ++at;
  }
  return at;
}

// Where the quoted scalar whose text begins at `from` ends.
size_t quoted_end(std::string_view yaml, size_t from, char quote) {
  size_t at = from;
  while (at < yaml.size()) {
    if (quote == '"' && yaml[at] == '\\') {
      ++at;
    } else if (yaml[at] == quote) {
      if (quote == '"' || yaml.substr(at + 1, 1) != "'") return at;
      ++at;
    }
    ++at;
  }
  return yaml.size();
}

struct Written {
  Span span;
  Escape escape = Escape::kYamlPlain;
};

// How the scalar at `mark` is written.
Written find_written(std::string_view yaml, const YAML::Mark& mark, std::string_view value) {
  const size_t at = skip_properties(yaml, std::min(mark_position(mark), yaml.size()));
  const char c = at < yaml.size() ? yaml[at] : '\0';
  if (c == '"' || c == '\'') {
    const size_t end = quoted_end(yaml, at + 1, c);
    if (end == yaml.size()) throw YAML::ParserException(mark, "a quote is never closed");
    return {{at + 1, end}, c == '"' ? Escape::kYamlDoubleQuoted : Escape::kYamlSingleQuoted};
  }
  if (c != '|' && c != '>' && yaml.substr(at).starts_with(value)) {
    return {{at, at + value.size()}, Escape::kYamlPlain};
  }
  return {{at, at}, Escape::kYamlPlain};
}

// Collects the scalars below each key. Limits are thrown as the parser's own errors.
class Collector : public YAML::EventHandler {
 public:
  Collector(std::string_view yaml, size_t origin) : yaml_(yaml), origin_(origin) {}

  std::vector<FrontMatterValue> entries;
  bool is_mapping = true;

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark&, YAML::anchor_t) override {
    if (open_.empty()) return;  // an empty document
    if (expects_key()) return set_key("");
    count(0, YAML::Mark::null_mark());
    if (open_.back().is_map && !open_.back().ignored)
      entries.push_back({.key = path(), .values = {}, .spans = {}, .escapes = {}});
    node_done();
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    const std::string value = known == anchors_.end() ? std::string() : known->second;
    if (expects_key()) return set_key(value);
    if (known == anchors_.end()) return node_done();  // a collection
    const size_t from = mark_position(mark);
    size_t to = from;
    while (to < yaml_.size() && !is_space(yaml_[to]) &&
           std::string_view(",[]{}").find(yaml_[to]) == std::string_view::npos) {
      ++to;
    }
    add(mark, value, {{from, to}, Escape::kYamlPlain});
  }

  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                const std::string& value) override {
    if (anchor != 0) anchors_[anchor] = value;
    if (open_.empty()) {
      is_mapping = false;
    } else if (expects_key()) {
      set_key(value);
    } else {
      add(mark, value, find_written(yaml_, mark, value));
    }
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    if (open_.empty()) is_mapping = false;
    open(mark, false);
    if (open_.back().ignored || open_.size() < 2) return;
    const bool nested = !open_[open_.size() - 2].is_map;
    open_.back().list = nested ? open_[open_.size() - 2].list : entries.size();
    if (!nested) {
      entries.push_back({.key = path(), .values = {}, .is_list = true, .spans = {}, .escapes = {}});
    }
  }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(mark, true);
  }

  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    bool is_map;
    bool ignored;          // a collection as key, a list in place of the mapping, or below one
    bool has_key = false;  // of a map: the next node is a value
    std::string key = {};  // of a map
    size_t list = 0;       // of a sequence: its entry
  };

  bool expects_key() const {
    return !open_.empty() && open_.back().is_map && !open_.back().has_key;
  }

  void set_key(std::string_view key) {
    open_.back().key = key;
    open_.back().has_key = true;
  }

  std::string path() const {
    std::string path;
    for (const Open& level : open_) {
      if (!level.is_map || !level.has_key) continue;
      if (!path.empty()) path += '.';
      path += level.key;
    }
    return path;
  }

  void open(const YAML::Mark& mark, bool is_map) {
    if (open_.size() >= kMaxDepth) {
      throw YAML::ParserException(mark, fmt::format("more than {} levels", kMaxDepth));
    }
    count(0, mark);
    const bool ignored = open_.empty() ? !is_map : open_.back().ignored || expects_key();
    open_.push_back({.is_map = is_map, .ignored = ignored});
  }

  void close() {
    open_.pop_back();
    if (expects_key()) return set_key("");  // it was a key itself
    node_done();
  }

  void node_done() {
    if (!open_.empty()) open_.back().has_key = false;
  }

  void count(size_t bytes, const YAML::Mark& mark) {
    ++values_;
    bytes_ += bytes;
    if (values_ > kMaxValues) {
      throw YAML::ParserException(mark, fmt::format("more than {} values", kMaxValues));
    }
    if (bytes_ > kMaxValueBytes) {
      throw YAML::ParserException(mark, "its aliases repeat too much text");
    }
  }

  void add(const YAML::Mark& mark, const std::string& value, const Written& written) {
    const Open& level = open_.back();
    const std::string key = level.is_map ? path() : std::string();
    count(value.size() + key.size(), mark);
    if (!level.ignored) {
      if (level.is_map) entries.push_back({.key = key, .values = {}, .spans = {}, .escapes = {}});
      FrontMatterValue& entry = level.is_map ? entries.back() : entries[level.list];
      entry.values.push_back(value);
      entry.spans.push_back({origin_ + written.span.from, origin_ + written.span.to});
      entry.escapes.push_back(written.escape);
    }
    node_done();
  }

  std::string_view yaml_;
  size_t origin_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, std::string> anchors_;
  size_t values_ = 0, bytes_ = 0;
};

size_t line_end(std::string_view text, size_t at) {
  const size_t end = text.find('\n', at);
  return end == std::string_view::npos ? text.size() : end + 1;
}

// A line of nothing but `mark` and blanks.
bool is_line(std::string_view text, size_t from, size_t to, std::string_view mark) {
  std::string_view line = text.substr(from, to - from);
  while (!line.empty() && is_space(line.back())) line.remove_suffix(1);
  return line == mark;
}

// The YAML between the two lines, and the whole block with them.
struct Block {
  Span yaml, whole;
  size_t first_line = 1;  // of the YAML in the file
};

Result<std::optional<Block>> find_block(std::string_view text) {
  Block block;
  size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  while (at < text.size() && is_line(text, at, line_end(text, at), "")) {
    at = line_end(text, at);
    ++block.first_line;
  }
  block.whole.from = at;
  block.yaml.from = line_end(text, at);
  if (!is_line(text, at, block.yaml.from, "---")) return std::nullopt;
  ++block.first_line;
  for (at = block.yaml.from; at < text.size(); at = block.whole.to) {
    block.whole.to = line_end(text, at);
    block.yaml.to = at;
    if (block.yaml.size() > kMaxBlock) {
      return fail(
          ErrorCode::kInvalid,
          "front matter that begins in line {} is longer than {} KiB; end it with a line ---",
          block.first_line - 1, kMaxBlock / 1024);
    }
    if (is_line(text, at, block.whole.to, "---") || is_line(text, at, block.whole.to, "...")) {
      return block;
    }
  }
  return fail(ErrorCode::kInvalid,
              "front matter begins in line {} but never ends; end it with a line ---",
              block.first_line - 1);
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

Result<FrontMatter> parse_front_matter(std::string_view markdown) {
  const auto block = find_block(markdown);
  if (!block) return tl::unexpected(block.error());
  FrontMatter result;
  if (!*block) return result;
  const std::string yaml = made_safe(markdown.substr((*block)->yaml.from, (*block)->yaml.size()));
  Collector collector(yaml, (*block)->yaml.from);
  try {
    std::istringstream stream(yaml);
    YAML::Parser parser(stream);
    parser.HandleNextDocument(collector);
  } catch (const YAML::Exception& error) {
    const size_t line = (*block)->first_line + static_cast<size_t>(std::max(error.mark.line, 0));
    return fail(ErrorCode::kInvalid, "front matter, line {}: {}", line, error.msg);
  }
  if (!collector.is_mapping) return result;
  result.block = (*block)->whole;
  result.entries = std::move(collector.entries);
  return result;
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

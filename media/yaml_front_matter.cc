#include <map>
#include <sstream>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "media/ascii.h"
#include "media/front_matter_readers.h"

namespace halftone {
namespace {

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
  return {};
}

// Passes events on. Limits are thrown as the parser's own errors.
class Handler : public YAML::EventHandler {
 public:
  Handler(const FrontMatterText& text, FrontMatterBuilder& builder)
      : yaml_(text.text), origin_(text.origin), builder_(builder) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark&, YAML::anchor_t) override {
    if (builder_.expects_key()) return builder_.key("");
    builder_.null();
    check(YAML::Mark::null_mark());
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    const std::string value = known == anchors_.end() ? std::string() : known->second;
    if (builder_.expects_key()) return builder_.key(value);
    if (known == anchors_.end()) return builder_.skip();  // a collection
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
    if (builder_.expects_key()) return builder_.key(value);
    add(mark, value, find_written(yaml_, mark, value));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    builder_.open_list();
    check(mark);
  }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    builder_.open_map();
    check(mark);
  }

  void OnSequenceEnd() override { builder_.close(); }
  void OnMapEnd() override { builder_.close(); }

 private:
  void add(const YAML::Mark& mark, const std::string& value, const Written& written) {
    Span span;
    if (written.span.size() > 0) span = {origin_ + written.span.from, origin_ + written.span.to};
    builder_.scalar(value, span, written.escape);
    check(mark);
  }

  void check(const YAML::Mark& mark) const {
    if (!builder_.problem().empty()) throw YAML::ParserException(mark, builder_.problem());
  }

  std::string_view yaml_;
  size_t origin_;
  FrontMatterBuilder& builder_;
  std::map<YAML::anchor_t, std::string> anchors_;
};

// Tabs do not indent in YAML, but people's do.
std::string with_blanks_for_tabs(std::string_view yaml) {
  std::string out(yaml);
  bool indents = true;
  for (char& c : out) {
    indents = c == '\n' || (indents && (c == ' ' || c == '\t'));
    if (indents && c == '\t') c = ' ';
  }
  return out;
}

}  // namespace

Result<void> read_yaml(const FrontMatterText& text, FrontMatterBuilder& builder) {
  Handler handler(text, builder);
  try {
    std::istringstream stream(with_blanks_for_tabs(text.text));
    YAML::Parser parser(stream);
    parser.HandleNextDocument(handler);
  } catch (const YAML::Exception& error) {
    const size_t line = text.first_line + static_cast<size_t>(std::max(error.mark.line, 0));
    return fail(ErrorCode::kInvalid, "front matter, line {}: {}", line, error.msg);
  }
  return {};
}

}  // namespace halftone

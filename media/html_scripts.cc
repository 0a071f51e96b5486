#include "media/html_scripts.h"

#include <algorithm>
#include <array>

#include "media/ascii.h"
#include "media/html_tag.h"
#include "media/json_strings.h"

namespace halftone {
namespace {

constexpr size_t kLongestTarget = 256;  // of an assignment
constexpr std::string_view kStringReaders[] = {"JSON.parse(", "__next_f.push("};

// WHATWG HTML, 4.12.1: "JavaScript MIME type", the ones that are met.
bool is_javascript(std::string_view essence) {
  for (const std::string_view type :
       {"text/javascript", "application/javascript", "application/x-javascript", "text/ecmascript",
        "application/ecmascript", "text/jscript", "text/livescript"}) {
    if (equals_ignoring_case(essence, type)) return true;
  }
  return false;
}

bool is_template(const std::string& lower_essence) {
  for (const std::string_view word : {"template", "tmpl", "mustache", "handlebars"}) {
    if (lower_essence.find(word) != lower_essence.npos) return true;
  }
  return lower_essence == "text/html";
}

// Where the content of a string that begins at `at` ends; npos where its line ends first.
size_t literal_end(std::string_view script, size_t at, char quote) {
  for (; at < script.size(); ++at) {
    if (script[at] == quote) return at;
    if (script[at] == '\n' && quote != '`') break;
    if (script[at] == '\\') ++at;
  }
  return std::string_view::npos;
}

}  // namespace

ScriptType script_type(const HtmlTag& script) {
  const HtmlAttribute* type = script.find(Attr::kType);
  if (type == nullptr || type->value.empty()) return ScriptType::kClassic;
  const SourceText value = decode_value(*type);
  const std::string essence = lower_case(trim(value.text().substr(0, value.text().find(';'))));
  if (is_javascript(essence)) return ScriptType::kClassic;
  if (essence == "module") return ScriptType::kModule;
  if (essence == "application/ld+json") return ScriptType::kLinkedData;
  if (essence == "application/json" || essence == "text/json") return ScriptType::kJson;
  return is_template(essence) ? ScriptType::kTemplate : ScriptType::kOther;
}

bool assigns_state(std::string_view script) {
  script = trim(script).substr(0, kLongestTarget);
  const size_t equals = script.find('=');
  if (equals == script.npos) return false;
  for (const char c : script.substr(0, equals)) {
    const bool named = is_alnum(c) || is_space(c);
    if (!named && std::string_view("_$.[]\"'").find(c) == std::string_view::npos) return false;
  }
  script = trim(script.substr(equals + 1));
  return script.starts_with('{') || script.starts_with('[');
}

void for_each_state_string(std::string_view script, size_t origin,
                           const std::function<void(const SourceText&)>& visit) {
  for (const std::string_view reader : kStringReaders) {
    size_t at = script.find(reader);
    while (at != script.npos) {
      at += reader.size();
      // What may stand before the string: "[1,".
      while (at < script.size() && (is_space(script[at]) || is_digit(script[at]) ||
                                    script[at] == '[' || script[at] == ',')) {
        ++at;
      }
      if (at == script.size()) break;
      const char quote = script[at];
      if (quote == '"' || quote == '\'' || quote == '`') {
        const size_t end = literal_end(script, at + 1, quote);
        if (end == script.npos) {
          at = script.find('\n', at);
          if (at == script.npos) break;
        } else {
          visit(decode_json_string(script.substr(at + 1, end - at - 1), origin + at + 1));
          at = end + 1;
        }
      }
      at = script.find(reader, at);
    }
  }
}

}  // namespace halftone

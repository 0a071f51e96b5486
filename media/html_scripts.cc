#include "media/html_scripts.h"

#include <string>

#include "media/ascii.h"
#include "media/html_tag.h"

namespace halftone {
namespace {

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

}  // namespace halftone

// Facts that pages of WeChat keep in the variables of their scripts.
#include "media/article_html.h"
#include "media/ascii.h"

namespace halftone {
namespace {

constexpr size_t kLongestScript = 256 * 1024;  // bytes that are looked at
constexpr size_t kLongestValue = 1024;
constexpr size_t kMostFacts = 100;

struct Row {
  std::string_view variable, source;
};

constexpr Row kVariables[] = {{"publish_time", "var:publish_time"},
                              {"ct", "var:ct"},
                              {"msg_title", "var:msg_title"},
                              {"nickname", "var:nickname"}};

// The text between the quotes that `code` begins with, also within htmlDecode(…).
std::string_view string_in(std::string_view code) {
  code = trim(code);
  if (code.starts_with("htmlDecode(")) code = trim(code.substr(11));
  if (code.empty() || (code[0] != '"' && code[0] != '\'')) return {};
  const size_t end = code.find(code[0], 1);
  const std::string_view value = code.substr(1, end == code.npos ? 0 : end - 1);
  return value.find('\\') == value.npos ? value : std::string_view();
}

}  // namespace

std::vector<ScriptFact> facts_in_script(std::string_view script) {
  std::vector<ScriptFact> facts;
  script = script.substr(0, kLongestScript);
  constexpr std::string_view kVar = "var ";
  for (size_t at = script.find(kVar); at != script.npos; at = script.find(kVar, at)) {
    at += kVar.size();
    const std::string_view code = script.substr(at, kLongestValue);
    const size_t equals = code.substr(0, 32).find('=');
    if (equals == code.npos) continue;
    const std::string_view name = trim(code.substr(0, equals));
    for (const Row& row : kVariables) {
      if (row.variable != name || facts.size() >= kMostFacts) continue;
      facts.push_back({row.source, std::string(string_in(code.substr(equals + 1)))});
    }
  }
  return facts;
}

}  // namespace halftone

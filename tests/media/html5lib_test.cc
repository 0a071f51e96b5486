// The html5lib tokenizer tests, save xmlViolation, which is about writing a DOM as XML; their
// format is described in FORMAT.md beside them.
#include <map>

#include <nlohmann/json.hpp>

#include "media/ascii.h"
#include "media/html_tokenizer.h"
#include "tests/support/catch.h"
#include "tests/support/conformance.h"

using namespace halftone;
using nlohmann::json;
using TextMode = HtmlToken::TextMode;

namespace {

// Doubly escaped text: each \uHHHH becomes its code point, lone surrogates as three bytes.
std::string unescaped(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "\\u") != 0 || i + 6 > text.size()) {
      out += text[i];
      continue;
    }
    const unsigned code = static_cast<unsigned>(std::stoul(text.substr(i + 2, 4), nullptr, 16));
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (code < 0x800) {
      out += static_cast<char>(0xC0 | code >> 6);
      out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
      out += static_cast<char>(0xE0 | code >> 12);
      out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
      out += static_cast<char>(0x80 | (code & 0x3F));
    }
    i += 5;
  }
  return out;
}

json unescaped_all(const json& value) {
  if (value.is_string()) return unescaped(value.get<std::string>());
  if (!value.is_structured()) return value;
  json out = value.is_array() ? json::array() : json::object();
  for (const auto& [key, item] : value.items()) {
    if (value.is_array()) {
      out.push_back(unescaped_all(item));
    } else {
      out[unescaped(key)] = unescaped_all(item);
    }
  }
  return out;
}

// Text in which nothing counts but newlines and NUL.
std::string plain(std::string_view raw) {
  return std::string(decode_html(raw, 0, TextMode::kRawText, false).text());
}

json start_tag(const HtmlToken& token) {
  json attributes = json::object();
  for (const HtmlAttribute& attribute : token.attributes) {
    if (attribute.duplicate) continue;
    attributes[plain(lower_case(attribute.name))] = std::string(decode_value(attribute).text());
  }
  json out = {"StartTag", plain(lower_case(token.name)), attributes};
  if (token.self_closing) out.push_back(true);
  return out;
}

json doctype(const HtmlToken& token) {
  const auto text = [](bool present, std::string_view raw) {
    return present ? json(plain(raw)) : json(nullptr);
  };
  return {"DOCTYPE", text(!token.name.empty(), lower_case(token.name)),
          text(token.has_public_id, token.public_id), text(token.has_system_id, token.system_id),
          !token.force_quirks};
}

// Our tokens as html5lib writes them.
json tokens_of(const std::string& input, TextMode mode, const std::string& last_start_tag) {
  json out = json::array();
  HtmlTokenizer tokenizer(input, mode, last_start_tag);
  size_t covered = 0;
  for (;;) {
    const HtmlToken& token = tokenizer.next();
    CHECK(token.span.from == covered);
    covered = token.span.to;
    switch (token.type) {
      case HtmlToken::Type::kEnd:
        CHECK(covered == input.size());
        return out;
      case HtmlToken::Type::kText: {
        const SourceText text = decode_html(token.text, 0, token.text_mode, false);
        if (text.text().empty()) break;
        if (out.empty() || out.back()[0] != "Character") out.push_back({"Character", ""});
        out.back()[1] = out.back()[1].get<std::string>() + std::string(text.text());
        break;
      }
      case HtmlToken::Type::kStartTag:
        out.push_back(start_tag(token));
        break;
      case HtmlToken::Type::kEndTag:
        out.push_back({"EndTag", plain(lower_case(token.name))});
        break;
      case HtmlToken::Type::kComment:
        out.push_back({"Comment", plain(token.text)});
        break;
      case HtmlToken::Type::kDoctype:
        out.push_back(doctype(token));
        break;
    }
  }
}

TextMode mode_of(const std::string& state) {
  static const std::map<std::string, TextMode> modes = {
      {"Data state", TextMode::kData},          {"PLAINTEXT state", TextMode::kPlainText},
      {"RCDATA state", TextMode::kRcData},      {"RAWTEXT state", TextMode::kRawText},
      {"Script data state", TextMode::kScript}, {"CDATA section state", TextMode::kCData}};
  return modes.at(state);
}

void run(const json& test) {
  const bool twice = test.value("doubleEscaped", false);
  const std::string input =
      twice ? unescaped(test["input"].get<std::string>()) : test["input"].get<std::string>();
  const json expected = twice ? unescaped_all(test["output"]) : test["output"];
  const json states = test.value("initialStates", json::array({"Data state"}));
  for (const json& state : states) {
    INFO(test["description"] << " in " << state << ": " << test["input"]);
    const json got = tokens_of(input, mode_of(state), test.value("lastStartTag", ""));
    CHECK(got.dump(-1, ' ', true, json::error_handler_t::ignore) ==
          expected.dump(-1, ' ', true, json::error_handler_t::ignore));
  }
}

}  // namespace

TEST_CASE("the html5lib tokenizer tests pass", "[media][html]") {
  const char* files[] = {"contentModelFlags",
                         "domjs",
                         "entities",
                         "escapeFlag",
                         "namedEntities",
                         "numericEntities",
                         "pendingSpecChanges",
                         "test1",
                         "test2",
                         "test3",
                         "test4",
                         "unicodeChars",
                         "unicodeCharsProblematic"};
  for (const std::string file : files) {
    const json content = read_conformance("html5lib-tokenizer/" + file + ".test");
    if (content.is_null()) continue;
    INFO(file);
    REQUIRE_FALSE(content["tests"].empty());
    for (const json& test : content["tests"]) run(test);
  }
}

#include "media/yaml_scalar.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "media/ascii.h"

namespace halftone {
namespace {

// Line breaks to YAML 1.1, and the byte order mark, which may not stand inside a document (5.2).
constexpr std::pair<std::string_view, std::string_view> kSpecial[] = {
    {"\xC2\x85", "\\u0085"},
    {"\xE2\x80\xA8", "\\u2028"},
    {"\xE2\x80\xA9", "\\u2029"},
    {"\xEF\xBB\xBF", "\\uFEFF"},
};

bool needs_escapes(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control) ||
         std::any_of(std::begin(kSpecial), std::end(kSpecial), [&](const auto& special) {
           return text.find(special.first) != std::string_view::npos;
         });
}

// 7.3.3, and a little stricter: nothing that means something to some reader.
bool is_sound_when_plain(std::string_view text, bool in_flow) {
  constexpr std::string_view kIndicators = "-?:,[]{}#&*!|>'\"%@` ~=";
  if (text.empty() || text.back() == ':' || text.back() == ' ') return false;
  if (kIndicators.find(text.front()) != std::string_view::npos) return false;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos) {
    return false;
  }
  if (in_flow && text.find_first_of(",[]{}") != std::string_view::npos) return false;
  return !needs_escapes(text) && text != "<<" && !equals_ignoring_case(text, "null");
}

}  // namespace

// 5.7
std::string yaml_double_quoted(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto* special =
        std::find_if(std::begin(kSpecial), std::end(kSpecial),
                     [&](const auto& row) { return text.substr(i).starts_with(row.first); });
    if (special != std::end(kSpecial)) {
      out += special->second;
      i += special->first.size() - 1;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (is_control(c)) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

// 7.3.2
std::string yaml_single_quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += is_control(c) ? ' ' : c;
  }
  return out;
}

std::string yaml_quoted(std::string_view text) {
  if (needs_escapes(text)) return '"' + yaml_double_quoted(text) + '"';
  return '\'' + yaml_single_quoted(text) + '\'';
}

std::string yaml_scalar(std::string_view text, bool in_flow) {
  return is_sound_when_plain(text, in_flow) ? std::string(text) : yaml_quoted(text);
}

}  // namespace halftone

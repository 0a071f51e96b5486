// What a <script> holds that a scanner can read without running it.
#pragma once

#include <functional>
#include <string_view>

#include "media/charset.h"

namespace halftone {

class HtmlTag;

enum class ScriptType : uint8_t {
  kOther,
  kClassic,  // JavaScript: only state that it assigns is read
  kModule,
  kLinkedData,
  kJson,
  kTemplate,  // HTML, for a script to fill in
};

ScriptType script_type(const HtmlTag& script);

// True for scripts that begin by assigning JSON: window.__STATE__ = {…
bool assigns_state(std::string_view script);

// Calls `visit` with the decoded content of each string that a script reads as JSON or as markup:
// JSON.parse("…"), self.__next_f.push([1,"…"]). `origin` is where the script begins. Linear time.
void for_each_state_string(std::string_view script, size_t origin,
                           const std::function<void(const SourceText&)>& visit);

}  // namespace halftone

// What a <script> holds that a scanner can read without running it.
#pragma once

#include <string_view>

namespace halftone {

class HtmlTag;

enum class ScriptType : uint8_t {
  kOther,
  kClassic,  // JavaScript: only its strings are read
  kModule,
  kLinkedData,
  kJson,
  kTemplate,  // HTML, for a script to fill in
};

ScriptType script_type(const HtmlTag& script);

}  // namespace halftone

// The strings of JSON that need not be sound: inline state, JSON-LD with a stray comma.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "media/charset.h"

namespace halftone {

struct JsonString {
  Span span;                       // of the content in the text, without quotes, as written
  std::string_view key;            // the member that holds it, directly or in arrays
  std::string_view container_key;  // the member that holds the object it is in
  bool escaped = false;            // there are backslashes in it
  size_t object = 0;               // the number of the object that holds it; 0 outside of all
};

// Calls `visit` for each string that is a value, in order. Nothing but strings, braces and brackets
// is looked at; a string that its line does not end is passed over. Linear time.
void for_each_json_string(std::string_view text,
                          const std::function<void(const JsonString&)>& visit);

// Undoes the escapes of a string's content. `origin` is where `raw` begins.
SourceText decode_json_string(std::string_view raw, size_t origin);

// The same without knowing where it came from.
void append_decoded_json(std::string& out, std::string_view raw);

}  // namespace halftone

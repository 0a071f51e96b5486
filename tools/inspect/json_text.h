// How JSON goes out: in one line, whatever bytes it holds.
#pragma once

#include <string>

namespace halftone {

// `value` is a nlohmann::json; what is no UTF-8 becomes U+FFFD.
template <class Json>
std::string json_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The text; null for an empty one.
template <class Json>
Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

}  // namespace halftone

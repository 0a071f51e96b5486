// What a reader sees: a page opened in real Chromium.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace halftone {

// Opens a file in headless Chromium and returns what tests/browser/look.mjs tells: title, images
// with their widths, requests inside and outside of the page's folder. Nothing, said aloud, where
// Chromium, node or playwright-core is absent. Throws where the page cannot be opened.
std::optional<nlohmann::json> look_at(const std::string& page);

// What tests/browser/encodings.mjs answers to `questions`. Nothing, said aloud, as above.
std::optional<nlohmann::json> ask_about_encodings(const nlohmann::json& questions);

// Opens a URL as a reader would, to the end of the page, with scripts on; the server sees what is
// asked for. False, said aloud, where there is no browser. Throws where the page cannot be opened.
bool visit(const std::string& url);

}  // namespace halftone

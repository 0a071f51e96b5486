// What the parts of a night's page are written with.
#pragma once

#include <string>
#include <string_view>

namespace halftone {

extern const std::string_view kNightStyle;

std::string html_escaped(std::string_view text);

// A link where it is a web address, else the text.
std::string html_link(const std::string& url, const std::string& text);

}  // namespace halftone

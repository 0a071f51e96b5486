// Phrases by which pages, in the languages of the press, tell what is no part of an article.
#pragma once

#include <string_view>

namespace halftone {

// "Read more: …", "相关阅读…": a line that sends the reader elsewhere.
bool begins_by_sending_on(std::string_view line);

// "Comments", "Related articles:", "推荐阅读": only what follows an article comes after it.
bool is_heading_of_afterwards(std::string_view line);

// "图：新华社", "▲ …", "（图源官方）", "Photo: …": a line after a picture that speaks of it.
bool begins_caption(std::string_view line);

}  // namespace halftone

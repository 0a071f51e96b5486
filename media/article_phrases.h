// Phrases by which pages, in the languages of the press, tell what is no part of an article.
#pragma once

#include <string_view>

namespace halftone {

// "Read more: …", "相关阅读…": a line that sends the reader elsewhere.
bool begins_by_sending_on(std::string_view line);

// "Comments", "Related articles:", "推荐阅读": only what follows an article comes after it.
bool is_heading_of_afterwards(std::string_view line);

// "Related", "Contents", "More": the links that follow are not of the article's own words.
bool announces_links(std::string_view line);

// "Facebook", "微信": all that a link of a share bar says.
bool is_share_button(std::string_view text);

// "图：新华社", "▲ …", "（图源官方）", "Photo: …": a line after a picture that speaks of it.
bool begins_caption(std::string_view line);

}  // namespace halftone

// What a URL is likely to be, judged by its looks and by the name it stands under.
#pragma once

#include <string_view>

namespace halftone {

// http:, https: or protocol-relative.
bool is_absolute_http(std::string_view url);

// By the extension of the path's last segment; of a query only "….jpg?w=100" is seen through, and
// of what image servers append to a name, "….jpg!w600", "….jpg@100w".
bool has_image_extension(std::string_view url);
bool has_media_extension(std::string_view url);  // video, audio, playlists

// An absolute URL that has such an extension, asks a server for an image of some kind
// ("?wx_fmt=jpeg") or names a file of a host that serves images.
bool is_image_url(std::string_view url);

// A page, script, style sheet or data file by its extension: never an image, whatever it is called.
bool has_text_extension(std::string_view url);

// The name of an attribute or of a JSON member speaks of a picture: data-original, thumbUrl,
// lazy_src. In any letter case.
bool names_an_image(std::string_view name);

}  // namespace halftone

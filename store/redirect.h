// Where an answer sends who asked.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "media/url.h"
#include "store/capture.h"

namespace halftone {

bool is_redirect(int status);  // 301, 302, 303, 307, 308

// The value of the first field of that name in a header block; empty where there is none.
std::string header_value(std::string_view block, std::string_view lower_name);

// The URL that a redirect names; nothing where the capture is none.
std::optional<Url> redirect_target(const Capture& capture);

}  // namespace halftone

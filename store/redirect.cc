#include "store/redirect.h"

#include <algorithm>

#include "media/ascii.h"

namespace halftone {

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string header_value(std::string_view block, std::string_view lower_name) {
  while (!block.empty()) {
    const size_t end = std::min(block.find('\n'), block.size());
    const std::string_view line = block.substr(0, end);
    const size_t colon = line.find(':');
    if (colon != std::string_view::npos &&
        equals_ignoring_case(line.substr(0, colon), lower_name)) {
      return std::string(trim(line.substr(colon + 1)));
    }
    block.remove_prefix(std::min(end + 1, block.size()));
  }
  return {};
}

std::optional<Url> redirect_target(const Capture& capture) {
  if (!is_redirect(capture.status)) return std::nullopt;
  const auto url = Url::parse(capture.url);
  const std::string location = header_value(capture.response_headers, "location");
  return url && !location.empty() ? Url::parse(location, &*url) : std::nullopt;
}

}  // namespace halftone

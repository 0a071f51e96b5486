// What each part of `halftone inspect` answers: one JSON text for one request.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"
#include "tools/inspect/request.h"

namespace halftone {

// One line for each piece of an answer, on the command line; --batch wants them in one object.
struct InspectAnswer {
  std::string object;                             // the whole answer
  std::optional<std::vector<std::string>> lines;  // what the command line prints instead
  std::vector<std::string> warnings;              // for people; the object has them, too
  bool is_damaged = false;                        // a WARC file; or a picture's could not be read
};

Result<InspectAnswer> inspect_links(const InspectRequest& request);
Result<InspectAnswer> inspect_article(const InspectRequest& request);
Result<InspectAnswer> inspect_feed(const InspectRequest& request);
Result<InspectAnswer> inspect_sitemap(const InspectRequest& request);

Result<InspectAnswer> inspect_url(const InspectRequest& request);
Result<InspectAnswer> inspect_robots(const InspectRequest& request);
Result<InspectAnswer> inspect_srcset(const InspectRequest& request);
Result<InspectAnswer> inspect_mime(const InspectRequest& request);
Result<InspectAnswer> inspect_type(const InspectRequest& request);
Result<InspectAnswer> inspect_encoding(const InspectRequest& request);

Result<InspectAnswer> inspect_image(const InspectRequest& request);
Result<InspectAnswer> inspect_media(const InspectRequest& request);
Result<InspectAnswer> inspect_warc(const InspectRequest& request);

// The rewritten bytes.
Result<std::string> inspect_rewrite(const InspectRequest& request);
// The same for --batch: {"text"} or, where they are no UTF-8, {"base64"}.
Result<InspectAnswer> inspect_rewrite_batch(const InspectRequest& request);

}  // namespace halftone

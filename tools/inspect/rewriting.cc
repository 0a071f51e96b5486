// halftone inspect rewrite: a document with other URLs.
#include <nlohmann/json.hpp>

#include "media/base64.h"
#include "media/utf8.h"
#include "store/replay_links.h"
#include "store/rewrite.h"
#include "tools/inspect/answers.h"
#include "tools/inspect/json_text.h"

namespace halftone {
namespace {

Result<std::string> rewritten(const InspectRequest& request, const LinkMap& map) {
  const auto document = scan_requested(request);
  if (!document) return tl::unexpected(document.error());
  return rewrite_document(document->bytes, document->type, document->scan, map, CopyKind::kReplay);
}

}  // namespace

Result<std::string> inspect_rewrite(const InspectRequest& request) {
  if (!request.prefix.empty()) {
    if (request.timestamp.empty()) return fail(ErrorCode::kInvalid, "a prefix needs a timestamp");
    const bool is_whole = request.prefix.ends_with('/');
    return rewritten(request,
                     ReplayLinks(request.prefix + (is_whole ? "" : "/"), request.timestamp));
  }
  if (!request.map) return fail(ErrorCode::kInvalid, "there is neither a map nor a prefix");
  const auto links = TableLinks::from_json_lines(*request.map);
  if (!links) return tl::unexpected(links.error().during("the map"));
  return rewritten(request, *links);
}

Result<InspectAnswer> inspect_rewrite_batch(const InspectRequest& request) {
  const auto bytes = inspect_rewrite(request);
  if (!bytes) return tl::unexpected(bytes.error());
  nlohmann::ordered_json object;
  if (is_valid_utf8(*bytes)) {
    object["text"] = *bytes;
  } else {
    object["base64"] = encode_base64(*bytes);
  }
  return InspectAnswer{.object = json_text(object)};
}

}  // namespace halftone

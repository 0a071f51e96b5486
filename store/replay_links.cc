#include "store/replay_links.h"

#include <nlohmann/json.hpp>

#include "media/url.h"

namespace halftone {
namespace {

bool is_frame(const Reference& reference) {
  return reference.element == "iframe" || reference.element == "frame" ||
         reference.element == "fencedframe";
}

std::string_view modifier_for(const Reference& reference) {
  switch (reference.kind) {
    case Kind::kImage:
    case Kind::kImageCandidate:
    case Kind::kLazyImage:
    case Kind::kIcon:
    case Kind::kPoster:
    case Kind::kMetadataImage:
    case Kind::kStateImage:
      return "im_";
    case Kind::kStylesheet:
      return "cs_";
    case Kind::kCssString:
      return reference.descriptor.empty() ? "cs_" : "im_";
    case Kind::kScript:
      return "js_";
    case Kind::kFont:
    case Kind::kMedia:
    case Kind::kTrack:
    case Kind::kManifest:
      return "oe_";
    case Kind::kPage:
      return is_frame(reference) ? "if_" : "";
    case Kind::kOther:
      return reference.element == "segmenttemplate" ? "oe_" : "";
    case Kind::kFeed:
    case Kind::kForm:
    case Kind::kData:
      return "";
  }
  return "";
}

// What follows the host: a relative prefix may have become absolute.
std::string_view path_of(std::string_view url) {
  const size_t host = url.find("//");
  const size_t path = host == url.npos ? url.npos : url.find('/', host + 2);
  return path == url.npos ? std::string_view() : url.substr(path);
}

}  // namespace

Result<TableLinks> TableLinks::from_json_lines(std::string_view lines) {
  TableLinks links;
  size_t number = 0;
  for (size_t at = 0; at < lines.size();) {
    const size_t end = std::min(lines.find('\n', at), lines.size());
    const std::string_view line = lines.substr(at, end - at);
    at = end + 1;
    ++number;
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    const auto row = nlohmann::json::parse(line, nullptr, false);
    const bool sound = row.is_object() && row.contains("url") && row["url"].is_string() &&
                       row.contains("to") && row["to"].is_string();
    if (!sound) {
      return fail(ErrorCode::kInvalid, R"(line {}: this is not {{"url": …, "to": …}})", number);
    }
    const auto url = Url::parse(row["url"].get_ref<const std::string&>());
    if (!url) {
      return fail(ErrorCode::kInvalid, "line {}: {} is no absolute URL", number, row["url"].dump());
    }
    links.table_[url->href()] = row["to"].get<std::string>();
  }
  return links;
}

std::optional<std::string> TableLinks::link(const Reference& reference) const {
  if (reference.url.empty() || reference.kind == Kind::kData) return std::nullopt;
  if (const auto found = table_.find(reference.url); found != table_.end()) return found->second;
  const size_t fragment = reference.url.find('#');
  if (fragment == std::string::npos || reference.raw.starts_with('#')) return std::nullopt;
  const auto found = table_.find(std::string_view(reference.url).substr(0, fragment));
  if (found == table_.end()) return std::nullopt;
  return found->second + reference.url.substr(fragment);
}

std::optional<std::string> ReplayLinks::link(const Reference& reference) const {
  const std::string& url = reference.url;
  const bool leads_there = reference.raw.starts_with(prefix_) || url.starts_with(prefix_) ||
                           path_of(url).starts_with(prefix_ + timestamp_);
  const bool on_the_web = url.starts_with("http://") || url.starts_with("https://");
  if (leads_there || !on_the_web || reference.raw.starts_with('#')) return std::nullopt;
  const std::string_view modifier = modifier_for(reference);
  std::string to;
  to.reserve(prefix_.size() + timestamp_.size() + modifier.size() + 1 + url.size());
  return to.append(prefix_).append(timestamp_).append(modifier).append("/").append(url);
}

}  // namespace halftone

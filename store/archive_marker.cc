#include "store/archive_marker.h"

#include <nlohmann/json.hpp>

#include "media/time.h"
#include "store/archive.h"
#include "store/files.h"

namespace halftone {

namespace {

using nlohmann::json;

constexpr size_t kLongestMarker = 65536;

std::string path_in(const std::string& folder) { return fmt::format("{}/{}", folder, kMarkerName); }

std::string this_second() { return to_iso8601(std::chrono::floor<std::chrono::seconds>(now())); }

Result<json> read_marker(const std::string& folder) {
  const auto text = read_file(path_in(folder), kLongestMarker);
  if (!text) return tl::unexpected(text.error());
  json marker = json::parse(*text, nullptr, false);
  const auto format = marker.is_object() ? marker.find("format") : marker.end();
  if (!marker.is_object() || format == marker.end() || !format->is_number_integer() ||
      format->get<int64_t>() < 1) {
    return fail(ErrorCode::kCorrupt, "{} is damaged: restore it from a backup", path_in(folder));
  }
  return marker;
}

Result<void> write_marker(const std::string& folder, const json& marker) {
  return write_file(path_in(folder), marker.dump(2) + "\n");
}

}  // namespace

Result<std::optional<int64_t>> read_format(const std::string& folder) {
  const auto marker = read_marker(folder);
  if (marker) return marker->at("format").get<int64_t>();
  const ErrorCode code = marker.error().code;
  if (code == ErrorCode::kCorrupt || code == ErrorCode::kTooLarge) {
    return tl::unexpected(marker.error());
  }
  return std::nullopt;
}

Result<void> check_format(const std::string& folder, int64_t format) {
  if (format > Archive::kFormat) {
    return fail(ErrorCode::kNewerFormat,
                "{} was made by a newer halftone (format {}; this one reads {}): upgrade halftone",
                path_in(folder), format, Archive::kFormat);
  }
  if (format < Archive::kFormat) {
    return fail(ErrorCode::kOlderFormat,
                "the archive {} has format {}; `halftone upgrade --archive {}` makes it format {}: "
                "an index is added, and nothing that it holds is rewritten but {}",
                folder, format, folder, Archive::kFormat, kMarkerName);
  }
  return {};
}

Result<void> write_new_marker(const std::string& folder) {
  return write_marker(folder, {{"format", Archive::kFormat},
                               {"created", this_second()},
                               {"made_by", "halftone " HALFTONE_VERSION}});
}

Result<void> write_upgraded_marker(const std::string& folder) {
  auto marker = read_marker(folder);
  if (!marker) return tl::unexpected(marker.error());
  (*marker)["format"] = Archive::kFormat;
  (*marker)["upgraded"] = this_second();
  (*marker)["upgraded_by"] = "halftone " HALFTONE_VERSION;
  return write_marker(folder, *marker);
}

}  // namespace halftone

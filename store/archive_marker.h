// halftone-archive.json: the file that makes a folder an archive and tells its format.
#pragma once

#include <optional>
#include <string>

#include "media/error.h"

namespace halftone {

constexpr std::string_view kMarkerName = "halftone-archive.json";

// The format of the archive in `folder`; nothing where there is no marker. kCorrupt; kTooLarge.
Result<std::optional<int64_t>> read_format(const std::string& folder);

// kNewerFormat, kOlderFormat: whether this version opens an archive of that format, and if not what
// to do.
Result<void> check_format(const std::string& folder, int64_t format);

// Written last, when everything else of a new archive is there. Durable; whole or not at all.
Result<void> write_new_marker(const std::string& folder);

// Keeps what the marker says of the archive's making.
Result<void> write_upgraded_marker(const std::string& folder);

}  // namespace halftone

// Files and folders, written so that a power cut leaves them whole or absent.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"

namespace halftone {

// What an errno value means for `path`: kNoSpace, kNotFound or kIo, in words for people.
Error system_error(int error_number, std::string_view doing, const std::string& path);

// The text for a full disk, the same wherever it is met.
Error no_space(const std::string& path);

// Makes the folder and those above it, durably. Already there is well.
Result<void> make_folder(const std::string& path);

// Replaces `path` by a file with these bytes, durably: whole or not at all. The folder must exist;
// a temporary file beside it, whose name begins with a dot, is gone afterwards.
Result<void> write_file(const std::string& path, std::string_view bytes);

// The same for what only its owner may read.
Result<void> write_private_file(const std::string& path, std::string_view bytes);

// Takes the file away, durably. Not there is well.
Result<void> remove_file(const std::string& path);

// What was made or removed in the folder survives a power cut from then on.
Result<void> sync_folder(const std::string& path);

// Copies the first `size` bytes of the file `from` into a new file `to`, durably, with the time of
// its last change. `visit` sees each piece of up to 1 MiB before it is written; what it returns as
// an Error ends the copying. kTruncated: `from` is shorter; kNotFound, kNoSpace, kIo.
Result<void> copy_file(const std::string& from, const std::string& to, uint64_t size,
                       const std::function<Result<void>(std::string_view piece)>& visit);

// A file of an exported copy: in pieces, folders made on the way, whole or not at all but without
// waiting for the disk. One that holds the same bytes already is not touched. `produce` is handed a
// function that appends; when it fails nothing appears at `path`.
using Append = std::function<Result<void>(std::string_view piece)>;
Result<void> export_file(const std::string& path,
                         const std::function<Result<void>(const Append&)>& produce);

// The names in a folder, in order; none where there is no such folder.
Result<std::vector<std::string>> list_folder(const std::string& folder);

// kNotFound, kTooLarge above `limit` bytes, kIo.
Result<std::string> read_file(const std::string& path, uint64_t limit);

// The same, a piece at a time; what `visit` returns as an Error ends it.
Result<void> read_file_in_pieces(const std::string& path, uint64_t limit, const Append& visit);

// Bytes on disk of every file below `path`; what vanishes meanwhile is not counted.
uint64_t disk_usage(const std::string& path);

}  // namespace halftone

// The chain of checks of an archive: fixity.jsonl, one line of JSON for each.
//
// A line ends with the SHA-256 of what stands in it before that, and holds that of the line before:
// so no line can be altered, left out or moved without the chain telling.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "media/error.h"
#include "media/time.h"
#include "store/verify.h"

namespace halftone {

struct FixityEntry {
  Time time{};
  std::string by;       // "user@host"
  std::string version;  // "halftone 0.1.0"
  std::string scope;    // "everything", "sample 3/20", "since 2026-01-09T00:00:00Z", "article …"
  bool sealed = false;
  uint64_t files = 0, file_bytes = 0, blobs = 0, blob_bytes = 0, captures = 0, articles = 0,
           derivatives = 0;
  uint64_t damaged = 0, harmed_articles = 0;
  uint64_t repaired = 0;  // what a repair made whole again, before this check
  double seconds = 0;
};

// What the log says of a check, in its own words.
FixityEntry fixity_entry(const VerifyResult& result);

constexpr const char* kFixityLog = "fixity.jsonl";

// Adds the entry, durably, with time, user and version of now. Several processes may at once.
// kIo, kNoSpace: the log is as it was.
Result<void> append_fixity(const std::string& folder, FixityEntry entry);

// Calls `visit` for each line, oldest first. `broken` says what is wrong with the line (altered,
// cut, or not the one that should follow); empty where nothing is. No log is an empty one. kIo.
Result<void> read_fixity(
    const std::string& folder,
    const std::function<void(const FixityEntry& entry, const std::string& broken)>& visit);

// The part, of so many, that is to be checked now: the one after that of the last such check.
uint32_t next_sample(const std::string& folder, uint32_t parts);

}  // namespace halftone

// Captures whose URLs and bodies are known by number, to see afterwards whether they are all there;
// and file systems of a test's own.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "store/archive.h"

namespace halftone {

std::string url_of(uint64_t number);

// Most bodies are small, every eighth comes in chunks.
std::string body_of(uint64_t number);

// Blob, then capture, as a run does it. On success both are acknowledged.
Result<void> keep(Archive& archive, uint64_t number);
Result<void> keep(Archive& archive, uint64_t number, const std::string& body);

void check_kept(Archive& archive, uint64_t number);
void check_kept(Archive& archive, uint64_t number, const std::string& body);

// Every blob that is visible is whole.
void check_all_blobs(Archive& archive);

// All that an archive holds, as it stands in its tables; of blobs size and type, and they are read.
std::map<std::string, std::string> contents(Archive& archive);
std::map<std::string, std::string> contents(const std::string& folder);

// Whether this process may mount; if so it has mounts of its own from here on, which end with it.
bool get_own_mounts();

// Makes the folder read-only, in this process's own mounts.
bool mount_read_only(const std::string& folder);

// Runs a hidden test case, which tells "may not mount" where it may not. HALFTONE_TEST_ARCHIVE is
// `folder`.
void run_in_own_mounts(const std::string& child_name, const std::string& folder);

}  // namespace halftone

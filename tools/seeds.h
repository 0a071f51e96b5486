// What the user names: lists of targets, and the passwords in them.
#pragma once

#include <string>
#include <vector>

#include "crawler/fetch_options.h"
#include "media/error.h"

namespace halftone {

// One target a line; blank lines and those that begin with # say nothing. "-" is standard input.
// kUsage: cannot be read, or names nothing.
Result<std::vector<std::string>> read_seeds(const std::string& file);

// A password in a target is for its server alone: no link, report or key of the archive holds it.
std::string without_credentials(const std::string& target, FetchOptions& fetch);

}  // namespace halftone

// What `--help` says, apart from the options.
#pragma once

#include <string>
#include <vector>

namespace halftone {

// Usage, description and examples of a command; the overview for an empty one. Null for no command.
const char* help_on(const std::string& command);

std::vector<std::string> command_names();

}  // namespace halftone

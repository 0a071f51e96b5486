// The log: one line a message on standard error, by level (spdlog).
#pragma once

#include <string>
#include <string_view>

namespace halftone {

// debug, info, warning, error. False where the name means nothing.
bool set_log_level(const std::string& name);

// From now on each message is an object: {"time": …, "level": …, "message": …}.
void log_as_json();

void log_debug(std::string_view message);
void log_info(std::string_view message);
void log_warning(std::string_view message);

}  // namespace halftone

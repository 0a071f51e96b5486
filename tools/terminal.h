// Writing to people's terminals what may have come from the network.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace halftone {

// `text` with control characters (C0 but newline, DEL, C1) replaced, so that no title can move a
// cursor, ring a bell or write to a clipboard. Text is UTF-8; what is not becomes U+FFFD.
std::string printable(std::string_view text);

// Both print `text` made printable; the first to standard output, the second to standard error.
void write_out(std::string_view text);
void write_err(std::string_view text);

template <class... Args>
void say(fmt::format_string<Args...> format, Args&&... args) {
  write_out(fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
void tell(fmt::format_string<Args...> format, Args&&... args) {
  write_err(fmt::format(format, std::forward<Args>(args)...));
}

// A line of JSON to standard output: as it is for programs, made printable for a terminal.
void say_json(std::string_view json);

// Bytes to standard output, as they are: for output that goes into a file.
void write_bytes(std::string_view bytes);

// How the user called this program, for commands to copy: "halftone", or what the variable
// HALFTONE_COMMAND says (tools/halftone sets it).
std::string command_name();

// Everything said has reached standard output. False where it has not: a full disk, a closed pipe.
bool flush_output();

}  // namespace halftone

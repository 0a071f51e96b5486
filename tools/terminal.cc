#include "tools/terminal.h"

#include <cstdio>
#include <cstdlib>
#include <unistd.h>

#include "media/utf8.h"

namespace halftone {

std::string printable(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  const std::string valid = to_valid_utf8(text);
  std::string result;
  result.reserve(valid.size());
  for (size_t i = 0; i < valid.size(); ++i) {
    const auto byte = static_cast<unsigned char>(valid[i]);
    const bool is_c0 = (byte < 0x20 && byte != '\n') || byte == 0x7F;
    const bool is_c1 =
        byte == 0xC2 && i + 1 < valid.size() && static_cast<unsigned char>(valid[i + 1]) < 0xA0;
    if (is_c0 || is_c1) {
      result += kReplacement;
      i += is_c1;
    } else {
      result += valid[i];
    }
  }
  return result;
}

void write_out(std::string_view text) {
  const std::string safe = printable(text);
  std::fwrite(safe.data(), 1, safe.size(), stdout);  // flush_output() tells whether it worked
}

void write_err(std::string_view text) {
  const std::string safe = printable(text);
  std::fwrite(safe.data(), 1, safe.size(), stderr);
}

void say_json(std::string_view json) {
  const std::string line = std::string(json) + "\n";
  if (::isatty(STDOUT_FILENO) == 1) return write_out(line);
  std::fwrite(line.data(), 1, line.size(), stdout);
}

void write_bytes(std::string_view bytes) { std::fwrite(bytes.data(), 1, bytes.size(), stdout); }

std::string command_name() {
  const char* named = std::getenv("HALFTONE_COMMAND");
  return named && *named ? named : "halftone";
}

bool flush_output() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

}  // namespace halftone

// A client that sends exactly the bytes it is given, over a real socket.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace halftone {

struct RawAnswer {
  int status = 0;                             // 0: the server closed without an answer
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;

  std::string field(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
  }
};

// Sends `bytes` to 127.0.0.1 and reads until the server closes. Gives up after ten silent seconds.
std::string exchange(uint16_t port, const std::string& bytes);

// The same, read as one answer.
RawAnswer ask(uint16_t port, const std::string& bytes);

// A socket connected to 127.0.0.1, -1 where nobody listens. The caller closes it.
int connect_to(uint16_t port);

}  // namespace halftone

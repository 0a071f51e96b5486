#include "tests/tools/raw_client.h"

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sstream>
#include <sys/socket.h>
#include <unistd.h>

namespace halftone {

int connect_to(uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{10, 0};
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return socket;
  close(socket);
  return -1;
}

std::string exchange(uint16_t port, const std::string& bytes) {
  const int socket = connect_to(port);
  if (socket < 0) return "";
  std::string answer;
  send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  char piece[16384];
  for (ssize_t got; (got = recv(socket, piece, sizeof piece, 0)) > 0;) answer.append(piece, got);
  close(socket);
  return answer;
}

RawAnswer ask(uint16_t port, const std::string& bytes) {
  const std::string raw = exchange(port, bytes);
  RawAnswer answer;
  const size_t end = raw.find("\r\n\r\n");
  if (end == raw.npos) return answer;
  answer.body = raw.substr(end + 4);

  std::istringstream lines(raw.substr(0, end));
  std::string version, line;
  lines >> version >> answer.status;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    if (line.ends_with('\r')) line.pop_back();
    const size_t colon = line.find(": ");
    if (colon == line.npos) continue;
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(), ::tolower);
    answer.fields[name] = line.substr(colon + 2);
  }
  return answer;
}

}  // namespace halftone

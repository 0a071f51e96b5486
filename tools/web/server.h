// A small HTTP/1.1 server on loopback (Boost.Beast): for the demo, and for looking at exported
// copies.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "media/error.h"

namespace halftone {

struct WebRequest {
  std::string method, target;  // target as sent: "/path?query"
  std::string host;            // of the Host field, without port, lower case
  std::string referer;
};

struct WebResponse {
  int status = 200;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // further fields
};

// Serves from its own thread until it is destroyed.
class WebServer {
 public:
  // `handler` is called from the server's thread. kIo: the port cannot be had.
  // Port 0 takes a free one.
  static Result<std::unique_ptr<WebServer>> start(
      std::function<WebResponse(const WebRequest&)> handler, uint16_t port = 0);
  ~WebServer();
  uint16_t port() const;

 private:
  struct Loop;
  explicit WebServer(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace halftone

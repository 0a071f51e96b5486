// A SOCKS proxy: versions 4, 4a and 5 (RFC 1928, RFC 1929), for tests.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace halftone {

// Listens on a free port of 127.0.0.1, from its own threads, until it is destroyed. Whatever it is
// asked for, it connects to `port` of this machine.
class SocksServer {
 public:
  explicit SocksServer(uint16_t port);
  ~SocksServer();

  uint16_t port() const;
  void refuse();  // from now on every request

  struct Asked {
    int version = 0;
    std::string host;  // a name, or an address where the client resolved it
    std::string user, password;
  };
  std::vector<Asked> asked() const;

 private:
  struct Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace halftone

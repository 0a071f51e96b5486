// A distant network on this machine: connections are forwarded, late.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace halftone::bench {

struct DelaySetup {
  std::string listen = "127.0.0.1:0";  // port 0: free ones; else so many from this one on
  std::string to;                      // "127.0.0.1:8080"
  std::chrono::milliseconds round_trip{50};
  size_t ports = 1;    // forward
  size_t dead = 0;     // more ports, which accept and never answer
  size_t slow = 0;     // more ports, which forward, and let answers drip
  size_t drip = 1000;  // bytes a second of a slow port
};

// Accepts on several ports and forwards each connection to one address. Half a round trip passes in
// each direction, and a whole one before the first byte, as the handshake would take. At most
// 1 MiB of a connection waits in each direction. Listens from its construction on. Exceptions where
// it cannot listen.
class DelayProxy {
 public:
  explicit DelayProxy(const DelaySetup& setup);
  ~DelayProxy();

  // In the order of DelaySetup: those that forward, dead ones, slow ones.
  std::vector<uint16_t> ports() const;

  void run();   // until stop(), on this thread
  void stop();  // from any thread

 private:
  struct Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace halftone::bench

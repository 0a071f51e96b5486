// The sockets of libcurl's multi interface, waited for all at once: what a turn costs depends on
// how many have something to say, not on how many there are.
#pragma once

#include <chrono>
#include <memory>

namespace halftone {

// Drives one CURLM by epoll (libcurl's "multi socket" interface). One thread, but for wake().
class CurlSockets {
 public:
  // `multi` is a CURLM* and must outlive this; without it, nothing of it goes on.
  explicit CurlSockets(void* multi);
  ~CurlSockets();
  CurlSockets(const CurlSockets&) = delete;
  CurlSockets& operator=(const CurlSockets&) = delete;

  // Waits until a socket is ready, a timer of libcurl's is due, `longest` is over or somebody
  // wakes it, and lets libcurl do what there is to do. `longest` of 0 does not wait.
  void work(std::chrono::milliseconds longest);

  // Ends the wait at hand or the next one. Any thread.
  void wake();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace halftone

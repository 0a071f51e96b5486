// Who decides when, and whether, a request may be made.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "media/error.h"
#include "media/url.h"

namespace halftone {

// One thread: the one that runs the fetcher.
class RequestGate {
 public:
  virtual ~RequestGate() = default;

  // Calls `go` once, now or later: with nothing when the request may start, and leave() must follow
  // its end; or with why it must not be made. kBlocked: robots.txt says no; kRefused: the host has
  // not answered for long.
  virtual void enter(const Url& url, std::function<void(Result<void>)> go) = 0;

  struct Left {
    int status = 0;  // 0: no answer came
    std::chrono::milliseconds first_byte{};
    uint64_t bytes = 0;  // of the body
    std::optional<std::chrono::seconds> retry_after;
    bool is_ours = false;  // given up by us: nothing that the host did
  };
  virtual void leave(const Url& url, const Left& left) = 0;
};

// Lets everything through.
class OpenGate : public RequestGate {
 public:
  void enter(const Url&, std::function<void(Result<void>)> go) override { go({}); }
  void leave(const Url&, const Left&) override {}
};

}  // namespace halftone

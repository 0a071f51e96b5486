// Where bytes come from.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"

namespace halftone {

struct FetchRequest {
  std::string url;       // http or https, as Url serialises it
  std::string referrer;  // the Referer to send; empty: none
  // Extra header lines, "Name: value".
  std::vector<std::string> headers;
  // Of the body, content coding removed; nothing: the fetcher's own limit. Longer ones end with
  // kTooLarge, as soon as their length is known.
  std::optional<uint64_t> max_size{};
};

// The head of an answer; its body went to the sink.
struct FetchResponse {
  int status = 0;
  // Header blocks as on the wire, CRLF line ends. In the request, the values of Cookie,
  // Authorization and Proxy-Authorization are masked.
  std::string request_headers, response_headers;
  std::string content_type;
  std::string location;         // as sent
  std::string retry_after;      // as sent
  std::string referrer_policy;  // as sent
  std::string remote_address;   // "203.0.113.9:443"
  std::string http_version;     // "1.1", "2"
  // From the start of the request to the first byte of the answer, and to the end of its body.
  std::chrono::milliseconds first_byte{}, total{};
};

// What happens to one request, in this order, on the thread that runs the fetcher.
class FetchHandler {
 public:
  virtual ~FetchHandler() = default;

  // The head of the answer has come, once for each answer and even while bodies are held back;
  // `total` is not known yet and 0. An Error ends the request with that error.
  virtual Result<void> on_head(const FetchResponse& response) {
    (void)response;
    return {};
  }

  // A piece of the body, content coding removed. An Error ends the request with that error.
  virtual Result<void> on_body(std::string_view bytes) = 0;

  // The end. Errors carry a code from the network's list and name the URL.
  virtual void on_done(Result<FetchResponse> response) = 0;
};

// Asks the network. One thread at a time.
class Fetcher {
 public:
  virtual ~Fetcher() = default;

  // Queues a request; may be called from a handler. Redirects are not followed: they are answers.
  virtual void start(FetchRequest request, std::unique_ptr<FetchHandler> handler) = 0;

  // Calls `action` once, not before `delay` is over.
  virtual void after(std::chrono::milliseconds delay, std::function<void()> action) = 0;

  // Calls `action` once, soon, from run(); from the next one where none runs. Any thread may call
  // this.
  virtual void post(std::function<void()> action) = 0;

  // Between the two, another thread works on something that will end in a post(): run() waits for
  // it. Calls may nest, and any thread may make them; the post() comes before the end.
  virtual void begin_outside_work() = 0;
  virtual void end_outside_work() = 0;

  // While held, no body is read, so that who takes bodies is not overrun: on_body() is not called
  // again after the piece at hand, and time spent so is no stall of the server's. It does count
  // for --max-time. Bodies go on from run(), not from within this call.
  virtual void hold_bodies(bool held) = 0;

  // Runs until nothing is queued, in flight, waiting or worked on outside, calling `tick` several
  // times a second. When `tick` returns false, requests queued and in flight end with kInterrupted
  // and actions of after() are dropped; a handler must not start again what ended so. What was
  // posted is kept, as is outside work: after an interrupt the fetcher may run again, and does
  // that first.
  virtual void run(const std::function<bool()>& tick) = 0;

  // How writing --cookie-jar went when run() last returned. kIo, kNoSpace.
  virtual Result<void> cookies_saved() const = 0;
};

}  // namespace halftone

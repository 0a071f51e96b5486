// An HTTP/1.1 server that does as the test says: right, slowly, wrongly or not at all.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace halftone {

using Fields = std::vector<std::pair<std::string, std::string>>;

// A request as it came.
struct SeenRequest {
  std::string method, target, host;  // host: of the Host field, with the port
  Fields fields;
  int connection = 0;  // counts from 1: equal numbers shared a connection

  std::optional<std::string> field(std::string_view name) const;
};

// An answer's bytes before anything goes wrong with them.
struct Answer {
  int status = 200;
  Fields fields;
  std::string body;
  bool chunked = false;
  std::optional<uint64_t> content_length;  // another one than the body's
  bool length_by_close = false;            // neither Content-Length nor chunks

  std::string head() const;
  std::string bytes() const;  // as they go over the wire
};

// What happens on the wire after a request. Steps are done in order; then the connection waits
// for the next request.
struct Script {
  struct Step {
    enum class Kind { kSend, kSendForever, kPause, kClose, kReset, kHang, kTunnel } kind;
    std::string bytes;
    std::chrono::milliseconds pause{};
    uint16_t port = 0;
  };
  std::vector<Step> steps;

  Script& send(std::string bytes);
  Script& send_forever(std::string bytes);
  Script& pause(std::chrono::milliseconds time);
  Script& close();
  Script& reset();                // RST: what was sent may be lost as well
  Script& tunnel(uint16_t port);  // of this machine: from here on a CONNECT proxy
  Script& hang();                 // nothing more, while the server lives
};

Script whole(const Answer& answer);
Script text(std::string body, std::string content_type = "text/html");
Script redirect(std::string location, int status = 302);
Script status(int code, Fields fields = {});
// `piece` bytes at a time, with a pause after each.
Script drip(const Answer& answer, size_t piece, std::chrono::milliseconds pause);
// The first `size` bytes of head and body, then the end of the connection, or a reset.
Script cut_after(const Answer& answer, size_t size);
Script reset_after(const Answer& answer, size_t size);
// A head, then the same bytes again and again until the client goes away.
Script endless(const Answer& head, std::string bytes);

// Content codings, for the body of an Answer.
std::string gzip(std::string_view bytes);
std::string brotli(std::string_view bytes);
std::string zstd(std::string_view bytes);

// Listens on a free port of 127.0.0.1, from its own thread, until it is destroyed.
// Requests to http://… of a proxy and CONNECT are looked up by their target as sent.
class TestServer {
 public:
  TestServer();
  ~TestServer();

  uint16_t port() const;
  // "http://127.0.0.1:PORT/path", or with another name for the host.
  std::string url(std::string_view path, std::string_view host = "127.0.0.1") const;

  // What to do with requests for `target` ("/path?query"). Several scripts: one after another, the
  // last one for all that follow. Targets without a script get 404.
  void on(std::string target, Script script);
  void on(std::string target, std::vector<Script> scripts);

  std::vector<SeenRequest> requests() const;
  std::vector<SeenRequest> requests(std::string_view target) const;
  size_t most_at_once() const;  // connections

 private:
  struct Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace halftone

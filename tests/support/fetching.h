// Fetching in one line, for tests.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crawler/curl_fetcher.h"

namespace halftone {

struct Fetched {
  FetchResponse response;
  std::string body;
};

// Keeps what comes in `body` and `outcome`, which must outlive the request.
class KeepingHandler : public FetchHandler {
 public:
  KeepingHandler(std::string& body, std::optional<Result<FetchResponse>>& outcome)
      : body_(body), outcome_(outcome) {}

  Result<void> on_body(std::string_view bytes) override {
    body_ += bytes;
    return {};
  }
  void on_done(Result<FetchResponse> response) override { outcome_ = std::move(response); }

 private:
  std::string& body_;
  std::optional<Result<FetchResponse>>& outcome_;
};

inline bool go_on() { return true; }

// The answer to one request. `fetcher` may have done others before.
inline Result<Fetched> fetch(Fetcher& fetcher, FetchRequest request) {
  Fetched fetched;
  std::optional<Result<FetchResponse>> outcome;
  fetcher.start(std::move(request), std::make_unique<KeepingHandler>(fetched.body, outcome));
  fetcher.run(go_on);
  if (!outcome) return fail(ErrorCode::kIo, "the request had no end");
  if (!*outcome) return tl::unexpected<Error>(outcome->error());
  fetched.response = std::move(**outcome);
  return fetched;
}

inline Result<Fetched> fetch(const FetchOptions& options, FetchRequest request) {
  auto fetcher = make_curl_fetcher(options);
  if (!fetcher) return tl::unexpected<Error>(fetcher.error());
  return fetch(**fetcher, std::move(request));
}

inline Result<Fetched> fetch(const FetchOptions& options, const std::string& url) {
  return fetch(options, FetchRequest{url, {}, {}});
}

// Options under which servers on loopback may be asked.
inline FetchOptions loopback_options() {
  FetchOptions options;
  options.seed_hosts = {"127.0.0.1"};
  return options;
}

}  // namespace halftone

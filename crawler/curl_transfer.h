// One request in libcurl's hands: what is asked, what came, and how it ended.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crawler/content_decoder.h"
#include "crawler/fetch_options.h"
#include "crawler/rate_limit.h"
#include "crawler/request_queue.h"
#include "crawler/response_head.h"

namespace halftone {

// The parts of the URL that decide whom we talk to, as libcurl reads them.
struct Target {
  std::string host;  // IPv6 in brackets
  uint16_t port = 0;
  std::string url;     // for messages: without user name and password
  std::string origin;  // "https://example.org", with the port where it is not the usual one
};

// What all transfers of a fetcher share; must outlive them.
struct TransferSetup {
  const FetchOptions& options;
  NamedHosts& named;
  RateLimit& rate;
  void* share;       // CURLSH*
  void* resolve;     // curl_slist*
  void* connect_to;  // curl_slist*
};

// Lives at one address: libcurl points to it until finish().
class CurlTransfer {
 public:
  CurlTransfer(const TransferSetup& setup, WaitingRequest waiting);
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  // Readies the handle. An Error: the request must not be made at all.
  Result<void> prepare();

  void* handle() const { return easy_; }  // CURL*, once prepared
  const std::string& url() const { return waiting_.request.url; }

  // `rate` bytes a second at most, 0: as fast as it goes. May change under way.
  void limit_rate(uint64_t rate);

  // While held, the body waits at the server's.
  void hold(bool held);

  // Hands the outcome to the handler. `code` is libcurl's (CURLcode). Returns true where the host
  // spoke HTTP/2. Not while libcurl still holds the handle.
  bool finish(int code);
  void fail_with(Error error);

 private:
  friend struct TransferCallbacks;

  Result<void> find_target();
  Result<void> check_target() const;
  Result<void> set_headers();
  void set_connection_options();
  void set_callbacks();

  void on_request_bytes(std::string_view bytes);
  bool on_head_line(std::string_view line);
  Result<void> check_head();
  bool on_body(std::string_view bytes);
  bool allows_address(const std::string& address);
  Result<void> take(std::string_view decoded);

  Result<FetchResponse> outcome(int code);
  Error error_for(int code) const;
  Error protocol_error(int code) const;
  Error timeout_error() const;
  Error truncated_error() const;
  Error connect_error(int code) const;
  FetchResponse response() const;
  std::string_view curl_says() const { return error_text_.data(); }

  const TransferSetup& setup_;
  WaitingRequest waiting_;
  void* easy_ = nullptr;
  void* url_parts_ = nullptr;  // CURLU*
  void* headers_ = nullptr;    // curl_slist*
  Target target_;

  std::string request_head_;
  ResponseHead head_;
  ContentDecoders decoders_;
  bool held_ = false;
  uint64_t size_ = 0;                   // of the decoded body so far
  std::optional<Error> failure_;        // ours, which ended the transfer
  std::string refused_address_;         // private, met while connecting
  bool tried_address_ = false;          // a public one
  std::array<char, 256> error_text_{};  // libcurl's
};

}  // namespace halftone

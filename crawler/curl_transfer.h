// One request in libcurl's hands: what is asked, what came, and how it ended.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/content_decoder.h"
#include "crawler/credentials.h"
#include "crawler/curl_cookies.h"
#include "crawler/curl_handles.h"
#include "crawler/fetch_options.h"
#include "crawler/rate_limit.h"
#include "crawler/request_queue.h"
#include "crawler/response_head.h"

namespace halftone {

// The parts of the URL that decide whom we talk to, as libcurl reads them.
struct Target {
  std::string scheme;
  std::string host;  // IPv6 in brackets
  uint16_t port = 0;
  std::string url;  // for messages: without user name and password
};

// What all transfers of a fetcher share; must outlive them.
struct TransferSetup {
  const FetchOptions& options;
  NamedHosts& named;
  Credentials& credentials;
  CookieJar& jar;
  RateLimit& rate;
  TransferHandles& handles;
  // The lines of --header, for hosts that the user named and for all others.
  void* named_headers;                    // curl_slist*
  void* common_headers;                   // curl_slist*
  std::vector<std::string> secret_lines;  // those of --header that are not for all
  const bool& held;                       // see Fetcher::hold_bodies()
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

  void* handle() const { return handle_.easy; }  // CURL*, once prepared
  const std::string& url() const { return waiting_.request.url; }

  // `rate` bytes a second at most, 0: as fast as it goes. May change under way.
  void limit_rate(uint64_t rate);

  // True where the body waits at libcurl's because bodies are held back.
  bool is_paused() const { return paused_; }

  // Takes the body up again; not from a handler. Anything but 0 (CURLE_OK) is how the transfer has
  // ended.
  int resume();

  // Hands the outcome to the handler. `code` is libcurl's (CURLcode). Returns true where the host
  // spoke HTTP/2. Not while libcurl still holds the handle.
  bool finish(int code);
  void fail_with(Error error);

 private:
  friend struct TransferCallbacks;

  Result<void> find_target();
  Result<void> check_target() const;
  Result<void> set_headers();
  Result<void> set_extra_headers(void* common);
  void set_credentials();
  void set_callbacks();

  void on_request_bytes(std::string_view bytes);
  bool on_head_line(std::string_view line);
  Result<void> check_head();
  // What became of a piece of the body; kHeld: libcurl shall bring it again.
  enum class Taken { kWhole, kHeld, kFailed };
  Taken on_body(std::string_view bytes);
  Result<void> take_pieces();
  bool allows_address(const std::string& address);
  Result<void> take(std::string_view decoded);

  Result<FetchResponse> outcome(int code);
  Error error_for(int code) const;
  Error protocol_error(int code) const;
  Error timeout_error() const;
  Error truncated_error() const;
  Error connect_error(int code) const;
  FetchResponse response() const;
  uint64_t max_size() const { return waiting_.request.max_size.value_or(setup_.options.max_size); }
  void* easy() const { return handle_.easy; }
  std::string_view curl_says() const { return error_text_.data(); }

  const TransferSetup& setup_;
  WaitingRequest waiting_;
  TransferHandle handle_;
  void* extra_headers_ = nullptr;  // curl_slist*
  Target target_;

  std::string request_head_;
  ResponseHead head_;
  FetchResponse response_;  // once the head is complete
  ContentDecoders decoders_;
  bool paused_ = false;
  size_t taken_ = 0;                    // of a piece that libcurl shall bring again
  uint64_t size_ = 0;                   // of the decoded body so far
  std::optional<Error> failure_;        // ours, which ended the transfer
  std::string refused_address_;         // private, met while connecting
  bool tried_address_ = false;          // a public one
  std::array<char, 256> error_text_{};  // libcurl's
};

}  // namespace halftone

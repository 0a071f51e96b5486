#include "crawler/curl_handles.h"

#include <curl/curl.h>

#include "crawler/content_decoder.h"

namespace halftone {
namespace {

constexpr long kReadBuffer = 64 * 1024L;  // bytes
constexpr long kSmallBuffer = 1024;       // so that limited transfers come in small gulps

void set_trust(CURL* easy, const FetchOptions& options) {
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, options.insecure ? 0L : 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, options.insecure ? 0L : 2L);
  if (options.cacert.empty()) return;
  curl_easy_setopt(easy, CURLOPT_CAINFO, options.cacert.c_str());
  curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, options.cacert.c_str());
}

void set_limits(CURL* easy, const FetchOptions& options) {
  const auto seconds = [](std::chrono::seconds time) { return static_cast<long>(time.count()); };
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, options.limit_rate == 0 ? kReadBuffer : kSmallBuffer);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, seconds(options.connect_timeout));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT, seconds(options.max_time));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, seconds(options.stall_timeout));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, kStallSpeed);
}

}  // namespace

TransferHandles::~TransferHandles() {
  for (const TransferHandle& handle : idle_) {
    curl_easy_cleanup(handle.easy);
    curl_url_cleanup(static_cast<CURLU*>(handle.url));
  }
}

TransferHandle TransferHandles::take() {
  if (idle_.empty()) return make();
  const TransferHandle handle = idle_.back();
  idle_.pop_back();
  return handle;
}

// Nothing of the last request may stay: neither a secret nor a pointer.
void TransferHandles::give_back(TransferHandle handle) {
  if (!handle.easy) return;
  // A relative URL would be taken as relative to the last one.
  curl_url_set(static_cast<CURLU*>(handle.url), CURLUPART_URL, nullptr, 0);
  curl_easy_setopt(handle.easy, CURLOPT_VERBOSE, 0L);
  curl_easy_setopt(handle.easy, CURLOPT_QUICK_EXIT, 0L);
  curl_easy_setopt(handle.easy, CURLOPT_HTTPHEADER, nullptr);
  curl_easy_setopt(handle.easy, CURLOPT_REFERER, nullptr);
  curl_easy_setopt(handle.easy, CURLOPT_USERPWD, nullptr);
  curl_easy_setopt(handle.easy, CURLOPT_ERRORBUFFER, nullptr);
  curl_easy_setopt(handle.easy, CURLOPT_MAX_RECV_SPEED_LARGE, curl_off_t{0});
  curl_easy_setopt(handle.easy, CURLOPT_LOW_SPEED_LIMIT, kStallSpeed);
  idle_.push_back(handle);
}

TransferHandle TransferHandles::make() const {
  CURL* easy = curl_easy_init();
  CURLU* url = curl_url();
  if (!easy || !url) {
    curl_easy_cleanup(easy);
    curl_url_cleanup(url);
    return {};
  }
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent(options_).c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
  // We undo the codings ourselves: libcurl does not notice a stream that was cut.
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, ContentDecoders::accepted());
  curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
  // Empty rather than unset, or libcurl would ask the environment, and the address guard would
  // not know whose addresses it sees.
  curl_easy_setopt(easy, CURLOPT_PROXY, options_.proxy.c_str());
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_RESOLVE, static_cast<curl_slist*>(shared_.resolve));
  curl_easy_setopt(easy, CURLOPT_CONNECT_TO, static_cast<curl_slist*>(shared_.connect_to));
  curl_easy_setopt(easy, CURLOPT_SHARE, static_cast<CURLSH*>(shared_.share));
  // The jar is shared; an empty name switches cookies on without reading a file.
  if (shared_.cookies) curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");
  set_trust(easy, options_);
  set_limits(easy, options_);
  return {easy, url};
}

}  // namespace halftone

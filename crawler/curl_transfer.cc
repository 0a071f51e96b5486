#include "crawler/curl_transfer.h"

#include <charconv>
#include <netdb.h>
#include <sys/socket.h>
#include <system_error>

#include <curl/curl.h>

#include "crawler/address_guard.h"
#include "crawler/shown_url.h"
#include "media/ascii.h"

namespace halftone {
namespace {

// 1234567 → "1,234,567".
std::string grouped(uint64_t number) {
  constexpr uint64_t kGroup = 1000;
  if (number < kGroup) return fmt::format("{}", number);
  return fmt::format("{},{:03}", grouped(number / kGroup), number % kGroup);
}

std::string url_part(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

template <class T>
T info(void* easy, CURLINFO what) {
  T value{};
  curl_easy_getinfo(easy, what, &value);
  return value;
}

std::string text_info(void* easy, CURLINFO what) {
  const char* text = info<const char*>(easy, what);
  return text ? text : "";
}

std::string http_version_of(void* easy) {
  switch (info<long>(easy, CURLINFO_HTTP_VERSION)) {
    case CURL_HTTP_VERSION_1_0:
      return "1.0";
    case CURL_HTTP_VERSION_1_1:
      return "1.1";
    case CURL_HTTP_VERSION_2_0:
      return "2";
    default:
      return "";
  }
}

std::string remote_address_of(void* easy) {
  const std::string address = text_info(easy, CURLINFO_PRIMARY_IP);
  if (address.empty()) return "";
  const bool is_ipv6 = address.find(':') != std::string::npos;
  return fmt::format("{}:{}", is_ipv6 ? fmt::format("[{}]", address) : address,
                     info<long>(easy, CURLINFO_PRIMARY_PORT));
}

bool is_one_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

std::chrono::milliseconds milliseconds_of(curl_off_t microseconds) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::microseconds(microseconds));
}

bool is_beyond_numbers(std::string_view length) {
  int64_t number = 0;
  const auto result = std::from_chars(length.data(), length.data() + length.size(), number);
  return result.ec == std::errc::result_out_of_range;
}

bool is_tls_failure(int code) {
  constexpr CURLcode kCodes[] = {
      CURLE_SSL_CONNECT_ERROR,  CURLE_SSL_CERTPROBLEM,  CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
      CURLE_SSL_CLIENTCERT,     CURLE_USE_SSL_FAILED,
  };
  return std::ranges::find(kCodes, code) != std::end(kCodes);
}

std::string numeric_address(const curl_sockaddr& address) {
  char text[NI_MAXHOST] = "";
  const int result =
      getnameinfo(&address.addr, address.addrlen, text, sizeof(text), nullptr, 0, NI_NUMERICHOST);
  return result == 0 ? text : "";
}

}  // namespace

// What libcurl calls while a transfer runs.
struct TransferCallbacks {
  static size_t head_line(char* bytes, size_t, size_t size, void* transfer) {
    return static_cast<CurlTransfer*>(transfer)->on_head_line({bytes, size}) ? size : 0;
  }

  static size_t body(char* bytes, size_t, size_t size, void* transfer) {
    switch (static_cast<CurlTransfer*>(transfer)->on_body({bytes, size})) {
      case CurlTransfer::Taken::kWhole:
        return size;
      case CurlTransfer::Taken::kHeld:
        return CURL_WRITEFUNC_PAUSE;
      default:
        return size + 1;  // an error, whatever the size
    }
  }

  static int debug(CURL*, curl_infotype type, char* bytes, size_t size, void* transfer) {
    if (type == CURLINFO_HEADER_OUT) {
      static_cast<CurlTransfer*>(transfer)->on_request_bytes({bytes, size});
    }
    return 0;
  }

  static curl_socket_t open_socket(void* transfer, curlsocktype, curl_sockaddr* address) {
    if (!static_cast<CurlTransfer*>(transfer)->allows_address(numeric_address(*address))) {
      return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  }
};

CurlTransfer::CurlTransfer(const TransferSetup& setup, WaitingRequest waiting)
    : setup_(setup), waiting_(std::move(waiting)) {
  target_.url = shown_url(url());
  static_assert(sizeof(error_text_) >= CURL_ERROR_SIZE);
}

CurlTransfer::~CurlTransfer() {
  setup_.handles.give_back(handle_);
  curl_slist_free_all(static_cast<curl_slist*>(extra_headers_));
}

Result<void> CurlTransfer::prepare() {
  handle_ = setup_.handles.take();
  if (!easy()) return fail(ErrorCode::kIo, "{}: out of memory", target_.url);
  if (auto found = find_target(); !found) return found;
  if (auto checked = check_target(); !checked) return checked;
  if (auto set = set_headers(); !set) return set;
  set_credentials();
  set_callbacks();
  return {};
}

Result<void> CurlTransfer::find_target() {
  auto* parts = static_cast<CURLU*>(handle_.url);
  const CURLUcode parsed = curl_url_set(parts, CURLUPART_URL, url().c_str(),
                                        CURLU_PATH_AS_IS | CURLU_NON_SUPPORT_SCHEME);
  if (parsed == CURLUE_OK) target_.scheme = url_part(parts, CURLUPART_SCHEME);
  if (target_.scheme != "http" && target_.scheme != "https") {
    return fail(ErrorCode::kUnsupportedScheme, "{}: not an http or https URL", target_.url);
  }
  const bool is_tls = target_.scheme == "https";
  target_.host = lower_case(url_part(parts, CURLUPART_HOST));
  const std::string port = url_part(parts, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  target_.port = static_cast<uint16_t>(std::strtoul(port.c_str(), nullptr, 10));
  curl_easy_setopt(easy(), CURLOPT_CURLU, parts);
  curl_easy_setopt(easy(), CURLOPT_HTTP_VERSION,
                   is_tls ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy(), CURLOPT_PIPEWAIT, is_tls ? 1L : 0L);
  return {};
}

// What can be refused by the look of the name, so that not even a proxy is asked for it.
Result<void> CurlTransfer::check_target() const {
  if (setup_.named.may_be_private(target_.host, target_.port)) return {};
  std::string_view name = target_.host;
  if (name.starts_with('[')) name = name.substr(1, name.size() - 2);
  const bool is_private = is_ip_address(name) ? is_private_address(name) : is_loopback_name(name);
  if (!is_private) return {};
  return fail(ErrorCode::kPrivateAddress,
              "refusing to fetch {}: {} is a private address (give --allow-private to allow it)",
              target_.url, name);
}

Result<void> CurlTransfer::set_headers() {
  const std::string& referrer = waiting_.request.referrer;
  if (!is_one_line(referrer))
    return fail(ErrorCode::kUsage, "{}: a Referer of two lines", target_.url);
  if (!referrer.empty()) curl_easy_setopt(easy(), CURLOPT_REFERER, referrer.c_str());
  void* common = setup_.named.contains(target_.host) ? setup_.named_headers : setup_.common_headers;
  if (!waiting_.request.headers.empty()) return set_extra_headers(common);
  curl_easy_setopt(easy(), CURLOPT_HTTPHEADER, static_cast<curl_slist*>(common));
  return {};
}

Result<void> CurlTransfer::set_extra_headers(void* common) {
  auto* list = static_cast<curl_slist*>(nullptr);
  const auto append = [&](const char* line) {
    extra_headers_ = list = curl_slist_append(list, line);
  };
  for (auto* line = static_cast<curl_slist*>(common); line; line = line->next) append(line->data);
  for (const std::string& line : waiting_.request.headers) {
    if (!is_one_line(line))
      return fail(ErrorCode::kUsage, "{}: a header of two lines", target_.url);
    append(line.c_str());
  }
  curl_easy_setopt(easy(), CURLOPT_HTTPHEADER, list);
  return {};
}

void CurlTransfer::set_credentials() {
  const auto found = setup_.credentials.find({target_.scheme, target_.host, target_.port});
  if (found) curl_easy_setopt(easy(), CURLOPT_USERPWD, found->c_str());
}

void CurlTransfer::set_callbacks() {
  curl_easy_setopt(easy(), CURLOPT_ERRORBUFFER, error_text_.data());
  curl_easy_setopt(easy(), CURLOPT_HEADERFUNCTION, TransferCallbacks::head_line);
  curl_easy_setopt(easy(), CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy(), CURLOPT_WRITEFUNCTION, TransferCallbacks::body);
  curl_easy_setopt(easy(), CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy(), CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(easy(), CURLOPT_DEBUGFUNCTION, TransferCallbacks::debug);
  curl_easy_setopt(easy(), CURLOPT_DEBUGDATA, this);
  curl_easy_setopt(easy(), CURLOPT_OPENSOCKETFUNCTION, TransferCallbacks::open_socket);
  curl_easy_setopt(easy(), CURLOPT_OPENSOCKETDATA, this);
}

// A stall is what the server does; a limit of our own must not look like one.
void CurlTransfer::limit_rate(uint64_t rate) {
  const long half = static_cast<long>(rate / 2);
  curl_easy_setopt(easy(), CURLOPT_MAX_RECV_SPEED_LARGE, static_cast<curl_off_t>(rate));
  curl_easy_setopt(easy(), CURLOPT_LOW_SPEED_LIMIT,
                   rate == 0 ? kStallSpeed : std::min(kStallSpeed, half + 1));
}

int CurlTransfer::resume() {
  paused_ = false;
  return curl_easy_pause(easy(), CURLPAUSE_CONT);
}

bool CurlTransfer::allows_address(const std::string& address) {
  const bool is_proxy = !setup_.options.proxy.empty();
  if (is_proxy || setup_.named.allows(target_.host, target_.port, address)) {
    return tried_address_ = true;
  }
  refused_address_ = address;
  return false;
}

void CurlTransfer::on_request_bytes(std::string_view bytes) {
  if (bytes.starts_with("CONNECT ")) return;                       // meant for the proxy
  if (request_head_.ends_with("\r\n\r\n")) request_head_.clear();  // asked again, reconnected
  request_head_ += bytes;
}

bool CurlTransfer::on_head_line(std::string_view line) {
  const auto taken = head_.add(line);
  Result<void> sound;
  if (taken == ResponseHead::Line::kComplete) sound = check_head();
  if (taken == ResponseHead::Line::kTooLong) {
    sound = fail(ErrorCode::kProtocol, "{}: the head of the answer is larger than {} bytes",
                 target_.url, grouped(ResponseHead::kLimit));
  }
  if (sound && taken == ResponseHead::Line::kComplete) {
    // The request was shown to us; what libcurl would tell from here on is worth nothing.
    curl_easy_setopt(easy(), CURLOPT_VERBOSE, 0L);
    response_ = response();
    sound = waiting_.handler->on_head(response_);
  }
  if (!sound) failure_ = sound.error();
  return sound.has_value();
}

Result<void> CurlTransfer::check_head() {
  const std::string transfer_coding = lower_case(head_.joined("transfer-encoding"));
  if (!transfer_coding.empty() && transfer_coding != "chunked" && transfer_coding != "identity") {
    return fail(ErrorCode::kProtocol, "{}: uses the transfer coding '{}', which nobody asked for",
                target_.url, transfer_coding);
  }
  const auto lengths = head_.values("content-length");
  if (std::ranges::any_of(lengths, [&](auto& length) { return length != lengths.front(); })) {
    return fail(ErrorCode::kProtocol, "{}: announces two different lengths", target_.url);
  }
  // libcurl would read up to the end of the connection.
  if (!lengths.empty() && is_beyond_numbers(lengths.front())) {
    return fail(ErrorCode::kTooLarge, "{}: with {} bytes larger than anything", target_.url,
                lengths.front());
  }
  decoders_ = ContentDecoders(head_.joined("content-encoding"));
  const uint64_t announced = head_.content_length().value_or(0);
  if (decoders_.is_identity() && announced > max_size()) {
    return fail(ErrorCode::kTooLarge, "{}: with {} bytes larger than --max-size ({})", target_.url,
                grouped(announced), grouped(max_size()));
  }
  return {};
}

CurlTransfer::Taken CurlTransfer::on_body(std::string_view bytes) {
  const std::string_view fresh = bytes.substr(std::min(taken_, bytes.size()));
  decoders_.feed(fresh);
  const auto taken = take_pieces();
  const size_t unread = decoders_.unread();
  setup_.rate.spend(fresh.size() - unread);
  if (!taken) {
    if (!failure_) failure_ = taken.error().during(target_.url);
    return Taken::kFailed;
  }
  paused_ = setup_.held && (unread > 0 || !decoders_.is_identity());
  taken_ = paused_ ? bytes.size() - unread : 0;
  return paused_ ? Taken::kHeld : Taken::kWhole;
}

// Until all is used up or bodies are held back.
Result<void> CurlTransfer::take_pieces() {
  while (!setup_.held) {
    const auto piece = decoders_.next();
    if (!piece) return tl::unexpected(piece.error());
    if (piece->empty()) return {};
    if (auto taken = take(*piece); !taken) return taken;
  }
  return {};
}

Result<void> CurlTransfer::take(std::string_view decoded) {
  size_ += decoded.size();
  Result<void> taken;
  if (size_ > max_size()) {
    taken = fail(ErrorCode::kTooLarge, "{}: larger than --max-size ({})", target_.url,
                 grouped(max_size()));
  } else {
    taken = waiting_.handler->on_body(decoded);
  }
  if (!taken) failure_ = taken.error();
  return taken;
}

bool CurlTransfer::finish(int code) {
  const bool is_multiplexed = http_version_of(easy()) == "2";
  if (setup_.jar.is_on()) setup_.jar.note_set_cookies(head_.values("set-cookie").size());
  waiting_.handler->on_done(outcome(code));
  return is_multiplexed;
}

void CurlTransfer::fail_with(Error error) {
  waiting_.handler->on_done(tl::unexpected<Error>(std::move(error)));
}

Result<FetchResponse> CurlTransfer::outcome(int code) {
  if (failure_) return tl::unexpected<Error>(*failure_);
  if (code != CURLE_OK) return tl::unexpected<Error>(error_for(code));
  if (!head_.complete()) return tl::unexpected<Error>(truncated_error());
  if (auto whole = decoders_.finish(); !whole) {
    return tl::unexpected<Error>(whole.error().during(target_.url));
  }
  response_.total = milliseconds_of(info<curl_off_t>(easy(), CURLINFO_TOTAL_TIME_T));
  return std::move(response_);
}

FetchResponse CurlTransfer::response() const {
  FetchResponse response;
  response.status = head_.status();
  response.request_headers = with_masked_credentials(request_head_, setup_.secret_lines);
  response.response_headers = head_.block();
  response.content_type = head_.last("content-type");
  response.location = head_.first("location");
  response.retry_after = head_.first("retry-after");
  response.referrer_policy = head_.joined("referrer-policy");
  response.remote_address = remote_address_of(easy());
  response.http_version = http_version_of(easy());
  response.first_byte = milliseconds_of(info<curl_off_t>(easy(), CURLINFO_STARTTRANSFER_TIME_T));
  return response;
}

Error CurlTransfer::error_for(int code) const {
  const std::string& url = target_.url;
  if (is_tls_failure(code))
    return {ErrorCode::kTls, fmt::format("{}: no TLS connection: {}", url, curl_says())};
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
      return connect_error(code);
    case CURLE_PEER_FAILED_VERIFICATION:
      return {ErrorCode::kTls,
              fmt::format("{}: the certificate is not trusted: {}; give --cacert FILE if you trust "
                          "its issuer, or --insecure to trust anyone",
                          url, curl_says())};
    case CURLE_OPERATION_TIMEDOUT:
      return timeout_error();
    case CURLE_RECV_ERROR:
      if (curl_says().ends_with("in chunked-encoding")) return protocol_error(code);
      return truncated_error();
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2_STREAM:
      return truncated_error();
    case CURLE_FILESIZE_EXCEEDED:
      return {ErrorCode::kTooLarge,
              fmt::format("{}: larger than --max-size ({})", url, grouped(max_size()))};
    default:
      return protocol_error(code);
  }
}

Error CurlTransfer::protocol_error(int code) const {
  const std::string_view why =
      curl_says().empty() ? curl_easy_strerror(static_cast<CURLcode>(code)) : curl_says();
  return {ErrorCode::kProtocol, fmt::format("{}: not sound HTTP: {}", target_.url, why)};
}

Error CurlTransfer::connect_error(int code) const {
  const std::string& proxy = setup_.options.proxy;
  const size_t after_password = proxy.rfind('@') + 1;  // 0 where there is none
  const std::string peer = proxy.empty()
                               ? fmt::format("{}:{}", target_.host, target_.port)
                               : fmt::format("the proxy {}", proxy.substr(after_password));
  if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY) {
    return {ErrorCode::kUnresolved,
            fmt::format("{}: cannot find {} (is the name right, is the network up?)", target_.url,
                        proxy.empty() ? fmt::format("the host {}", target_.host) : peer)};
  }
  if (!refused_address_.empty() && !tried_address_) {
    return {ErrorCode::kPrivateAddress,
            fmt::format("refusing to fetch {}: {} leads to the private address {} (give "
                        "--allow-private to allow it)",
                        target_.url, target_.host, refused_address_)};
  }
  const auto system_error = static_cast<int>(info<long>(easy(), CURLINFO_OS_ERRNO));
  const std::string why =
      system_error == 0 ? std::string(curl_says()) : std::generic_category().message(system_error);
  return {ErrorCode::kRefused, fmt::format("{}: cannot connect to {}: {}", target_.url, peer, why)};
}

Error CurlTransfer::timeout_error() const {
  const FetchOptions& options = setup_.options;
  const bool is_stall = curl_says().starts_with("Operation too slow");
  const bool is_connected = info<curl_off_t>(easy(), CURLINFO_PRETRANSFER_TIME_T) > 0;
  const auto error = [&](std::string_view what, std::chrono::seconds limit) {
    return Error{ErrorCode::kTimeout, fmt::format("{}: {} {} s", target_.url, what, limit.count())};
  };
  if (is_stall) return error("slower than 1 KiB/s for", options.stall_timeout);
  if (!is_connected) return error("no connection within", options.connect_timeout);
  return error("not done after", options.max_time);
}

Error CurlTransfer::truncated_error() const {
  const auto tunnel_status = info<long>(easy(), CURLINFO_HTTP_CONNECTCODE);
  if (tunnel_status >= 300) {
    return {ErrorCode::kRefused,
            fmt::format("{}: the proxy refused with {}", target_.url, tunnel_status)};
  }
  const auto error = [&](std::string_view what) {
    const std::string why = curl_says().empty() ? "" : fmt::format(" ({})", curl_says());
    return Error{ErrorCode::kTruncated, fmt::format("{}: {}{}", target_.url, what, why)};
  };
  if (head_.empty()) return error("the connection ended before the answer");
  if (!head_.complete()) return error("ended inside the head of the answer");
  const auto got = static_cast<uint64_t>(info<curl_off_t>(easy(), CURLINFO_SIZE_DOWNLOAD_T));
  const auto announced = head_.content_length();
  if (!announced) return error(fmt::format("ended after {} bytes, before its end", grouped(got)));
  return error(fmt::format("ended after {} of {} bytes", grouped(got), grouped(*announced)));
}

}  // namespace halftone

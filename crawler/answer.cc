#include "crawler/answer.h"

#include <algorithm>
#include <charconv>

#include "media/ascii.h"
#include "media/mime.h"

namespace halftone {
namespace {

// RFC 9110, 15: the phrases that people know.
std::string_view phrase(int status) {
  switch (status) {
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 402:
      return "Payment Required";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 410:
      return "Gone";
    case 429:
      return "Too Many Requests";
    case 451:
      return "Unavailable For Legal Reasons";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "";
  }
}

bool is_picture(Kind kind) {
  switch (kind) {
    case Kind::kImage:
    case Kind::kImageCandidate:
    case Kind::kLazyImage:
    case Kind::kIcon:
    case Kind::kPoster:
    case Kind::kMetadataImage:
    case Kind::kStateImage:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string describe_status(int status) {
  const std::string_view words = phrase(status);
  return words.empty() ? fmt::format("{}", status) : fmt::format("{} {}", status, words);
}

bool is_temporary(int status) {
  return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 ||
         status == 504;
}

bool is_worth_retrying(ErrorCode code) {
  return code == ErrorCode::kTimeout || code == ErrorCode::kTruncated ||
         code == ErrorCode::kProtocol;
}

std::string mismatch(Kind kind, std::string_view type, uint64_t size) {
  if (kind == Kind::kPage) return {};
  const bool may_be_empty =
      kind == Kind::kStylesheet || kind == Kind::kCssString || kind == Kind::kTrack;
  if (size == 0 && may_be_empty) return {};
  if (size == 0) return "the answer was empty";
  if (type == "text/html") {
    return fmt::format("the answer was an HTML page, not {}",
                       is_picture(kind) ? "an image" : "a file");
  }
  const bool is_text = is_text_type(type) && type != "image/svg+xml";
  if (is_picture(kind) && is_text) return fmt::format("the answer was {}, not an image", type);
  return {};
}

std::string type_for(Kind kind, const std::string& type) {
  const bool is_sheet = kind == Kind::kStylesheet || kind == Kind::kCssString;
  const bool says_nothing = type == "text/plain" || type == "application/octet-stream";
  return is_sheet && says_nothing ? "text/css" : type;
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, Time now) {
  value = trim(value);
  if (value.empty()) return std::nullopt;
  uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (error == std::errc() && end == value.data() + value.size())
    return std::chrono::seconds(seconds);
  const auto date = parse_date(value);
  if (!date) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(std::max(*date - now, Time::duration::zero()));
}

}  // namespace halftone

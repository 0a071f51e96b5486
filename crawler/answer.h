// Judging an answer: whether it is what was asked for, and what to do if not.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "media/error.h"
#include "media/reference.h"
#include "media/time.h"
#include "store/redirect.h"

namespace halftone {

// "404 Not Found".
std::string describe_status(int status);

bool is_refusal(int status);    // 401, 403: another Referer may help
bool is_temporary(int status);  // 408, 429, 500, 502, 503, 504
bool is_worth_retrying(ErrorCode code);

// Why a body of this type is not what a reference of this kind asks for; empty where it is.
std::string mismatch(Kind kind, std::string_view type, uint64_t size);

// What a body is to a reference of this kind: what a style sheet's link leads to is CSS, whatever
// the server says of the text.
std::string type_for(Kind kind, const std::string& type);

// Retry-After in both forms (RFC 9110, 10.2.3), from `now` on.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, Time now);

}  // namespace halftone

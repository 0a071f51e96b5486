#include "crawler/response_head.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "media/ascii.h"

namespace halftone {
namespace {

constexpr std::string_view kMask = "(masked)";

bool is_line_end(std::string_view line) { return line == "\r\n" || line == "\n"; }

// "HTTP/1.1 200 OK" → 200; 0 where there is no number.
int status_of(std::string_view status_line) {
  const size_t space = status_line.find(' ');
  if (space == std::string_view::npos) return 0;
  const std::string_view rest = trim(status_line.substr(space));
  int status = 0;
  std::from_chars(rest.data(), rest.data() + rest.size(), status);
  return status;
}

std::string_view take_line(std::string_view& block) {
  const size_t end = block.find('\n');
  const std::string_view line = block.substr(0, end == std::string_view::npos ? end : end + 1);
  block.remove_prefix(line.size());
  return line;
}

bool holds_credentials(std::string_view field_name) {
  return equals_ignoring_case(field_name, "cookie") ||
         equals_ignoring_case(field_name, "authorization") ||
         equals_ignoring_case(field_name, "proxy-authorization");
}

}  // namespace

void ResponseHead::begin(std::string_view status_line) {
  block_.clear();
  status_ = status_of(status_line);
}

ResponseHead::Line ResponseHead::add(std::string_view line) {
  if (complete_) return Line::kMore;  // a trailer
  seen_ += line.size();
  if (seen_ > kLimit) return Line::kTooLong;
  const bool is_new_block =
      block_.empty() || block_.ends_with("\n\r\n") || block_.ends_with("\n\n");
  if (is_new_block) begin(line);
  block_ += line;
  if (!is_line_end(line) || status_ < 200) return Line::kMore;
  complete_ = true;
  return Line::kComplete;
}

std::vector<std::string_view> ResponseHead::values(std::string_view name) const {
  std::vector<std::string_view> found;
  std::string_view rest = block_;
  take_line(rest);
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || !equals_ignoring_case(line.substr(0, colon), name)) {
      continue;
    }
    found.push_back(trim(line.substr(colon + 1)));
  }
  return found;
}

std::string ResponseHead::first(std::string_view name) const {
  const auto all = values(name);
  return all.empty() ? std::string() : std::string(all.front());
}

std::string ResponseHead::last(std::string_view name) const {
  const auto all = values(name);
  return all.empty() ? std::string() : std::string(all.back());
}

std::string ResponseHead::joined(std::string_view name) const {
  return fmt::format("{}", fmt::join(values(name), ", "));
}

std::optional<uint64_t> ResponseHead::content_length() const {
  const std::string value = first("content-length");
  uint64_t length = 0;
  const char* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, length);
  if (value.empty() || error != std::errc() || stop != end) return std::nullopt;
  return length;
}

std::string with_masked_credentials(std::string_view block,
                                    const std::vector<std::string>& secret_lines) {
  const auto is_secret = [&](std::string_view name) {
    return holds_credentials(name) ||
           std::any_of(secret_lines.begin(), secret_lines.end(), [&](const std::string& line) {
             return equals_ignoring_case(name,
                                         trim(std::string_view(line).substr(0, line.find(':'))));
           });
  };
  std::string masked;
  while (!block.empty()) {
    const std::string_view line = take_line(block);
    const size_t colon = line.find(':');
    if (colon != std::string_view::npos && is_secret(line.substr(0, colon))) {
      masked += fmt::format("{}: {}\r\n", line.substr(0, colon), kMask);
    } else {
      masked += line;
    }
  }
  return masked;
}

}  // namespace halftone

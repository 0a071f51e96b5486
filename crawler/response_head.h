// The head of an answer, gathered line by line as it comes off the wire.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace halftone {

// Keeps the final block alone: interim answers (1xx) before it and trailers after it are left out.
class ResponseHead {
 public:
  static constexpr size_t kLimit = 256 * 1024;  // bytes, interim answers included

  enum class Line { kMore, kComplete, kTooLong };

  // Takes one line with its line end. kComplete: the final block has just ended.
  Line add(std::string_view line);

  bool complete() const { return complete_; }
  bool empty() const { return seen_ == 0; }
  const std::string& block() const { return block_; }
  int status() const { return status_; }

  // Every value of the field `name`, in order, without surrounding white space.
  std::vector<std::string_view> values(std::string_view name) const;
  std::string first(std::string_view name) const;
  std::string last(std::string_view name) const;
  std::string joined(std::string_view name) const;  // as one list: "a, b"

  // The length that the body was announced with. Nothing where there is none or it is no number.
  std::optional<uint64_t> content_length() const;

 private:
  void begin(std::string_view status_line);

  std::string block_;
  size_t seen_ = 0;
  int status_ = 0;
  bool complete_ = false;
};

// A request's header block with the values of Cookie, Authorization and Proxy-Authorization masked,
// and those of the fields that `secret_lines` ("Name: value", from --header) set.
std::string with_masked_credentials(std::string_view block,
                                    const std::vector<std::string>& secret_lines = {});

}  // namespace halftone

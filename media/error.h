// How things fail: a code where callers branch, and text for people.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <tl/expected.hpp>

namespace halftone {

// What a caller may branch on. The rest of a failure is text.
enum class ErrorCode {
  kInvalid,      // the input is not what it claims to be
  kNotFound,     // no such object
  kCorrupt,      // stored bytes no longer match their digest or format
  kIo,           // the operating system refused
  kNoSpace,      // the disk is full
  kInUse,        // another process writes to this archive
  kNewerFormat,  // the archive was made by a newer version
  kOlderFormat,  // the archive was made by an older version and has to be upgraded
  kUsage,        // the command line cannot be carried out
  kInterrupted,  // the user asked to stop
  kStale,        // a right that has gone to another meanwhile

  // From the network, in the order in which a request meets them.
  kUnsupportedScheme,
  kPrivateAddress,
  kUnresolved,
  kRefused,
  kTls,
  kTimeout,
  kTruncated,
  kTooLarge,
  kTooManyRedirects,
  kProtocol,
  kBlocked,  // answered, but not with what was asked for
};

// A failure. `message` is for people: what, on which object, why, what to do.
struct Error {
  ErrorCode code;
  std::string message;

  // The same failure, one level up.
  Error during(std::string_view doing) const {
    return {code, fmt::format("{}: {}", doing, message)};
  }
};

// A T, or the Error in its place.
template <class T>
using Result = tl::expected<T, Error>;

// fail(kIo, "cannot read {}: {}", path, why): the Error, ready to be returned.
template <class... Args>
tl::unexpected<Error> fail(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected<Error>(Error{code, fmt::format(format, std::forward<Args>(args)...)});
}

// Stops the process with `what`. For bugs only: states that no input can cause.
[[noreturn]] void bug(std::string_view what);

}  // namespace halftone

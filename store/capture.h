// One answer to one request for one URL at one time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"
#include "media/time.h"
#include "store/database.h"
#include "store/digest.h"

namespace halftone {

struct Capture {
  std::string url;  // as asked for, absolute, serialised
  Time time{};
  int status = 0;
  // Header blocks as they went over the wire: first line, fields, CRLF each. Credentials and
  // cookies are masked before they get here.
  std::string request_headers, response_headers;
  Digest digest;  // of the body, content coding removed
  uint64_t size = 0;
  std::string type;  // media type by bytes and header
  std::string remote_address;
  // Same body as the URL's capture before (WARC: revisit).
  bool revisit = false;
};

// Captures ordered by SURT key, then time. Safe for concurrent use by several threads.
class Captures {
 public:
  static constexpr size_t kLongestUrl = 65536;

  explicit Captures(Database& database) : database_(database) {}  // must outlive this

  // Records answers, durably and all or none, with the blobs that were put before. Sets `revisit`
  // by what the archive, or the list before it, holds of an earlier time. A second capture of a URL
  // in the same microsecond replaces the first. kInvalid: not a URL, or one above 64 KiB.
  Result<void> add(std::span<Capture> captures);
  Result<void> add(Capture& capture) { return add(std::span(&capture, 1)); }

  // Every capture of exactly this URL, oldest first. kCorrupt, here as below: a damaged one.
  Result<std::vector<Capture>> history(std::string_view url) const;
  Result<std::optional<Capture>> latest(std::string_view url) const;

  // In order of key, until `visit_one` returns false.
  Result<void> for_each(const std::function<bool(const Capture&)>& visit_one) const;

 private:
  Result<std::optional<Capture>> previous(std::string_view url, std::optional<Time> before) const;
  Result<void> visit(std::string_view prefix,
                     const std::function<bool(const Capture&)>& visit_one) const;

  Database& database_;
};

}  // namespace halftone

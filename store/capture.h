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
  // Of an answer 304: the capture of this URL whose body it says is still the right one. Digest,
  // size and type are that body's.
  std::optional<Time> confirms{};
  // Same body as the URL's capture before (WARC: revisit). Known of those that were read with what
  // came before them; not stored.
  bool revisit = false;
};

// Captures ordered by SURT key, then time. Safe for concurrent use by several threads.
class Captures {
 public:
  static constexpr size_t kLongestUrl = 65536;

  explicit Captures(Database& database) : database_(database) {}  // must outlive this

  // Records answers, durably and all or none, with the blobs that were put before. A second capture
  // of a URL in the same microsecond replaces the first. kInvalid: not a URL, or one above 64 KiB.
  Result<void> add(std::span<const Capture> captures);
  Result<void> add(const Capture& capture) { return add(std::span(&capture, 1)); }

  // Every capture of exactly this URL, oldest first. kCorrupt, here as below: a damaged one.
  Result<std::vector<Capture>> history(std::string_view url) const;
  Result<std::optional<Capture>> latest(std::string_view url) const;

  // A row of the capture table taken apart. kCorrupt.
  static Result<Capture> read_row(std::string_view key, std::string_view value);

  // In order of key, until `visit_one` returns false.
  Result<void> for_each(const std::function<bool(const Capture&)>& visit_one) const;

  // Every capture of this host, whatever the port; of_site: and of its subdomains. In order of key,
  // until `visit_one` returns false. kInvalid: no host.
  Result<void> of_host(std::string_view host,
                       const std::function<bool(const Capture&)>& visit_one) const;
  Result<void> of_site(std::string_view host,
                       const std::function<bool(const Capture&)>& visit_one) const;

  // The capture of exactly this URL that was taken nearest to `time`; of two the earlier.
  Result<std::optional<Capture>> nearest(std::string_view url, Time time) const;

  // The capture of exactly this URL and time.
  Result<std::optional<Capture>> at(std::string_view url, Time time) const;

  // The captures of exactly this URL from `from` to `to`, both included, oldest first.
  Result<std::vector<Capture>> between(std::string_view url, Time from, Time to) const;

  // Takes captures of exactly this URL away with `batch`. Times that name none mean nothing.
  void remove(std::string_view url, const std::vector<Time>& times, WriteBatch& batch);

 private:
  Result<void> visit(std::string_view prefix,
                     const std::function<bool(const Capture&)>& visit_one) const;
  Result<void> of_hosts(std::string_view host, std::string_view ends,
                        const std::function<bool(const Capture&)>& visit_one) const;

  Database& database_;
};

}  // namespace halftone

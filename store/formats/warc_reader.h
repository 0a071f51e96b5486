// WARC files (ISO 28500:2017, WARC 1.1 and 1.0), read record by record.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"

namespace halftone {

// One record, its block read and checked but not kept.
struct WarcRecord {
  enum class Check { kNone, kOk, kBad };  // kNone: no digest was given, or of an unknown algorithm

  uint64_t offset = 0;         // of the record, or of its gzip member, in the file
  std::string type, id, date;  // as written: "response", "<urn:uuid:…>", "2026-01-01T00:00:00Z"
  std::string uri;             // WARC-Target-URI, without the angle brackets of WARC 1.0
  uint64_t content_length = 0;
  std::optional<int> status;  // of an HTTP answer
  std::string mime;           // of an HTTP answer or, in other records, of the block; lower case
  Check block_digest = Check::kNone;  // as WarcDigest reads them
  Check payload_digest = Check::kNone;
  std::vector<std::string> errors;  // for people
};

// A piece of a payload: the block, or the body of the HTTP message in it, chunks taken off.
using TakePayload = std::function<void(std::string_view piece)>;

// Reads a WARC file, one gzip member per record or not compressed at all. Bounded memory, whatever
// the file says of its sizes.
class WarcReader {
 public:
  // Within next(), `take_payload` is handed the payload of the record, which is whole only where
  // the record has no errors. kNotFound, kIo.
  static Result<std::unique_ptr<WarcReader>> open(const std::string& path,
                                                  TakePayload take_payload = nullptr);
  virtual ~WarcReader() = default;

  // The next record; nothing at the end. A damaged place gives a record with errors, whatever could
  // be told of it, and reading goes on at the next sound one. kIo: the file cannot be read on.
  virtual Result<std::optional<WarcRecord>> next() = 0;

  // True once anything damaged was met.
  virtual bool is_damaged() const = 0;
};

}  // namespace halftone

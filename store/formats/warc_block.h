// The block of one WARC record, checked while it goes by.
#pragma once

#include <optional>
#include <string_view>

#include "store/formats/http_payload.h"
#include "store/formats/warc_digest.h"
#include "store/formats/warc_reader.h"

namespace halftone {

class WarcBlock {
 public:
  // What the record's header says: the digests as written, empty where there are none.
  // `has_payload`: it is no revisit and no segment of several. `pass_on`, which must outlive this,
  // is handed its payload, chunks taken off; it may be empty.
  WarcBlock(bool is_http, bool has_payload, std::string_view block_digest,
            std::string_view payload_digest, const TakePayload& pass_on);

  void take(std::string_view bytes);

  // Fills in the digests, and what the HTTP head says. Once, at the end.
  void finish(WarcRecord& record);

 private:
  void take_payload(std::string_view bytes);

  const bool is_http_;
  const TakePayload& pass_on_;
  const bool passes_on_;
  bool body_begun_ = false, is_chunked_ = false;
  HttpHead head_;
  ChunkDecoder chunks_;
  // Payloads are digested with their chunks or without, as the writer chose.
  std::optional<WarcDigest> block_, payload_, dechunked_;
};

}  // namespace halftone

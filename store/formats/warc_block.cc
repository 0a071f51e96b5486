#include "store/formats/warc_block.h"

#include "media/ascii.h"
#include "media/mime.h"

namespace halftone {
namespace {

WarcRecord::Check check(bool right) {
  return right ? WarcRecord::Check::kOk : WarcRecord::Check::kBad;
}

}  // namespace

WarcBlock::WarcBlock(bool is_http, bool has_payload, std::string_view block_digest,
                     std::string_view payload_digest, const TakePayload& pass_on)
    : is_http_(is_http),
      pass_on_(pass_on),
      passes_on_(has_payload && pass_on),
      block_(WarcDigest::of(block_digest)) {
  if (!has_payload) return;
  payload_ = WarcDigest::of(payload_digest);
  if (is_http) dechunked_ = WarcDigest::of(payload_digest);
}

void WarcBlock::take(std::string_view bytes) {
  if (block_) block_->update(bytes);
  if (is_http_ && !head_.is_whole()) {
    if (head_.is_too_long()) return;
    bytes.remove_prefix(head_.take(bytes));
    if (!head_.is_whole()) return;
  }
  take_payload(bytes);
}

void WarcBlock::take_payload(std::string_view bytes) {
  if (payload_) payload_->update(bytes);
  if (!dechunked_ && !passes_on_) return;
  if (!body_begun_) {
    body_begun_ = true;
    const std::string coding = lower_case(head_.field("transfer-encoding"));
    is_chunked_ = is_http_ && coding.ends_with("chunked");
  }
  if (!is_chunked_) {
    if (passes_on_) pass_on_(bytes);
    return;
  }
  const auto take = [&](std::string_view piece) {
    if (dechunked_) dechunked_->update(piece);
    if (passes_on_) pass_on_(piece);
  };
  if (!chunks_.decode(bytes, take)) dechunked_.reset();
}

void WarcBlock::finish(WarcRecord& record) {
  if (block_) record.block_digest = check(block_->is_right());
  const bool is_known = !is_http_ || head_.is_whole();
  if (payload_ && is_known) {
    const bool as_sent = payload_->is_right();
    const bool without_chunks = is_chunked_ && dechunked_ && dechunked_->is_right();
    record.payload_digest = check(as_sent || without_chunks);
  }
  if (!is_http_) return;
  record.status = head_.status();
  const auto type = parse_mime_type(head_.field("content-type"));
  record.mime = type ? type->essence : "";
  if (head_.is_too_long()) record.errors.emplace_back("the HTTP head is too long");
}

}  // namespace halftone

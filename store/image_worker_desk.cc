#include "store/image_worker_desk.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace halftone {

namespace {

// So much of the parent's memory stays in sight, since looking anew costs a fault every few pages.
constexpr size_t kMuchMemory = size_t{16} << 20;

// False at the end of input.
bool read_exactly(char* to, size_t size) {
  while (size > 0) {
    const ssize_t got = read(kWorkerSocket, to, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

}  // namespace

std::optional<std::string> ImageWorkerDesk::read_message() {
  std::string length(4, '\0');
  if (!read_exactly(length.data(), length.size())) return std::nullopt;
  const uint32_t size = decode_u32(length);
  if (size > kMaxMessageBytes) return std::nullopt;
  std::string payload(size, '\0');
  if (!read_exactly(payload.data(), payload.size())) return std::nullopt;
  return payload;
}

bool ImageWorkerDesk::write_message(std::string_view payload) {
  std::string message = encode_u32(static_cast<uint32_t>(payload.size()));
  message += payload;
  for (std::string_view rest = message; !rest.empty();) {
    const ssize_t sent = write(kWorkerSocket, rest.data(), rest.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    rest.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

Result<void> ImageWorkerDesk::open_memory() {
  auto derivative = Mapping::of(kWorkerDerivative, kMaxDerivativeBytes, true);
  if (!derivative) return tl::unexpected(derivative.error());
  derivative_ = *std::move(derivative);
  return {};
}

Result<std::string_view> ImageWorkerDesk::picture(const ImageRequest& request) {
  if (request.number != number_ || request.size != size_) opened_.reset();
  number_ = request.number;
  size_ = request.size;
  const size_t wanted = std::max<size_t>(size_, kMuchMemory);
  if (wanted != shown_.size()) {
    shown_ = Mapping();
    auto mapped = Mapping::of(kWorkerPicture, wanted, false);
    if (!mapped) return tl::unexpected(mapped.error());
    shown_ = *std::move(mapped);
  }
  return shown_.view().substr(0, size_);  // what lies there is seen as it is now
}

std::string ImageWorkerDesk::answer(const ImageRequest& request) {
  using What = ImageRequest::What;
  if (request.what == What::kDerivative && request.recipe.of_video) {
    return put(make_derivative(shown_.view().substr(0, size_), request.recipe));
  }
  if (!opened_) {
    opened_ = open_picture(shown_.view().substr(0, size_));
    // Looking for frames goes through all of a file, decoding some of them does not.
    if (size_ > kMuchMemory) shown_.forget();
  }
  if (!*opened_) return encode_answer(Result<ImageFacts>(tl::unexpected(opened_->error())));
  const OpenedPicture& picture = **opened_;
  if (request.what == What::kFacts) return encode_answer(Result<ImageFacts>(picture.facts));
  if (request.what == What::kPixels) return encode_answer(look_at_pixels(picture));
  return put(make_derivative(picture, request.recipe));
}

std::string ImageWorkerDesk::put(Result<Derivative> made) {
  if (made && made->bytes.size() > derivative_.size()) {
    made = fail(ErrorCode::kTooLarge, "a derivative of {} bytes; at most {} are kept",
                made->bytes.size(), derivative_.size());
  }
  if (made) std::memcpy(derivative_.data(), made->bytes.data(), made->bytes.size());
  return encode_answer(made);
}

}  // namespace halftone

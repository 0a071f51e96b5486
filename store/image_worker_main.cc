// The worker's side of image_workers.h.
#include <cerrno>
#include <cstdlib>
#include <unistd.h>

#include "media/video_frame.h"
#include "store/image_messages.h"
#include "store/image_workers.h"
#include "store/sandbox.h"

namespace halftone {

namespace {

constexpr int kSocket = STDIN_FILENO;

// False at the end of input.
bool read_exactly(char* to, size_t size) {
  while (size > 0) {
    const ssize_t got = read(kSocket, to, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

// The next message; nothing when the parent is done with us, or broken.
std::optional<std::string> read_message() {
  std::string length(4, '\0');
  if (!read_exactly(length.data(), length.size())) return std::nullopt;
  const uint64_t size = decode_u32(length);
  if (size > uint64_t{kMaxImageBytes} + 64) return std::nullopt;
  std::string payload(size, '\0');
  if (!read_exactly(payload.data(), payload.size())) return std::nullopt;
  return payload;
}

bool write_message(std::string_view payload) {
  std::string message = encode_u32(static_cast<uint32_t>(payload.size()));
  message += payload;
  for (std::string_view rest = message; !rest.empty();) {
    const ssize_t sent = write(kSocket, rest.data(), rest.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    rest.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

// Returns what the sandbox lacks; empty where nothing does.
Result<std::string> prepare(std::string_view role) {
  const auto limits = read_message();
  const auto memory = limits ? decode_limits(*limits) : std::nullopt;
  if (!memory) {
    return fail(ErrorCode::kUsage, "image-worker is started by halftone itself, not by hand");
  }
  if (auto started = start_image_library(); !started) return tl::unexpected(started.error());
  if (role == kVideoWorker) start_video_library();
  if (auto limited = limit_process(*memory); !limited) return tl::unexpected(limited.error());
  const auto closed = forbid_system_calls();
  return closed ? std::string() : closed.error().message;
}

std::string answer(const ImageRequest& request) {
  switch (request.what) {
    case ImageRequest::What::kFacts:
      return encode_answer(read_image_facts(request.bytes));
    case ImageRequest::What::kPixels:
      return encode_answer(look_at_pixels(request.bytes));
    case ImageRequest::What::kDerivative:
      return encode_answer(make_derivative(request.bytes, request.recipe));
  }
  return {};
}

}  // namespace

int run_image_worker(std::string_view role) {
  const auto lacking = prepare(role);
  if (!lacking) {
    fmt::print(stderr, "{}\n", lacking.error().message);
    return EXIT_FAILURE;
  }
  if (!write_message(*lacking)) return EXIT_FAILURE;
  while (const auto message = read_message()) {
    const auto request = decode_request(*message);
    if (!request || !write_message(answer(*request))) return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}

}  // namespace halftone

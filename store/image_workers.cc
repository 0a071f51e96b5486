// The parent's side: asks a worker, and gets a new one where the last has failed.
#include "store/image_workers.h"

#include <cstdio>
#include <cstring>
#include <mutex>
#include <optional>

#include "store/image_messages.h"
#include "store/shared_memory.h"
#include "store/worker_process.h"

namespace halftone {

namespace {

using Patience = WorkerProcess::Patience;

constexpr size_t kKeptBytes = size_t{16} << 20;  // of shared memory, from picture to picture
constexpr std::chrono::seconds kStartTime{60};   // fonts may have to be listed for the first time

// The user hears of it once, not once a worker.
void warn_of_weak_sandbox(std::string_view lacking) {
  static std::once_flag told;
  std::call_once(told, [lacking] {
    fmt::print(stderr, "halftone: images are decoded in a weaker sandbox: {}\n",
               printable_tail(lacking, 200));
  });
}

// One message there, one back.
Result<std::string> exchange(WorkerProcess& worker, std::string_view payload,
                             const Patience& patience) {
  const std::string length = encode_u32(static_cast<uint32_t>(payload.size()));
  const auto sent = worker.send(length + std::string(payload), patience);
  if (!sent) return tl::unexpected(sent.error());
  const auto answer_length = worker.receive(4, patience);
  if (!answer_length) return answer_length;
  const uint32_t size = decode_u32(*answer_length);
  if (size > kMaxMessageBytes) return fail(ErrorCode::kCorrupt, "it answered with nonsense");
  return worker.receive(size, patience);
}

}  // namespace

struct ImageWorker::Process {
  const std::string program;
  const char* const role;  // what the program is told to be
  const WorkerLimits limits;
  std::optional<SharedMemory> picture{}, derivative{};  // nothing before they are needed
  uint32_t picture_size = 0, picture_number = 0;
  std::function<bool()> is_unwanted{};      // nothing: it never is
  std::unique_ptr<WorkerProcess> worker{};  // nothing before it is needed, and after it failed

  Patience patience(std::chrono::milliseconds time) const {
    return {std::chrono::steady_clock::now() + time, is_unwanted};
  }
  Result<void> share_memory();
  Result<void> start();
  Result<void> clear_picture();
  Result<void> add_piece(std::string_view piece);
  Result<std::string> exchange_with_worker(ImageRequest request);

  // The answer to a request, understood. After nonsense the worker goes, too.
  template <class T, class Decode>
  Result<T> ask(const ImageRequest& request, Decode decode) {
    const auto payload = exchange_with_worker(request);
    if (!payload) return tl::unexpected(payload.error());
    Result<T> answer = decode(*payload);
    if (!answer && answer.error().code == ErrorCode::kCorrupt) worker.reset();
    return answer;
  }
};

Result<void> ImageWorker::Process::share_memory() {
  if (picture) return {};
  auto to_worker = SharedMemory::make(kMaxImageBytes, SharedMemory::For::kReading);
  if (!to_worker) return tl::unexpected(to_worker.error());
  auto to_us = SharedMemory::make(kMaxDerivativeBytes, SharedMemory::For::kWriting);
  if (!to_us) return tl::unexpected(to_us.error());
  picture = *std::move(to_worker);
  derivative = *std::move(to_us);
  return {};
}

Result<void> ImageWorker::Process::start() {
  auto started = WorkerProcess::start(program, role, {picture->theirs(), derivative->theirs()});
  if (!started) return tl::unexpected(started.error().during("starting an image worker"));
  const auto ready = exchange(**started, encode_limits(limits.memory), patience(kStartTime));
  if (!ready && ready.error().code == ErrorCode::kInterrupted) {
    return tl::unexpected(ready.error());
  }
  if (!ready) {
    return fail(ErrorCode::kIo, "cannot start an image worker ({} {}): {}", program, role,
                ready.error().message);
  }
  if (!ready->empty()) warn_of_weak_sandbox(*ready);
  worker = std::move(*started);
  return {};
}

Result<void> ImageWorker::Process::clear_picture() {
  if (auto shared = share_memory(); !shared) return shared;
  picture->release_beyond(kKeptBytes, picture_size);
  picture_size = 0;
  ++picture_number;
  return {};
}

Result<void> ImageWorker::Process::add_piece(std::string_view piece) {
  if (piece.size() > kMaxImageBytes - picture_size) {
    return fail(ErrorCode::kTooLarge, "an image of {} bytes or more; at most {} are decoded",
                picture_size + piece.size(), kMaxImageBytes);
  }
  if (!piece.empty()) std::memcpy(picture->data() + picture_size, piece.data(), piece.size());
  picture_size += static_cast<uint32_t>(piece.size());
  return {};
}

Result<std::string> ImageWorker::Process::exchange_with_worker(ImageRequest request) {
  if (!worker || !worker->alive()) {
    worker.reset();
    if (auto started = share_memory(); !started) return tl::unexpected(started.error());
    if (auto started = start(); !started) return tl::unexpected(started.error());
  }
  worker->forget_words();
  request.number = picture_number;
  request.size = picture_size;
  auto payload = exchange(*worker, encode_request(request), patience(limits.time));
  if (payload) return payload;
  worker.reset();
  return tl::unexpected(payload.error().during("the image worker failed"));
}

ImageWorker::ImageWorker(std::string program, WorkerLimits limits)
    : process_(new Process{.program = program, .role = kImageWorker, .limits = limits}),
      video_(new Process{.program = std::move(program), .role = kVideoWorker, .limits = limits}) {}

ImageWorker::~ImageWorker() = default;

Result<void> ImageWorker::show(std::string_view bytes) {
  return show([&](const Take& take) { return take(bytes); });
}

Result<void> ImageWorker::show(const std::function<Result<void>(const Take& take)>& read) {
  if (auto cleared = process_->clear_picture(); !cleared) return cleared;
  return read([this](std::string_view piece) { return process_->add_piece(piece); });
}

void ImageWorker::give_up_when(std::function<bool()> is_unwanted) {
  process_->is_unwanted = is_unwanted;
  video_->is_unwanted = std::move(is_unwanted);
}

Result<ImageFacts> ImageWorker::facts() {
  return process_->ask<ImageFacts>({.what = ImageRequest::What::kFacts}, decode_facts);
}

Result<ImagePixels> ImageWorker::pixels() {
  return process_->ask<ImagePixels>({.what = ImageRequest::What::kPixels}, decode_pixels);
}

Result<Derivative> ImageWorker::derive(const Recipe& recipe) {
  Process& process = recipe.of_video ? *video_ : *process_;
  if (recipe.of_video) {
    if (auto cleared = process.clear_picture(); !cleared) return tl::unexpected(cleared.error());
    if (auto added = process.add_piece(shown()); !added) return tl::unexpected(added.error());
  }
  const auto decode = [&](std::string_view payload) {
    return decode_derivative(payload, {process.derivative->data(), process.derivative->size()});
  };
  auto made =
      process.ask<Derivative>({.what = ImageRequest::What::kDerivative, .recipe = recipe}, decode);
  if (made) process.derivative->release_beyond(kKeptBytes, made->bytes.size());
  return made;
}

std::string_view ImageWorker::shown() const {
  if (!process_->picture) return {};
  return {process_->picture->data(), process_->picture_size};
}

Result<ImageFacts> ImageWorker::facts(std::string_view bytes) {
  if (auto shown = show(bytes); !shown) return tl::unexpected(shown.error());
  return facts();
}

Result<ImagePixels> ImageWorker::pixels(std::string_view bytes) {
  if (auto shown = show(bytes); !shown) return tl::unexpected(shown.error());
  return pixels();
}

Result<Derivative> ImageWorker::derive(std::string_view bytes, const Recipe& recipe) {
  if (auto shown = show(bytes); !shown) return tl::unexpected(shown.error());
  return derive(recipe);
}

int ImageWorker::pid() const { return process_->worker ? process_->worker->pid() : 0; }

}  // namespace halftone

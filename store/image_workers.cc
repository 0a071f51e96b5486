// The parent's side: asks a worker, and gets a new one where the last has failed.
#include "store/image_workers.h"

#include <cstdio>
#include <mutex>

#include "store/image_messages.h"
#include "store/worker_process.h"

namespace halftone {

namespace {

using Deadline = WorkerProcess::Deadline;

constexpr std::chrono::seconds kStartTime{60};  // fonts may have to be listed for the first time

Deadline after(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }

// The user hears of it once, not once a worker.
void warn_of_weak_sandbox(std::string_view lacking) {
  static std::once_flag told;
  std::call_once(told, [lacking] {
    fmt::print(stderr, "halftone: images are decoded in a weaker sandbox: {}\n",
               printable_tail(lacking, 200));
  });
}

Result<std::string> receive_message(WorkerProcess& worker, Deadline deadline) {
  const auto length = worker.receive(4, deadline);
  if (!length) return length;
  const uint32_t size = decode_u32(*length);
  if (size > kMaxAnswerBytes) return fail(ErrorCode::kCorrupt, "it answered with nonsense");
  return worker.receive(size, deadline);
}

// One message there, one back. `head` and `bytes` are one payload.
Result<std::string> exchange(WorkerProcess& worker, std::string_view head, std::string_view bytes,
                             Deadline deadline) {
  const std::string length = encode_u32(static_cast<uint32_t>(head.size() + bytes.size()));
  for (const std::string_view piece : {std::string_view(length), head, bytes}) {
    if (auto sent = worker.send(piece, deadline); !sent) return tl::unexpected(sent.error());
  }
  return receive_message(worker, deadline);
}

}  // namespace

struct ImageWorker::Process {
  const std::string program;
  const char* const role;  // what the program is told to be
  const WorkerLimits limits;
  std::unique_ptr<WorkerProcess> worker;  // nothing before it is needed, and after it failed

  Result<void> start();
  Result<std::string> exchange_with_worker(std::string_view head, std::string_view bytes);

  // The answer to a request, understood. After nonsense the worker goes, too.
  template <class T>
  Result<T> ask(std::string_view request, std::string_view bytes,
                Result<T> (*decode)(std::string_view payload)) {
    const auto payload = exchange_with_worker(request, bytes);
    if (!payload) return tl::unexpected(payload.error());
    Result<T> answer = decode(*payload);
    if (!answer && answer.error().code == ErrorCode::kCorrupt) worker.reset();
    return answer;
  }
};

Result<void> ImageWorker::Process::start() {
  auto started = WorkerProcess::start(program, role);
  if (!started) return tl::unexpected(started.error().during("starting an image worker"));
  const auto ready = exchange(**started, encode_limits(limits.memory), {}, after(kStartTime));
  if (!ready) {
    return fail(ErrorCode::kIo, "cannot start an image worker ({} {}): {}", program, role,
                ready.error().message);
  }
  if (!ready->empty()) warn_of_weak_sandbox(*ready);
  worker = std::move(*started);
  return {};
}

Result<std::string> ImageWorker::Process::exchange_with_worker(std::string_view head,
                                                               std::string_view bytes) {
  if (bytes.size() > kMaxImageBytes) {
    return fail(ErrorCode::kTooLarge, "an image of {} bytes; at most {} are decoded", bytes.size(),
                kMaxImageBytes);
  }
  if (!worker || !worker->alive()) {
    worker.reset();
    if (auto started = start(); !started) return tl::unexpected(started.error());
  }
  worker->forget_words();
  auto payload = exchange(*worker, head, bytes, after(limits.time));
  if (payload) return payload;
  worker.reset();
  return tl::unexpected(payload.error().during("the image worker failed"));
}

ImageWorker::ImageWorker(std::string program, WorkerLimits limits)
    : process_(new Process{program, kImageWorker, limits, nullptr}),
      video_(new Process{std::move(program), kVideoWorker, limits, nullptr}) {}

ImageWorker::~ImageWorker() = default;

Result<ImageFacts> ImageWorker::facts(std::string_view bytes) {
  return process_->ask(facts_request(), bytes, decode_facts);
}

Result<ImagePixels> ImageWorker::pixels(std::string_view bytes) {
  return process_->ask(pixels_request(), bytes, decode_pixels);
}

Result<Derivative> ImageWorker::derive(std::string_view bytes, const Recipe& recipe) {
  Process& process = recipe.of_video ? *video_ : *process_;
  return process.ask(derivative_request(recipe), bytes, decode_derivative);
}

int ImageWorker::pid() const { return process_->worker ? process_->worker->pid() : 0; }

}  // namespace halftone

// Processes that decode images, so that hostile bytes never meet a decoder in ours.
//
// A worker has no network, no files (seccomp), bounded memory and time. A crash, a
// bomb or a hang costs the one image it was working on; the next one gets a new worker.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "media/error.h"
#include "media/image.h"

namespace halftone {

inline constexpr char kImageWorker[] = "image-worker", kVideoWorker[] = "video-worker";

struct WorkerLimits {
  std::chrono::milliseconds time{20'000};  // for one image
  uint64_t memory = uint64_t{2} << 30;     // address space of a worker
};

// One worker process, started when first needed and again after each failure. One thread at a time,
// and always the same one: the kernel ends a worker with the thread that started it, so that none
// outlives a crawler that was killed.
class ImageWorker {
 public:
  // `program` is an executable that calls run_image_worker() when its first argument is
  // kImageWorker or kVideoWorker.
  explicit ImageWorker(std::string program, WorkerLimits limits = {});
  ~ImageWorker();

  // Puts the picture where the worker sees it: what is asked from now on is about this one. The
  // bytes go once, whatever is asked, and whatever becomes of the process meanwhile. kTooLarge: so
  // many are not decoded.
  Result<void> show(std::string_view bytes);
  // The same of a picture that comes in pieces: `read` hands them over, and its error comes
  // through.
  using Take = std::function<Result<void>(std::string_view piece)>;
  Result<void> show(const std::function<Result<void>(const Take& take)>& read);

  // The bytes that are shown; the worker cannot change them. Until the next show().
  std::string_view shown() const;

  // As read_image_facts(), look_at_pixels() and make_derivative(), in the worker. kTimeout: it hung
  // and was killed; kCorrupt: it died, and the message holds its last words; kTooLarge: too many
  // pixels; kIo: no worker could be started.
  Result<ImageFacts> facts();
  Result<ImagePixels> pixels();
  Result<Derivative> derive(const Recipe& recipe);

  // Asked about ten times a second while the worker is at work: once it is true, the process is
  // ended and the answer is kInterrupted. Nothing: it is waited for.
  void give_up_when(std::function<bool()> is_unwanted);

  // Both in one, for a single question.
  Result<ImageFacts> facts(std::string_view bytes);
  Result<ImagePixels> pixels(std::string_view bytes);
  Result<Derivative> derive(std::string_view bytes, const Recipe& recipe);

  // Of the process; 0 where none runs.
  int pid() const;

 private:
  struct Process;
  std::unique_ptr<Process> process_;
  std::unique_ptr<Process> video_;  // another one, with FFmpeg, for posters
};

// The worker's whole life: closes the sandbox, then answers requests on the socket that is its
// standard input, until it ends. `role` is the program's first argument. Returns the exit status.
int run_image_worker(std::string_view role);

}  // namespace halftone

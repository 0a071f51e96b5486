// Image workers side by side.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "store/image_workers.h"

namespace halftone {

// At most so many workers, each driven by a thread of its own, for its whole life (see
// ImageWorker). A thread is started when there is work that no other one is free for, so a pool
// costs nothing before its first work. Any thread may add work.
class ImagePool {
 public:
  using Work = std::function<void(ImageWorker& worker)>;

  // `program` as for ImageWorker.
  ImagePool(std::string program, size_t most_workers, WorkerLimits limits = {});
  // Waits until all work is done.
  ~ImagePool();
  ImagePool(const ImagePool&) = delete;
  ImagePool& operator=(const ImagePool&) = delete;

  // Work begins in the order in which it was added. It must not throw, nor outlive what it refers
  // to; it runs on the worker's thread.
  void add(Work work);

  size_t most_workers() const { return most_; }

  // As many workers as this process may use processors.
  static size_t workers_for_this_machine();

 private:
  void run();

  const std::string program_;
  const size_t most_;
  const WorkerLimits limits_;

  std::mutex mutex_;  // of what follows
  std::condition_variable wake_;
  std::deque<Work> waiting_;
  std::vector<std::thread> threads_;
  size_t idle_ = 0;
  bool ending_ = false;
};

}  // namespace halftone

#include "store/image_pool.h"

#include <algorithm>
#include <sched.h>

namespace halftone {

ImagePool::ImagePool(std::string program, size_t most_workers, WorkerLimits limits)
    : program_(std::move(program)), most_(std::max<size_t>(1, most_workers)), limits_(limits) {}

ImagePool::~ImagePool() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ImagePool::add(Work work) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(work));
  if (waiting_.size() > idle_ && threads_.size() < most_) {
    threads_.emplace_back([this] { run(); });
  } else {
    wake_.notify_one();
  }
}

void ImagePool::run() {
  ImageWorker worker(program_, limits_);
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    wake_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    --idle_;
    if (waiting_.empty()) return;
    const Work work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work(worker);
    lock.lock();
  }
}

size_t ImagePool::workers_for_this_machine() {
  cpu_set_t usable;
  if (sched_getaffinity(0, sizeof usable, &usable) == 0) {
    return static_cast<size_t>(std::max(1, CPU_COUNT(&usable)));
  }
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace halftone

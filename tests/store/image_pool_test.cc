#include "store/image_pool.h"

#include <atomic>
#include <cerrno>
#include <map>
#include <sched.h>
#include <set>
#include <sys/wait.h>

#include "tests/support/catch.h"
#include "tests/support/pictures.h"

using namespace halftone;

namespace {

constexpr const char* kProgram = HALFTONE_TEST_IMAGE_WORKER;

bool has_children() { return waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD; }

}  // namespace

TEST_CASE("a pool does all its work, each worker on one thread alone", "[store][worker]") {
  std::mutex mutex;
  std::map<int, std::set<std::thread::id>> threads_of;  // by the worker's process
  std::atomic<int> made = 0;
  {
    ImagePool pool(kProgram, 3);
    CHECK(pool.most_workers() == 3);
    for (int i = 0; i < 40; ++i) {
      pool.add([&](ImageWorker& worker) {
        made += worker.derive(make_png(90, 60), *find_recipe("thumb")).has_value();
        const std::lock_guard lock(mutex);
        threads_of[worker.pid()].insert(std::this_thread::get_id());
      });
    }
  }
  CHECK(made == 40);
  CHECK(threads_of.size() <= 3);
  for (const auto& [pid, threads] : threads_of) CHECK(threads.size() == 1);
  CHECK_FALSE(has_children());
}

TEST_CASE("a pool starts no more threads than there is work for", "[store][worker]") {
  std::mutex mutex;
  std::condition_variable wake;
  std::set<std::thread::id> threads;
  int done = 0;
  ImagePool pool(kProgram, 8);
  for (int i = 0; i < 40; ++i) {
    pool.add([&](ImageWorker&) {
      const std::lock_guard lock(mutex);
      threads.insert(std::this_thread::get_id());
      ++done;
      wake.notify_one();
    });
    std::unique_lock lock(mutex);
    wake.wait(lock, [&] { return done == i + 1; });
  }
  // A thread may not have said that it is free again when the next work comes; all of them at once
  // cannot have, work after work.
  CHECK(threads.size() < 8);
  CHECK_FALSE(has_children());  // nothing was asked of a worker
}

TEST_CASE("a pool works on several pictures at once", "[store][worker]") {
  std::mutex mutex;
  std::condition_variable wake;
  int present = 0;
  bool met = true;
  {
    ImagePool pool(kProgram, 2);
    for (int i = 0; i < 2; ++i) {
      pool.add([&](ImageWorker&) {
        std::unique_lock lock(mutex);
        ++present;
        wake.notify_all();
        met = wake.wait_for(lock, std::chrono::seconds(20), [&] { return present == 2; }) && met;
      });
    }
  }
  CHECK(met);
}

TEST_CASE("a pool has a worker for each processor that it may use", "[store][worker]") {
  cpu_set_t usable, one;
  REQUIRE(sched_getaffinity(0, sizeof usable, &usable) == 0);
  CHECK(ImagePool::workers_for_this_machine() == static_cast<size_t>(CPU_COUNT(&usable)));
  int first = 0;
  while (!CPU_ISSET(static_cast<size_t>(first), &usable)) ++first;
  CPU_ZERO(&one);
  CPU_SET(static_cast<size_t>(first), &one);
  REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
  CHECK(ImagePool::workers_for_this_machine() == 1);
  REQUIRE(sched_setaffinity(0, sizeof usable, &usable) == 0);
}

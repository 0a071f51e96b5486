#include "crawler/recorder.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

#include <pthread.h>

namespace halftone {
namespace {

using Clock = std::chrono::steady_clock;

// Bytes that wait for the thread: above the first the fetcher is held, below the second let go.
constexpr size_t kMostWaiting = size_t{12} << 20;
constexpr size_t kFewWaiting = size_t{4} << 20;
// A body's bytes are handed over in such pieces.
constexpr size_t kPiece = size_t{256} << 10;
// How long a capture waits for others to share the disk with, and how many do.
constexpr std::chrono::milliseconds kLongestWait{100};
constexpr size_t kMostCaptures = 512;

}  // namespace

// What the I/O thread and the recorder's own know of one body.
struct Recorder::Body::Shared {
  std::unique_ptr<BlobWriter> writer;  // the thread's alone
};

struct Recorder::Worker {
  struct Piece {
    std::shared_ptr<Body::Shared> body;
    std::string bytes;
  };
  struct Dropped {
    std::shared_ptr<Body::Shared> body;
  };
  struct Whole {
    std::shared_ptr<Body::Shared> body;
    std::string last;
    Capture capture;
    std::string content_type;
    Done done;
  };
  struct Action {
    std::function<Result<void>()> run;
  };
  struct Settle {};
  using Task = std::variant<Piece, Dropped, Whole, Article, Action, Settle>;

  Worker(Archive& into, Fetcher& from) : archive(into), fetcher(from) {
    thread = std::thread([this] { work(); });
  }

  ~Worker() {
    {
      const std::lock_guard lock(mutex);
      ending = true;
    }
    wake.notify_one();
    thread.join();
    let_go();
    *is_there = false;
  }

  // ---- the I/O thread's side

  void push(Task task, size_t bytes = 0) {
    const size_t before = waiting_bytes.fetch_add(bytes);
    {
      const std::lock_guard lock(mutex);
      tasks.push_back(std::move(task));
    }
    wake.notify_one();
    if (before + bytes > kMostWaiting && !held) {
      held = true;
      fetcher.hold_bodies(true);
      fetcher.begin_outside_work();
    }
  }

  Result<void> settle() {
    std::unique_lock lock(mutex);
    const uint64_t turn = ++settles_wanted;
    tasks.emplace_back(Settle{});
    wake.notify_one();
    settled.wait(lock, [&] { return settles_done >= turn; });
    if (failure) return tl::unexpected(*failure);
    return {};
  }

  // ---- the recorder's thread

  void work() {
    pthread_setname_np(pthread_self(), "recorder");
    while (auto task = next()) {
      const bool is_lost = failed();
      std::visit([&](auto& what) { is_lost ? lose(what) : take(what); }, *task);
      if (std::holds_alternative<Settle>(*task)) answer_settle();
      if (is_flush_due()) flush();
    }
    flush();
  }

  // The next task; flushes meanwhile where there is none. Nothing at the end.
  std::optional<Task> next() {
    std::unique_lock lock(mutex);
    while (tasks.empty()) {
      if (ending) return std::nullopt;
      if (has_unflushed()) {
        wake.wait_until(lock, flush_at);
        if (!tasks.empty() || Clock::now() < flush_at) continue;
        lock.unlock();
        flush();
        lock.lock();
      } else {
        wake.wait(lock);
      }
    }
    Task task = std::move(tasks.front());
    tasks.pop_front();
    return task;
  }

  bool has_unflushed() const { return !captures.empty() || !articles.empty() || !actions.empty(); }
  bool is_flush_due() const {
    return captures.size() >= kMostCaptures || (has_unflushed() && Clock::now() >= flush_at);
  }
  void will_flush() {
    if (!has_unflushed()) flush_at = Clock::now() + kLongestWait;
  }

  // After a failure nothing is taken any more, but who waits must not wait for ever.
  void lose(Piece& piece) { taken(piece.bytes.size()); }
  void lose(Whole& whole) {
    taken(whole.last.size());
    fetcher.post([&from = fetcher] { from.end_outside_work(); });
  }
  template <class Other>
  static void lose(Other&) {}

  void take(Piece& piece) {
    write(*piece.body, piece.bytes);
    taken(piece.bytes.size());
  }

  void write(Body::Shared& body, std::string_view bytes) {
    if (!body.writer) body.writer = archive.blobs().writer();
    if (const auto written = body.writer->write(bytes); !written) fail_with(written.error());
  }

  static void take(Dropped& dropped) { dropped.body->writer.reset(); }

  void take(Whole& whole) {
    write(*whole.body, whole.last);
    if (failed()) return lose(whole);
    auto put = whole.body->writer->commit(whole.content_type);
    whole.body->writer.reset();
    if (!put) {
      fail_with(put.error());
      return lose(whole);
    }
    taken(whole.last.size());
    Capture& capture = whole.capture;
    capture.digest = put->info.digest;
    capture.size = put->info.size;
    capture.type = put->type;
    will_flush();
    captures.push_back(capture);
    // The I/O thread is told at once; what it makes of it comes back behind this capture.
    fetcher.post([&from = fetcher, is_there = is_there, done = std::move(whole.done),
                  put = *std::move(put), capture = std::move(capture)] {
      from.end_outside_work();
      if (*is_there) done(put, capture);
    });
  }

  void take(Article& article) {
    will_flush();
    articles.push_back(std::move(article));
  }

  void take(Action& action) {
    will_flush();
    actions.push_back(std::move(action.run));
  }

  void take(Settle&) {
    flush();
    if (failed()) return;
    if (const auto settled_blobs = archive.blobs().settle(); !settled_blobs) {
      fail_with(settled_blobs.error());
    }
  }

  void answer_settle() {
    const std::lock_guard lock(mutex);
    ++settles_done;
    settled.notify_all();
  }

  void taken(size_t bytes) {
    const size_t left = waiting_bytes.fetch_sub(bytes) - bytes;
    if (left <= kFewWaiting && left + bytes > kFewWaiting) {
      fetcher.post([this, is_there = is_there] {
        if (*is_there) let_go();
      });
    }
  }

  void let_go() {
    if (!held) return;
    held = false;
    fetcher.hold_bodies(false);
    fetcher.end_outside_work();
  }

  // Captures, then articles, then the rest.
  void flush() {
    if (failed()) return;
    Result<void> written;
    if (!captures.empty()) written = archive.captures().add(captures);
    if (written && !articles.empty()) written = archive.articles().add(articles);
    for (const auto& action : actions) {
      if (written) written = action();
    }
    captures.clear();
    articles.clear();
    actions.clear();
    if (!written) fail_with(written.error());
  }

  bool failed() const {
    const std::lock_guard lock(mutex);
    return failure.has_value();
  }

  // What was under way will not be answered; who runs the fetcher finds the failure.
  void fail_with(const Error& error) {
    const std::lock_guard lock(mutex);
    if (!failure) failure = error;
  }

  Archive& archive;
  Fetcher& fetcher;
  bool held = false;  // the I/O thread's
  // False for what was posted and comes to its turn when this is gone.
  const std::shared_ptr<bool> is_there = std::make_shared<bool>(true);
  std::atomic<size_t> waiting_bytes{0};

  mutable std::mutex mutex;  // of the following
  std::condition_variable wake, settled;
  std::deque<Task> tasks;
  bool ending = false;
  uint64_t settles_wanted = 0, settles_done = 0;
  std::optional<Error> failure;

  // The thread's.
  std::vector<Capture> captures;
  std::vector<Article> articles;
  std::vector<std::function<Result<void>()>> actions;
  Clock::time_point flush_at{};
  std::thread thread;
};

Recorder::Recorder(Archive& archive, Fetcher& fetcher)
    : worker_(std::make_unique<Worker>(archive, fetcher)) {}
Recorder::~Recorder() = default;

std::unique_ptr<Recorder::Body> Recorder::begin() {
  return std::unique_ptr<Body>(new Body(*worker_, std::make_shared<Body::Shared>()));
}

void Recorder::finish(std::unique_ptr<Body> body, Capture capture, std::string content_type,
                      Done done) {
  worker_->fetcher.begin_outside_work();
  const size_t size = body->waiting_.size();
  worker_->push(Worker::Whole{std::move(body->shared_), std::move(body->waiting_),
                              std::move(capture), std::move(content_type), std::move(done)},
                size);
}

void Recorder::keep(Article article) { worker_->push(std::move(article)); }

void Recorder::then(std::function<Result<void>()> action) {
  worker_->push(Worker::Action{std::move(action)});
}

Result<void> Recorder::settle() { return worker_->settle(); }

std::optional<Error> Recorder::failure() const {
  const std::lock_guard lock(worker_->mutex);
  return worker_->failure;
}

Recorder::Body::Body(Worker& worker, std::shared_ptr<Shared> shared)
    : worker_(worker), shared_(std::move(shared)) {}

Recorder::Body::~Body() {
  if (shared_) worker_.push(Worker::Dropped{std::move(shared_)});
}

void Recorder::Body::write(std::string_view bytes) {
  waiting_ += bytes;
  size_ += bytes.size();
  if (waiting_.size() >= kPiece) hand_over();
}

void Recorder::Body::hand_over() {
  const size_t size = waiting_.size();
  worker_.push(Worker::Piece{shared_, std::move(waiting_)}, size);
  waiting_.clear();
}

}  // namespace halftone

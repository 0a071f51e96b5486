#include "crawler/recorder.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <variant>
#include <vector>

namespace halftone {
namespace {

using Clock = std::chrono::steady_clock;

// Bytes that wait for the thread: above the first the fetcher is held, below the second let go.
constexpr size_t kMostWaiting = size_t{12} << 20;
constexpr size_t kFewWaiting = size_t{4} << 20;
// A body's bytes are handed over in such pieces.
constexpr size_t kPiece = size_t{256} << 10;
// Captures share a wait for the disk with those that come so soon after them, and with all that
// come while the disk is busy: so many at most.
constexpr std::chrono::milliseconds kShortestTurn{50};
constexpr size_t kMostCaptures = 1024;

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
  struct Bodiless {
    Capture capture;
    Done done;
  };
  struct Action {
    std::function<Result<void>()> run;
  };
  struct Settle {};
  using Task = std::variant<Piece, Dropped, Whole, Bodiless, Article, Action, Settle>;

  // What goes to the disk together.
  struct Batch {
    std::vector<Capture> captures;
    std::vector<Article> articles;
    std::vector<std::function<Result<void>()>> actions;
    size_t settles = 0;
    bool is_empty() const {
      return captures.empty() && articles.empty() && actions.empty() && settles == 0;
    }
  };

  Worker(Archive& into, Fetcher& from) : archive(into), fetcher(from) {
    thread = std::thread([this] { work(); });
    writer = std::thread([this] { write_batches(); });
  }

  ~Worker() {
    {
      const std::lock_guard lock(mutex);
      ending = true;
    }
    wake.notify_one();
    thread.join();
    writer.join();
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
    }
    const std::lock_guard lock(batch_mutex);
    is_last_batch = true;
    batch_wake.notify_all();
  }

  // The next task; nothing at the end.
  std::optional<Task> next() {
    std::unique_lock lock(mutex);
    wake.wait(lock, [&] { return ending || !tasks.empty(); });
    if (tasks.empty()) return std::nullopt;
    Task task = std::move(tasks.front());
    tasks.pop_front();
    return task;
  }

  // Adds to what is written next; waits where that is a lot already.
  void to_batch(const std::function<void(Batch&)>& add) {
    std::unique_lock lock(batch_mutex);
    batch_room.wait(lock, [&] { return batch.captures.size() < kMostCaptures || failed(); });
    add_to_batch(add);
  }

  // The writer sleeps only while there is nothing, or until those who wait for it are more.
  void add_to_batch(const std::function<void(Batch&)>& add) {
    const bool was_empty = batch.is_empty();
    add(batch);
    if (was_empty || batch.settles > 0) batch_wake.notify_one();
  }

  // On the I/O thread: what needs no body need not stand in line behind bodies. False where so much
  // is waiting that it has to.
  bool take_at_once(const Capture& capture) {
    if (failed()) return false;
    const std::lock_guard lock(batch_mutex);
    if (batch.captures.size() >= kMostCaptures) return false;
    add_to_batch([&](Batch& next) { next.captures.push_back(capture); });
    return true;
  }

  // After a failure nothing is taken any more, but who waits must not wait for ever.
  void lose(Piece& piece) { taken(piece.bytes.size()); }
  void lose(Whole& whole) {
    taken(whole.last.size());
    fetcher.post([&from = fetcher] { from.end_outside_work(); });
  }
  void lose(Bodiless&) {
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
    recorded(*std::move(put), std::move(capture), std::move(whole.done));
  }

  static BlobWriter::Put known_body_of(const Capture& capture) {
    return {.info = {.digest = capture.digest, .size = capture.size, .type = capture.type},
            .is_new = false,
            .type = capture.type};
  }

  void take(Bodiless& answer) {
    recorded(known_body_of(answer.capture), std::move(answer.capture), std::move(answer.done));
  }

  // The I/O thread is told at once; what it makes of it comes back behind this capture.
  void recorded(BlobWriter::Put put, Capture capture, Done done) {
    to_batch([&](Batch& next) { next.captures.push_back(capture); });
    fetcher.post([&from = fetcher, is_there = is_there, done = std::move(done),
                  put = std::move(put), capture = std::move(capture)] {
      from.end_outside_work();
      if (*is_there) done(put, capture);
    });
  }

  void take(Article& article) {
    to_batch([&](Batch& next) { next.articles.push_back(std::move(article)); });
  }

  void take(Action& action) {
    to_batch([&](Batch& next) { next.actions.push_back(std::move(action.run)); });
  }

  void take(Settle&) {
    to_batch([](Batch& next) { ++next.settles; });
  }
  void lose(Settle&) { answer_settles(1); }

  // ---- the writer's thread

  // While one batch is on its way to the disk, the next one gathers.
  void write_batches() {
    pthread_setname_np(pthread_self(), "writer");
    auto begun = Clock::now() - kShortestTurn;
    while (true) {
      Batch next;
      {
        std::unique_lock lock(batch_mutex);
        batch_wake.wait(lock, [&] { return is_last_batch || !batch.is_empty(); });
        batch_wake.wait_until(lock, begun + kShortestTurn,
                              [&] { return is_last_batch || batch.settles > 0; });
        if (batch.is_empty()) return;
        std::swap(next, batch);
      }
      batch_room.notify_one();
      begun = Clock::now();
      write(next);
      answer_settles(next.settles);
    }
  }

  // Captures, then articles, then the rest.
  void write(Batch& next) {
    if (failed()) return;
    Result<void> written;
    if (!next.captures.empty()) written = archive.captures().add(next.captures);
    if (written && !next.articles.empty()) written = archive.articles().add(next.articles);
    for (const auto& action : next.actions) {
      if (written) written = action();
    }
    if (written && next.settles > 0) written = archive.blobs().settle();
    if (!written) fail_with(written.error());
  }

  void answer_settles(size_t count) {
    const std::lock_guard lock(mutex);
    settles_done += count;
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

  bool failed() const {
    const std::lock_guard lock(mutex);
    return failure.has_value();
  }

  // What was under way will not be answered; who runs the fetcher finds the failure.
  void fail_with(const Error& error) {
    {
      const std::lock_guard lock(mutex);
      if (!failure) failure = error;
    }
    batch_room.notify_one();
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

  std::mutex batch_mutex;  // of the following
  std::condition_variable batch_wake, batch_room;
  Batch batch;
  bool is_last_batch = false;

  std::thread thread, writer;
};

Recorder::Recorder(Archive& archive, Fetcher& fetcher)
    : worker_(std::make_unique<Worker>(archive, fetcher)) {}
Recorder::~Recorder() = default;

std::unique_ptr<Recorder::Body> Recorder::begin(uint64_t expected) {
  auto body = std::unique_ptr<Body>(new Body(*worker_, std::make_shared<Body::Shared>()));
  body->waiting_.reserve(std::min<uint64_t>(expected, kPiece));
  return body;
}

void Recorder::finish(std::unique_ptr<Body> body, Capture capture, std::string content_type,
                      Done done) {
  worker_->fetcher.begin_outside_work();
  const size_t size = body->waiting_.size();
  worker_->push(Worker::Whole{std::move(body->shared_), std::move(body->waiting_),
                              std::move(capture), std::move(content_type), std::move(done)},
                size);
}

void Recorder::record(Capture capture, Done done) {
  if (worker_->take_at_once(capture)) return done(Worker::known_body_of(capture), capture);
  worker_->fetcher.begin_outside_work();
  worker_->push(Worker::Bodiless{std::move(capture), std::move(done)});
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
  if (shared_ && is_begun_) worker_.push(Worker::Dropped{std::move(shared_)});
}

void Recorder::Body::write(std::string_view bytes) {
  waiting_ += bytes;
  size_ += bytes.size();
  if (waiting_.size() >= kPiece) hand_over();
}

void Recorder::Body::hand_over() {
  is_begun_ = true;
  const size_t size = waiting_.size();
  worker_.push(Worker::Piece{shared_, std::move(waiting_)}, size);
  waiting_.clear();
}

}  // namespace halftone

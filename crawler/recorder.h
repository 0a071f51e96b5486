// Answers on their way into the archive, on threads of their own: hashing and writing never stall
// the network, and while the disk is waited for the next answers are taken.
//
// Many captures share one wait for the disk. What hangs on a capture (an article, a URL that is
// done) is given to the recorder, too, and is written after it: so a crash at any instant leaves
// nothing that leads to what was lost.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crawler/fetcher.h"
#include "media/error.h"
#include "store/archive.h"

namespace halftone {

// One thread: the one that runs the fetcher.
class Recorder {
 public:
  // One body on its way. One that is dropped leaves nothing.
  class Body;

  // `archive` and `fetcher` must outlive it.
  Recorder(Archive& archive, Fetcher& fetcher);
  // Waits until what was given has been written.
  ~Recorder();

  // `expected`: bytes, where that is known.
  std::unique_ptr<Body> begin(uint64_t expected = 0);

  // The body is in the archive, for this process. With the capture as it was recorded.
  using Done = std::function<void(const BlobWriter::Put& put, const Capture& capture)>;

  // The body is whole: `capture`, whose digest, size and type are filled in, is recorded. `done` is
  // called from the fetcher's run(), and not at all after a failure.
  void finish(std::unique_ptr<Body> body, Capture capture, std::string content_type, Done done);

  // An answer without a body of its own: `capture`, whose digest names one that is archived, is
  // recorded. `done` as above; it may be called at once.
  void record(Capture capture, Done done);

  // Keeps an article once every capture given before is safe.
  void keep(Article article);

  // Runs `action` on a thread of the recorder's once every capture and article given before is
  // written; in order. An Error is the archive's failure.
  void then(std::function<Result<void>()> action);

  // Returns when everything that was given is safe from a power cut.
  Result<void> settle();

  // The archive's own failure (a full disk), after which nothing more is recorded.
  std::optional<Error> failure() const;

 private:
  struct Worker;
  std::unique_ptr<Worker> worker_;
};

class Recorder::Body {
 public:
  ~Body();

  // Copies the bytes. Where the archive is slower than the network, the fetcher is held.
  void write(std::string_view bytes);
  uint64_t size() const { return size_; }

 private:
  friend class Recorder;
  struct Shared;
  Body(Worker& worker, std::shared_ptr<Shared> shared);
  void hand_over();

  Worker& worker_;
  std::shared_ptr<Shared> shared_;  // with the thread
  std::string waiting_;             // not handed over yet
  uint64_t size_ = 0;
  bool is_begun_ = false;  // some of it was handed over
};

}  // namespace halftone

// Fetches single URLs into the archive: redirects, retries, the hotlink ladder, and a record of
// each answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "crawler/fetcher.h"
#include "crawler/hotlink.h"
#include "media/error.h"
#include "media/reference.h"
#include "media/time.h"
#include "media/url.h"
#include "store/archive.h"

namespace halftone {

// What is wanted, and who asks.
struct CaptureWish {
  Url url;
  Kind kind = Kind::kOther;     // what it must turn out to be; kPage: a document
  std::optional<Url> document;  // what refers to it; nothing for what the user asked for
  ReferrerPolicy policy = ReferrerPolicy::kUnset;
};

// What came of it.
struct CaptureOutcome {
  bool archived = false;
  std::string reason;     // why not, for people
  std::string final_url;  // after redirects
  int status = 0;         // of the last answer, 0 where none came
  Digest digest;
  uint64_t size = 0;
  std::string type;             // by bytes and header
  std::string content_type;     // as sent
  std::string referrer_policy;  // as sent
};

struct CaptureCounts {
  size_t requests = 0, answers = 0;
  uint64_t bytes_fetched = 0;
  size_t new_blobs = 0;
  uint64_t new_bytes = 0;
  size_t reused = 0;  // URLs that an interrupted run had already captured
};

struct CaptureOptions {
  unsigned retries = 3;  // of what may go better the next time
  std::chrono::milliseconds retry_delay{
      1000};  // doubled each time; Retry-After counts where it is longer
  std::chrono::seconds longest_wait{60};  // a longer Retry-After is not waited for
};

// One thread: the one that runs the fetcher.
class Capturer {
 public:
  using Done = std::function<void(const CaptureOutcome&)>;

  // `archive` and `fetcher` must outlive it, and it must outlive the fetcher's run().
  Capturer(Archive& archive, Fetcher& fetcher, CaptureOptions options);
  ~Capturer();

  // Captures since `time` are taken as they are instead of asking again.
  void reuse_since(Time time);

  // Starts; `done` is called once, from the fetcher's run() or at once.
  void capture(CaptureWish wish, Done done);

  const CaptureCounts& counts() const { return counts_; }

  // The archive's own failure (a full disk), after which nothing more is fetched.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  struct Job;
  class Answer;

  void begin(const std::shared_ptr<Job>& job);
  void send(const std::shared_ptr<Job>& job);
  void answered(const std::shared_ptr<Job>& job, const FetchResponse& response, BlobWriter& body);
  void decide(const std::shared_ptr<Job>& job, const FetchResponse& response,
              CaptureOutcome outcome);
  void redirect(const std::shared_ptr<Job>& job, const FetchResponse& response,
                CaptureOutcome outcome);
  void failed(const std::shared_ptr<Job>& job, const Error& error);
  bool try_again_later(const std::shared_ptr<Job>& job, const std::string& retry_after);
  bool climb(const std::shared_ptr<Job>& job);
  bool reuse(const std::shared_ptr<Job>& job);
  static void finish(const std::shared_ptr<Job>& job, const CaptureOutcome& outcome);

  Archive& archive_;
  Fetcher& fetcher_;
  CaptureOptions options_;
  HotlinkMemory hotlinks_;
  std::optional<Time> reuse_since_;
  CaptureCounts counts_;
  std::optional<Error> failure_;
};

}  // namespace halftone

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
#include "crawler/recorder.h"
#include "crawler/request_gate.h"
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
  bool may_be_known = true;  // false: certainly not among the captures of reuse_since()
  // Where a redirect to this URL is the answer; empty: redirects are followed.
  std::function<bool(const Url& target)> ends_at{};
  bool is_guess = false;  // at the original of a rendition: nothing is missing without it
  // Captures since then are as good as a new answer.
  std::optional<Time> known_since{};
  // What is archived is asked for with its validators (RFC 9110, 13.1).
  bool if_changed = false;
};

// What came of it.
struct CaptureOutcome {
  bool archived = false;
  bool temporary = false;  // not archived, but may be later in the same run
  bool blocked = false;    // an answer came in place of what was asked for
  bool denied = false;     // a rule forbids to ask: robots.txt
  bool unasked = false;    // temporary, because the host is left alone for a while
  std::string reason;      // why not, for people
  std::string final_url;   // after redirects
  int status = 0;          // of the last answer, 0 where none came
  Digest digest;
  uint64_t size = 0;
  std::string type;                           // by bytes and header
  std::string content_type;                   // as sent
  std::string referrer_policy;                // as sent
  std::string robots_tag;                     // X-Robots-Tag, as sent
  std::chrono::seconds retry_after{0};        // that the host asked for, where temporary
  std::shared_ptr<const std::string> text{};  // the body of a page, where it is still at hand
  enum class Origin : uint8_t {
    kAnswer,     // it came over the network
    kConfirmed,  // 304: the archive's own body is still the right one
    kKnown,      // the archive's own, and nobody was asked
  };
  Origin origin = Origin::kAnswer;
};

struct CaptureCounts {
  size_t requests = 0, answers = 0;
  uint64_t bytes_fetched = 0;
  size_t new_blobs = 0;
  uint64_t new_bytes = 0;
  size_t reused = 0;     // URLs that an interrupted run had already captured
  size_t confirmed = 0;  // answers 304
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

  // All of these must outlive it, and it must outlive the fetcher's run().
  Capturer(Archive& archive, Recorder& recorder, Fetcher& fetcher, RequestGate& gate,
           CaptureOptions options);
  ~Capturer();

  // Captures since `time` are taken as they are instead of asking again.
  void reuse_since(Time time);

  // Starts; `done` is called once, from the fetcher's run() or at once. It is not called when the
  // archive has failed: the recorder tells.
  void capture(CaptureWish wish, Done done);

  const CaptureCounts& counts() const { return counts_; }

 private:
  struct Job;
  struct Partial;
  class Answer;
  using JobPointer = std::shared_ptr<Job>;

  void begin(const JobPointer& job);
  void send(const JobPointer& job);
  void start(const JobPointer& job);
  void answered(const JobPointer& job, const FetchResponse& response,
                std::unique_ptr<Recorder::Body> body, std::string look);
  void decide(const JobPointer& job, const FetchResponse& response, std::string_view look,
              CaptureOutcome outcome);
  static void judge_stand_in(const Job& job, const FetchResponse& response, std::string_view look,
                             CaptureOutcome& outcome);
  void redirect(const JobPointer& job, const FetchResponse& response, CaptureOutcome outcome);
  void failed(const JobPointer& job, const Error& error);
  bool try_again_later(const JobPointer& job, const std::string& retry_after);
  bool climb(const JobPointer& job);
  void ask_if_changed(Job& job, FetchRequest& request) const;
  void confirmed(const JobPointer& job, const FetchResponse& response);
  std::optional<Capture> latest_whole(const Url& url) const;
  bool reuse(const JobPointer& job, Time since);
  bool reuse(const JobPointer& job, const Capture& known);
  std::string look_at(const Capture& capture) const;
  static CaptureOutcome outcome_of(const Job& job, const Capture& recorded);
  static void finish(const JobPointer& job, const CaptureOutcome& outcome);

  Archive& archive_;
  Recorder& recorder_;
  Fetcher& fetcher_;
  RequestGate& gate_;
  CaptureOptions options_;
  HotlinkMemory hotlinks_;
  std::optional<Time> reuse_since_;
  CaptureCounts counts_;
};

}  // namespace halftone

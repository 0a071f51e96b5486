// What people see while they wait: one live line on a terminal, plain lines on a pipe.
#pragma once

#include <chrono>
#include <string>

#include "crawler/snapshot.h"

namespace halftone {

class Progress : public SnapshotListener {
 public:
  // `quiet`: nothing is shown.
  explicit Progress(bool quiet);
  ~Progress() override;

  void on_progress(const SnapshotProgress& progress) override;
  void on_outcome(const std::string& url, const CaptureOutcome& outcome) override;

  // Takes the live line away, so that something else can be written.
  void clear();

 private:
  void show(const SnapshotProgress& progress, std::chrono::steady_clock::time_point now);

  const bool quiet_;
  const bool live_;  // standard error is a terminal
  bool line_shown_ = false;
  std::string article_;
  std::chrono::steady_clock::time_point started_, shown_;
};

// The same for long work of other kinds, which tells in a line how far it is.
class WorkProgress {
 public:
  explicit WorkProgress(bool quiet);
  ~WorkProgress() { clear(); }
  WorkProgress(const WorkProgress&) = delete;
  WorkProgress& operator=(const WorkProgress&) = delete;

  // "looking through blobs: 4711", shown at most every so often.
  void report(const std::string& stage, uint64_t done);
  void clear();

 private:
  const bool quiet_, live_;
  bool line_shown_ = false;
  std::chrono::steady_clock::time_point shown_;
};

}  // namespace halftone

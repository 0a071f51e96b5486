// What people see while they wait: one live line on a terminal, plain lines on a pipe.
#pragma once

#include <chrono>
#include <string>

#include "crawler/snapshot.h"

namespace halftone {

// A line on a terminal that is written anew again and again.
class LiveLine {
 public:
  ~LiveLine() { clear(); }
  static bool is_possible();  // standard error is a terminal
  static size_t width();      // how much of a line fits

  void show(const std::string& text);
  // Takes it away, so that something else can be written.
  void clear();

 private:
  bool shown_ = false;
};

class Progress : public SnapshotListener {
 public:
  // `quiet`: nothing is shown.
  explicit Progress(bool quiet);

  void on_progress(const SnapshotProgress& progress) override;
  void on_outcome(const std::string& url, const CaptureOutcome& outcome) override;

  // Takes the live line away, so that something else can be written.
  void clear() { line_.clear(); }

 private:
  void show(const SnapshotProgress& progress, std::chrono::steady_clock::time_point now);

  const bool quiet_;
  const bool live_;  // standard error is a terminal
  LiveLine line_;
  std::string article_;
  std::chrono::steady_clock::time_point started_, shown_;
};

// The same for long work of other kinds, which tells in a line how far it is.
class WorkProgress {
 public:
  explicit WorkProgress(bool quiet);

  // "looking through blobs: 4711", shown at most every so often; as any other text.
  void report(const std::string& stage, uint64_t done);
  void report(const std::string& text);
  void clear() { line_.clear(); }

 private:
  const bool quiet_, live_;
  LiveLine line_;
  std::chrono::steady_clock::time_point shown_;
};

}  // namespace halftone

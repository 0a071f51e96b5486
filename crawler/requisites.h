// Everything that a document shows: asked for once each, and what came of it.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crawler/capturer.h"
#include "crawler/local_files.h"
#include "crawler/sheet_reader.h"
#include "media/error.h"
#include "media/reference.h"
#include "media/url.h"
#include "store/archive.h"
#include "store/article.h"

namespace halftone {

// Whom requisites are asked of.
class RequisiteSource {
 public:
  virtual ~RequisiteSource() = default;

  // `done` is called once, now or later.
  virtual void ask(CaptureWish wish, Capturer::Done done) = 0;
};

// Asks the network at once.
class CapturerSource : public RequisiteSource {
 public:
  explicit CapturerSource(Capturer& capturer) : capturer_(capturer) {}  // must outlive this
  void ask(CaptureWish wish, Capturer::Done done) override {
    capturer_.capture(std::move(wish), std::move(done));
  }

 private:
  Capturer& capturer_;
};

// One document's requisites, those of its style sheets among them. One thread: the one that runs
// the fetcher.
class Requisites {
 public:
  // Told of each URL when it has been dealt with.
  using Listener = std::function<void(const std::string& url, const CaptureOutcome& outcome)>;

  // `archive`, `source` and `sheets` must outlive it. `folder`: of the user's own file, whose
  // neighbours may be read; what the web hands out reaches no file. Files above `max_size` bytes
  // are left out.
  Requisites(Archive& archive, RequisiteSource& source, SheetReader& sheets,
             std::optional<LocalFolder> folder, uint64_t max_size, Listener listener);

  // Starts with what these references of `document` ask for; guesses at originals come last, and
  // are not missing where they are wrong. `policy` counts where an element has none.
  void want(const std::vector<Reference>& references, const Url& document, ReferrerPolicy policy);

  size_t wanted() const { return outcomes_.size(); }
  size_t done() const { return done_; }
  size_t missing() const { return missing_; }

  // The archive's own failure, which ends the run.
  const std::optional<Error>& failure() const { return failure_; }
  // Bodies that came from files; the capturer counts the others.
  const CaptureCounts& file_counts() const { return file_counts_; }

  // What became of each reference, in document order; what a style sheet shows follows the first
  // reference to it. When everything has been dealt with.
  std::vector<ArchivedReference> records(const std::vector<Reference>& references) const;

 private:
  struct WaitingSheet {
    std::string key;
    size_t depth;  // of imports
  };

  void want_all(const std::vector<Reference>& references, const Url& document,
                ReferrerPolicy policy, size_t depth);
  bool is_wanted_first(const std::string& key, bool is_guess);
  void want_one(const Reference& reference, const Url& document, ReferrerPolicy policy,
                size_t depth);
  CaptureOutcome take_local(const Url& url, Kind kind);
  CaptureOutcome not_taken(const Error& error);
  void finished(const std::string& key, Kind kind, size_t depth, const CaptureOutcome& outcome);
  void count(const std::string& key);
  void look_into_sheets();
  void look_into(const WaitingSheet& sheet);
  ArchivedReference record_of(const Reference& reference, const std::string& document) const;

  Archive& archive_;
  RequisiteSource& source_;
  SheetReader& reader_;
  std::optional<LocalFolder> folder_;
  const uint64_t max_size_;
  Listener listener_;

  // By URL without fragment.
  std::map<std::string, std::optional<CaptureOutcome>> outcomes_;
  std::set<std::string> guesses_;  // of those, what only guesses at originals ask for
  std::map<std::string, SheetReader::References> sheets_;
  std::deque<WaitingSheet> waiting_sheets_;
  bool looking_ = false;
  size_t done_ = 0, missing_ = 0;
  CaptureCounts file_counts_;
  std::optional<Error> failure_;
};

}  // namespace halftone

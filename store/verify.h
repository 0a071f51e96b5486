// Whether an archive is still what was put into it: every file, every row, every blob.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"
#include "media/time.h"
#include "store/database.h"
#include "store/digest.h"

namespace halftone {

// Which blobs are read. Without any of these: all. The files of the blob and derivative tables are
// read as a whole only then; all other files, and the rows of all other tables, in any case.
struct VerifyScope {
  // One part of several, by digest: as many checks as there are parts read every blob once.
  struct Sample {
    uint32_t parts = 1, part = 0;  // part < parts
  };
  std::optional<Sample> sample;
  std::optional<Time> since;  // blobs with a capture from then on
  std::string article;  // those of every version of this article; its id or what it begins with

  bool is_everything() const { return !sample && !since && article.empty(); }
};

struct VerifyProgress {
  std::string_view stage;        // "files", "blobs", "captures", "articles", "pictures"
  uint64_t done = 0, total = 0;  // bytes, of the whole check as far as can be told
};

// Something that is not as it must be.
struct Damage {
  std::string object;  // "db/000012.sst", "blob 3f…", "capture https://example.com/ of 2026-01-09…"
  std::string why;
};

// An article that has lost something, in any of its versions.
struct HarmedArticle {
  static constexpr size_t kMostUrls = 100;

  std::string id, url, title;
  bool lacks_document = false;    // its own document is damaged
  std::vector<std::string> urls;  // of what else is damaged, each once
  uint64_t more_urls = 0;
};

struct VerifyResult {
  static constexpr size_t kMostNamed = 1000;  // damages, harmed articles and captures, each

  VerifyScope scope;
  bool is_sealed = false;  // it was at rest, and its files were compared with the seal
  uint64_t files = 0, file_bytes = 0, blobs = 0, blob_bytes = 0, captures = 0, articles = 0,
           derivatives = 0;
  double seconds = 0;

  uint64_t damaged = 0;
  std::vector<Damage> damages;
  uint64_t harmed = 0;
  std::vector<HarmedArticle> harmed_articles;
  uint64_t harmed_captures = 0;
  std::vector<std::string> harmed_urls;  // of captures

  // For who repairs.
  bool opened = false;                   // the database
  std::vector<TableFile> damaged_files;  // table files
  std::vector<Digest> bad_blobs;         // damaged or missing, the first kMostTracked
  static constexpr size_t kMostTracked = 100'000;
  std::vector<std::string> bad_derivatives;  // keys
  std::set<std::string> bad_frontiers;       // runs

  bool is_sound() const { return damaged == 0; }
};

// Checks the archive in `folder` and writes nothing. It may be in use by a writer, on a disk that
// cannot be written, or as a crash left it. `go_on` is called several times a second, from one
// thread at a time, and stops the check by returning false (kInterrupted).
// Damage is a result, not an error. kNotFound, kInvalid: no archive there, or no such article;
// kNewerFormat.
Result<VerifyResult> verify(const std::string& folder, const VerifyScope& scope,
                            const std::function<bool(const VerifyProgress&)>& go_on);

}  // namespace halftone

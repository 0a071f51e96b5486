// The files that an exported copy brings along: archived bodies under names of our own.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "media/error.h"
#include "store/archive.h"
#include "store/article.h"
#include "store/formats/export.h"

namespace halftone {

// Writes blobs below one folder, each once, and tells their paths relative to it:
// images/0a1b2c3d4e5f6071.jpg. Names come from digests and types only, never from the network.
// A file .halftone-copy lists what was written, so that the next export knows the folder as its own
// and takes away what it no longer needs. `archive` must outlive it.
class CopyFiles {
 public:
  // `folder` is new, empty, or an earlier export. kInvalid: it holds somebody's files.
  static Result<CopyFiles> open(Archive& archive, std::string folder);

  // When everything has been added.
  Result<void> finish();

  // The path of the blob's file, written on first use.
  Result<std::string> add(const Digest& digest, std::string_view type);

  // The same for bytes that are not a blob (a rewritten style sheet, a derivative); `name` is a
  // name of ours.
  Result<std::string> add(std::string_view sub_folder, std::string_view name,
                          std::string_view bytes);

  const std::string& folder() const { return folder_; }
  uint64_t bytes_written() const { return bytes_written_; }
  size_t files_written() const { return paths_.size(); }

 private:
  CopyFiles(Archive& archive, std::string folder, std::set<std::string> earlier);

  Archive* archive_;
  std::string folder_;
  std::set<std::string> earlier_, paths_;
  std::map<Digest, std::string> blobs_;
  uint64_t bytes_written_ = 0;
};

// Ends an export whose first page is `entry`.
Result<ExportResult> finished(CopyFiles& files, const std::string& entry);

// Writes the derivative into thumbnails/ and returns its path; empty where it was never made.
Result<std::string> write_derivative(Archive& archive, CopyFiles& files, const Digest& digest,
                                     const Recipe& recipe);

// The references that `article` has archived, by URL.
class ArchivedUrls {
 public:
  explicit ArchivedUrls(const Article& article);  // must outlive this
  // Null where nothing is known of the URL.
  const ArchivedReference* find(const std::string& url) const;

 private:
  std::map<std::string, const ArchivedReference*, std::less<>> by_url_;
};

}  // namespace halftone

// A folder inside an archive for second names of its files, gone with the process that uses it.
#pragma once

#include <string>

#include "media/error.h"

namespace halftone {

// Its name begins with a dot and ends in ".tmp", so it means nothing to others. It is locked, so
// that those of killed processes can be told apart.
class LinkFolder {
 public:
  // kIo: nothing can be made there, as on read-only media; kNoSpace.
  static Result<LinkFolder> make(const std::string& archive);

  LinkFolder(LinkFolder&& other) noexcept;
  LinkFolder& operator=(LinkFolder&& other) noexcept;
  ~LinkFolder();  // removes it and all in it

  const std::string& path() const { return path_; }

  // Removes those of killed processes.
  static void remove_leftovers(const std::string& archive);

 private:
  LinkFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_ = -1;
};

}  // namespace halftone

// The right to write to an archive or a backup: one process at a time.
#pragma once

#include <string>
#include <string_view>

#include "media/error.h"

namespace halftone {

// Holds the lock file of a folder until it is destroyed or the process ends, however it ends.
class WriterLock {
 public:
  // Takes the lock in `folder`, which must exist, and notes there who holds it. `what` is what the
  // folder is, for messages. kInUse, naming the process that has it.
  static Result<WriterLock> take(const std::string& folder, std::string_view what = "archive");

  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&& other) noexcept;
  ~WriterLock();

  // The name of the file, for those who look at the folder.
  static constexpr const char* kName = "lock";

 private:
  explicit WriterLock(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace halftone

#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include <fmt/format.h>

#include "store/formats/warc_reader.h"
#include "tests/fuzz/target.h"

using namespace halftone;

namespace {

// A file in memory that can be opened by its path.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : file_(memfd_create("warc", MFD_CLOEXEC)) {
    MUST(file_ >= 0);
    MUST(write(file_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  ~MemoryFile() { close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return fmt::format("/proc/self/fd/{}", file_); }

 private:
  const int file_;
};

}  // namespace

FUZZ_TARGET(warc) {
  const MemoryFile file(input);
  const auto reader = WarcReader::open(file.path());
  MUST(reader);
  bool damaged = false;
  uint64_t last = 0;
  for (size_t records = 0;; ++records) {
    const auto record = (*reader)->next();
    MUST(record);
    if (!*record) break;
    MUST(records <= input.size());
    MUST((*record)->offset >= last);
    MUST((*record)->offset < input.size());
    last = (*record)->offset;
    damaged = damaged || !(*record)->errors.empty();
    MUST(!damaged || (*reader)->is_damaged());
  }
}

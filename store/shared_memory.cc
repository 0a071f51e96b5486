#include "store/shared_memory.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace halftone {

namespace {

tl::unexpected<Error> no_memory(const char* why) {
  return fail(ErrorCode::kIo, "cannot share memory with another process: {}: {}", why,
              strerror(errno));
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

Result<Mapping> Mapping::of(int fd, size_t size, bool is_writable) {
  if (size == 0) return Mapping();
  const int protection = is_writable ? PROT_READ | PROT_WRITE : PROT_READ;
  void* const start = mmap(nullptr, size, protection, MAP_SHARED, fd, 0);
  if (start == MAP_FAILED) return no_memory("mapping it");
  return Mapping(static_cast<char*>(start), size);
}

Mapping::~Mapping() {
  if (start_) munmap(start_, size_);
}

void Mapping::forget() const {
  if (start_) madvise(start_, size_, MADV_DONTNEED);
}

Result<SharedMemory> SharedMemory::make(size_t size, For others) {
  Descriptor ours(memfd_create("halftone", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (ours.get() < 0) return no_memory("making it");
  if (ftruncate(ours.get(), static_cast<off_t>(size)) != 0 ||
      fcntl(ours.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    return no_memory("fixing its size");
  }
  Descriptor theirs;
  if (others == For::kReading) {
    const std::string path = fmt::format("/proc/self/fd/{}", ours.get());
    theirs = Descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (theirs.get() < 0) return no_memory("opening it for reading (is /proc mounted?)");
  }
  auto mapping = Mapping::of(ours.get(), size, others == For::kReading);
  if (!mapping) return tl::unexpected(mapping.error());
  return SharedMemory(std::move(ours), std::move(theirs), *std::move(mapping));
}

void SharedMemory::release_beyond(size_t most, size_t written) const {
  if (written <= most) return;
  fallocate(ours_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size()));
}

}  // namespace halftone

// Memory that two processes see: how bytes pass between us and one that we do not trust.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include "media/error.h"

namespace halftone {

// A descriptor of ours, closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  int get() const { return fd_; }

 private:
  int fd_;
};

// A piece of this process' address space that shows such memory, until it ends.
class Mapping {
 public:
  Mapping() = default;
  // kIo: `fd` shows nothing, or there are no addresses left.
  static Result<Mapping> of(int fd, size_t size, bool is_writable);
  Mapping(Mapping&& other) noexcept
      : start_(std::exchange(other.start_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(start_, other.start_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Mapping();

  // Lets go of what was looked at; it is there again when it is looked at again.
  void forget() const;

  char* data() const { return start_; }
  size_t size() const { return size_; }
  std::string_view view() const { return size_ > 0 ? std::string_view(start_, size_) : ""; }

 private:
  Mapping(char* start, size_t size) : start_(start), size_(size) {}

  char* start_ = nullptr;
  size_t size_ = 0;
};

// The maker's side. The size is sealed, so nobody can take memory away that the other one is
// reading; none is used before it is written.
class SharedMemory {
 public:
  enum class For { kReading, kWriting };  // what the other process may do

  static Result<SharedMemory> make(size_t size, For others);

  // For the other process. Through one for reading, it can neither write nor map to write.
  int theirs() const { return theirs_.get() >= 0 ? theirs_.get() : ours_.get(); }

  char* data() const { return mapping_.data(); }
  size_t size() const { return mapping_.size(); }

  // Gives the memory back, if it was more than `most` bytes; it reads as zeros.
  void release_beyond(size_t most, size_t written) const;

 private:
  SharedMemory(Descriptor ours, Descriptor theirs, Mapping mapping)
      : ours_(std::move(ours)), theirs_(std::move(theirs)), mapping_(std::move(mapping)) {}

  Descriptor ours_, theirs_;  // none of theirs: it is ours
  Mapping mapping_;
};

}  // namespace halftone

// Closing a process in: what hostile bytes can reach once they have taken over a decoder.
//
// Called once by a worker process, after its libraries are loaded and before it reads anything
// from outside. Nothing here can be undone.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "media/error.h"

namespace halftone {

// Bounds the process: `memory` bytes of address space, no core file, a handful of descriptors, not
// one byte written to a file, no new privileges, unreadable to its neighbours, dead when the
// thread that started it ends.
Result<void> limit_process(uint64_t memory);

// Leaves of the whole file system what stands beneath `folders`, to be read (Landlock). Holds for
// this thread and all that it starts, so it is called before there are others. kIo: there are, or
// this kernel cannot (before 5.13, or switched off).
Result<void> leave_readable(std::span<const std::string> folders);

enum class Opening {
  kNothing,
  kForReading,  // what leave_readable() leaves
};

// Refuses system calls, in every thread there is: files and sockets cannot be opened (EACCES),
// and starting a program, a process, or tampering with another one ends this one (SIGSYS).
// Descriptors that are open stay usable. Where files may be read, the size and times of any file
// can be asked for as well. kIo: this kernel has no such filter.
Result<void> forbid_system_calls(Opening opening = Opening::kNothing);

}  // namespace halftone

// Where an image worker meets its parent: the socket, and the memory that both see.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "media/image.h"
#include "store/image_messages.h"
#include "store/shared_memory.h"

namespace halftone {

// Of the worker's process, on the descriptors that image_messages.h names.
class ImageWorkerDesk {
 public:
  // Nothing: the parent is done with us, or broken.
  std::optional<std::string> read_message();
  bool write_message(std::string_view payload);

  // Before anything is derived. kIo: the parent gave no such memory.
  Result<void> open_memory();

  // The bytes that a request is about, as the parent has put them there; until the next call. kIo:
  // they cannot be mapped.
  Result<std::string_view> picture(const ImageRequest& request);

  // Does what is asked about the last picture(), leaves a derivative's bytes for the parent, and
  // returns what to write.
  std::string answer(const ImageRequest& request);

 private:
  std::string put(Result<Derivative> made);

  Mapping shown_, derivative_;
  uint32_t number_ = 0, size_ = 0;               // of the picture, which `shown_` begins with
  std::optional<Result<OpenedPicture>> opened_;  // nothing: nobody asked about this one yet
};

}  // namespace halftone

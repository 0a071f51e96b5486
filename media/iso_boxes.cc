#include "media/iso_boxes.h"

#include "media/byte_reader.h"

namespace halftone {

std::optional<IsoBox> IsoBoxes::next() {
  if (rest_.empty()) return std::nullopt;
  ByteReader reader(rest_);
  uint64_t size = reader.u32();
  const std::string_view type = reader.piece(4);
  if (size == 1) size = reader.u64();
  if (size == 0) size = rest_.size();  // to the end of the file
  const size_t head = rest_.size() - reader.rest().size();
  if (!reader.sound() || size < head) {
    is_cut_ = true;
    rest_ = {};
    return std::nullopt;
  }
  is_cut_ |= size > rest_.size();
  const std::string_view body = reader.rest().substr(0, size - head);
  rest_ = slice(rest_, size);
  return IsoBox{type, body};
}

std::string_view find_box(std::string_view bytes, std::string_view type) {
  IsoBoxes boxes(bytes);
  while (const auto box = boxes.next())
    if (box->type == type) return box->body;
  return {};
}

}  // namespace halftone

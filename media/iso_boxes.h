// Boxes, as ISO media files, JPEG 2000 and JPEG XL are made of them (ISO/IEC 14496-12, 4.2).
#pragma once

#include <optional>
#include <string_view>

namespace halftone {

struct IsoBox {
  std::string_view type;  // four letters
  std::string_view body;  // as much of it as is there
};

// One level of boxes, in order. What is in their bodies is another level's.
class IsoBoxes {
 public:
  explicit IsoBoxes(std::string_view bytes) : rest_(bytes) {}

  // Nothing at the end, and where no box can begin.
  std::optional<IsoBox> next();

  // A box wanted more bytes than there are.
  bool is_cut() const { return is_cut_; }

 private:
  std::string_view rest_;
  bool is_cut_ = false;
};

// The body of the first box of that type; empty where there is none.
std::string_view find_box(std::string_view bytes, std::string_view type);

}  // namespace halftone

// The eight ways a picture can lie (Exif 2.32, 4.6.4, Orientation).
#pragma once

#include <array>

namespace halftone {

// Built up from the turns that a format asks for, one after the other.
class Orientation {
 public:
  void turn_left(int quarters) { quarters_right_ = (quarters_right_ - quarters) & 3; }
  void mirror_sideways() {
    quarters_right_ = -quarters_right_ & 3;
    mirrored_ = !mirrored_;
  }
  void mirror_upside_down() {
    mirror_sideways();
    turn_left(2);
  }

  // As EXIF numbers them.
  int exif() const {
    constexpr std::array<int, 4> kTurned = {1, 6, 3, 8}, kMirrored = {2, 7, 4, 5};
    return (mirrored_ ? kMirrored : kTurned)[static_cast<size_t>(quarters_right_)];
  }

 private:
  // Mirrored sideways first, then turned.
  bool mirrored_ = false;
  int quarters_right_ = 0;
};

constexpr bool swaps_sides(int exif_orientation) { return exif_orientation >= 5; }

}  // namespace halftone

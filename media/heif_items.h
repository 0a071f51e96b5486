// The items of a HEIF file: pictures, their properties, and what hangs on them (ISO/IEC 23008-12;
// ISO/IEC 14496-12, 8.11).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "media/iso_boxes.h"

namespace halftone {

// What a file's "meta" box says. Views: the file's bytes must outlive it.
class HeifItems {
 public:
  explicit HeifItems(std::string_view file);

  bool empty() const { return primary_ == 0; }

  // Pictures stand among the items themselves ("idat").
  bool has_data() const { return !data_.empty(); }

  // The primary item's properties, in the order in which they apply.
  std::vector<IsoBox> primary_properties() const { return properties_of(primary_); }

  // The primary item, or a tile of it, has an alpha plane.
  bool has_alpha() const;

  // The Exif item's content, without the offset before it; empty where there is none.
  std::string exif() const;

  // The packet of XMP; empty where there is none.
  std::string xmp() const;

 private:
  struct Reference {
    std::string_view type;
    uint32_t from, to;
  };
  struct Association {
    uint32_t item;
    uint16_t property;  // from 1
  };

  void read_information(std::string_view iinf);
  void read_references(std::string_view iref);
  void read_properties(std::string_view iprp);
  void read_associations(std::string_view ipma);
  std::vector<IsoBox> properties_of(uint32_t item) const;
  bool is_alpha_plane(uint32_t item) const;
  std::string content_of(uint32_t item) const;

  std::string_view file_, locations_, data_;
  uint32_t primary_ = 0;
  uint32_t exif_item_ = 0, xmp_item_ = 0;
  std::vector<Reference> references_;
  std::vector<IsoBox> properties_;
  std::vector<Association> associations_;
};

}  // namespace halftone

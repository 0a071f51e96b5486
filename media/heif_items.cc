#include "media/heif_items.h"

#include <algorithm>

#include "media/byte_reader.h"

namespace halftone {

namespace {

using namespace std::string_view_literals;

constexpr size_t kMostExif = size_t{1} << 20;
constexpr size_t kMostPlanes = 16;  // of alpha, looked at
// A picture of many tiles has tens of thousands of both; few say so much of one item.
constexpr size_t kMostReferences = 1 << 18, kMostAssociations = 1 << 18;
constexpr size_t kMostOfOneItem = 64;
constexpr size_t kMostProperties = 0x7FFF;  // 15 bits tell which

// A full box begins with its version and flags.
struct FullBox {
  explicit FullBox(std::string_view body) : reader(body) {
    version = reader.u8();
    flags = reader.u24();
  }
  uint8_t version;
  uint32_t flags;
  ByteReader reader{{}};
};

}  // namespace

// The rest of a "mime" item: its name, then its type. (ISO/IEC 14496-12, 8.11.6)
static bool is_xmp(std::string_view name_and_type) {
  const size_t name = name_and_type.find('\0');
  return name != std::string_view::npos &&
         name_and_type.substr(name + 1).starts_with("application/rdf+xml");
}

HeifItems::HeifItems(std::string_view file) : file_(file) {
  std::string_view meta = find_box(file, "meta");
  IsoBoxes boxes(slice(meta, 4));
  while (const auto box = boxes.next()) {
    if (box->type == "pitm") {
      FullBox full(box->body);
      primary_ = static_cast<uint32_t>(full.reader.integer(full.version == 0 ? 2 : 4));
    }
    if (box->type == "iinf") read_information(box->body);
    if (box->type == "iref") read_references(box->body);
    if (box->type == "iprp") read_properties(box->body);
    if (box->type == "iloc") locations_ = box->body;
    if (box->type == "idat") data_ = box->body;
  }
}

void HeifItems::read_information(std::string_view iinf) {
  FullBox full(iinf);
  full.reader.skip(full.version == 0 ? 2 : 4);
  IsoBoxes entries(full.reader.rest());
  while (const auto entry = entries.next()) {
    FullBox infe(entry->body);
    if (entry->type != "infe" || infe.version < 2) continue;
    const auto id = static_cast<uint32_t>(infe.reader.integer(infe.version == 2 ? 2 : 4));
    infe.reader.skip(2);  // protection
    const std::string_view type = infe.reader.piece(4);
    if (type == "Exif" && exif_item_ == 0) exif_item_ = id;
    if (type == "mime" && xmp_item_ == 0 && is_xmp(infe.reader.rest())) xmp_item_ = id;
  }
}

void HeifItems::read_references(std::string_view iref) {
  FullBox full(iref);
  const size_t size = full.version == 0 ? 2 : 4;
  IsoBoxes boxes(full.reader.rest());
  while (const auto box = boxes.next()) {
    if (references_.size() >= kMostReferences) return;
    ByteReader reader(box->body);
    const auto from = static_cast<uint32_t>(reader.integer(size));
    for (uint16_t left = reader.u16(); left > 0 && !reader.rest().empty(); --left)
      references_.push_back({box->type, from, static_cast<uint32_t>(reader.integer(size))});
  }
}

void HeifItems::read_properties(std::string_view iprp) {
  IsoBoxes boxes(iprp);
  while (const auto box = boxes.next()) {
    if (box->type == "ipma") read_associations(box->body);
    if (box->type != "ipco" || !properties_.empty()) continue;
    IsoBoxes properties(box->body);
    while (const auto property = properties.next()) {
      if (properties_.size() < kMostProperties) properties_.push_back(*property);
    }
  }
}

void HeifItems::read_associations(std::string_view ipma) {
  FullBox full(ipma);
  const bool wide = full.flags & 1;
  ByteReader& reader = full.reader;
  for (uint32_t items = reader.u32(); items > 0 && reader.sound(); --items) {
    if (associations_.size() >= kMostAssociations) return;
    const auto item = static_cast<uint32_t>(reader.integer(full.version == 0 ? 2 : 4));
    for (uint8_t left = reader.u8(); left > 0 && reader.sound(); --left) {
      const uint16_t index = wide ? reader.u16() & 0x7FFF : reader.u8() & 0x7F;
      if (index > 0) associations_.push_back({item, index});
    }
  }
}

std::vector<IsoBox> HeifItems::properties_of(uint32_t item) const {
  std::vector<IsoBox> found;
  for (const Association& association : associations_) {
    if (found.size() == kMostOfOneItem) break;
    if (association.item == item && association.property <= properties_.size())
      found.push_back(properties_[association.property - 1u]);
  }
  return found;
}

bool HeifItems::is_alpha_plane(uint32_t item) const {
  for (const IsoBox& property : properties_of(item)) {
    const std::string_view name = slice(property.body, 4);
    if (property.type == "auxC" &&
        (name.starts_with("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha") ||
         name.starts_with("urn:mpeg:hevc:2015:auxid:1\0"sv)))
      return true;
  }
  return false;
}

bool HeifItems::has_alpha() const {
  std::vector<uint32_t> whole = {primary_};
  for (const Reference& reference : references_)
    if (reference.type == "dimg" && reference.from == primary_) whole.push_back(reference.to);
  std::sort(whole.begin(), whole.end());
  size_t looked_at = 0;
  for (const Reference& reference : references_) {
    if (reference.type != "auxl" || !std::binary_search(whole.begin(), whole.end(), reference.to))
      continue;
    if (is_alpha_plane(reference.from)) return true;
    if (++looked_at == kMostPlanes) return false;
  }
  return false;
}

// ISO/IEC 14496-12, 8.11.3: where an item's bytes are, in pieces.
std::string HeifItems::content_of(uint32_t item) const {
  FullBox full(locations_);
  ByteReader& reader = full.reader;
  const uint8_t sizes = reader.u8(), more_sizes = reader.u8();
  const size_t offset_size = sizes >> 4, length_size = sizes & 15, base_size = more_sizes >> 4;
  const size_t index_size = full.version == 0 ? 0 : more_sizes & 15;
  const size_t id_size = full.version < 2 ? 2 : 4;
  for (uint64_t items = reader.integer(id_size); items > 0 && reader.sound(); --items) {
    const bool wanted = reader.integer(id_size) == item;
    const bool inside = full.version > 0 && (reader.u16() & 15) == 1;  // in "idat"
    reader.skip(2);                                                    // data reference
    const uint64_t base = reader.integer(base_size);
    const uint16_t extents = reader.u16();
    if (!wanted) {
      reader.skip(uint64_t{extents} * (index_size + offset_size + length_size));
      continue;
    }
    std::string content;
    for (uint16_t i = 0; i < extents && reader.sound() && content.size() < kMostExif; ++i) {
      reader.skip(index_size);
      const uint64_t offset = reader.integer(offset_size), length = reader.integer(length_size);
      content +=
          slice(inside ? data_ : file_, base + offset, std::min<uint64_t>(length, kMostExif));
    }
    return content;
  }
  return {};
}

// ISO/IEC 23008-12, A.2.1: four bytes say how far TIFF's header is.
std::string HeifItems::exif() const {
  if (exif_item_ == 0) return {};
  const std::string content = content_of(exif_item_);
  const uint64_t offset = ByteReader(content).u32();
  return std::string(slice(content, 4 + offset));
}

std::string HeifItems::xmp() const { return xmp_item_ == 0 ? "" : content_of(xmp_item_); }

}  // namespace halftone

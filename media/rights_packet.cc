#include "media/rights_packet.h"

#include <zlib.h>

#include <fmt/format.h>

#include "media/byte_reader.h"
#include "media/reference.h"

namespace halftone {

namespace {

enum class Shape : uint8_t { kText, kList, kLanguages };

struct Property {
  std::string_view about;  // the name in PictureAbout
  std::string_view name;
  Shape shape;
};

constexpr Property kProperties[] = {
    {"creator", "dc:creator", Shape::kList},
    {"credit", "photoshop:Credit", Shape::kText},
    {"copyright", "dc:rights", Shape::kLanguages},
    {"licence", "xmpRights:UsageTerms", Shape::kLanguages},
    {"source", "photoshop:Source", Shape::kText},
};

std::string element(const Property& property, const std::string& value) {
  // A licence that is an address is a statement on the web.
  if (property.about == "licence" && value.starts_with("http")) {
    return element({"", "xmpRights:WebStatement", Shape::kText}, value);
  }
  std::string content = escaped(value, {Escape::kXmlText, Escape::kNone, Escape::kNone});
  if (property.shape == Shape::kList) {
    content = fmt::format("<rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq>", content);
  } else if (property.shape == Shape::kLanguages) {
    content = fmt::format("<rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt>", content);
  }
  return fmt::format("<{0}>{1}</{0}>", property.name, content);
}

std::string big_endian(size_t value, int bytes) {
  std::string out;
  for (int i = bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i));
  return out;
}

std::string little_endian(size_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

std::string inserted(std::string_view bytes, size_t at, std::string_view piece) {
  std::string out;
  out.reserve(bytes.size() + piece.size());
  out.append(bytes.substr(0, at)).append(piece).append(bytes.substr(at));
  return out;
}

// A segment APP1 after the JFIF header, which must come first.
std::string in_jpeg(std::string_view bytes, std::string_view packet) {
  using namespace std::string_literals;
  const std::string body = "http://ns.adobe.com/xap/1.0/\0"s.append(packet);
  const size_t size = body.size() + 2;
  if (size > 0xFFFF || bytes.size() < 6) return std::string(bytes);
  const bool has_jfif = bytes.substr(2, 2) == "\xFF\xE0";
  const size_t at = has_jfif ? 4 + ByteReader(bytes.substr(4)).u16() : 2;
  if (at > bytes.size()) return std::string(bytes);
  return inserted(bytes, at, "\xFF\xE1" + big_endian(size, 2) + body);
}

// A chunk iTXt, uncompressed, after the header (PNG, 11.3.3.4).
std::string in_png(std::string_view bytes, std::string_view packet) {
  using namespace std::string_literals;
  constexpr size_t kAfterHeader = 33;  // signature and IHDR
  if (bytes.size() < kAfterHeader) return std::string(bytes);
  const std::string typed = "iTXtXML:com.adobe.xmp\0\0\0\0\0"s.append(packet);
  const auto* data = reinterpret_cast<const Bytef*>(typed.data());
  const uLong sum = crc32(crc32(0, nullptr, 0), data, static_cast<uInt>(typed.size()));
  return inserted(bytes, kAfterHeader,
                  big_endian(typed.size() - 4, 4) + typed + big_endian(sum, 4));
}

// A chunk "XMP " at the end, announced in the extended header; a plain file gets one.
std::string in_webp(const EncodedPicture& picture, std::string_view packet) {
  constexpr size_t kRiffHeader = 12, kFlags = 20;
  constexpr char kHasXmp = 0x04;
  std::string out(picture.bytes);
  if (out.size() <= kFlags) return out;
  if (out.compare(kRiffHeader, 4, "VP8X") == 0) {
    out[kFlags] = static_cast<char>(out[kFlags] | kHasXmp);
  } else if (out.compare(kRiffHeader, 4, "VP8 ") == 0) {
    out.insert(kRiffHeader, "VP8X" + little_endian(10, 4) + little_endian(kHasXmp, 4) +
                                little_endian(picture.width - 1, 3) +
                                little_endian(picture.height - 1, 3));
  } else {
    return out;  // lossless, which is not written here, tells of alpha elsewhere
  }
  out.append("XMP ").append(little_endian(packet.size(), 4)).append(packet);
  if (packet.size() % 2 != 0) out += '\0';
  out.replace(4, 4, little_endian(out.size() - 8, 4));
  return out;
}

}  // namespace

std::string rights_packet(const PictureAbout& about) {
  std::string elements;
  for (const Property& property : kProperties) {
    for (const auto& [name, value] : about) {
      if (name == property.about) elements += element(property, value);
    }
  }
  if (elements.empty()) return {};
  return fmt::format(
      "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
      "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
      "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
      " xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\""
      " xmlns:xmpRights=\"http://ns.adobe.com/xap/1.0/rights/\">"
      "{}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>",
      elements);
}

std::string with_rights(const EncodedPicture& picture, std::string_view packet) {
  if (!packet.empty()) {
    if (picture.type == "image/jpeg") return in_jpeg(picture.bytes, packet);
    if (picture.type == "image/png") return in_png(picture.bytes, packet);
    if (picture.type == "image/webp") return in_webp(picture, packet);
  }
  return std::string(picture.bytes);
}

}  // namespace halftone

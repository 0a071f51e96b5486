// XMP (ISO 16684-1): RDF in XML, read as names and values.
#include <algorithm>
#include <array>
#include <iterator>

#include "media/ascii.h"
#include "media/image_metadata.h"
#include "media/xml_tokenizer.h"

namespace halftone {

namespace {

constexpr size_t kMostPacket = size_t{1} << 20;
constexpr size_t kMostTokens = 20'000;
constexpr size_t kMostDepth = 64;
constexpr size_t kMostPrefixes = 64;
constexpr size_t kMostProperties = 100;

// Namespaces under the prefixes that the specifications give them; what stands in others is left
// out. (ISO 16684-1, 8; IPTC Photo Metadata Standard; PLUS)
struct Namespace {
  std::string_view uri, prefix;
};
constexpr Namespace kNamespaces[] = {
    {"http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf"},
    {"http://purl.org/dc/elements/1.1/", "dc"},
    {"http://ns.adobe.com/xap/1.0/", "xmp"},
    {"http://ns.adobe.com/xap/1.0/rights/", "xmpRights"},
    {"http://ns.adobe.com/photoshop/1.0/", "photoshop"},
    {"http://ns.adobe.com/exif/1.0/", "exif"},
    {"http://ns.adobe.com/tiff/1.0/", "tiff"},
    {"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", "Iptc4xmpCore"},
    {"http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "Iptc4xmpExt"},
    {"http://ns.useplus.org/ldf/xmp/1.0/", "plus"},
    {"http://creativecommons.org/ns#", "cc"},
};

std::string_view prefix_of(std::string_view name) {
  const size_t colon = name.find(':');
  return colon == std::string_view::npos ? std::string_view() : name.substr(0, colon);
}

std::string text_of(std::string_view raw) { return tidy_text(decode_xml(raw, 0).text()); }

// Follows the elements of one packet. A property is an element, or an attribute, of an
// rdf:Description; the items of a list in it are its values.
class Packet {
 public:
  explicit Packet(ImageHeader& header) : header_(header) {}

  void read(std::string_view xml) {
    XmlTokenizer tokens(xml);
    for (size_t i = 0; i < kMostTokens; ++i) {
      const XmlToken& token = tokens.next();
      if (token.type == XmlToken::Type::kEnd) return;
      if (token.type == XmlToken::Type::kStartTag) begin(token);
      if (token.type == XmlToken::Type::kEndTag) end();
      if (token.type == XmlToken::Type::kText || token.type == XmlToken::Type::kCData)
        text_ += token.text.substr(0, 4096);
    }
  }

 private:
  // Holds inside of the element that declares it. `usual` is empty where the namespace is unknown.
  struct Prefix {
    std::string written;
    std::string_view usual;
    size_t depth;
  };

  void begin(const XmlToken& token) {
    for (const XmlAttribute& attribute : token.attributes) declare(attribute);
    text_.clear();
    if (known(token.name) == "rdf:Description" && depth_ == property_depth()) {
      for (const XmlAttribute& attribute : token.attributes)
        add(known(attribute.name), text_of(attribute.value));
    }
    if (token.self_closing || depth_ >= kMostDepth) {
      while (!prefixes_.empty() && prefixes_.back().depth >= depth_) prefixes_.pop_back();
      return;
    }
    path_[depth_++] = known(token.name);
  }

  // Of nested structures only the outermost property counts, and of its values those in lists.
  void end() {
    if (depth_ == 0) return;
    const std::string& name = path_[--depth_];
    const bool in_list = name == "rdf:li" && depth_ >= 3 && path_[depth_ - 3] == "rdf:Description";
    if (in_list) add(path_[depth_ - 2], text_of(text_));
    if (depth_ >= 1 && path_[depth_ - 1] == "rdf:Description") add(name, text_of(text_));
    text_.clear();
    while (!prefixes_.empty() && prefixes_.back().depth >= depth_) prefixes_.pop_back();
  }

  // Only descriptions at the top: one inside of a property describes a part of it.
  size_t property_depth() const {
    size_t depth = depth_;
    for (size_t i = 0; i < depth_; ++i)
      if (path_[i] == "rdf:Description") depth = kMostDepth + 1;
    return depth;
  }

  void declare(const XmlAttribute& attribute) {
    if (!attribute.name.starts_with("xmlns:") || prefixes_.size() >= kMostPrefixes) return;
    const std::string prefix(attribute.name.substr(6));
    const std::string uri = text_of(attribute.value);
    const auto known = std::find_if(std::begin(kNamespaces), std::end(kNamespaces),
                                    [&](const Namespace& each) { return each.uri == uri; });
    prefixes_.push_back({prefix, known == std::end(kNamespaces) ? "" : known->prefix, depth_});
  }

  // The name with its usual prefix; empty in a namespace that tells nothing here.
  std::string known(std::string_view name) const {
    const std::string_view prefix = prefix_of(name);
    const auto found =
        std::find_if(prefixes_.rbegin(), prefixes_.rend(),
                     [&](const Prefix& declared) { return declared.written == prefix; });
    if (prefix.empty() || found == prefixes_.rend() || found->usual.empty()) return {};
    return std::string(found->usual) + std::string(name.substr(prefix.size()));
  }

  void add(const std::string& name, const std::string& value) {
    if (name.empty() || name.starts_with("rdf:") || value.empty()) return;
    const auto known = std::find_if(header_.xmp.begin(), header_.xmp.end(),
                                    [&](const auto& property) { return property.first == name; });
    if (known == header_.xmp.end()) {
      if (header_.xmp.size() < kMostProperties) header_.xmp.emplace_back(name, value);
    } else if (known->second != value) {
      known->second = tidy_text(known->second + "; " + value);
    }
  }

  ImageHeader& header_;
  std::vector<Prefix> prefixes_;
  std::array<std::string, kMostDepth> path_;
  size_t depth_ = 0;
  std::string text_;
};

}  // namespace

void read_xmp(std::string_view packet, ImageHeader& header) {
  if (header.xmp.empty()) Packet(header).read(packet.substr(0, kMostPacket));
}

}  // namespace halftone

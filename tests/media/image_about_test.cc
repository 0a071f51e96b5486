#include "media/image_about.h"

#include "media/image_metadata.h"
#include "tests/support/catch.h"
#include "tests/support/image_bytes.h"

using namespace halftone;
using namespace halftone::image_bytes;

namespace {

using namespace std::string_literals;

std::string packet(const std::string& properties, const std::string& attributes = "") {
  return "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
         "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
         "<rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/'"
         " xmlns:ps='http://ns.adobe.com/photoshop/1.0/'"
         " xmlns:r='http://ns.adobe.com/xap/1.0/rights/'" +
         attributes + ">" + properties +
         "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>";
}

const std::string kPacket = packet(
    "<dc:creator><rdf:Seq><rdf:li>Ada Lovelace</rdf:li><rdf:li>李四</rdf:li></rdf:Seq></dc:creator>"
    "<dc:rights><rdf:Alt><rdf:li xml:lang='x-default'>© 2026 A &amp; B</rdf:li></rdf:Alt>"
    "</dc:rights>"
    "<ps:Credit>Reuters</ps:Credit>",
    " ps:Source='Wire' r:WebStatement='https://a.example/licence'");

std::string dataset(uint8_t number, const std::string& value) {
  return "\x1C\x02" + be(number, 1) + be(value.size(), 2) + value;
}

std::string resource(uint16_t id, const std::string& data) {
  return "8BIM" + be(id, 2) + be(0, 2) + be(data.size(), 4) + data +
         std::string(data.size() % 2, '\0');
}

const std::string kIptc = dataset(80, "Bo Diddley") + dataset(116, "(c) Bo") +
                          dataset(120, "A ca\xE7hed caption") + dataset(25, "one") +
                          dataset(25, "two") + dataset(55, "20260109") +
                          dataset(60, "032837+0100") + dataset(110, "Agence");

std::string jpeg(const std::string& segments) {
  return "\xFF\xD8" + segments +
         segment(0xC0, be(8, 1) + be(30, 2) + be(40, 2) + be(1, 1) + "\1\1\1"s) +
         segment(0xDA, "\1\1\0\0\x3F\0"s) + "\x12\xFF\xD9";
}

std::map<std::string, std::string> about(const std::string& bytes) {
  const auto header = read_image_header(bytes);
  REQUIRE(header);
  const PictureAbout list = about_picture(*header);
  return {list.begin(), list.end()};
}

std::map<std::string, std::string> xmp(const std::string& text) {
  ImageHeader header;
  read_xmp(text, header);
  return {header.xmp.begin(), header.xmp.end()};
}

}  // namespace

TEST_CASE("XMP is found wherever formats keep it", "[media]") {
  struct Row {
    const char* name;
    std::string bytes;
  };
  const std::string chunk_head = "XML:com.adobe.xmp\0\0\0\0\0"s;
  const std::string uuid = "\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC";
  const std::string webp =
      "WEBP" + riff("VP8X", be(4, 1) + be(0, 3) + le(9, 3) + le(9, 3)) + riff("XMP ", kPacket);
  const Row rows[] = {
      {"JPEG", jpeg(segment(0xE1, "http://ns.adobe.com/xap/1.0/\0"s + kPacket))},
      {"PNG", "\x89PNG\r\n\x1A\n" + ihdr(4, 4, 8, 2) + chunk("iTXt", chunk_head + kPacket) +
                  chunk("IEND", "")},
      {"WebP", "RIFF" + le(webp.size(), 4) + webp},
      {"TIFF", tiff(false, {{700, 1, static_cast<uint32_t>(kPacket.size()), kPacket}})},
      {"JPEG XL", box("JXL ", "\r\n\x87\n") + box("xml ", kPacket)},
      {"JPEG 2000", box("jP  ", "\r\n\x87\n") + box("uuid", uuid + kPacket)},
      {"PSD", "8BPS\0\1"s + be(0, 6) + be(3, 2) + be(4, 4) + be(4, 4) + be(8, 2) + be(3, 2) +
                  be(0, 4) + be(resource(0x0424, kPacket).size(), 4) + resource(0x0424, kPacket)},
      {"GIF", "GIF89a" + le(1, 2) + le(1, 2) + be(0, 3) + "\x21\xFF\x0BXMP DataXMP" + kPacket +
                  "\x01\xFF\xFE"s},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      auto facts = about(row.bytes);
      CHECK(facts["creator"] == "Ada Lovelace; 李四");
      CHECK(facts["copyright"] == "© 2026 A & B");
      CHECK(facts["credit"] == "Reuters");
      CHECK(facts["source"] == "Wire");
      CHECK(facts["licence"] == "https://a.example/licence");
    }
  }
}

TEST_CASE("XMP is read by its namespaces, not by its prefixes", "[media]") {
  CHECK(xmp(packet("<zz:creator xmlns:zz='http://purl.org/dc/elements/1.1/'>A</zz:creator>"))
            .at("dc:creator") == "A");
  CHECK(xmp(packet("<dc:title xmlns:dc='urn:mine'>A</dc:title>")).empty());
  // Of a structure only the property itself counts, not what describes its parts.
  CHECK(xmp(packet("<ps:Source rdf:parseType='Resource'><dc:creator>no</dc:creator></ps:Source>"))
            .count("dc:creator") == 0);
  CHECK(xmp("<rdf:Description dc:title='no namespaces'/>").empty());
}

TEST_CASE("XMP of any size and depth ends", "[media]") {
  std::string deep, many;
  for (int i = 0; i < 5000; ++i) deep += "<dc:title>";
  for (int i = 0; i < 5000; ++i) many += fmt::format("<dc:x{}>v</dc:x{}>", i, i);
  xmp(packet(deep));
  CHECK(xmp(packet(many)).size() == 100);
  const std::string long_text(100'000, 'a');
  CHECK(xmp(packet("<dc:title>" + long_text + "</dc:title>")).at("dc:title").size() == 1000);
  for (size_t size = 0; size < kPacket.size(); ++size) xmp(kPacket.substr(0, size));
}

TEST_CASE("IPTC's older way is read, too", "[media]") {
  auto facts = about(jpeg(segment(0xED, "Photoshop 3.0\0"s + resource(0x0404, kIptc))));
  CHECK(facts["creator"] == "Bo Diddley");
  CHECK(facts["copyright"] == "(c) Bo");
  CHECK(facts["caption"] == "A caçhed caption");
  CHECK(facts["credit"] == "Agence");
  CHECK(facts["taken"] == "2026-01-09T03:28:37+01:00");

  ImageHeader header;
  read_iptc(kIptc, header);
  const std::map<std::string, std::string> list(header.iptc.begin(), header.iptc.end());
  CHECK(list.at("Keywords") == "one; two");
  for (size_t size = 0; size < kIptc.size(); ++size) {
    ImageHeader part;
    read_iptc(std::string_view(kIptc).substr(0, size), part);
    CHECK(part.iptc.size() <= header.iptc.size());
  }
}

TEST_CASE("the newer standard is believed, but for what the camera knows", "[media]") {
  const auto text = [](const std::string& value) { return value + '\0'; };
  const auto ascii = [&](uint16_t tag, const std::string& value) {
    return Field{tag, 2, static_cast<uint32_t>(value.size() + 1), text(value)};
  };
  const std::string exif = tiff(true,
                                {ascii(0x010F, "Canon Inc."), ascii(0x0110, "Canon EOS R5"),
                                 ascii(0x013B, "Exif Artist"), ascii(0x8298, "Exif rights")},
                                {ascii(0x9003, "2026:01:09 03:28:37"), ascii(0x9011, "+08:00")});
  auto facts = about(jpeg(segment(0xE1, "Exif\0\0"s + exif) +
                          segment(0xED, "Photoshop 3.0\0"s + resource(0x0404, kIptc)) +
                          segment(0xE1, "http://ns.adobe.com/xap/1.0/\0"s +
                                            packet("<dc:rights>XMP rights</dc:rights>"))));
  CHECK(facts["copyright"] == "XMP rights");
  CHECK(facts["creator"] == "Bo Diddley");
  CHECK(facts["camera"] == "Canon EOS R5");
  CHECK(facts["taken"] == "2026-01-09T03:28:37+08:00");

  CHECK(about(jpeg("")).empty());
  auto other = about(
      jpeg(segment(0xE1, "Exif\0\0"s + tiff(false, {ascii(0x010F, "NIKON"), ascii(0x0110, "D850")},
                                            {ascii(0x9003, "0000:00:00 00:00:00")}))));
  CHECK(other["camera"] == "NIKON D850");
  CHECK(other.count("taken") == 0);
}

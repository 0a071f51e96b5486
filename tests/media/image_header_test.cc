#include "media/image_header.h"

#include "media/image_metadata.h"
#include "tests/support/catch.h"
#include "tests/support/image_bytes.h"
#include "tests/support/pictures.h"
#include "tests/support/test_server.h"

using namespace halftone;
using namespace halftone::image_bytes;

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

const std::string kPngMark = "\x89PNG\r\n\x1A\n";
const std::string kPngEnd = chunk("IDAT", "x") + chunk("IEND", "");

std::string png(const std::string& head, const std::string& more = "") {
  return kPngMark + head + more + kPngEnd;
}

std::string jpeg(const std::string& segments, const std::string& frame) {
  return "\xFF\xD8" + segments + frame + segment(0xDA, "\1\1\0\0\x3F\0"sv) +
         std::string("\x12\xFF\0\x34\xFF\xD0\x56", 7) + "\xFF\xD9";
}

std::string frame(uint8_t marker, uint8_t bits, uint16_t width, uint16_t height, uint8_t channels) {
  return segment(marker, be(bits, 1) + be(height, 2) + be(width, 2) + be(channels, 1) +
                             std::string(channels * 3u, '\1'));
}

std::string oriented_jpeg(int orientation) {
  const std::string exif = tiff(
      orientation % 2 == 0, {{0x0112, 3, 1,
                              orientation % 2 == 0 ? be(static_cast<uint64_t>(orientation), 2)
                                                   : le(static_cast<uint64_t>(orientation), 2)}});
  return jpeg(segment(0xE1, std::string("Exif\0\0", 6) + exif), frame(0xC0, 8, 40, 30, 3));
}

std::string webp(const std::string& chunks) {
  return "RIFF" + le(chunks.size() + 4, 4) + "WEBP" + chunks;
}

std::string animated_png() {
  const auto control = [](uint16_t numerator, uint16_t denominator) {
    return chunk("fcTL", be(0, 20) + be(numerator, 2) + be(denominator, 2) + be(0, 2));
  };
  return kPngMark + ihdr(20, 10, 8, 6) + chunk("acTL", be(3, 4) + be(0, 4)) + control(1, 10) +
         chunk("IDAT", "x") + control(5, 0) + chunk("fdAT", "x") + control(1, 4) +
         chunk("fdAT", "x") + chunk("IEND", "");
}

std::string gif(const std::string& blocks) {
  return "GIF89a" + le(30, 2) + le(20, 2) + be(0x80, 1) + be(0, 2) + std::string(6, 'p') + blocks;
}

std::string gif_frame(uint16_t delay, bool transparent, uint16_t width = 30) {
  return "\x21\xF9\x04" + be(transparent ? 1 : 0, 1) + le(delay, 2) + be(0, 2) + "\x2C" + le(0, 4) +
         le(width, 2) + le(20, 2) + be(0, 1) + "\x02\x01z" + be(0, 1);
}

std::string animated_webp() {
  const auto one = [](uint32_t ms) {
    return riff("ANMF", std::string(12, '\0') + le(ms, 3) + be(0, 1) + riff("VP8 ", "x"));
  };
  return webp(riff("VP8X", be(0x12, 1) + be(0, 3) + le(63, 3) + le(31, 3)) +
              riff("ANIM", be(0, 6)) + one(100) + one(40));
}

// A HEIF file with one picture of these properties, and an alpha plane where wanted.
std::string heif(std::string_view brand, const std::vector<std::string>& properties, bool alpha) {
  std::string all, associations;
  for (size_t i = 0; i < properties.size(); ++i) {
    all += properties[i];
    associations += be(i + 1, 1);
  }
  std::string ipma =
      be(0, 4) + be(alpha ? 2 : 1, 4) + be(1, 2) + be(properties.size(), 1) + associations;
  std::string meta = be(0, 4) + box("pitm", be(0, 4) + be(1, 2));
  if (alpha) {
    all += box("auxC", be(0, 4) + "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha" + be(0, 1));
    ipma += be(2, 2) + be(1, 1) + be(properties.size() + 1, 1);
    meta += box("iref", be(0, 4) + box("auxl", be(2, 2) + be(1, 2) + be(1, 2)));
  }
  meta += box("iprp", box("ipco", all) + box("ipma", ipma));
  return box("ftyp", std::string(brand) + be(0, 4) + "mif1") + box("meta", meta) + box("mdat", "x");
}

std::string ispe(uint32_t width, uint32_t height) {
  return box("ispe", be(0, 4) + be(width, 4) + be(height, 4));
}

std::string clap(uint32_t width, uint32_t height) {
  return box("clap", be(width, 4) + be(1, 4) + be(height, 4) + be(1, 4) + be(0, 4) + be(1, 4) +
                         be(0, 4) + be(1, 4));
}

std::string nclx(uint16_t primaries, uint16_t transfer) {
  return box("colr", "nclx" + be(primaries, 2) + be(transfer, 2) + be(6, 2) + be(0x80, 1));
}

std::string avif_sequence() {
  const std::string entry =
      box("av01", std::string(24, '\0') + be(48, 2) + be(32, 2) + std::string(50, '\0') +
                      nclx(9, 16) + box("av1C", "\x81\x20\x40\0"sv));
  const std::string stbl =
      box("stsd", be(0, 4) + be(1, 4) + entry) +
      box("stts", be(0, 4) + be(2, 4) + be(2, 4) + be(10, 4) + be(1, 4) + be(30, 4));
  const auto track = [&](std::string_view handler) {
    return box("trak", box("mdia", box("mdhd", be(0, 12) + be(100, 4) + be(50, 4) + be(0, 4)) +
                                       box("hdlr", be(0, 8) + std::string(handler) + be(0, 13)) +
                                       box("minf", box("stbl", stbl))));
  };
  return box("ftyp", "avis" + be(0, 4) + "avif") + box("moov", track("pict") + track("auxv")) +
         box("mdat", "x");
}

std::string tiff_file(bool big_endian, bool alpha) {
  const auto number = [&](uint64_t value, int size) {
    return big_endian ? be(value, size) : le(value, size);
  };
  std::vector<Field> fields = {{256, 3, 1, number(12, 2)},
                               {257, 4, 1, number(7, 4)},
                               {258, 3, 3, number(16, 2) + number(16, 2) + number(16, 2)},
                               {273, 4, 1, number(8, 4)},
                               {274, 3, 1, number(6, 2)},
                               {279, 4, 1, number(20, 4)}};
  if (alpha) fields.push_back({338, 3, 1, number(2, 2)});
  return tiff(big_endian, fields);
}

// BigTIFF: 8-byte offsets, two directories.
std::string big_tiff() {
  const auto directory = [](uint64_t next) {
    const auto field = [](uint64_t tag, uint64_t value) {
      return le(tag, 2) + le(4, 2) + le(1, 8) + le(value, 8);
    };
    return le(4, 8) + field(256, 9) + field(257, 5) + field(273, 8) + field(279, 4) + le(next, 8);
  };
  return "II" + le(43, 2) + le(8, 2) + le(0, 2) + le(16, 8) + directory(112) + directory(0);
}

std::string bmp(const std::string& dib, size_t pixels) {
  return "BM" + le(0, 8) + le(14 + dib.size(), 4) + dib + std::string(pixels, '\x7F');
}

std::string dib(uint32_t size, int32_t width, int32_t height, uint16_t bits, uint32_t compression,
                const std::string& more = "") {
  std::string head = le(size, 4) + le(static_cast<uint32_t>(width), 4) +
                     le(static_cast<uint32_t>(height), 4) + le(1, 2) + le(bits, 2);
  if (size >= 40) head += le(compression, 4) + le(0, 20);
  head += more;
  head.resize(std::max<size_t>(size, head.size()), '\0');
  return head;
}

std::string masks(uint32_t alpha, std::string_view colours = "") {
  return le(0xFF, 4) + le(0xFF00, 4) + le(0xFF0000, 4) + le(alpha, 4) + std::string(colours);
}

std::string icon(uint16_t kind, const std::vector<std::pair<uint8_t, std::string>>& images) {
  std::string out = le(0, 2) + le(kind, 2) + le(images.size(), 2), data;
  for (const auto& [side, bytes] : images) {
    out += be(side, 1) + be(side, 1) + le(0, 2) + le(1, 2) + le(32, 2) + le(bytes.size(), 4) +
           le(6 + 16 * images.size() + data.size(), 4);
    data += bytes;
  }
  return out + data;
}

std::string codestream(uint16_t components, uint8_t depth) {
  const std::string siz = be(0, 2) + be(110, 4) + be(60, 4) + be(10, 4) + be(10, 4) + be(0, 16) +
                          be(components, 2) + std::string(components, static_cast<char>(depth)) +
                          std::string(components * 2u, '\1');
  return "\xFF\x4F" + segment(0x51, siz) + segment(0x90, be(0, 2) + be(16, 4) + be(0, 2)) + "zz" +
         "\xFF\x93" + "\xFF\xD9";
}

std::string jp2(const std::string& more) {
  const std::string ihdr = be(50, 4) + be(100, 4) + be(4, 2) + be(15, 1) + be(7, 1) + be(0, 2);
  return box("jP  ", "\r\n\x87\n") + box("ftyp", "jp2 " + be(0, 4) + "jp2 ") +
         box("jp2h", box("ihdr", ihdr) + box("colr", be(1, 1) + be(0, 2) + be(16, 4)) + more) +
         box("jp2c", codestream(4, 15));
}

std::string psd(uint16_t version, uint16_t channels, const std::string& resources) {
  return "8BPS" + be(version, 2) + be(0, 6) + be(channels, 2) + be(3, 4) + be(5, 4) + be(8, 2) +
         be(3, 2) + be(0, 4) + be(resources.size(), 4) + resources + be(0, version == 2 ? 8 : 4) +
         be(0, 2) + std::string(size_t{15} * channels, 'p');
}

std::string resource(uint16_t id, const std::string& data) {
  return "8BIM" + be(id, 2) + be(0, 2) + be(data.size(), 4) + data +
         std::string(data.size() % 2, '\0');
}

struct Row {
  const char* name;
  std::string bytes;
  const char* format;
  const char* mime;
  uint32_t width, height, display_width, display_height;
  uint32_t frames = 1;
  int duration = -1;  // none
  int orientation = 1;
  bool alpha = false;
  int bits = 8;
  const char* icc = "";
};

std::vector<Row> raster_rows() {
  const std::string baseline = frame(0xC0, 8, 40, 30, 3);
  std::vector<Row> rows = {
      {"JPEG, baseline", jpeg("", baseline), "jpeg", "image/jpeg", 40, 30, 40, 30},
      {"JPEG, progressive", jpeg("", frame(0xC2, 8, 40, 30, 3)), "jpeg", "image/jpeg", 40, 30, 40,
       30},
      {"JPEG, CMYK of 12 bits", jpeg("", frame(0xC1, 12, 40, 30, 4)), "jpeg", "image/jpeg", 40, 30,
       40, 30, 1, -1, 1, false, 12},
      {"JPEG, T.81 B.2.5: the height follows in DNL",
       "\xFF\xD8" + frame(0xC0, 8, 40, 0, 1) + segment(0xDA, "\1\1\0\0\x3F\0"sv) + "data" +
           segment(0xDC, be(33, 2)) + "\xFF\xD9",
       "jpeg", "image/jpeg", 40, 33, 40, 33},
      {"JPEG, fill bytes before a marker; a profile in two pieces",
       jpeg("\xFF\xFF" + segment(0xE0, "JFIF") +
                segment(0xE2, "ICC_PROFILE" + be(0, 1) + be(1, 1) + be(2, 1) +
                                  icc_profile("Wide", false).substr(0, 140)) +
                segment(0xE2, "ICC_PROFILE" + be(0, 1) + be(2, 1) + be(2, 1) +
                                  icc_profile("Wide", false).substr(140)),
            baseline),
       "jpeg", "image/jpeg", 40, 30, 40, 30, 1, -1, 1, false, 8, "Wide"},
      {"PNG", png(ihdr(7, 9, 8, 2)), "png", "image/png", 7, 9, 7, 9},
      {"PNG of 16 bits with alpha, sRGB", png(ihdr(7, 9, 16, 6), chunk("sRGB", "\0"sv)), "png",
       "image/png", 7, 9, 7, 9, 1, -1, 1, true, 16, "sRGB"},
      {"PNG, one bit", png(ihdr(7, 9, 1, 0)), "png", "image/png", 7, 9, 7, 9, 1, -1, 1, false, 1},
      {"PNG, palette with tRNS", png(ihdr(7, 9, 4, 3), chunk("tRNS", "\0"sv)), "png", "image/png",
       7, 9, 7, 9, 1, -1, 1, true},
      {"PNG, cICP before sRGB",
       png(ihdr(7, 9, 8, 2), chunk("sRGB", "\0"sv) + chunk("cICP", "\x0C\x0D\0\1"sv)), "png",
       "image/png", 7, 9, 7, 9, 1, -1, 1, false, 8, "Display P3"},
      {"PNG, eXIf turns it",
       png(ihdr(7, 9, 8, 2), chunk("eXIf", tiff(true, {{0x0112, 3, 1, be(8, 2)}}))), "png",
       "image/png", 7, 9, 9, 7, 1, -1, 8},
      {"APNG: 100 ms, 5/0 as hundredths, 250 ms", animated_png(), "png", "image/png", 20, 10, 20,
       10, 3, 400, 1, true},
      {"GIF", gif(gif_frame(9, false) + "\x3B"), "gif", "image/gif", 30, 20, 30, 20},
      {"GIF, animated: delays as written", gif(gif_frame(0, false) + gif_frame(7, true) + "\x3B"),
       "gif", "image/gif", 30, 20, 30, 20, 2, 70, 1, true},
      {"GIF, the frame leaves part of the screen bare", gif(gif_frame(0, false, 10) + "\x3B"),
       "gif", "image/gif", 30, 20, 30, 20, 1, -1, 1, true},
      {"WebP, lossy", webp(riff("VP8 ", "\x10\0\0\x9D\x01\x2A\x64\0\x32\0zz"sv)), "webp",
       "image/webp", 100, 50, 100, 50},
      {"WebP, lossless with alpha",
       webp(riff("VP8L", "\x2F" + le(99u | 49u << 14 | 1u << 28, 4) + "zz")), "webp", "image/webp",
       100, 50, 100, 50, 1, -1, 1, true},
      {"WebP, extended: profile, EXIF",
       webp(riff("VP8X", be(0x28, 1) + be(0, 3) + le(99, 3) + le(49, 3)) +
            riff("ICCP", icc_profile("Display P3", true)) +
            riff("VP8 ", "\x10\0\0\x9D\x01\x2A\x01\0\x01\0"sv) +
            riff("EXIF", tiff(false, {{0x0112, 3, 1, le(6, 2)}}))),
       "webp", "image/webp", 100, 50, 50, 100, 1, -1, 6, false, 8, "Display P3"},
      {"WebP, animated", animated_webp(), "webp", "image/webp", 64, 32, 64, 32, 2, 140, 1, true},
      {"TIFF, little-endian", tiff_file(false, false), "tiff", "image/tiff", 12, 7, 7, 12, 1, -1, 6,
       false, 16},
      {"TIFF, big-endian, alpha", tiff_file(true, true), "tiff", "image/tiff", 12, 7, 7, 12, 1, -1,
       6, true, 16},
      {"BigTIFF of two pages", big_tiff(), "tiff", "image/tiff", 9, 5, 9, 5, 2, -1, 1, false, 1},
  };
  return rows;
}

std::vector<Row> box_rows() {
  const std::string irot = box("irot", be(1, 1));
  return {
      {"AVIF", heif("avif", {ispe(40, 30), nclx(1, 13)}, false), "avif", "image/avif", 40, 30, 40,
       30, 1, -1, 1, false, 8, "sRGB"},
      {"AVIF, alpha, ten bits", heif("avif", {ispe(40, 30), box("av1C", "\x81\0\x40\0"sv)}, true),
       "avif", "image/avif", 40, 30, 40, 30, 1, -1, 1, true, 10},
      {"AVIF, cropped, then turned left", heif("avif", {ispe(40, 30), clap(20, 10), irot}, false),
       "avif", "image/avif", 40, 30, 10, 20, 1, -1, 8},
      {"HEIC, mirrored sideways, then turned left",
       heif("heic", {ispe(40, 30), box("imir", be(1, 1)), irot}, false), "heif", "image/heic", 40,
       30, 30, 40, 1, -1, 5},
      {"HEIC, upside down by mirroring",
       heif("heic",
            {ispe(40, 30), box("pixi", be(0, 4) + be(3, 1) + "\x0A\x0A\x0A"),
             box("colr", "prof" + icc_profile("Display P3", true)), box("imir", be(0, 1))},
            false),
       "heif", "image/heic", 40, 30, 40, 30, 1, -1, 4, false, 10, "Display P3"},
      {"AVIF sequence with alpha", avif_sequence(), "avif", "image/avif", 48, 32, 48, 32, 3, 500, 1,
       true, 10, "Rec. 2020 PQ"},
      {"JPEG 2000 codestream", codestream(3, 7), "j2k", "image/j2c", 100, 50, 100, 50},
      {"JPEG 2000 file of 16 bits", jp2(box("cdef", be(1, 2) + be(3, 2) + be(1, 2) + be(0, 2))),
       "jp2", "image/jp2", 100, 50, 100, 50, 1, -1, 1, true, 16, "sRGB"},
      {"JPEG XL: eight times 5 and 4:3, all default", "\xFF\x0A" + le(0x06C9, 2), "jxl",
       "image/jxl", 53, 40, 53, 40, 1, -1, 1, false, 8, "sRGB"},
      {"JPEG XL in boxes",
       box("JXL ", "\r\n\x87\n") + box("ftyp", "jxl " + be(0, 4) + "jxl ") +
           box("jxlc", picture("scene.jxl")),
       "jxl", "image/jxl", 400, 300, 400, 300, 1, -1, 1, false, 8, "sRGB"},
  };
}

std::vector<Row> plain_rows() {
  return {
      {"BMP, 12", bmp(le(12, 4) + le(3, 2) + le(2, 2) + le(1, 2) + le(24, 2), 24), "bmp",
       "image/bmp", 3, 2, 3, 2},
      {"BMP, 16 (OS/2)", bmp(dib(16, 3, 2, 24, 0), 24), "bmp", "image/bmp", 3, 2, 3, 2},
      {"BMP, 40, from the top down", bmp(dib(40, 3, -2, 24, 0), 24), "bmp", "image/bmp", 3, 2, 3,
       2},
      {"BMP, 40, 16 bits a pixel", bmp(dib(40, 3, 2, 16, 0), 16), "bmp", "image/bmp", 3, 2, 3, 2, 1,
       -1, 1, false, 5},
      {"BMP, 52", bmp(dib(52, 3, 2, 32, 3, masks(0)), 24), "bmp", "image/bmp", 3, 2, 3, 2},
      {"BMP, 56 with alpha", bmp(dib(56, 3, 2, 32, 3, masks(0xFF000000)), 24), "bmp", "image/bmp",
       3, 2, 3, 2, 1, -1, 1, true},
      {"BMP, 64 (OS/2)", bmp(dib(64, 3, 2, 24, 0), 24), "bmp", "image/bmp", 3, 2, 3, 2},
      {"BMP, 108, sRGB", bmp(dib(108, 3, 2, 32, 3, masks(0, "BGRs")), 24), "bmp", "image/bmp", 3, 2,
       3, 2, 1, -1, 1, false, 8, "sRGB"},
      {"BMP, 124", bmp(dib(124, 3, 2, 32, 0), 24), "bmp", "image/bmp", 3, 2, 3, 2},
      {"ICO: the largest counts, 0 is 256",
       icon(1, {{16, "?"}, {0, png(ihdr(256, 256, 8, 6))}, {32, "?"}}), "ico", "image/x-icon", 256,
       256, 256, 256, 1, -1, 1, true},
      {"ICO: a bitmap is as high as picture and mask", icon(1, {{24, dib(40, 24, 48, 32, 0)}}),
       "ico", "image/x-icon", 24, 24, 24, 24, 1, -1, 1, true},
      {"CUR", icon(2, {{32, "?"}}), "cur", "image/x-icon", 32, 32, 32, 32, 1, -1, 1, true},
      {"ICNS",
       "icns" + be(8 + 12 + 8 + png(ihdr(512, 512, 8, 6)).size(), 4) + "is32" + be(12, 4) + "mask" +
           "ic09" + be(8 + png(ihdr(512, 512, 8, 6)).size(), 4) + png(ihdr(512, 512, 8, 6)),
       "icns", "image/icns", 512, 512, 512, 512, 1, -1, 1, true},
      {"PSD", psd(1, 3, resource(1039, icc_profile("Adobe RGB (1998)", false))), "psd",
       "image/vnd.adobe.photoshop", 5, 3, 5, 3, 1, -1, 1, false, 8, "Adobe RGB (1998)"},
      {"PSB with alpha", psd(2, 4, ""), "psd", "image/vnd.adobe.photoshop", 5, 3, 5, 3, 1, -1, 1,
       true},
      {"QOI", "qoif" + be(5, 4) + be(3, 4) + be(4, 1) + be(0, 1) + "x" + be(1, 8), "qoi",
       "image/qoi", 5, 3, 5, 3, 1, -1, 1, true},
      {"PBM, text", "P1\n# made by hand\n 3 # wide\n2\n010101", "pnm", "image/x-portable-bitmap", 3,
       2, 3, 2, 1, -1, 1, false, 1},
      {"PGM of 16 bits", "P5 2 2 65535\n12345678", "pnm", "image/x-portable-graymap", 2, 2, 2, 2, 1,
       -1, 1, false, 16},
      {"PPM", "P6\n2 1\n255\nabcdef", "pnm", "image/x-portable-pixmap", 2, 1, 2, 1},
      {"PAM", "P7\nWIDTH 1\nHEIGHT 2\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\nabcdefgh",
       "pnm", "image/x-portable-arbitrarymap", 1, 2, 1, 2, 1, -1, 1, true},
      {"PFM", "PF\n1 2\n-1.0\n" + std::string(24, 'f'), "pnm", "image/x-portable-floatmap", 1, 2, 1,
       2, 1, -1, 1, false, 32},
  };
}

std::string utf16(std::string_view ascii) {
  std::string out;
  for (const char c : ascii) out += std::string(1, c) + '\0';
  return out;
}

// SVG 2, 8.2: width, height and viewBox; CSS Values 4, 6.2: absolute lengths.
std::vector<Row> svg_rows() {
  const auto row = [](const char* name, std::string text, uint32_t width, uint32_t height) {
    return Row{
        name, std::move(text), "svg", "image/svg+xml", width, height, width, height, 1, -1, 1,
        true};
  };
  // Shown in another size than it has.
  const auto shown = [](const char* name, std::string text, uint32_t width, uint32_t height,
                        uint32_t display_width, uint32_t display_height) {
    return Row{name,
               std::move(text),
               "svg",
               "image/svg+xml",
               width,
               height,
               display_width,
               display_height,
               1,
               -1,
               1,
               true};
  };
  return {
      row("pixels", "<svg width='64' height=\"32px\"/>", 64, 32),
      row("units", "<svg width='1in' height='2.54cm'></svg>", 96, 96),
      row("points, picas", "<svg width='72pt' height='2pc'></svg>", 96, 32),
      shown("view box alone", "<svg viewBox='0 0 200,100'></svg>", 0, 0, 300, 150),
      shown("a high view box", "<svg viewBox='0 0 300 200'></svg>", 0, 0, 225, 150),
      row("width and view box", "<svg width='50' viewBox='0 0 200 100'></svg>", 50, 25),
      row("height and view box", "<svg height='50' viewBox='-5 -5 200 100'></svg>", 100, 50),
      shown("percentages say nothing", "<svg width='100%' height='100%' viewBox='0 0 9 8'></svg>",
            0, 0, 169, 150),
      shown("nothing given", "<svg><path/></svg>", 0, 0, 300, 150),
      row("negative lengths are zero, as Chromium has it", "<svg width='-3' height='4'></svg>", 0,
          4),
      row("declaration, comment, doctype with entities, prefix",
          "<?xml version='1.0'?><!-- <svg width='9'> --><!DOCTYPE svg:svg PUBLIC \"a\" \"b\" [ "
          "<!ENTITY ns \"http://x/\"> ]>\n<svg:svg width='7' height='8'></svg:svg>",
          7, 8),
      row("byte order mark", "\xEF\xBB\xBF<svg width='7' height='8'></svg>", 7, 8),
      shown("UTF-16", "\xFF\xFE" + utf16("<svg width='7'/>"), 7, 0, 7, 150),
      row("compressed", gzip("<svg width='7' height='8'></svg>"), 7, 8),
      row("references in a value", "<svg width='1&#50;' height='8'></svg>", 12, 8),
  };
}

std::vector<Row> all_rows() {
  std::vector<Row> all = raster_rows();
  for (const auto& rows : {box_rows(), plain_rows(), svg_rows()})
    all.insert(all.end(), rows.begin(), rows.end());
  return all;
}

void check(const Row& row) {
  const auto header = read_image_header(row.bytes);
  REQUIRE(header);
  CHECK(header->format == row.format);
  CHECK(header->mime == row.mime);
  CHECK(header->width == row.width);
  CHECK(header->height == row.height);
  CHECK(header->display_width == row.display_width);
  CHECK(header->display_height == row.display_height);
  CHECK(header->frames == row.frames);
  CHECK((header->duration_ms ? static_cast<int>(*header->duration_ms) : -1) == row.duration);
  CHECK(header->orientation == row.orientation);
  CHECK(header->alpha == row.alpha);
  CHECK(header->bits == row.bits);
  CHECK(header->icc == row.icc);
  CHECK_FALSE(header->is_cut);
}

}  // namespace

TEST_CASE("image headers are read, format by format", "[media][image][header]") {
  for (const Row& row : all_rows()) DYNAMIC_SECTION(row.name) {
      check(row);
    }
}

// Exif 2.32, 4.6.4, Orientation: from 5 on, rows are columns.
TEST_CASE("image headers: each orientation of a JPEG", "[media][image][header]") {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    CAPTURE(orientation);
    const auto header = read_image_header(oriented_jpeg(orientation));
    REQUIRE(header);
    CHECK(header->orientation == orientation);
    CHECK(header->width == 40);
    CHECK(header->display_width == (orientation < 5 ? 40 : 30));
    CHECK(header->display_height == (orientation < 5 ? 30 : 40));
  }
}

TEST_CASE("image headers: what is no image has none", "[media][image][header]") {
  for (const std::string_view bytes :
       {""sv, "P"sv, "P9 1 1"sv, "P6 letters"sv, "BMW drives"sv, "<html><svg/></html>"sv,
        "<!-- a comment"sv, "RIFF\4\0\0\0WAVE"sv,
        "\0\0\0\x18"
        "ftypisom\0\0\0\0mp42mp41"sv,
        "GIF"sv, "%PDF-1.7"sv, "<rss><svg/></rss>"sv}) {
    CAPTURE(bytes);
    CHECK_FALSE(read_image_header(bytes));
  }
}

TEST_CASE("image headers: a file cut anywhere says so, and stays within its bounds",
          "[media][image][header]") {
  for (const Row& row : all_rows()) {
    // Text has no size of its own; a naked JPEG XL codestream tells its end to decoders alone.
    const bool tells = row.name != "PBM, text"sv && row.name != "UTF-16"sv;
    for (size_t size = 0; size < row.bytes.size(); ++size) {
      const std::string cut = row.bytes.substr(0, size);  // a heap block of just that size
      const auto header = read_image_header(cut);
      if (!header || !tells) continue;
      if (!header->is_cut) FAIL_CHECK(row.name << " cut at " << size << " of " << row.bytes.size());
    }
  }
}

TEST_CASE("image headers: no flipped bit does harm", "[media][image][header]") {
  for (const Row& row : all_rows()) {
    for (size_t at = 0; at < std::min<size_t>(row.bytes.size(), 3000); ++at) {
      for (const int flip : {0x01, 0x10, 0x80, 0xFF}) {
        std::string bytes = row.bytes;
        bytes[at] = static_cast<char>(bytes[at] ^ flip);
        const auto header = read_image_header(bytes);
        if (!header) continue;
        REQUIRE(header->exif.size() <= 100);
        REQUIRE(header->orientation >= 1);
        REQUIRE(header->orientation <= 8);
        REQUIRE(header->icc.size() <= 1000);
      }
    }
  }
}

TEST_CASE("image headers: EXIF as names and values", "[media][image][header]") {
  const auto degrees = [](uint32_t d, uint32_t m, uint32_t s) {
    return be(d, 4) + be(1, 4) + be(m, 4) + be(1, 4) + be(s, 4) + be(100, 4);
  };
  const std::string exif = tiff(true,
                                {{0x010F, 2, 6, "Canon" + be(0, 1)},
                                 {0x010E, 2, 7, "a\xFFz\n b " + be(0, 1)},
                                 {0x0112, 3, 1, be(3, 2)},
                                 {0x011A, 5, 1, be(300, 4) + be(1, 4)},
                                 {0x8298, 2, 12, "\xC2\xA9 Someone" + be(0, 2)},
                                 {0x9C9B, 1, 6, "\x60\x4F\x7D\x59\0\0"s}},
                                {{0x829A, 5, 1, be(10, 4) + be(1250, 4)},
                                 {0x829D, 5, 1, be(28, 4) + be(10, 4)},
                                 {0x8827, 3, 1, be(400, 2)},
                                 {0x9000, 7, 4, "0232"},
                                 {0x9003, 2, 20, "2024:05:06 07:08:09" + be(0, 1)},
                                 {0x9204, 10, 1, be(0xFFFF'FFFF, 4) + be(3, 4)},
                                 {0x9286, 7, 10, "ASCII" + be(0, 3) + "hi"},
                                 {0x920A, 5, 1, be(50, 4) + be(0, 4)},
                                 {0x927C, 7, 9, "makernote"}},
                                {{1, 2, 2, "S" + be(0, 1)},
                                 {2, 5, 3, degrees(33, 51, 3500)},
                                 {3, 2, 2, "E" + be(0, 1)},
                                 {4, 5, 3, degrees(151, 12, 4000)},
                                 {5, 1, 1, be(1, 1)},
                                 {6, 5, 1, be(125, 4) + be(10, 4)},
                                 {7, 5, 3, degrees(23, 59, 5900)},
                                 {0x1D, 2, 11, "2024:05:06" + be(0, 1)}});
  ImageHeader header;
  read_exif("Exif" + be(0, 2) + exif, header);
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"ImageDescription", "a\uFFFDz  b"},
      {"Make", "Canon"},
      {"Orientation", "3"},
      {"XResolution", "300"},
      {"Copyright", "\u00A9 Someone"},
      {"XPTitle", "\u4F60\u597D"},
      {"ExposureTime", "1/125"},
      {"FNumber", "2.8"},
      {"ISOSpeedRatings", "400"},
      {"ExifVersion", "0232"},
      {"DateTimeOriginal", "2024:05:06 07:08:09"},
      {"ExposureBiasValue", "-0.3333"},
      {"FocalLength", "0"},
      {"UserComment", "hi"},
      {"GPSLatitude", "-33.8597222"},
      {"GPSLongitude", "151.2111111"},
      {"GPSAltitude", "-12.5"},
      {"GPSTimeStamp", "23:59:59"},
      {"GPSDateStamp", "2024:05:06"},
  };
  CHECK(header.exif == expected);
  CHECK(header.orientation == 3);
}

TEST_CASE("image headers: hostile structures are bounded", "[media][image][header]") {
  for (const size_t size : {size_t{1} << 16, size_t{1} << 17, size_t{1} << 22}) {
    CAPTURE(size);
    // A directory whose next one is itself; names that all mean the same; sizes beyond the file.
    std::string loop = "II" + le(42, 2) + le(8, 4) + le(1, 2) + le(256, 2) + le(3, 2) + le(1, 4) +
                       le(5, 4) + le(8, 4) + std::string(size, '\0');
    CHECK(read_image_header(loop)->frames == 1);

    std::string frames = "GIF89a" + le(1, 4) + be(0, 3);
    while (frames.size() < size) frames += gif_frame(1, false);
    const auto endless = read_image_header(frames);
    CHECK(endless->is_cut);
    CHECK(endless->frames == (frames.size() - 13) / gif_frame(1, false).size());

    std::string boxes = box("ftyp", "avif" + be(0, 4));
    std::string deep;
    while (deep.size() < size) deep += be(size - deep.size(), 4) + "moov";
    CHECK(read_image_header(boxes + deep)->width == 0);

    // 65,535 items of 65,535 extents that take no room.
    std::string items;
    while (items.size() < size) items += be(2, 2) + be(0, 2) + be(0xFFFF, 2);
    const std::string meta =
        be(0, 4) + box("pitm", be(0, 4) + be(1, 2)) +
        box("iinf",
            be(0, 4) + be(1, 2) + box("infe", be(2, 1) + be(0, 3) + be(7, 2) + be(0, 2) + "Exif")) +
        box("iloc", be(0, 4) + be(0, 2) + be(0xFFFF, 2) + items);
    CHECK(read_image_header(boxes + box("meta", meta))->exif.empty());

    // One item that has each of its properties over and over.
    std::string associations;
    while (associations.size() < size) associations += be(1, 2) + be(0xFF, 1) + std::string(255, 1);
    const std::string turned =
        be(0, 4) + box("pitm", be(0, 4) + be(1, 2)) +
        box("iprp", box("ipco", box("ispe", be(0, 4) + be(4, 4) + be(3, 4))) +
                        box("ipma", be(0, 4) + be(0xFFFFFFFF, 4) + associations));
    CHECK(read_image_header(boxes + box("meta", turned))->width == 4);

    CHECK(read_image_header("P6\n" + std::string(size, '#')) == std::nullopt);
    CHECK(read_image_header("<svg width='" + std::string(size, '9') + "'/>")->width <=
          1'000'000'000);
    CHECK_FALSE(read_image_header(std::string(size, '<')));
  }
}

TEST_CASE("decorative pictures by size and shape", "[media][image][header]") {
  struct Case {
    const char* format;
    uint32_t width, height;
    bool decorative;
  };
  const Case cases[] = {
      {"gif", 1, 1, true},      {"gif", 600, 2, true},      {"png", 10, 400, true},
      {"png", 48, 48, true},    {"png", 49, 48, false},     {"jpeg", 16, 400, false},
      {"ico", 256, 256, false}, {"ico", 64, 64, true},      {"icns", 512, 512, false},
      {"svg", 0, 0, false},     {"jpeg", 1200, 630, false},
  };
  for (const Case& each : cases) {
    CAPTURE(each.format, each.width, each.height);
    ImageHeader header;
    header.format = each.format;
    header.display_width = each.width;
    header.display_height = each.height;
    CHECK(is_decorative(header) == each.decorative);
  }
}

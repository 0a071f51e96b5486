#include "media/sniff_binary.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "media/ascii.h"
#include "media/mpeg_frame.h"

namespace halftone {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view bytes, type;
};

// WHATWG MIME Sniffing, 6.1 to 6.4, and the formats that it lacks. Signatures of letters alone go
// as far as the first byte that text cannot hold, where the format has one.
constexpr Signature kSignatures[] = {
    {"\xFF\xD8\xFF"sv, "image/jpeg"},
    {"\x89PNG\r\n\x1A\n"sv, "image/png"},
    {"GIF87a"sv, "image/gif"},
    {"GIF89a"sv, "image/gif"},
    {"\0\0\1\0"sv, "image/x-icon"},
    {"\0\0\2\0"sv, "image/x-icon"},
    {"II*\0"sv, "image/tiff"},
    {"MM\0*"sv, "image/tiff"},
    {"II+\0"sv, "image/tiff"},
    {"MM\0+"sv, "image/tiff"},
    {"\xFF\x0A"sv, "image/jxl"},
    {"\0\0\0\x0CJXL \r\n\x87\n"sv, "image/jxl"},
    {"\xFF\x4F\xFF\x51"sv, "image/j2c"},
    {"8BPS\0"sv, "image/vnd.adobe.photoshop"},
    {"qoif\0"sv, "image/qoi"},
    {"icns\0"sv, "image/icns"},
    {"OggS\0"sv, "application/ogg"},
    {"ID3"sv, "audio/mpeg"},
    {"fLaC"sv, "audio/flac"},
    {"MThd\0\0\0\6"sv, "audio/midi"},
    {".snd\0"sv, "audio/basic"},
    {"FLV\1"sv, "video/x-flv"},
    {"#EXTM3U"sv, "application/vnd.apple.mpegurl"},
    {"\xEF\xBB\xBF#EXTM3U"sv, "application/vnd.apple.mpegurl"},
    {"wOFF"sv, "font/woff"},
    {"wOF2"sv, "font/woff2"},
    {"\0\1\0\0"sv, "font/ttf"},
    {"true\0"sv, "font/ttf"},
    {"OTTO\0"sv, "font/otf"},
    {"ttcf\0"sv, "font/collection"},
    {"\x1F\x8B\x08"sv, "application/gzip"},
    {"PK\3\4"sv, "application/zip"},
    {"PK\5\6"sv, "application/zip"},
    {"Rar!\x1A\7"sv, "application/vnd.rar"},
    {"7z\xBC\xAF\x27\x1C"sv, "application/x-7z-compressed"},
    {"BZh"
     "1AY&SY"sv,
     "application/x-bzip2"},
    {"\xFD"
     "7zXZ\0"sv,
     "application/x-xz"},
    {"\x28\xB5\x2F\xFD"sv, "application/zstd"},
    {"%PDF-"sv, "application/pdf"},
    {"%!PS-Adobe-"sv, "application/postscript"},
    {"\0asm"sv, "application/wasm"},
};

// A four-letter code at `at`; shorter where the head ends.
std::string_view code_at(std::string_view head, size_t at) {
  return head.size() < at ? std::string_view() : head.substr(at, 4);
}

uint32_t big_endian(std::string_view four) {
  uint32_t value = 0;
  for (const char c : four) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

// RIFF and IFF: a container, its size, and what it contains.
std::string_view sniff_riff(std::string_view head) {
  const std::string_view form = code_at(head, 8);
  if (head.starts_with("RIFF")) {
    if (form == "WEBP" && head.substr(12).starts_with("VP")) return "image/webp";
    if (form == "WAVE") return "audio/wave";
    if (form == "AVI ") return "video/avi";
  }
  if (head.starts_with("FORM") && (form == "AIFF" || form == "AIFC")) return "audio/aiff";
  return "";
}

// What a brand of an ISO base media file says; empty where it is a structural one.
std::string_view type_for_brand(std::string_view brand) {
  constexpr Signature kBrands[] = {
      {"avif", "image/avif"}, {"avis", "image/avif"},        {"heic", "image/heic"},
      {"heix", "image/heic"}, {"heim", "image/heic"},        {"heis", "image/heic"},
      {"hevc", "image/heic"}, {"hevx", "image/heic"},        {"jp2 ", "image/jp2"},
      {"jpx ", "image/jpx"},  {"qt  ", "video/quicktime"},   {"M4A ", "audio/mp4"},
      {"M4B ", "audio/mp4"},  {"crx ", "image/x-canon-cr3"},
  };
  for (const Signature& known : kBrands)
    if (known.bytes == brand) return known.type;
  return "";
}

// ISO/IEC 14496-12, file type box; and JPEG 2000's, which has a signature box before it.
std::string_view sniff_iso_media(std::string_view head) {
  const bool jpeg_2000 = head.starts_with("\0\0\0\x0CjP  \r\n\x87\n"sv);
  if (jpeg_2000) head.remove_prefix(12);
  if (!head.starts_with('\0') || code_at(head, 4) != "ftyp") return jpeg_2000 ? "image/jp2" : "";
  const size_t size = std::min<size_t>(big_endian(head.substr(0, 4)), head.size());
  const std::string_view major = code_at(head, 8);
  if (const auto type = type_for_brand(major); !type.empty()) return type;
  if (jpeg_2000) return "image/jp2";
  const bool still = major == "mif1" || major == "msf1" || major == "miaf";
  for (size_t at = 16; still && at + 4 <= size; at += 4) {
    const auto type = type_for_brand(code_at(head, at));
    if (type.starts_with("image/")) return type;
  }
  if (still) return "image/heif";
  if (major.starts_with("3g")) return "video/3gpp";
  return "video/mp4";
}

// EBML, whose document type stands among its first elements.
std::string_view sniff_matroska(std::string_view head) {
  if (!head.starts_with("\x1A\x45\xDF\xA3")) return "";
  const std::string_view first = head.substr(0, 64);
  if (first.find("webm") != std::string_view::npos) return "video/webm";
  return first.find("matroska") != std::string_view::npos ? "video/x-matroska" : "";
}

// One frame after the other.
bool is_framed(std::string_view head, MpegFrame (*read)(std::string_view)) {
  const size_t size = read(head).size;
  return size > 0 && size < head.size() && read(head.substr(size)).size > 0;
}

std::string_view sniff_streams(std::string_view head) {
  if (is_framed(head, read_mpeg_frame)) return "audio/mpeg";
  if (is_framed(head, read_adts_frame)) return "audio/aac";
  const auto sync = [&](size_t at) { return at < head.size() && head[at] == 0x47; };
  if (sync(0) && sync(188) && sync(376)) return "video/mp2t";
  return "";
}

// Netpbm: "P6", blanks and comments, then the width.
std::string_view sniff_netpbm(std::string_view head) {
  constexpr std::string_view kTypes[] = {"image/x-portable-bitmap",  "image/x-portable-graymap",
                                         "image/x-portable-pixmap",  "image/x-portable-bitmap",
                                         "image/x-portable-graymap", "image/x-portable-pixmap"};
  if (head.starts_with("P7\n")) return "image/x-portable-arbitrarymap";
  if (head.size() < 4 || head[0] != 'P' || head[1] < '1' || head[1] > '6' ||
      (!is_space(head[2]) && head[2] != '#'))
    return "";
  size_t at = 2;
  while (at < head.size() && (is_space(head[at]) || head[at] == '#'))
    at = head[at] == '#' ? std::min(head.find('\n', at), head.size()) : at + 1;
  return at < head.size() && is_digit(head[at]) ? kTypes[head[1] - '1'] : "";
}

// "BM" begins words too; a bitmap's header holds zeros.
bool is_bitmap(std::string_view head) {
  const std::string_view header = head.substr(0, 18);
  return header.starts_with("BM") && std::any_of(header.begin(), header.end(), is_binary_byte);
}

}  // namespace

std::string_view sniff_binary(std::string_view head) {
  for (const Signature& signature : kSignatures)
    if (head.starts_with(signature.bytes)) return signature.type;
  if (is_bitmap(head)) return "image/bmp";
  for (const auto sniff : {sniff_riff, sniff_iso_media, sniff_matroska, sniff_netpbm}) {
    const std::string_view type = sniff(head);
    if (!type.empty()) return type;
  }
  if (head.size() > 35 && head.substr(34, 2) == "LP" && is_binary_byte(head[8]))
    return "application/vnd.ms-fontobject";
  const bool byte_order_mark = head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF");
  return byte_order_mark ? std::string_view() : sniff_streams(head);
}

}  // namespace halftone

// Which format it is, and what follows from the facts of each.
#include "media/image_header.h"

#include <algorithm>
#include <iterator>

#include "media/image_formats.h"
#include "media/mime.h"
#include "media/orientation.h"

namespace halftone {

namespace {

using namespace std::string_view_literals;

struct Format {
  std::string_view signature;
  std::string_view name, mime;
  void (*read)(std::string_view bytes, ImageHeader& header);
  std::string_view second = {};  // at byte 8
};

constexpr Format kFormats[] = {
    {"\xFF\xD8\xFF"sv, "jpeg", "image/jpeg", read_jpeg},
    {"\x89PNG\r\n\x1A\n"sv, "png", "image/png", read_png},
    {"GIF87a"sv, "gif", "image/gif", read_gif},
    {"GIF89a"sv, "gif", "image/gif", read_gif},
    {"RIFF"sv, "webp", "image/webp", read_webp, "WEBP"},
    {"\0\0\1\0"sv, "ico", "image/x-icon", read_ico},
    {"\0\0\2\0"sv, "cur", "image/x-icon", read_ico},
    {"II*\0"sv, "tiff", "image/tiff", read_tiff},
    {"MM\0*"sv, "tiff", "image/tiff", read_tiff},
    {"II+\0"sv, "tiff", "image/tiff", read_tiff},
    {"MM\0+"sv, "tiff", "image/tiff", read_tiff},
    {"\xFF\x0A"sv, "jxl", "image/jxl", read_jxl},
    {"\0\0\0\x0CJXL \r\n\x87\n"sv, "jxl", "image/jxl", read_jxl},
    {"\0\0\0\x0CjP  \r\n\x87\n"sv, "jp2", "image/jp2", read_jp2},
    {"\xFF\x4F\xFF\x51"sv, "j2k", "image/j2c", read_j2k},
    {"8BPS\0\1"sv, "psd", "image/vnd.adobe.photoshop", read_psd},
    {"8BPS\0\2"sv, "psd", "image/vnd.adobe.photoshop", read_psd},
    {"qoif"sv, "qoi", "image/qoi", read_qoi},
    {"icns"sv, "icns", "image/icns", read_icns},
};

bool begins(std::string_view bytes, const Format& format) {
  return bytes.starts_with(format.signature) &&
         (format.second.empty() ||
          bytes.substr(std::min<size_t>(bytes.size(), 8)).starts_with(format.second));
}

void name(ImageHeader& header, std::string_view format, std::string_view mime) {
  header.format = format;
  header.mime = mime;
}

bool read_known(std::string_view bytes, ImageHeader& header) {
  const auto format = std::find_if(std::begin(kFormats), std::end(kFormats),
                                   [&](const Format& each) { return begins(bytes, each); });
  if (format == std::end(kFormats)) return false;
  name(header, format->name, format->mime);
  format->read(bytes, header);
  return true;
}

// Before the icons, whose signature a large file type box begins with.
bool read_iso_media(std::string_view bytes, ImageHeader& header) {
  const std::string_view format = heif_format(bytes);
  if (format.empty()) return false;
  const std::string mime = sniff_type(bytes);
  name(header, format,
       mime.starts_with("image/") ? mime
       : format == "avif"         ? "image/avif"
                                  : "image/heif");
  read_heif(bytes, header);
  return true;
}

bool read_bitmap(std::string_view bytes, ImageHeader& header) {
  if (!bytes.starts_with("BM") || sniff_type(bytes) != "image/bmp") return false;
  name(header, "bmp", "image/bmp");
  read_bmp(bytes, header);
  return true;
}

bool read_netpbm(std::string_view bytes, ImageHeader& header) {
  const std::string_view type = pnm_type(bytes);
  if (type.empty()) return false;
  name(header, "pnm", type);
  read_pnm(bytes, header);
  return true;
}

bool read_drawing(std::string_view bytes, ImageHeader& header) {
  name(header, "svg", "image/svg+xml");
  return read_svg(bytes, header);
}

void finish(ImageHeader& header) {
  if (header.display_width != 0 || header.display_height != 0) return;
  header.display_width = header.width;
  header.display_height = header.height;
  if (swaps_sides(header.orientation)) std::swap(header.display_width, header.display_height);
}

}  // namespace

std::optional<ImageHeader> read_image_header(std::string_view bytes) {
  ImageHeader header;
  for (const auto read : {read_iso_media, read_known, read_bitmap, read_netpbm, read_drawing}) {
    if (!read(bytes, header)) continue;
    finish(header);
    return header;
  }
  return std::nullopt;
}

bool is_decorative(uint32_t width, uint32_t height, bool is_icon) {
  constexpr uint32_t kThin = 16, kIcon = 48, kLargeIcon = 64;
  const auto [low, high] = std::minmax(width, height);
  if (is_icon) return high <= kLargeIcon;
  return low > 0 && (low < kThin || high <= kIcon);
}

bool is_decorative(const ImageHeader& header) {
  const bool is_icon = header.format == "ico" || header.format == "cur" || header.format == "icns";
  return is_decorative(header.display_width, header.display_height, is_icon);
}

}  // namespace halftone

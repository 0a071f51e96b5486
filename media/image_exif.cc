// EXIF as names and values.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <span>

#include <fmt/format.h>

#include "media/ascii.h"
#include "media/charset.h"
#include "media/image_metadata.h"
#include "media/tiff_directory.h"
#include "media/utf8.h"

namespace halftone {

namespace {

using namespace std::string_view_literals;

constexpr size_t kMostEntries = 100;
constexpr size_t kMostText = 1000;
constexpr size_t kMostNumbers = 16;  // of one field

constexpr uint16_t kOrientation = 0x0112, kExposureTime = 0x829A, kUserComment = 0x9286;
constexpr uint16_t kExifDirectory = 0x8769, kGpsDirectory = 0x8825;

struct Tag {
  uint16_t tag;
  std::string_view name;
};

// Exif 2.32 (CIPA DC-008), tables 4, 7, 8; the XP tags are Windows Explorer's.
constexpr Tag kImageTags[] = {
    {0x010E, "ImageDescription"}, {0x010F, "Make"},         {0x0110, "Model"},
    {0x0112, "Orientation"},      {0x011A, "XResolution"},  {0x011B, "YResolution"},
    {0x0128, "ResolutionUnit"},   {0x0131, "Software"},     {0x0132, "DateTime"},
    {0x013B, "Artist"},           {0x013C, "HostComputer"}, {0x4746, "Rating"},
    {0x8298, "Copyright"},        {0x9C9B, "XPTitle"},      {0x9C9C, "XPComment"},
    {0x9C9D, "XPAuthor"},         {0x9C9E, "XPKeywords"},   {0x9C9F, "XPSubject"},
};
constexpr Tag kExifTags[] = {
    {0x829A, "ExposureTime"},
    {0x829D, "FNumber"},
    {0x8822, "ExposureProgram"},
    {0x8827, "ISOSpeedRatings"},
    {0x9000, "ExifVersion"},
    {0x9003, "DateTimeOriginal"},
    {0x9004, "DateTimeDigitized"},
    {0x9010, "OffsetTime"},
    {0x9011, "OffsetTimeOriginal"},
    {0x9012, "OffsetTimeDigitized"},
    {0x9201, "ShutterSpeedValue"},
    {0x9202, "ApertureValue"},
    {0x9203, "BrightnessValue"},
    {0x9204, "ExposureBiasValue"},
    {0x9205, "MaxApertureValue"},
    {0x9206, "SubjectDistance"},
    {0x9207, "MeteringMode"},
    {0x9208, "LightSource"},
    {0x9209, "Flash"},
    {0x920A, "FocalLength"},
    {0x9286, "UserComment"},
    {0x9290, "SubSecTime"},
    {0x9291, "SubSecTimeOriginal"},
    {0x9292, "SubSecTimeDigitized"},
    {0xA001, "ColorSpace"},
    {0xA002, "PixelXDimension"},
    {0xA003, "PixelYDimension"},
    {0xA402, "ExposureMode"},
    {0xA403, "WhiteBalance"},
    {0xA404, "DigitalZoomRatio"},
    {0xA405, "FocalLengthIn35mmFilm"},
    {0xA406, "SceneCaptureType"},
    {0xA420, "ImageUniqueID"},
    {0xA430, "CameraOwnerName"},
    {0xA431, "BodySerialNumber"},
    {0xA432, "LensSpecification"},
    {0xA433, "LensMake"},
    {0xA434, "LensModel"},
    {0xA435, "LensSerialNumber"},
};

// Table 15. Latitude, longitude, altitude and time are put together from several.
constexpr uint16_t kLatitude = 2, kLongitude = 4, kAltitude = 6, kTimeStamp = 7;
constexpr Tag kGpsTags[] = {
    {kLatitude, "GPSLatitude"},   {kLongitude, "GPSLongitude"}, {kAltitude, "GPSAltitude"},
    {kTimeStamp, "GPSTimeStamp"}, {0x0D, "GPSSpeed"},           {0x10, "GPSImgDirectionRef"},
    {0x11, "GPSImgDirection"},    {0x12, "GPSMapDatum"},        {0x1D, "GPSDateStamp"},
};

bool is_fraction(TiffType type) {
  return type == TiffType::kRational || type == TiffType::kSignedRational ||
         type == TiffType::kFloat || type == TiffType::kDouble;
}

std::string decimal(double value, int digits) {
  if (!std::isfinite(value)) return {};
  std::string text = fmt::format("{:.{}f}", value, digits);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

std::string number_text(double value, bool fraction) {
  constexpr double kMost = 1e15;  // beyond it, decimals mean nothing
  if (!std::isfinite(value) || std::abs(value) > kMost) return fmt::format("{}", value);
  return decimal(value, fraction ? 4 : 0);
}

std::string numbers_text(const TiffStructure& tiff, const TiffField& field) {
  std::string out;
  for (size_t i = 0; i < std::min<uint64_t>(field.count, kMostNumbers); ++i) {
    if (i > 0) out += ' ';
    out += number_text(tiff.number(field, i), is_fraction(field.type));
  }
  return out;
}

// "1/125"; a second and more in decimal.
std::string exposure_text(double seconds) {
  if (seconds <= 0 || seconds >= 1) return number_text(seconds, true);
  const double parts = 1 / seconds;
  return parts > 1e9 ? "0" : fmt::format("1/{}", std::lround(parts));
}

// Exif 2.32, 4.6.5, UserComment: eight bytes name the code.
std::string comment_text(std::string_view bytes) {
  if (bytes.size() < 8) return {};
  const std::string_view code = bytes.substr(0, 8), text = bytes.substr(8, 2 * kMostText);
  if (code == "UNICODE\0"sv) return tidy_text(decode(text, "utf-16be").text());
  if (code == "JIS\0\0\0\0\0"sv) return tidy_text(decode(text, "iso-2022-jp").text());
  return tidy_text(text);
}

bool is_explorer_tag(uint16_t tag) { return tag >= 0x9C9B && tag <= 0x9C9F; }

std::string value_text(const TiffStructure& tiff, const TiffField& field) {
  if (field.tag == kUserComment) return comment_text(field.bytes);
  if (field.tag == kExposureTime && is_fraction(field.type))
    return exposure_text(tiff.number(field));
  if (is_explorer_tag(field.tag) && field.type == TiffType::kByte)
    return tidy_text(decode(field.bytes.substr(0, 2 * kMostText), "utf-16le").text());
  if (field.type == TiffType::kAscii || field.type == TiffType::kUndefined)
    return tidy_text(field.bytes);
  return numbers_text(tiff, field);
}

// Degrees, minutes, seconds.
std::string degrees_text(const TiffStructure& tiff, const TiffField& field,
                         const TiffField* reference) {
  const double degrees =
      tiff.number(field, 0) + tiff.number(field, 1) / 60 + tiff.number(field, 2) / 3600;
  const bool negative =
      reference && (reference->bytes.starts_with('S') || reference->bytes.starts_with('W'));
  if (field.count == 0 || !is_fraction(field.type) || !(std::abs(degrees) <= 360)) return {};
  return decimal(negative ? -degrees : degrees, 7);
}

std::string gps_text(const TiffStructure& tiff, const TiffDirectory& gps, const TiffField& field) {
  const TiffField* reference = gps.find(static_cast<uint16_t>(field.tag - 1));
  switch (field.tag) {
    case kLatitude:
    case kLongitude:
      return degrees_text(tiff, field, reference);
    case kAltitude: {
      const bool below = reference && tiff.integer(*reference) == 1;
      return number_text(below ? -tiff.number(field) : tiff.number(field), true);
    }
    case kTimeStamp: {
      const auto part = [&](size_t i) { return std::clamp(tiff.number(field, i), 0.0, 99.0); };
      return fmt::format("{:02.0f}:{:02.0f}:{:02.0f}", part(0), part(1), std::floor(part(2)));
    }
    default:
      return value_text(tiff, field);
  }
}

void add(ImageHeader& header, std::string_view name, std::string value) {
  if (value.empty() || header.exif.size() >= kMostEntries) return;
  for (const auto& known : header.exif)
    if (known.first == name) return;
  header.exif.emplace_back(name, std::move(value));
}

void read_directory(const TiffStructure& tiff, const TiffDirectory& directory,
                    std::span<const Tag> tags, ImageHeader& header) {
  const bool is_gps = tags.data() == std::data(kGpsTags);
  for (const Tag& known : tags) {
    const TiffField* field = directory.find(known.tag);
    if (!field) continue;
    add(header, known.name, is_gps ? gps_text(tiff, directory, *field) : value_text(tiff, *field));
  }
}

}  // namespace

std::string tidy_text(std::string_view text) {
  std::string out = to_valid_utf8(text.substr(0, 4 * kMostText));
  std::replace_if(out.begin(), out.end(), is_control, ' ');
  return std::string(trim(utf8_head(trim(out), kMostText)));
}

void read_exif(std::string_view exif, ImageHeader& header) {
  if (exif.starts_with("Exif\0\0"sv)) exif.remove_prefix(6);
  const auto tiff = TiffStructure::open(exif);
  if (!tiff) return;
  const TiffDirectory image = tiff->directory(tiff->first_directory());
  if (const TiffField* field = image.find(kOrientation)) {
    const uint64_t orientation = tiff->integer(*field);
    if (orientation >= 1 && orientation <= 8) header.orientation = static_cast<int>(orientation);
  }
  read_directory(*tiff, image, kImageTags, header);
  if (const TiffField* field = image.find(kExifDirectory))
    read_directory(*tiff, tiff->directory(tiff->integer(*field)), kExifTags, header);
  if (const TiffField* field = image.find(kGpsDirectory))
    read_directory(*tiff, tiff->directory(tiff->integer(*field)), kGpsTags, header);
}

}  // namespace halftone

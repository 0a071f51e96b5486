#include "media/image_about.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "media/ascii.h"

namespace halftone {

namespace {

enum class Standard : uint8_t { kExif, kXmp, kIptc };

struct Source {
  Standard standard;
  std::string_view name;
};

std::string value_of(const ImageHeader& header, const Source& source) {
  const auto& list = source.standard == Standard::kExif  ? header.exif
                     : source.standard == Standard::kXmp ? header.xmp
                                                         : header.iptc;
  for (const auto& [name, value] : list)
    if (name == source.name) return value;
  return {};
}

// The first that tells something.
std::string first_of(const ImageHeader& header, std::initializer_list<Source> sources) {
  for (const Source& source : sources)
    if (std::string value = value_of(header, source); !value.empty()) return value;
  return {};
}

bool fits(std::string_view text, std::string_view pattern) {
  return text.size() >= pattern.size() &&
         std::equal(pattern.begin(), pattern.end(), text.begin(),
                    [](char wanted, char given) { return wanted == '0' ? is_digit(given) : true; });
}

// "2026:01:09 03:28:37" (Exif 2.32, 4.6.4) as ISO 8601; empty where it is no date, or all zeros.
std::string exif_moment(const std::string& written, const std::string& offset) {
  if (!fits(written, "0000?00?00 00?00?00") || written.starts_with("0000")) return {};
  std::string moment = written.substr(0, 19);
  moment[4] = moment[7] = '-';
  moment[10] = 'T';
  return fits(offset, "?00?00") ? moment + offset.substr(0, 6) : moment;
}

// "20260109" and "032837+0100". (IIM 4.2, 2:55 and 2:60)
std::string iptc_moment(const std::string& date, const std::string& time) {
  if (!fits(date, "00000000")) return {};
  std::string moment = date.substr(0, 4) + '-' + date.substr(4, 2) + '-' + date.substr(6, 2);
  if (!fits(time, "000000")) return moment;
  moment += 'T' + time.substr(0, 2) + ':' + time.substr(2, 2) + ':' + time.substr(4, 2);
  if (fits(time, "000000?0000")) moment += time.substr(6, 3) + ':' + time.substr(9, 2);
  return moment;
}

std::string moment_taken(const ImageHeader& header) {
  using enum Standard;
  const auto exif = [&](std::string_view moment, std::string_view offset) {
    return exif_moment(value_of(header, {kExif, moment}), value_of(header, {kExif, offset}));
  };
  std::string taken = exif("DateTimeOriginal", "OffsetTimeOriginal");
  if (taken.empty())
    taken = first_of(header, {{kXmp, "exif:DateTimeOriginal"}, {kXmp, "photoshop:DateCreated"}});
  if (taken.empty())
    taken = iptc_moment(value_of(header, {kIptc, "DateCreated"}),
                        value_of(header, {kIptc, "TimeCreated"}));
  if (taken.empty()) taken = exif("DateTimeDigitized", "OffsetTimeDigitized");
  return taken.empty() ? value_of(header, {kXmp, "xmp:CreateDate"}) : taken;
}

// The maker is left out where the model names it: "Canon" and "Canon EOS R5".
std::string camera_of(const ImageHeader& header) {
  using enum Standard;
  const std::string make = first_of(header, {{kExif, "Make"}, {kXmp, "tiff:Make"}});
  const std::string model = first_of(header, {{kExif, "Model"}, {kXmp, "tiff:Model"}});
  const std::string maker = make.substr(0, make.find(' '));
  if (make.empty() || lower_case(model).starts_with(lower_case(maker))) return model;
  return model.empty() ? make : make + ' ' + model;
}

}  // namespace

PictureAbout about_picture(const ImageHeader& header) {
  using enum Standard;
  PictureAbout about;
  const auto add = [&](const char* name, std::string value) {
    if (!value.empty()) about.emplace_back(name, std::move(value));
  };
  add("camera", camera_of(header));
  add("lens", value_of(header, {kExif, "LensModel"}));
  add("taken", moment_taken(header));
  add("latitude", value_of(header, {kExif, "GPSLatitude"}));
  add("longitude", value_of(header, {kExif, "GPSLongitude"}));
  add("altitude", value_of(header, {kExif, "GPSAltitude"}));
  add("title", first_of(header, {{kXmp, "dc:title"},
                                 {kXmp, "photoshop:Headline"},
                                 {kIptc, "Headline"},
                                 {kIptc, "ObjectName"},
                                 {kExif, "XPTitle"}}));
  add("caption", first_of(header, {{kXmp, "dc:description"},
                                   {kIptc, "Caption-Abstract"},
                                   {kExif, "ImageDescription"}}));
  add("creator",
      first_of(header,
               {{kXmp, "dc:creator"}, {kIptc, "By-line"}, {kExif, "Artist"}, {kExif, "XPAuthor"}}));
  add("credit", first_of(header, {{kXmp, "photoshop:Credit"}, {kIptc, "Credit"}}));
  add("copyright",
      first_of(header, {{kXmp, "dc:rights"}, {kIptc, "CopyrightNotice"}, {kExif, "Copyright"}}));
  add("licence", first_of(header, {{kXmp, "cc:license"},
                                   {kXmp, "xmpRights:WebStatement"},
                                   {kXmp, "plus:LicensorURL"},
                                   {kXmp, "xmpRights:UsageTerms"}}));
  add("source", first_of(header, {{kXmp, "photoshop:Source"}, {kIptc, "Source"}}));
  return about;
}

}  // namespace halftone

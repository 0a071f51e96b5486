#include "store/image_record.h"

#include <charconv>

#include <nlohmann/json.hpp>

#include "media/base64.h"
#include "media/image_header.h"

namespace halftone {

namespace {

using nlohmann::json;

json json_of(const MediaTrack& track) {
  json value = {{"kind", to_string(track.kind)}, {"codec", track.codec}};
  if (track.width != 0) value["width"] = track.width;
  if (track.height != 0) value["height"] = track.height;
  if (track.sample_rate != 0) value["sample_rate"] = track.sample_rate;
  if (track.channels != 0) value["channels"] = track.channels;
  return value;
}

MediaTrack track_from(const json& value) {
  MediaTrack track;
  const std::string kind = value.at("kind");
  for (const auto known : {MediaTrack::Kind::kVideo, MediaTrack::Kind::kAudio,
                           MediaTrack::Kind::kText, MediaTrack::Kind::kOther}) {
    if (to_string(known) == kind) track.kind = known;
  }
  value.at("codec").get_to(track.codec);
  track.width = value.value("width", 0U);
  track.height = value.value("height", 0U);
  track.sample_rate = value.value("sample_rate", 0U);
  track.channels = value.value("channels", 0U);
  return track;
}

// What has its usual value is left out.
void add_details(const PictureDetails& details, json& value) {
  if (!details.format.empty()) value["format"] = details.format;
  if (details.duration_ms) value["duration_ms"] = *details.duration_ms;
  if (details.orientation != 1) value["orientation"] = details.orientation;
  if (details.bits != 0) value["bits"] = details.bits;
  if (!details.icc.empty()) value["icc"] = details.icc;
  for (const auto& [name, text] : details.about) value["about"].push_back({name, text});
  for (const MediaTrack& track : details.tracks) value["tracks"].push_back(json_of(track));
}

PictureDetails details_from(const json& value) {
  PictureDetails details;
  details.format = value.value("format", "");
  if (value.contains("duration_ms")) details.duration_ms = value.at("duration_ms").get<uint64_t>();
  details.orientation = value.value("orientation", 1);
  details.bits = value.value("bits", 0);
  details.icc = value.value("icc", "");
  for (const json& pair : value.value("about", json::array()))
    details.about.emplace_back(pair.at(0), pair.at(1));
  for (const json& track : value.value("tracks", json::array()))
    details.tracks.push_back(track_from(track));
  return details;
}

std::optional<uint64_t> hash_from(const std::string& hex) {
  uint64_t hash = 0;
  const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), hash, 16);
  const bool is_whole = error == std::errc() && end == hex.data() + hex.size();
  return is_whole ? std::optional(hash) : std::nullopt;
}

ImageRecord record_from(const json& value) {
  ImageRecord record;
  value.at("type").get_to(record.facts.type);
  value.at("width").get_to(record.facts.width);
  value.at("height").get_to(record.facts.height);
  value.at("frames").get_to(record.facts.frames);
  value.at("alpha").get_to(record.facts.alpha);
  value.at("error").get_to(record.error);
  record.placeholder = decode_base64(value.value("placeholder", "")).value_or("");
  if (value.contains("failures")) value.at("failures").get_to(record.failures);
  record.details = details_from(value);
  if (value.contains("hash")) record.hash = hash_from(value.at("hash"));
  return record;
}

void take_over(const ImageHeader& header, ImageRecord& record) {
  ImageFacts& facts = record.facts;
  facts.type = header.mime;
  if (header.display_width > 0 && header.display_height > 0) {
    facts.width = header.display_width;
    facts.height = header.display_height;
  }
  // Only a decoder can count the frames of an animated JPEG XL.
  if (header.format != "jxl") facts.frames = header.frames;
  facts.alpha = header.alpha;
  record.details = {.format = header.format,
                    .duration_ms = header.duration_ms,
                    .orientation = header.orientation,
                    .bits = header.bits,
                    .icc = header.icc,
                    .about = about_picture(header),
                    .tracks = {}};
}

void take_over(const MediaHeader& header, ImageRecord& record) {
  record.facts = {.type = header.mime};
  if (const MediaTrack* video = header.video()) {
    record.facts.width = video->width;
    record.facts.height = video->height;
  }
  record.details = {.format = header.container,
                    .duration_ms = header.duration_ms,
                    .icc = {},
                    .about = {},
                    .tracks = header.tracks};
}

}  // namespace

std::string image_record_to_json(const ImageRecord& record) {
  json value = {{"type", record.facts.type},     {"width", record.facts.width},
                {"height", record.facts.height}, {"frames", record.facts.frames},
                {"alpha", record.facts.alpha},   {"error", record.error}};
  if (!record.placeholder.empty()) value["placeholder"] = encode_base64(record.placeholder);
  if (!record.failures.empty()) value["failures"] = record.failures;
  add_details(record.details, value);
  if (record.hash) value["hash"] = fmt::format("{:016x}", *record.hash);
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<ImageRecord> image_record_from_json(std::string_view text) {
  try {
    return record_from(json::parse(text));
  } catch (const std::exception& why) {
    return fail(ErrorCode::kCorrupt, "its stored value is damaged: {}", why.what());
  }
}

bool read_header(const FileView& file, ImageRecord& record) {
  if (const auto media = read_media_header(file)) {
    take_over(*media, record);
    return true;
  }
  const auto picture = read_image_header(file.piece(0, file.size()));
  if (picture) take_over(*picture, record);
  return picture.has_value();
}

}  // namespace halftone

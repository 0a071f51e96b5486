#include "tools/picture_json.h"

#include <charconv>

#include <nlohmann/json.hpp>

#include "media/base64.h"

namespace halftone {
namespace {

using Json = nlohmann::ordered_json;

// Degrees and metres are numbers.
Json about_value(const std::string& name, const std::string& text) {
  double number = 0;
  const bool is_number = name == "latitude" || name == "longitude" || name == "altitude";
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return is_number && error == std::errc() && *end == '\0' ? Json(number) : Json(text);
}

Json tracks_json(const std::vector<MediaTrack>& tracks) {
  Json list = Json::array();
  for (const MediaTrack& track : tracks) {
    Json one = {{"kind", to_string(track.kind)}, {"codec", track.codec}};
    if (track.width > 0) one["width"] = track.width;
    if (track.height > 0) one["height"] = track.height;
    if (track.sample_rate > 0) one["sample_rate"] = track.sample_rate;
    if (track.channels > 0) one["channels"] = track.channels;
    list.push_back(std::move(one));
  }
  return list;
}

void add_details(const ImageRecord& record, Json& entry) {
  const ImageFacts& facts = record.facts;
  const PictureDetails& details = record.details;
  const bool is_picture = details.tracks.empty();
  if (!details.format.empty()) entry["format"] = details.format;
  if (facts.width > 0 && facts.height > 0) {
    entry["width"] = facts.width;
    entry["height"] = facts.height;
  }
  if (is_picture && facts.width > 0) {
    entry["frames"] = facts.frames;
    entry["alpha"] = facts.alpha;
    entry["orientation"] = details.orientation;
    if (details.bits > 0) entry["bits"] = details.bits;
  }
  if (details.duration_ms) entry["duration_ms"] = *details.duration_ms;
  if (!details.icc.empty()) entry["icc"] = details.icc;
  for (const auto& [name, text] : details.about) entry["about"][name] = about_value(name, text);
  if (!details.tracks.empty()) entry["tracks"] = tracks_json(details.tracks);
  if (record.hash) entry["phash"] = fmt::format("{:016x}", *record.hash);
}

// Those of today's recipes; what earlier versions of them made is kept and shown by nobody.
bool is_current(const std::string& key) {
  const Recipe* own = find_recipe(key.substr(0, key.find('@')));
  return !own || own->key() == key;
}

Result<Json> derivatives_of(Archive& archive, const Digest& digest) {
  const auto list = archive.derivatives().list(digest);
  if (!list) return tl::unexpected(list.error());
  Json made = Json::array();
  for (const auto& one : *list) {
    if (!is_current(one.key)) continue;
    made.push_back({{"recipe", one.key},
                    {"type", one.type},
                    {"width", one.width},
                    {"height", one.height},
                    {"size", one.size}});
  }
  return made;
}

}  // namespace

Result<std::string> picture_facts(Archive& archive, const Digest& digest) {
  const auto record = archive.derivatives().facts(digest);
  if (!record) return tl::unexpected(record.error());
  Json entry = Json::object();
  if (!*record) return entry.dump();
  add_details(**record, entry);
  const std::string& placeholder = (*record)->placeholder;
  if (!placeholder.empty()) entry["placeholder"] = encode_base64(placeholder);
  if ((*record)->error.empty()) {
    auto made = derivatives_of(archive, digest);
    if (!made) return tl::unexpected(made.error());
    entry["derivatives"] = std::move(*made);
  } else {
    entry["image_error"] = (*record)->error;
  }
  return entry.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string tracks_text(const std::vector<MediaTrack>& tracks) {
  return tracks_json(tracks).dump();
}

}  // namespace halftone

// halftone inspect image: what pictures are, whatever they do to their decoders.
#include <nlohmann/json.hpp>

#include "media/image_about.h"
#include "media/media_header.h"
#include "store/image_inspection.h"
#include "store/image_record.h"
#include "store/image_workers.h"
#include "tools/inspect/answers.h"
#include "tools/inspect/json_text.h"
#include "tools/picture_json.h"

namespace halftone {
namespace {

using nlohmann::ordered_json;

// A size or count that the header tells; null where it does not.
ordered_json size_or_null(uint32_t size) { return size == 0 ? ordered_json() : ordered_json(size); }

ordered_json members(const std::vector<std::pair<std::string, std::string>>& list) {
  ordered_json object = ordered_json::object();
  for (const auto& [name, value] : list) object[name] = value;
  return object;
}

void add_header(const ImageHeader& header, ordered_json& object) {
  object["format"] = text_or_null<ordered_json>(header.format);
  object["mime"] = text_or_null<ordered_json>(header.mime);
  object["width"] = size_or_null(header.width);
  object["height"] = size_or_null(header.height);
  object["display_width"] = size_or_null(header.display_width);
  object["display_height"] = size_or_null(header.display_height);
  object["frames"] = header.frames;
  object["duration_ms"] = header.duration_ms ? ordered_json(*header.duration_ms) : ordered_json();
  object["orientation"] = header.orientation;
  object["alpha"] = header.alpha;
  object["bits"] = header.bits;
  object["icc"] = text_or_null<ordered_json>(header.icc);
  object["exif"] = members(header.exif);
  object["xmp"] = members(header.xmp);
  object["iptc"] = members(header.iptc);
  object["about"] = members(about_picture(header));
}

// Of no picture at all: every member is there.
void add_nothing(ordered_json& object) {
  for (const char* name : {"format", "mime", "width", "height", "display_width", "display_height",
                           "frames", "duration_ms", "orientation", "alpha", "bits", "icc"}) {
    object[name] = nullptr;
  }
  for (const char* name : {"exif", "xmp", "iptc", "about"}) object[name] = ordered_json::object();
}

// A file that cannot be read gets its line, too.
InspectAnswer unread(const InspectRequest& request, const Error& error) {
  ordered_json object = {{"file", request.file}, {"ok", false}};
  add_nothing(object);
  object["phash"] = nullptr;
  object["decorative"] = false;
  object["error"] = error.message;
  return {.object = json_text(object), .warnings = {error.message}, .is_damaged = true};
}

}  // namespace

Result<InspectAnswer> inspect_image(const InspectRequest& request) {
  const auto bytes = read_document(request);
  if (!bytes && !request.file.empty()) return unread(request, bytes.error());
  if (!bytes) return tl::unexpected(bytes.error());
  // One worker for all: starting one costs more than most pictures.
  static ImageWorker worker("/proc/self/exe");
  const ImageReport report = inspect_image(*bytes, worker);
  ordered_json object = {{"file", text_or_null<ordered_json>(request.file)}, {"ok", report.ok}};
  if (report.header) {
    add_header(*report.header, object);
  } else {
    add_nothing(object);
  }
  object["phash"] = text_or_null<ordered_json>(report.phash);
  object["decorative"] = report.decorative;
  object["error"] = text_or_null<ordered_json>(report.error);
  return InspectAnswer{.object = json_text(object)};
}

Result<InspectAnswer> inspect_media(const InspectRequest& request) {
  const auto bytes = read_document(request);
  if (!bytes) return tl::unexpected(bytes.error());
  const auto header = read_media_header(FileView(*bytes));
  ordered_json object = {{"file", text_or_null<ordered_json>(request.file)},
                         {"ok", header.has_value()}};
  ImageRecord record;
  if (header) read_header(FileView(*bytes), record);
  object["container"] = text_or_null<ordered_json>(record.details.format);
  object["mime"] = text_or_null<ordered_json>(record.facts.type);
  object["duration_ms"] =
      record.details.duration_ms ? ordered_json(*record.details.duration_ms) : ordered_json();
  object["width"] = size_or_null(record.facts.width);
  object["height"] = size_or_null(record.facts.height);
  object["tracks"] = ordered_json::parse(tracks_text(record.details.tracks));
  object["error"] =
      header ? ordered_json() : ordered_json("no video or sound of a format that is known here");
  return InspectAnswer{.object = json_text(object)};
}

}  // namespace halftone

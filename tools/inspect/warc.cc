// halftone inspect warc: the records of a WARC file, sound or damaged.
#include <nlohmann/json.hpp>

#include "store/formats/warc_reader.h"
#include "tools/inspect/answers.h"
#include "tools/inspect/json_text.h"

namespace halftone {
namespace {

using nlohmann::ordered_json;

const char* name_of(WarcRecord::Check check) {
  switch (check) {
    case WarcRecord::Check::kNone:
      return "none";
    case WarcRecord::Check::kOk:
      return "ok";
    case WarcRecord::Check::kBad:
      return "bad";
  }
  return "none";
}

ordered_json json_of(const WarcRecord& record) {
  ordered_json object = {{"offset", record.offset}, {"type", record.type},
                         {"id", record.id},         {"date", record.date},
                         {"uri", record.uri},       {"content_length", record.content_length}};
  if (record.status) object["status"] = *record.status;
  if (!record.mime.empty()) object["mime"] = record.mime;
  object["block_digest"] = name_of(record.block_digest);
  object["payload_digest"] = name_of(record.payload_digest);
  object["errors"] = record.errors;
  return object;
}

}  // namespace

Result<InspectAnswer> inspect_warc(const InspectRequest& request) {
  if (request.file.empty()) return fail(ErrorCode::kInvalid, R"(there is no WARC: give "file")");
  auto reader = WarcReader::open(request.file);
  if (!reader) return tl::unexpected(reader.error());
  InspectAnswer answer;
  answer.lines.emplace();
  ordered_json records = ordered_json::array();
  for (;;) {
    const auto record = (*reader)->next();
    if (!record) return tl::unexpected(record.error().during(request.file));
    if (!*record) break;
    records.push_back(json_of(**record));
    answer.lines->push_back(json_text(records.back()));
  }
  answer.is_damaged = (*reader)->is_damaged();
  answer.object = json_text(ordered_json{{"records", std::move(records)}});
  return answer;
}

}  // namespace halftone

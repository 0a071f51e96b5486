#include "tools/inspect/request.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "media/ascii.h"
#include "media/base64.h"
#include "media/utf8.h"
#include "store/files.h"

namespace halftone {
namespace {

using nlohmann::json;

constexpr uint64_t kLargestInput = uint64_t{1} << 30;

// The four hexadecimal digits at `at`; nothing where they are none.
std::optional<unsigned> hex_unit(std::string_view text, size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  unsigned unit = 0;
  for (const char c : text.substr(at, 4)) {
    const int digit = hex_value(c);
    if (digit < 0) return std::nullopt;
    unit = unit * 16 + static_cast<unsigned>(digit);
  }
  return unit;
}

// \uXXXX of half a pair becomes �.
std::string without_lone_surrogates(std::string_view line) {
  std::string out;
  out.reserve(line.size());
  for (size_t at = 0; at < line.size();) {
    if (line[at] != '\\' || at + 1 == line.size() || line[at + 1] != 'u') {
      const size_t size = line[at] == '\\' ? std::min<size_t>(2, line.size() - at) : 1;
      out += line.substr(at, size);
      at += size;
      continue;
    }
    const auto unit = hex_unit(line, at + 2);
    const bool leads = unit && *unit >= 0xD800 && *unit < 0xDC00;
    const bool goes_on = leads && line.substr(at + 6, 2) == "\\u";
    const auto next = goes_on ? hex_unit(line, at + 8) : std::nullopt;
    const size_t size = next && *next >= 0xDC00 && *next < 0xE000 ? 12 : 6;
    const bool lone = unit && *unit >= 0xD800 && *unit < 0xE000 && size == 6;
    out += lone ? std::string_view("\\uFFFD") : line.substr(at, size);
    at = std::min(at + size, line.size());
  }
  return out;
}

// A member that is a string; null counts as absent.
Result<std::optional<std::string>> text_member(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return std::nullopt;
  if (!found->is_string()) {
    return fail(ErrorCode::kInvalid, "\"{}\" is not a string", name);
  }
  return found->get<std::string>();
}

Result<void> take(const json& object, const char* name, std::string& into) {
  auto text = text_member(object, name);
  if (!text) return tl::unexpected(text.error());
  into = std::move(*text).value_or("");
  return {};
}

// Its URLs alone: a row may nest as deep as its line is long.
json plain_row(const json& row) {
  json plain = json::object();
  for (const char* const name : {"url", "to"}) {
    const auto found = row.find(name);
    if (found != row.end() && found->is_string()) plain[name] = *found;
  }
  return plain;
}

// A map may come as an array of {url, to}, or as lines.
Result<std::optional<std::string>> map_member(const json& object) {
  const auto found = object.find("map");
  if (found == object.end() || !found->is_array()) return text_member(object, "map");
  std::string lines;
  for (const json& row : *found) lines += plain_row(row).dump() + "\n";
  return lines;
}

Result<std::string> standard_input() {
  std::string bytes{std::istreambuf_iterator<char>(std::cin), {}};
  if (bytes.size() > kLargestInput) return fail(ErrorCode::kTooLarge, "more than 1 GiB came in");
  return bytes;
}

}  // namespace

Result<InspectRequest> parse_inspect_request(std::string_view line) {
  const json object =
      json::parse(without_lone_surrogates(to_valid_utf8(line)), nullptr, /*exceptions=*/false);
  if (!object.is_object()) return fail(ErrorCode::kInvalid, "this line is no JSON object");
  InspectRequest request;
  for (auto [name, into] : {std::pair{"text", &request.text}, {"base64", &request.base64}}) {
    auto text = text_member(object, name);
    if (!text) return tl::unexpected(text.error());
    *into = std::move(*text);
  }
  const std::pair<const char*, std::string*> members[] = {{"file", &request.file},
                                                          {"type", &request.type},
                                                          {"base", &request.base},
                                                          {"charset", &request.charset},
                                                          {"input", &request.input},
                                                          {"robots", &request.robots},
                                                          {"agent", &request.agent},
                                                          {"url", &request.url},
                                                          {"content_type", &request.content_type},
                                                          {"prefix", &request.prefix},
                                                          {"timestamp", &request.timestamp}};
  for (const auto& [name, into] : members) {
    const auto taken = take(object, name, *into);
    if (!taken) return tl::unexpected(taken.error());
  }
  auto map = map_member(object);
  if (!map) return tl::unexpected(map.error());
  request.map = std::move(*map);
  return request;
}

Result<std::string> read_document(const InspectRequest& request) {
  if (request.text) return *request.text;
  if (request.base64) {
    auto bytes = decode_base64(*request.base64);
    if (!bytes) return fail(ErrorCode::kInvalid, "\"base64\" is no base64");
    return std::move(*bytes);
  }
  if (request.file.empty()) {
    return fail(ErrorCode::kInvalid, R"(there is no document: give "text", "file" or "base64")");
  }
  return request.file == "-" ? standard_input() : read_file(request.file, kLargestInput);
}

Result<Url> base_of(const InspectRequest& request) {
  std::string written = request.base;
  if (written.empty() && !request.file.empty() && request.file != "-") {
    std::error_code ignored;
    written = "file://" + std::filesystem::absolute(request.file, ignored).string();
  }
  if (written.empty()) written = "about:blank";
  const auto url = Url::parse(written);
  if (!url) return fail(ErrorCode::kInvalid, "the base {} is no absolute URL", written);
  return *url;
}

std::string charset_of(const InspectRequest& request) {
  if (!request.charset.empty() || !request.text) return request.charset;
  const bool is_ascii = std::all_of(request.text->begin(), request.text->end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return is_ascii ? "" : "UTF-8";
}

Result<DocumentType> type_of(const InspectRequest& request, std::string_view bytes) {
  if (!request.type.empty() && request.type != "auto") {
    const auto type = document_type_from_string(request.type);
    if (!type) {
      return fail(
          ErrorCode::kInvalid,
          "there is no type {}; html, css, svg, markdown, feed, sitemap, hls, dash and auto "
          "are",
          request.type);
    }
    return *type;
  }
  const DocumentType type = document_type("", request.file, bytes);
  const bool like_markup = bytes.find('<') != bytes.npos && is_valid_utf8(bytes);
  return type == DocumentType::kNone && like_markup ? DocumentType::kHtml : type;
}

Result<RequestedDocument> scan_requested(const InspectRequest& request) {
  auto bytes = read_document(request);
  if (!bytes) return tl::unexpected(bytes.error());
  const auto base = base_of(request);
  if (!base) return tl::unexpected(base.error());
  const auto type = type_of(request, *bytes);
  if (!type) return tl::unexpected(type.error());
  auto scan = scan_document(*bytes, *type, *base, charset_of(request));
  return RequestedDocument{std::move(*bytes), *base, *type, std::move(scan)};
}

}  // namespace halftone

#include "store/seal.h"

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "store/archive.h"
#include "store/archive_marker.h"
#include "store/digest.h"
#include "store/files.h"

namespace halftone {

namespace fs = std::filesystem;

namespace {

using nlohmann::json;

constexpr int kVersion = 1;
constexpr uint64_t kLargestSeal = uint64_t{256} << 20;  // a million files
constexpr std::string_view kDatabase = "db/";

std::string path_of(const std::string& folder) { return fmt::format("{}/{}", folder, Seal::kName); }

// The last line and the brace before it: the digest of all bytes in front of them.
std::string end_of(std::string_view body) {
  return fmt::format(",\n\"sha256\": \"{}\"}}\n", sha256(body).hex());
}

json to_json(const SealedFile& file) {
  json value = {{"name", file.name}, {"size", file.size}};
  if (!file.crc32c.empty()) value["crc32c"] = file.crc32c;
  if (!file.sha256.empty()) value["sha256"] = file.sha256;
  return value;
}

// A file a line, so that people can read it and compare two.
std::string to_text(const std::vector<SealedFile>& files) {
  std::string body =
      fmt::format("{{\"seal\": {}, \"closed\": \"{}\", \"made_by\": \"halftone " HALFTONE_VERSION
                  "\",\n\"files\": [",
                  kVersion, to_iso8601(std::chrono::floor<std::chrono::seconds>(now())));
  for (const SealedFile& file : files) {
    body += fmt::format("{}\n{}", &file == &files.front() ? "" : ",", to_json(file).dump());
  }
  body += "]";
  return body + end_of(body);
}

Result<SealedFile> describe(const std::string& folder, const std::string& name) {
  SealedFile file{.name = name};
  Sha256 hash;
  const auto read = read_file_in_pieces(fmt::format("{}/{}", folder, name), UINT64_MAX,
                                        [&](std::string_view piece) -> Result<void> {
                                          hash.update(piece);
                                          file.size += piece.size();
                                          return {};
                                        });
  if (!read) return tl::unexpected(read.error());
  file.sha256 = hash.finish().hex();
  return file;
}

Seal seal_from(const json& value) {
  Seal seal;
  if (value.at("seal").get<int>() > kVersion) throw std::invalid_argument("a newer version");
  seal.closed = parse_date(value.at("closed").get<std::string>()).value();
  for (const json& file : value.at("files")) {
    seal.files.push_back(
        {file.at("name"), file.at("size"), file.value("crc32c", ""), file.value("sha256", "")});
  }
  return seal;
}

}  // namespace

const SealedFile* Seal::find(std::string_view name) const {
  const auto found = std::lower_bound(
      files.begin(), files.end(), name,
      [](const SealedFile& file, std::string_view wanted) { return file.name < wanted; });
  return found != files.end() && found->name == name ? &*found : nullptr;
}

Result<std::vector<std::string>> files_to_seal(const std::string& folder) {
  std::vector<std::string> names;
  const std::string database = fmt::format("{}/{}", folder, kDatabase);
  std::error_code error;
  for (fs::directory_iterator entry(database, error), end; !error && entry != end;
       entry.increment(error)) {
    names.push_back(std::string(kDatabase) + entry->path().filename().string());
  }
  if (error) return tl::unexpected(system_error(error.value(), "cannot list", database));
  names.emplace_back(kMarkerName);
  std::sort(names.begin(), names.end());
  return names;
}

Result<void> write_seal(const std::string& folder, const std::vector<TableFile>& table_files) {
  const auto names = files_to_seal(folder);
  if (!names) return tl::unexpected(names.error());
  std::vector<SealedFile> files;
  for (const std::string& name : *names) {
    const auto table = std::lower_bound(
        table_files.begin(), table_files.end(), name,
        [](const TableFile& file, std::string_view wanted) { return "db/" + file.name < wanted; });
    if (table != table_files.end() && "db/" + table->name == name) {
      files.push_back({.name = name, .size = table->size, .crc32c = table->checksum});
      continue;
    }
    auto file = describe(folder, name);
    if (!file) return tl::unexpected(file.error());
    files.push_back(*std::move(file));
  }
  return write_file(path_of(folder), to_text(files));
}

Result<void> remove_seal(const std::string& folder) { return remove_file(path_of(folder)); }

Result<std::optional<Seal>> read_seal(const std::string& folder) {
  const std::string path = path_of(folder);
  const auto text = read_file(path, kLargestSeal);
  if (!text && text.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!text) return tl::unexpected(text.error());
  const size_t end = end_of({}).size();
  const std::string_view body =
      std::string_view(*text).substr(0, text->size() - std::min(end, text->size()));
  if (std::string_view(*text).substr(body.size()) == end_of(body)) {
    try {
      return seal_from(json::parse(*text));
    } catch (const std::exception&) {
      return fail(ErrorCode::kCorrupt, "{} is none of this version of halftone", path);
    }
  }
  return fail(ErrorCode::kCorrupt, "{} is damaged: it does not match its own digest", path);
}

}  // namespace halftone

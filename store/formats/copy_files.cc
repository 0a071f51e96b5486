#include "store/formats/copy_files.h"

#include <filesystem>

#include <fmt/ranges.h>

#include "media/mime.h"
#include "store/files.h"

namespace halftone {
namespace {

namespace fs = std::filesystem;

constexpr const char* kList = ".halftone-copy";
constexpr uint64_t kLongestList = uint64_t{64} << 20;

std::set<std::string> lines_of(const std::string& text) {
  std::set<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) lines.insert(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

Result<void> write_list(const std::string& folder, const std::set<std::string>& paths) {
  return export_file(folder + "/" + kList, [&](const Append& append) {
    return append(fmt::format("{}\n", fmt::join(paths, "\n")));
  });
}

// A list that somebody wrote must not have files elsewhere removed.
bool is_inside(const std::string& path) {
  return !path.starts_with('/') && path.find("..") == std::string::npos;
}

std::string_view sub_folder_for(std::string_view type) {
  if (type.starts_with("image/")) return "images";
  if (type.starts_with("video/") || type.starts_with("audio/")) return "media";
  if (type.starts_with("font/")) return "fonts";
  return "files";
}

}  // namespace

CopyFiles::CopyFiles(Archive& archive, std::string folder, std::set<std::string> earlier)
    : archive_(&archive), folder_(std::move(folder)), earlier_(std::move(earlier)) {}

Result<CopyFiles> CopyFiles::open(Archive& archive, std::string folder) {
  std::error_code error;
  if (!fs::exists(folder, error) || fs::is_empty(folder, error)) {
    // First of all, so that an export that is cut off can be made again.
    const auto marked = write_list(folder, {});
    if (!marked) return tl::unexpected(marked.error());
    return CopyFiles(archive, std::move(folder), {});
  }
  const auto list = read_file(folder + "/" + kList, kLongestList);
  if (!list || !fs::is_directory(folder, error)) {
    return fail(ErrorCode::kInvalid,
                "{} holds files that are no export of halftone's; name a new folder", folder);
  }
  return CopyFiles(archive, std::move(folder), lines_of(*list));
}

Result<void> CopyFiles::finish() {
  for (const std::string& path : earlier_) {
    std::error_code ignored;
    if (!paths_.count(path) && is_inside(path)) fs::remove(folder_ + "/" + path, ignored);
  }
  return write_list(folder_, paths_);
}

Result<std::string> CopyFiles::add(const Digest& digest, std::string_view type) {
  const auto known = blobs_.find(digest);
  if (known != blobs_.end()) return known->second;

  const std::string path =
      fmt::format("{}/{}{}", sub_folder_for(type), digest.hex().substr(0, 16), extension_for(type));
  const auto copied = export_file(folder_ + "/" + path, [&](const Append& append) {
    return archive_->blobs().read(digest, [&](std::string_view piece) {
      bytes_written_ += piece.size();
      return append(piece);
    });
  });
  if (!copied) return tl::unexpected(copied.error());
  paths_.insert(path);
  blobs_.emplace(digest, path);
  return path;
}

Result<std::string> CopyFiles::add(std::string_view sub_folder, std::string_view name,
                                   std::string_view bytes) {
  const std::string path =
      sub_folder.empty() ? std::string(name) : fmt::format("{}/{}", sub_folder, name);
  const auto written =
      export_file(folder_ + "/" + path, [&](const Append& append) { return append(bytes); });
  if (!written) return tl::unexpected(written.error());
  bytes_written_ += bytes.size();
  paths_.insert(path);
  return path;
}

Result<ExportResult> finished(CopyFiles& files, const std::string& entry) {
  const auto listed = files.finish();
  if (!listed) return tl::unexpected(listed.error());
  return ExportResult{files.folder() + "/" + entry, files.files_written(), files.bytes_written()};
}

Result<std::string> write_derivative(Archive& archive, CopyFiles& files, const Digest& digest,
                                     const Recipe& recipe) {
  const auto made = archive.derivatives().get(digest, recipe);
  if (!made) return tl::unexpected(made.error());
  if (!*made) return std::string();
  const std::string name =
      fmt::format("{}-{}{}", digest.hex().substr(0, 16), recipe.name, extension_for((*made)->type));
  return files.add("thumbnails", name, (*made)->bytes);
}

ArchivedUrls::ArchivedUrls(const Article& article) {
  for (const ArchivedReference& reference : article.references) {
    const bool better = reference.outcome == Outcome::kArchived;
    const auto [entry, is_new] = by_url_.emplace(reference.url, &reference);
    if (!is_new && better) entry->second = &reference;
  }
}

const ArchivedReference* ArchivedUrls::find(const std::string& url) const {
  const auto found = by_url_.find(url);
  return found == by_url_.end() ? nullptr : found->second;
}

}  // namespace halftone

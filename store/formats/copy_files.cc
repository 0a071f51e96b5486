#include "store/formats/copy_files.h"

#include "media/mime.h"
#include "store/files.h"

namespace halftone {
namespace {

std::string_view sub_folder_for(std::string_view type) {
  if (type.starts_with("image/")) return "images";
  if (type.starts_with("video/") || type.starts_with("audio/")) return "media";
  if (type.starts_with("font/")) return "fonts";
  return "files";
}

}  // namespace

CopyFiles::CopyFiles(Archive& archive, std::string folder)
    : archive_(archive), folder_(std::move(folder)) {}

Result<std::string> CopyFiles::add(const Digest& digest, std::string_view type) {
  const auto known = written_.find(digest);
  if (known != written_.end()) return known->second;

  const std::string path =
      fmt::format("{}/{}{}", sub_folder_for(type), digest.hex().substr(0, 16), extension_for(type));
  const auto copied = export_file(folder_ + "/" + path, [&](const Append& append) {
    return archive_.blobs().read(digest, [&](std::string_view piece) {
      bytes_written_ += piece.size();
      return append(piece);
    });
  });
  if (!copied) return tl::unexpected(copied.error());
  ++files_written_;
  written_.emplace(digest, path);
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
  ++files_written_;
  return path;
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

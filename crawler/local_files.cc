#include "crawler/local_files.h"

#include <filesystem>
#include <system_error>

namespace halftone {

namespace fs = std::filesystem;

Result<Url> file_url(const std::string& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error).lexically_normal();
  if (error) return fail(ErrorCode::kIo, "{}: {}", path, error.message());
  std::string escaped = "file://";
  for (const char c : absolute.string()) {
    if (c == '%' || c == '?' || c == '#' || c == '\\') {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      escaped += c;
    }
  }
  const auto url = Url::parse(escaped);
  if (!url) return fail(ErrorCode::kInvalid, "{}: no URL can be made of this path", path);
  return *url;
}

Result<LocalFolder> LocalFolder::of_file(const std::string& file) {
  std::error_code error;
  const fs::path real = fs::canonical(file, error);
  if (error) return fail(ErrorCode::kNotFound, "cannot read {}: {}", file, error.message());
  return LocalFolder(real.parent_path().string());
}

Result<std::string> LocalFolder::path_of(const Url& url) const {
  const std::string named = percent_decode(url.pathname());
  std::error_code error;
  const fs::path real = fs::canonical(named, error);
  if (error) return fail(ErrorCode::kNotFound, "there is no file {}", named);
  const fs::path inside = real.lexically_relative(folder_);
  if (inside.empty() || *inside.begin() == "..") {
    return fail(ErrorCode::kPrivateAddress, "{} is outside of the folder {}", named, folder_);
  }
  if (!fs::is_regular_file(real, error)) return fail(ErrorCode::kNotFound, "{} is no file", named);
  return real.string();
}

}  // namespace halftone

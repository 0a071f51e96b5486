// Documents and pictures that stand in files instead of on the web.
#pragma once

#include <optional>
#include <string>

#include "media/error.h"
#include "media/url.h"

namespace halftone {

// file:///… of a path, with every character escaped that a URL would read otherwise. The path is
// made absolute.
Result<Url> file_url(const std::string& path);

// The folder of a file that the user named, and all that may be read on that file's behalf: regular
// files inside the folder, whatever links or dots the reference uses to get out of it.
class LocalFolder {
 public:
  // kIo, kNotFound.
  static Result<LocalFolder> of_file(const std::string& file);

  // The path of a file: URL. kPrivateAddress: outside of the folder; kNotFound.
  Result<std::string> path_of(const Url& url) const;

 private:
  explicit LocalFolder(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

}  // namespace halftone

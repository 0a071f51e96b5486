#include "tools/seeds.h"

#include <filesystem>
#include <fstream>
#include <iostream>

#include "media/url.h"

namespace halftone {

static constexpr size_t kLongestSeed = 65536;

Result<std::vector<std::string>> read_seeds(const std::string& file) {
  std::ifstream named;
  if (file != "-") {
    std::error_code error;
    if (!std::filesystem::is_directory(file, error)) named.open(file);
    if (!named.is_open()) return fail(ErrorCode::kUsage, "cannot read the seeds in {}", file);
  }
  std::istream& in = file == "-" ? std::cin : named;
  std::vector<std::string> seeds;
  for (std::string line; std::getline(in, line);) {
    if (seeds.empty() && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    line.erase(line.find_last_not_of(" \t\r") + 1);
    line.erase(0, line.find_first_not_of(" \t"));
    if (line.size() > kLongestSeed)
      return fail(ErrorCode::kUsage, "{} holds a line without end", file);
    if (!line.empty() && line[0] != '#') seeds.push_back(line);
  }
  if (in.bad()) return fail(ErrorCode::kUsage, "cannot read the seeds in {}", file);
  if (seeds.empty()) return fail(ErrorCode::kUsage, "{} names no URL and no file", file);
  return seeds;
}

std::string without_credentials(const std::string& target, FetchOptions& fetch) {
  const auto url = Url::parse(target);
  if (!url || !url->is_http() || (url->username().empty() && url->password().empty()))
    return target;
  fetch.credentials[url->origin()] =
      percent_decode(url->username()) + ":" + percent_decode(url->password());
  return url->without_credentials().href();
}

}  // namespace halftone

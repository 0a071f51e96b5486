// The program as its user has it: run with arguments, judged by what it says and how it ends.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace halftone {

// Runs `halftone ARGUMENTS` to its end.
Ended run_halftone(std::vector<std::string> arguments);

// The JSON objects of an output, one a line.
std::vector<nlohmann::json> json_lines(const std::string& text);

// An archive in a folder of its own, and the program run on it.
class ArchiveOfTest {
 public:
  Ended run(std::vector<std::string> arguments) const;
  std::string path() const { return folder_.file("archive"); }
  const TemporaryDirectory& folder() const { return folder_; }

  // `list --json`; one article is expected.
  nlohmann::json only_article() const;
  nlohmann::json stats() const;
  // `show --json` of the only article.
  nlohmann::json shown() const;

 private:
  TemporaryDirectory folder_;
};

}  // namespace halftone

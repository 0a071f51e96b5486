#include "tests/tools/halftone_program.h"

#include <sstream>
#include <stdexcept>

namespace halftone {

Ended run_halftone(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), HALFTONE_PROGRAM);
  return run_program(arguments);
}

std::vector<nlohmann::json> json_lines(const std::string& text) {
  std::vector<nlohmann::json> objects;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) objects.push_back(nlohmann::json::parse(line));
  return objects;
}

Ended ArchiveOfTest::run(std::vector<std::string> arguments) const {
  arguments.insert(arguments.end(), {"--archive", path()});
  return run_halftone(std::move(arguments));
}

nlohmann::json ArchiveOfTest::only_article() const {
  const auto articles = json_lines(run({"list", "--json"}).out);
  if (articles.size() != 1)
    throw std::runtime_error("not one article, but " + std::to_string(articles.size()));
  return articles[0];
}

nlohmann::json ArchiveOfTest::stats() const {
  return json_lines(run({"stats", "--json"}).out).at(0);
}

nlohmann::json ArchiveOfTest::shown() const {
  return json_lines(run({"show", "--json", only_article()["id"]}).out).at(0);
}

}  // namespace halftone

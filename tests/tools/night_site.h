// A small site with a feed, as nightly jobs have it, and nights of a job over it.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/test_server.h"
#include "tests/tools/halftone_program.h"

namespace halftone {

// An entry of a feed: id, title and date as given; those that are empty are left out.
struct NightEntry {
  std::string path, id, title, date;
};

class NightSite {
 public:
  std::string url(std::string_view path) const { return server_.url(path); }
  TestServer& server() { return server_; }
  size_t times(const std::string& path) const { return server_.requests(path).size(); }
  // The last request for it.
  SeenRequest last(const std::string& path) const { return server_.requests(path).back(); }

  // An RSS feed of articles on this site.
  std::string feed(const std::vector<NightEntry>& entries) const;
  // An article of that number, which shows /pictures/NUMBER.png; `more` stands at its end.
  std::string article(int number, const std::string& more = {}) const;

  // The article and its picture, with validators; "not modified" for whoever asks again.
  void add_article(int number);

 private:
  TestServer server_;
};

Script with_etag(std::string body, std::string etag, std::string type = "text/html");
Script not_modified(std::string etag);

// An archive, and a job over it that runs night after night.
class NightJobOfTest {
 public:
  // Lines of the job file; pages are due every night, and nothing is waited for long.
  explicit NightJobOfTest(std::string lines, std::string name = "papers");

  Ended run(std::vector<std::string> more = {}) const;
  // A night's report of the job; the exit status is its member "code".
  nlohmann::json night(std::vector<std::string> more = {}) const;
  const ArchiveOfTest& archive() const { return archive_; }
  const std::string& file() const { return file_; }
  void write(const std::string& lines);

 private:
  ArchiveOfTest archive_;
  std::string name_, file_;
};

}  // namespace halftone

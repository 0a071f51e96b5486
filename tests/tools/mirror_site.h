// A small site to mirror, as its visitors have it, and what an archive holds of it.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/test_server.h"
#include "tests/tools/halftone_program.h"

namespace halftone {

Script png(uint32_t width);

// A paragraph of its own for each `i`: pages that say the same are no articles.
std::string words(int i);

// A front page that links to all others; each shows three pictures (a plain one, one by srcset, one
// that waits for a script), one style sheet with a picture of its own, and a picture that is gone
// on every eighth. robots.txt forbids /private/.
class MirrorSite {
 public:
  static constexpr int kPages = 24;

  // Every answer waits for `delay`.
  explicit MirrorSite(std::chrono::milliseconds delay = {});

  static std::string page_path(int i) { return "/articles/" + std::to_string(i) + ".html"; }
  static std::string picture_path(int i) { return "/pictures/" + std::to_string(i) + ".png"; }

  std::string url(std::string_view path = "/") const { return server_.url(path); }
  TestServer& server() { return server_; }

  std::map<std::string, size_t> times_asked() const;  // each target

 private:
  static std::string page(int i);
  void add(const std::string& target, Script script);

  TestServer server_;
  std::chrono::milliseconds delay_;
};

// `mirror URL` and `more`, with retries that do not wait long.
std::vector<std::string> mirror_words(const std::string& url, std::vector<std::string> more = {});

// What an archive holds of a site, without what differs from run to run.
struct Held {
  std::set<std::string> captures;                 // URL and digest
  std::map<std::string, std::string> references;  // of each article, with what became of them
  bool operator==(const Held&) const = default;
};
Held held_by(const ArchiveOfTest& archive, const MirrorSite& site);

}  // namespace halftone

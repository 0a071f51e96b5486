// The same URL may be a page that somebody links to and a picture that somebody shows: two entries
// of the frontier, and one request.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "crawler/capturer.h"
#include "crawler/fresh_results.h"
#include "media/url.h"

namespace halftone {

// What is asked for at the moment, by frontier key. One thread: the one that runs the fetcher.
class SharedAnswers {
 public:
  using Came = std::function<void(const CaptureOutcome& outcome)>;

  // `fresh` must outlive it.
  explicit SharedAnswers(const FreshResults& fresh) : fresh_(fresh) {}

  // A request for `key` begins; answered() must follow.
  void ask(const std::string& key) { asking_.try_emplace(key); }

  // Whether `url` is asked for under its other key, or its answer is on its way into the archive.
  // Then, now or later, `came` is called with that answer where it is a picture at this very
  // address, else `ask`.
  bool share(const std::string& other_key, const Url& url, const Came& came,
             std::function<void()> ask);

  // Tells those who share it.
  void answered(const std::string& key, const CaptureOutcome& outcome);

 private:
  const FreshResults& fresh_;
  std::unordered_map<std::string, std::vector<Came>> asking_;
};

}  // namespace halftone

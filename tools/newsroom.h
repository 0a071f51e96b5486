// The demo's newsroom: a few articles of our own, in Chinese and English, a feed, and
// pictures on a second host that refuses strangers' Referers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "media/error.h"

namespace halftone {

// Serves the newsroom on loopback until it is destroyed.
class Newsroom {
 public:
  static constexpr const char* kSiteHost = "newsroom.test";
  static constexpr const char* kImageHost = "img.newsroom.test";

  static Result<std::unique_ptr<Newsroom>> open();  // kIo
  ~Newsroom();

  std::string feed_url() const;  // http://newsroom.test/feed.xml
  // For --connect-to: both hosts lead to this server.
  std::vector<std::string> connect_to() const;

 private:
  struct Parts;
  explicit Newsroom(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace halftone

#include "tests/tools/night_site.h"

#include <stdexcept>

#include "tests/support/pictures.h"
#include "tests/tools/mirror_site.h"

namespace halftone {

std::string NightSite::feed(const std::vector<NightEntry>& entries) const {
  std::string xml = "<?xml version='1.0'?><rss version='2.0'><channel><title>Papers</title>";
  for (const NightEntry& entry : entries) {
    xml += "<item><link>" + url(entry.path) + "</link>";
    if (!entry.id.empty()) xml += "<guid isPermaLink='false'>" + entry.id + "</guid>";
    if (!entry.title.empty()) xml += "<title>" + entry.title + "</title>";
    if (!entry.date.empty()) xml += "<pubDate>" + entry.date + "</pubDate>";
    xml += "</item>";
  }
  return xml + "</channel></rss>";
}

std::string NightSite::article(int number, const std::string& more) const {
  const std::string name = std::to_string(number);
  return "<title>Article " + name + "</title><article><h1>Article " + name + "</h1><p>" +
         words(number) + more + "</p><img src='/pictures/" + name + ".png'></article>";
}

void NightSite::add_article(int number) {
  const std::string name = std::to_string(number);
  server_.on("/" + name,
             {with_etag(article(number), "\"a" + name + "\""), not_modified("\"a" + name + "\"")});
  const std::string picture = make_png(static_cast<uint32_t>(60 + number), 50);
  server_.on("/pictures/" + name + ".png", {with_etag(picture, "\"p" + name + "\"", "image/png"),
                                            not_modified("\"p" + name + "\"")});
}

Script with_etag(std::string body, std::string etag, std::string type) {
  return whole({.fields = {{"Content-Type", std::move(type)}, {"ETag", std::move(etag)}},
                .body = std::move(body)});
}

Script not_modified(std::string etag) { return status(304, {{"ETag", std::move(etag)}}); }

NightJobOfTest::NightJobOfTest(std::string lines, std::string name) : name_(std::move(name)) {
  write(lines);
}

void NightJobOfTest::write(const std::string& lines) {
  file_ = archive_.folder().write("jobs/" + name_ + ".job",
                                  "retry-delay = 0.01\nrevisit-min = 0s\n" + lines);
}

Ended NightJobOfTest::run(std::vector<std::string> more) const {
  std::vector<std::string> words = {"nightly", file_};
  words.insert(words.end(), more.begin(), more.end());
  return archive_.run(std::move(words));
}

nlohmann::json NightJobOfTest::night(std::vector<std::string> more) const {
  more.emplace_back("--json");
  const Ended ended = run(std::move(more));
  const auto lines = json_lines(ended.out);
  if (lines.size() != 1) throw std::runtime_error("no report: " + ended.err);
  nlohmann::json job = lines[0].at("jobs").at(0);
  if (lines[0].at("code") != ended.code) throw std::runtime_error("another exit status");
  return job;
}

}  // namespace halftone

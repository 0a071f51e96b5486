#include "tests/tools/mirror_site.h"

#include <random>

#include "tests/support/pictures.h"

namespace halftone {

Script png(uint32_t width) {
  return whole({.fields = {{"Content-Type", "image/png"}}, .body = make_png(width, 50)});
}

std::string words(int i) {
  std::mt19937 random(static_cast<unsigned>(i));
  std::string text;
  for (int word = 0; word < 60; ++word) {
    for (int letter = 0; letter < 6; ++letter) text += static_cast<char>('a' + random() % 26);
    text += ' ';
  }
  return text;
}

MirrorSite::MirrorSite(std::chrono::milliseconds delay) : delay_(delay) {
  std::string links;
  for (int i = 0; i < kPages; ++i) {
    links += "<a href='" + page_path(i) + "?utm_source=front'>" + std::to_string(i) + "</a> ";
    add(page_path(i), text(page(i)));
    for (int j = 0; j < 3; ++j) {
      add(picture_path(3 * i + j), png(static_cast<uint32_t>(60 + 3 * i + j)));
    }
  }
  links += "<a href='/old.html'>old</a> <a href='/private/x.html'>private</a>";
  add("/", text("<title>Front</title><p>" + words(99) + links));
  add("/old.html", redirect(page_path(0), 301));
  add("/style.css", text("body { background: url(/pictures/paper.png) }", "text/css"));
  add("/pictures/paper.png", png(59));
  add("/private/x.html", text("<p>private"));
  add("/robots.txt", text("User-agent: *\nDisallow: /private/\n", "text/plain"));
}

std::map<std::string, size_t> MirrorSite::times_asked() const {
  std::map<std::string, size_t> times;
  for (const SeenRequest& request : server_.requests()) ++times[request.target];
  return times;
}

std::string MirrorSite::page(int i) {
  const auto tag = [&](int j) { return picture_path(3 * i + j); };
  std::string html = "<html><head><title>Article " + std::to_string(i) +
                     "</title><link rel=stylesheet href=/style.css></head><body><article><h1>" +
                     "Article " + std::to_string(i) + "</h1><p>" + words(i) + "</p><img src='" +
                     tag(0) + "'><img srcset='" + tag(1) + " 2x'><img data-src='" + tag(2) + "'>";
  if (i % 8 == 0) html += "<img src='/gone/" + std::to_string(i) + ".png'>";
  return html + "</article></body></html>";
}

void MirrorSite::add(const std::string& target, Script script) {
  Script slow;
  if (delay_.count() > 0) slow.pause(delay_);
  slow.steps.insert(slow.steps.end(), script.steps.begin(), script.steps.end());
  server_.on(target, slow);
}

std::vector<std::string> mirror_words(const std::string& url, std::vector<std::string> more) {
  std::vector<std::string> words = {"mirror", url, "--retry-delay", "0.01"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Held held_by(const ArchiveOfTest& archive, const MirrorSite& site) {
  Held held;
  const auto without_host = [&](std::string text) {
    const std::string host = site.url("");
    const size_t at = text.find(host);
    return at == std::string::npos ? text : text.erase(at, host.size());
  };
  const auto captures = json_lines(archive.run({"list", "--captures", "127.0.0.1", "--json"}).out);
  for (const auto& capture : captures) {
    held.captures.insert(without_host(capture.at("url")) + " " +
                         capture.at("digest").get<std::string>());
  }
  for (const auto& article : json_lines(archive.run({"list", "--json"}).out)) {
    const auto shown = json_lines(archive.run({"show", article.at("id"), "--json"}).out);
    std::string references;
    for (const auto& reference : shown.at(0).at("reference_list")) {
      references += without_host(reference.at("url")) + " " +
                    reference.at("outcome").get<std::string>() + "\n";
    }
    held.references[without_host(article.at("url"))] = references;
  }
  return held;
}

}  // namespace halftone

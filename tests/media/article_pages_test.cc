// Pages as the world makes them, written for this test, and what is to be read in them. Beside each
// page a list: the facts, "image URL | alt | caption" for every picture in order, "+ line" for what
// the text must have, in order, "- words" for what it must not have.
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "media/article.h"
#include "tests/support/articles.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

const Url kBase = *Url::parse("https://page.test/story.html");

struct Expected {
  std::map<std::string, std::string> facts;
  std::vector<std::string> categories, images, lines, absent;
};

Expected expected_of(const std::string& name) {
  Expected expected;
  std::istringstream text(fixture("../media/pages/" + name + ".txt"));
  for (std::string line; std::getline(text, line);) {
    const std::string key = line.substr(0, line.find(' '));
    const std::string value = line.substr(std::min(line.size(), key.size() + 1));
    if (key == "+") {
      expected.lines.push_back(value);
    } else if (key == "-") {
      expected.absent.push_back(value);
    } else if (key == "image") {
      expected.images.push_back(value);
    } else if (key == "category") {
      expected.categories.push_back(value);
    } else {
      expected.facts[key] = value;
    }
  }
  return expected;
}

ArticleFacts read(std::string_view bytes) {
  const auto scan = scan_document(bytes, DocumentType::kHtml, kBase);
  return read_article(bytes, DocumentType::kHtml, kBase, scan);
}

std::vector<std::string> pictures(const ArticleFacts& facts) {
  std::vector<std::string> out;
  for (const ArticleImage& image : facts.images) {
    std::string line = image.url + " | " + image.alt;
    line += image.alt.empty() ? "| " + image.caption : " | " + image.caption;
    while (line.ends_with(' ')) line.pop_back();
    out.push_back(line);
  }
  return out;
}

// Whole lines of the text, in order.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> page_names() {
  std::set<std::string> names;
  for (const auto& file :
       std::filesystem::directory_iterator(HALFTONE_SOURCE_DIR "/tests/media/pages")) {
    names.insert(file.path().stem().string());
  }
  return {names.begin(), names.end()};
}

}  // namespace

TEST_CASE("articles are read in pages of all makes", "[media]") {
  REQUIRE(page_names().size() >= 17);
  for (const std::string& name : page_names()) {
    DYNAMIC_SECTION(name) {
      const Expected expected = expected_of(name);
      const ArticleFacts facts = read(fixture("../media/pages/" + name + ".html"));
      INFO(facts.text);
      const std::map<std::string, std::string> said = {
          {"title", facts.title},
          {"author", facts.author},
          {"date", facts.date ? to_iso8601(*facts.date) : ""},
          {"lead", facts.lead_image}};
      for (const auto& [key, value] : expected.facts) CHECK(said.at(key) == value);
      CHECK(facts.categories == expected.categories);
      CHECK(pictures(facts) == expected.images);
      const auto lines = lines_of(facts.text);
      auto from = lines.begin();
      for (const std::string& line : expected.lines) {
        INFO("missing: " << line);
        const auto found = std::find(from, lines.end(), line);
        CHECK(found != lines.end());
        if (found != lines.end()) from = found + 1;
      }
      for (const std::string& words : expected.absent) {
        INFO("must not be there: " << words);
        CHECK(facts.text.find(words) == std::string::npos);
      }
    }
  }
}

TEST_CASE("a page whose URLs were rewritten has the same text in the same element", "[media]") {
  for (const std::string& name : page_names()) {
    CAPTURE(name);
    const std::string page = fixture("../media/pages/" + name + ".html");
    const auto scan = scan_document(page, DocumentType::kHtml, kBase);
    std::string copy;
    size_t done = 0;
    for (const Reference& reference : scan.references) {
      if (reference.span.from < done || !is_requisite(reference.kind)) continue;
      copy += page.substr(done, reference.span.from - done) + "blank.gif";
      done = reference.span.to;
    }
    copy += page.substr(done);
    const ArticleFacts original = read(page), copied = read(copy);
    CHECK(copied.text == original.text);
    // No URL has a "<".
    const auto tags_before = [](const std::string& text, size_t to) {
      return std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(to), '<');
    };
    CHECK(tags_before(copy, copied.body.from) == tags_before(page, original.body.from));
    CHECK(tags_before(copy, copied.body.to) == tags_before(page, original.body.to));
  }
}

TEST_CASE("a page cut anywhere still gives an answer, and its spans stay inside", "[media]") {
  for (const char* name : {"hexo", "news-json-ld", "tables-1999"}) {
    const std::string whole = fixture("../media/pages/" + std::string(name) + ".html");
    for (size_t size = 0; size <= whole.size(); size += 7) {
      CAPTURE(name, size);
      const ArticleFacts facts = read(std::string_view(whole).substr(0, size));
      REQUIRE(facts.body.from <= facts.body.to);
      REQUIRE(facts.body.to <= size);
    }
  }
}

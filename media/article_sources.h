// What a page says of itself, and whom of those who say it we trust.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace halftone {

enum class Fact : uint8_t {
  kTitle,
  kAuthor,
  kDate,
  kSection,
  kTag,
  kLeadImage,
  kLanguage,
  kCanonical,
  kExcerpt,
  kSite,     // the site's name, which is no part of the title
  kHeading,  // that may repeat the title
  kText,
};

// Gathers what is said and by whom. Sources are named as in the table of article_sources.cc: the
// name of a <meta> ("og:title"), or a place and a name in it: "ld:headline" (JSON-LD),
// "itemprop:author" (microdata, RDFa), "rel:canonical", "time:published", "text:byline".
class PageFacts {
 public:
  // `value` is text whose character references are decoded. A source that is not in the table says
  // nothing; neither does one that is empty, nor the
  // hundredth of a kind.
  void said(std::string_view source, std::string_view value);

  // What the most trusted source says of it; empty where none does.
  std::string best(Fact fact) const;

  // All that the most trusted source says of it, in the page's order, each once.
  std::vector<std::string> all_of_best(Fact fact) const;

  // What every source says of it, the most trusted first, each once.
  std::vector<std::string> all(Fact fact) const;

  // What one source says, in the page's order.
  std::vector<std::string> from(std::string_view source) const;

 private:
  struct Saying {
    size_t rank;  // its row in the table
    std::string value;
  };

  std::vector<Saying> sayings_of(Fact fact) const;

  std::vector<Saying> sayings_;
};

}  // namespace halftone

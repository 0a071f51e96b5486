#include "media/article_sources.h"

#include <algorithm>
#include <iterator>

#include "media/article_text.h"
#include "media/ascii.h"

namespace halftone {
namespace {

constexpr size_t kLongestText = 4096;         // of one fact
constexpr size_t kLongestBody = 1024 * 1024;  // of a text in JSON-LD
constexpr size_t kMostOfOneSource = 100;
constexpr size_t kMostSayings = 2000;

struct Row {
  Fact fact;
  std::string_view source;
};

// The order of trust: of the rows of a fact the first that a page has anything for counts. Front
// matter stands above them all, a feed's item below (complete_facts).
constexpr Row kTrust[] = {
    {Fact::kTitle, "ld:headline"},
    {Fact::kTitle, "og:title"},
    {Fact::kTitle, "citation_title"},
    {Fact::kTitle, "itemprop:headline"},
    {Fact::kTitle, "twitter:title"},
    {Fact::kTitle, "dc.title"},
    {Fact::kTitle, "dcterms.title"},
    {Fact::kTitle, "parsely-title"},
    {Fact::kTitle, "sailthru.title"},
    {Fact::kTitle, "title"},  // <title>
    {Fact::kTitle, "h1"},
    {Fact::kTitle, "var:msg_title"},
    {Fact::kTitle, "ld:name"},
    {Fact::kTitle, "itemprop:name"},
    {Fact::kTitle, "meta:title"},

    {Fact::kAuthor, "ld:author"},
    {Fact::kAuthor, "citation_author"},
    {Fact::kAuthor, "itemprop:author"},
    {Fact::kAuthor, "article:author"},
    {Fact::kAuthor, "article:author_name"},
    {Fact::kAuthor, "og:article:author"},
    {Fact::kAuthor, "author"},
    {Fact::kAuthor, "byl"},
    {Fact::kAuthor, "dc.creator"},
    {Fact::kAuthor, "dcterms.creator"},
    {Fact::kAuthor, "parsely-author"},
    {Fact::kAuthor, "sailthru.author"},
    {Fact::kAuthor, "rel:author"},
    {Fact::kAuthor, "class:author"},
    {Fact::kAuthor, "text:byline"},
    {Fact::kAuthor, "var:nickname"},
    {Fact::kAuthor, "twitter:creator"},

    {Fact::kDate, "ld:datepublished"},
    {Fact::kDate, "article:published_time"},
    {Fact::kDate, "og:article:published_time"},
    {Fact::kDate, "og:published_time"},
    {Fact::kDate, "itemprop:datepublished"},
    {Fact::kDate, "datepublished"},
    {Fact::kDate, "citation_publication_date"},
    {Fact::kDate, "citation_online_date"},
    {Fact::kDate, "citation_date"},
    {Fact::kDate, "parsely-pub-date"},
    {Fact::kDate, "sailthru.date"},
    {Fact::kDate, "dc.date.issued"},
    {Fact::kDate, "dcterms.issued"},
    {Fact::kDate, "dcterms.created"},
    {Fact::kDate, "dc.date.created"},
    {Fact::kDate, "dc.date"},
    {Fact::kDate, "dcterms.date"},
    {Fact::kDate, "pubdate"},
    {Fact::kDate, "publishdate"},
    {Fact::kDate, "publish_date"},
    {Fact::kDate, "publish-date"},
    {Fact::kDate, "published_time"},
    {Fact::kDate, "og:release_date"},
    {Fact::kDate, "release_date"},
    {Fact::kDate, "weibo:article:create_at"},
    {Fact::kDate, "date"},
    {Fact::kDate, "ptime"},
    {Fact::kDate, "ld:datecreated"},
    {Fact::kDate, "ld:uploaddate"},
    {Fact::kDate, "time:published"},  // <time pubdate>, <time class=entry-date>
    {Fact::kDate, "time"},
    {Fact::kDate, "text:date"},  // near the title
    {Fact::kDate, "var:publish_time"},
    {Fact::kDate, "var:ct"},
    {Fact::kDate, "url:date"},  // /2022/01/21/
    {Fact::kDate, "ld:datemodified"},
    {Fact::kDate, "article:modified_time"},
    {Fact::kDate, "og:updated_time"},
    {Fact::kDate, "itemprop:datemodified"},
    {Fact::kDate, "dcterms.modified"},
    {Fact::kDate, "time:modified"},

    {Fact::kSection, "ld:articlesection"},
    {Fact::kSection, "article:section"},
    {Fact::kSection, "og:article:section"},
    {Fact::kSection, "itemprop:articlesection"},
    {Fact::kSection, "parsely-section"},
    {Fact::kSection, "section"},

    {Fact::kTag, "article:tag"},
    {Fact::kTag, "og:article:tag"},
    {Fact::kTag, "ld:keywords"},
    {Fact::kTag, "rel:tag"},
    {Fact::kTag, "itemprop:keywords"},
    {Fact::kTag, "parsely-tags"},
    {Fact::kTag, "sailthru.tags"},
    {Fact::kTag, "news_keywords"},
    {Fact::kTag, "citation_keywords"},
    {Fact::kTag, "dc.subject"},
    {Fact::kTag, "dcterms.subject"},
    {Fact::kTag, "keywords"},

    {Fact::kLeadImage, "og:image"},
    {Fact::kLeadImage, "og:image:url"},
    {Fact::kLeadImage, "og:image:secure_url"},
    {Fact::kLeadImage, "twitter:image"},
    {Fact::kLeadImage, "twitter:image:src"},
    {Fact::kLeadImage, "ld:image"},
    {Fact::kLeadImage, "ld:thumbnailurl"},
    {Fact::kLeadImage, "itemprop:image"},
    {Fact::kLeadImage, "itemprop:thumbnailurl"},
    {Fact::kLeadImage, "rel:image_src"},
    {Fact::kLeadImage, "parsely-image-url"},
    {Fact::kLeadImage, "sailthru.image.full"},
    {Fact::kLeadImage, "thumbnail"},

    {Fact::kLanguage, "html:lang"},
    {Fact::kLanguage, "ld:inlanguage"},
    {Fact::kLanguage, "itemprop:inlanguage"},
    {Fact::kLanguage, "content-language"},
    {Fact::kLanguage, "og:locale"},
    {Fact::kLanguage, "citation_language"},
    {Fact::kLanguage, "dc.language"},
    {Fact::kLanguage, "dcterms.language"},
    {Fact::kLanguage, "language"},

    {Fact::kCanonical, "rel:canonical"},
    {Fact::kCanonical, "og:url"},
    {Fact::kCanonical, "ld:mainentityofpage"},
    {Fact::kCanonical, "ld:url"},
    {Fact::kCanonical, "itemprop:mainentityofpage"},
    {Fact::kCanonical, "parsely-link"},
    {Fact::kCanonical, "twitter:url"},

    {Fact::kExcerpt, "description"},
    {Fact::kExcerpt, "og:description"},
    {Fact::kExcerpt, "ld:description"},
    {Fact::kExcerpt, "twitter:description"},
    {Fact::kExcerpt, "itemprop:description"},
    {Fact::kExcerpt, "dc.description"},
    {Fact::kExcerpt, "dcterms.description"},
    {Fact::kExcerpt, "sailthru.description"},

    {Fact::kSite, "og:site_name"},
    {Fact::kSite, "ld:publisher"},
    {Fact::kSite, "ld:website"},
    {Fact::kSite, "itemprop:publisher"},
    {Fact::kSite, "application-name"},
    {Fact::kSite, "apple-mobile-web-app-title"},
    {Fact::kSite, "citation_journal_title"},
    {Fact::kSite, "dc.publisher"},

    {Fact::kHeading, "h2"},

    {Fact::kText, "ld:articlebody"},
};

}  // namespace

void PageFacts::said(std::string_view source, std::string_view value) {
  if (sayings_.size() >= kMostSayings) return;
  for (size_t rank = 0; rank < std::size(kTrust); ++rank) {
    if (kTrust[rank].source != source) continue;
    const bool body = kTrust[rank].fact == Fact::kText;
    std::string text =
        body ? std::string(value.substr(0, kLongestBody)) : plain_text(value, kLongestText);
    const auto of_source = std::count_if(sayings_.begin(), sayings_.end(),
                                         [&](const Saying& saying) { return saying.rank == rank; });
    if (text.empty() || static_cast<size_t>(of_source) >= kMostOfOneSource) return;
    sayings_.push_back({rank, std::move(text)});
    return;
  }
}

std::vector<PageFacts::Saying> PageFacts::sayings_of(Fact fact) const {
  std::vector<Saying> found;
  for (const Saying& saying : sayings_) {
    const bool is_new = std::none_of(found.begin(), found.end(), [&](const Saying& other) {
      return other.rank == saying.rank && other.value == saying.value;
    });
    if (kTrust[saying.rank].fact == fact && is_new) found.push_back(saying);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Saying& a, const Saying& b) { return a.rank < b.rank; });
  return found;
}

std::string PageFacts::best(Fact fact) const {
  const auto found = sayings_of(fact);
  return found.empty() ? std::string() : found[0].value;
}

std::vector<std::string> PageFacts::all_of_best(Fact fact) const {
  std::vector<std::string> values;
  const auto found = sayings_of(fact);
  for (const Saying& saying : found) {
    if (saying.rank == found[0].rank) values.push_back(saying.value);
  }
  return values;
}

std::vector<std::string> PageFacts::all(Fact fact) const {
  std::vector<std::string> values;
  for (const Saying& saying : sayings_of(fact)) {
    if (std::find(values.begin(), values.end(), saying.value) == values.end()) {
      values.push_back(saying.value);
    }
  }
  return values;
}

std::vector<std::string> PageFacts::from(std::string_view source) const {
  std::vector<std::string> values;
  for (const Saying& saying : sayings_) {
    if (kTrust[saying.rank].source == source) values.push_back(saying.value);
  }
  return values;
}

}  // namespace halftone

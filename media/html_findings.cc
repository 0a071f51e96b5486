#include "media/html_findings.h"

#include <algorithm>

#include "media/reference_list.h"

namespace halftone {
namespace {

// Every relative reference is resolved against the base, so a long one costs that much each time.
constexpr size_t kLongestBase = 2048;
// Fewer bytes for each reference are rare; more room than that is not asked for in advance.
constexpr size_t kBytesAReference = 128, kMostExpected = 8192;

// The URL that relative references start from (WHATWG HTML, 4.2.3 "set the frozen base URL").
Url base_url(const Url& fallback, const std::optional<std::string>& href) {
  if (!href || href->size() > kLongestBase) return fallback;
  const auto url = Url::parse(*href, &fallback);
  if (!url || url->scheme() == "data" || url->scheme() == "javascript") return fallback;
  return *url;
}

}  // namespace

HtmlFindings::HtmlFindings(size_t text_size) {
  const size_t expected = std::min(text_size / kBytesAReference, kMostExpected);
  references.reserve(expected);
  places_.reserve(expected);
}

size_t HtmlFindings::open_document(size_t parent) {
  const Place stands = documents_.empty() ? Place{} : place(parent, true);
  documents_.push_back({{}, stands});
  return documents_.size() - 1;
}

Reference* HtmlFindings::add(size_t document, bool at_once) {
  if (references.size() >= kMostReferences) {
    cut = true;
    return nullptr;
  }
  places_.push_back(place(document, at_once));
  return &references.emplace_back();
}

HtmlReferences HtmlFindings::resolved(const Url& document_url, std::string_view charset) && {
  // Of each document: what it starts from (WHATWG HTML, 2.4.3 "fallback base URL"), and its own.
  std::vector<Url> fallbacks{document_url};
  std::vector<Url> bases{base_url(document_url, documents_[0].base)};
  const auto base_at = [&](const Place& at) -> const Url& {
    return at.before_base ? fallbacks[at.document] : bases[at.document];
  };
  for (size_t i = 1; i < documents_.size(); ++i) {
    fallbacks.push_back(Url(base_at(documents_[i].parent)));
    bases.push_back(base_url(fallbacks[i], documents_[i].base));
  }
  for (size_t i = 0; i < references.size(); ++i) {
    const bool itself = references[i].kind == Kind::kForm && references[i].raw.empty();
    const Url& base = itself ? document_url : base_at(places_[i]);
    auto url = Url::parse(references[i].raw, &base, charset);
    if (url) references[i].url = std::move(*url).href();
  }
  return {bases[0], referrer_policy, std::move(references), cut};
}

}  // namespace halftone

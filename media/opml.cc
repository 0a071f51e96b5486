#include "media/opml.h"

#include "media/ascii.h"
#include "media/charset.h"
#include "media/xml_encoding.h"
#include "media/xml_tokenizer.h"

namespace halftone {
namespace {

constexpr size_t kMostFeeds = 10'000;

std::string attribute(const XmlToken& token, std::string_view name) {
  for (const XmlAttribute& one : token.attributes) {
    if (equals_ignoring_case(one.name, name)) return std::string(decode_xml(one.value, 0).text());
  }
  return {};
}

}  // namespace

Result<std::vector<OpmlFeed>> parse_opml(std::string_view bytes) {
  std::vector<OpmlFeed> feeds;
  bool is_opml = false;
  const SourceText text = decode(bytes, detect_xml_encoding(bytes, "").name);
  XmlTokenizer tokens(text.text());
  while (feeds.size() < kMostFeeds) {
    const XmlToken& token = tokens.next();
    if (token.type == XmlToken::Type::kEnd) break;
    if (token.type != XmlToken::Type::kStartTag) continue;
    is_opml = is_opml || equals_ignoring_case(token.name, "opml");
    if (!is_opml || !equals_ignoring_case(token.name, "outline")) continue;
    std::string url(trim(attribute(token, "xmlUrl")));
    if (url.empty()) continue;
    std::string title = attribute(token, "title");
    if (title.empty()) title = attribute(token, "text");
    feeds.push_back({std::move(url), std::move(title)});
  }
  if (!is_opml) return fail(ErrorCode::kInvalid, "no OPML: it has no <opml> element");
  return feeds;
}

}  // namespace halftone

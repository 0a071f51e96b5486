#include "media/xml_type.h"

#include <algorithm>
#include <iterator>

#include "media/ascii.h"
#include "media/gzip.h"
#include "media/mime.h"
#include "media/xml_tokenizer.h"

namespace halftone {
namespace {

constexpr size_t kHead = 64 * 1024;  // a root element stands in it

struct NamedType {
  std::string_view name;
  DocumentType type;
};

constexpr NamedType kEssences[] = {
    {"image/svg+xml", DocumentType::kSvg},
    {"application/vnd.apple.mpegurl", DocumentType::kHls},
    {"application/x-mpegurl", DocumentType::kHls},
    {"audio/mpegurl", DocumentType::kHls},
    {"audio/x-mpegurl", DocumentType::kHls},
    {"application/dash+xml", DocumentType::kDash},
};

constexpr NamedType kRoots[] = {
    {"svg", DocumentType::kSvg},
    {"urlset", DocumentType::kSitemap},
    {"sitemapindex", DocumentType::kSitemap},
    {"mpd", DocumentType::kDash},
    {"rss", DocumentType::kFeed},
    {"feed", DocumentType::kFeed},
    {"rdf", DocumentType::kFeed},
    {"html", DocumentType::kHtml},
};

constexpr NamedType kExtensions[] = {
    {".svg", DocumentType::kSvg}, {".svgz", DocumentType::kSvg}, {".m3u8", DocumentType::kHls},
    {".m3u", DocumentType::kHls}, {".mpd", DocumentType::kDash},
};

template <size_t N>
DocumentType find_type(const NamedType (&rows)[N], std::string_view name) {
  const auto found = std::find_if(std::begin(rows), std::end(rows),
                                  [&](const NamedType& row) { return row.name == name; });
  return found == std::end(rows) ? DocumentType::kNone : found->type;
}

// Types of XML that leave open which.
bool is_any_xml(std::string_view essence) {
  return essence == "text/xml" || essence == "application/xml" || essence.ends_with("+xml");
}

bool says_nothing(std::string_view essence) {
  constexpr std::string_view kNames[] = {"", "text/plain", "application/octet-stream",
                                         "application/gzip", "application/x-gzip"};
  return std::find(std::begin(kNames), std::end(kNames), essence) != std::end(kNames);
}

// The type for the first element; kSvg for one that nobody knows, kNone where the bytes do not
// begin with markup.
DocumentType type_of_root(std::string_view head) {
  if (!trim(head).starts_with('<')) return DocumentType::kNone;
  XmlTokenizer tokenizer(head);
  for (const XmlToken* token = &tokenizer.next(); token->type != XmlToken::Type::kEnd;
       token = &tokenizer.next()) {
    if (token->type != XmlToken::Type::kStartTag) continue;
    const DocumentType known = find_type(kRoots, lower_case(local_name(token->name)));
    return known == DocumentType::kNone ? DocumentType::kSvg : known;
  }
  return DocumentType::kNone;
}

// A URL a line is a sitemap only where the name says so.
bool is_text_sitemap(std::string_view name, std::string_view head) {
  const std::string file = lower_case(name.substr(name.rfind('/') + 1));
  return file.find("sitemap") != file.npos && file.ends_with(".txt") &&
         starts_with_ignoring_case(trim(head), "http");
}

DocumentType type_of_text(std::string_view essence, std::string_view name, std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  if (head.starts_with("#EXTM3U")) return DocumentType::kHls;
  if (is_text_sitemap(name, head)) return DocumentType::kSitemap;
  const DocumentType root = type_of_root(head);
  const std::string_view file = name.substr(name.rfind('/') + 1);
  const std::string extension = lower_case(file.substr(std::min(file.rfind('.'), file.size())));
  const bool xml = is_any_xml(essence) || extension == ".xml";
  if (root != DocumentType::kNone && (xml || root == DocumentType::kSitemap)) return root;
  const DocumentType named = find_type(kExtensions, extension);
  if (named != DocumentType::kNone) return named;
  return root == DocumentType::kDash ? root : DocumentType::kNone;
}

}  // namespace

DocumentType xml_document_type(std::string_view essence, std::string_view name,
                               std::string_view bytes) {
  if (const auto type = find_type(kEssences, essence); type != DocumentType::kNone) return type;
  if (!is_any_xml(essence) && !says_nothing(essence)) return DocumentType::kNone;
  name = name.substr(0, name.find_first_of("?#"));
  if (!is_gzip(bytes)) {
    const std::string sniffed = sniff_type(bytes);
    const bool is_text = sniffed.empty() || is_text_type(sniffed);
    return is_text ? type_of_text(essence, name, bytes.substr(0, kHead)) : DocumentType::kNone;
  }
  if (name.ends_with(".gz")) name.remove_suffix(3);
  const DocumentType inside = type_of_text("", name, gunzip_head(bytes, kHead));
  const bool known = inside == DocumentType::kSitemap || inside == DocumentType::kSvg;
  return known ? inside : DocumentType::kNone;
}

}  // namespace halftone

#include "media/feed.h"

#include <algorithm>
#include <utility>

#include "media/ascii.h"
#include "media/feed_readers.h"
#include "media/gzip.h"
#include "media/mime.h"
#include "media/xml_encoding.h"

namespace halftone {
namespace {

constexpr size_t kLargestFeed = 64 * 1024 * 1024;

std::optional<FeedScan> scan_feed(const SourceText& text, const Url& document_url,
                                  std::string_view charset) {
  const size_t first = text.text().find_first_not_of(std::string_view(" \t\r\n\0", 5));
  const bool is_json = first != std::string_view::npos && text.text()[first] == '{';
  return is_json ? scan_json_feed(text, document_url, charset)
                 : scan_xml_feed(text, document_url, charset);
}

}  // namespace

bool is_json_feed(std::string_view essence, std::string_view bytes) {
  constexpr size_t kHead = 4096;
  const bool may_be = essence.empty() || essence == "application/json" || essence == "text/json" ||
                      essence == "text/plain" || essence == "application/octet-stream";
  std::string_view head = bytes.substr(0, kHead);
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  if (!may_be || !trim(head).starts_with('{')) return false;
  const size_t site = head.find("jsonfeed.org");
  const std::string_view path = head.substr(std::min(site, head.size()));
  return path.starts_with("jsonfeed.org/version") || path.starts_with("jsonfeed.org\\/version");
}

Result<Feed> parse_feed(std::string_view bytes, const Url& base, std::string_view http_charset) {
  if (is_gzip(bytes)) {
    const Inflated inflated = gunzip_what_is_there(bytes, kLargestFeed);
    if (is_gzip(inflated.content)) return fail(ErrorCode::kInvalid, "gzip inside of gzip");
    auto feed = parse_feed(inflated.content, base, http_charset);
    if (feed && !inflated.fault.empty()) feed->warnings.push_back(inflated.fault);
    return feed;
  }
  if (bytes.size() > kLargestFeed) {
    return fail(ErrorCode::kInvalid, "{}: a feed of {} MiB is not read; {} MiB are the limit",
                base.href(), bytes.size() >> 20, kLargestFeed >> 20);
  }
  const Encoding encoding = detect_xml_encoding(bytes, http_charset);
  const SourceText text = decode(bytes, encoding.name);
  auto scan = scan_feed(text, base, encoding.name);
  if (scan && encoding.by == "detected" && !declared_xml_encoding(bytes).empty()) {
    scan->feed.warnings.push_back(fmt::format("the feed says it is in {}, and is in {}",
                                              declared_xml_encoding(bytes), encoding.name));
  }
  if (scan) return std::move(scan->feed);
  const bool is_page = sniff_type(bytes).ends_with("html");
  return fail(ErrorCode::kInvalid, "{}: {}", base.href(),
              is_page ? "this is a web page, not a feed; give the URL of its feed, which the page "
                        "may name in <link rel=alternate>"
                      : "no feed; neither RSS nor Atom nor JSON Feed begins in these bytes");
}

std::vector<Reference> find_feed_references(const SourceText& text, const Url& document_url,
                                            std::string_view charset) {
  auto scan = scan_feed(text, document_url, charset);
  return scan ? std::move(scan->references) : std::vector<Reference>();
}

}  // namespace halftone

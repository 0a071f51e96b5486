#include "media/document.h"

#include <algorithm>

#include <fmt/format.h>

#include "media/ascii.h"
#include "media/css.h"
#include "media/feed.h"
#include "media/gzip.h"
#include "media/html_references.h"
#include "media/markdown_references.h"
#include "media/mime.h"
#include "media/playlist.h"
#include "media/reference_list.h"
#include "media/rendition.h"
#include "media/sitemap.h"
#include "media/xml_encoding.h"
#include "media/xml_references.h"
#include "media/xml_type.h"

namespace halftone {
namespace {

constexpr size_t kMostInflated = 128 << 20;  // a sitemap may have 50 MB

constexpr std::string_view kTypeNames[] = {"html",    "css", "markdown", "feed", "svg",
                                           "sitemap", "hls", "dash",     "none"};

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), text) != names.end();
}

DocumentType type_of_essence(std::string_view essence) {
  if (is_one_of(essence, {"text/html", "application/xhtml+xml"})) return DocumentType::kHtml;
  if (essence == "text/css") return DocumentType::kCss;
  if (is_one_of(essence, {"text/markdown", "text/x-markdown"})) return DocumentType::kMarkdown;
  if (is_one_of(essence, {"application/rss+xml", "application/atom+xml", "application/rdf+xml",
                          "application/feed+json"})) {
    return DocumentType::kFeed;
  }
  return DocumentType::kNone;
}

DocumentType type_of_name(std::string_view name) {
  name = name.substr(0, name.find_first_of("?#"));
  const size_t dot = name.find_last_of("./");
  if (dot == name.npos || name[dot] != '.') return DocumentType::kNone;
  const std::string extension = lower_case(name.substr(dot + 1));
  if (is_one_of(extension, {"md", "markdown", "mdown", "mkd"})) return DocumentType::kMarkdown;
  if (is_one_of(extension, {"html", "htm", "xhtml", "shtml"})) return DocumentType::kHtml;
  return extension == "css" ? DocumentType::kCss : DocumentType::kNone;
}

bool is_xml(DocumentType type) {
  return type == DocumentType::kFeed || type == DocumentType::kSvg ||
         type == DocumentType::kSitemap || type == DocumentType::kDash;
}

// Reads one document; `bytes` must outlive it.
class Scanner {
 public:
  Scanner(std::string_view bytes, DocumentType type, const Url& base, std::string_view http_charset)
      : base_(base) {
    scan_.base = base.href();
    scan_.charset = std::string(
        is_xml(type) ? detect_xml_encoding(bytes, http_charset).name
                     : detect_encoding(bytes, http_charset, type == DocumentType::kHtml).name);
    text_ = decode(bytes, scan_.charset);
  }

  Scan html() && {
    take(find_html_references(text_, base_, scan_.charset));
    return std::move(scan_);
  }

  Scan css() && {
    for (const CssUrl& url : find_css_urls(text_.text())) {
      Reference* added =
          add(reference_kind(url), url.value, text_.source(url.span.from, url.span.to), url.escape);
      if (!added) continue;
      added->descriptor = url.descriptor;
      added->rejected = url.rejected;
      if (url.rejected) added->loading = Loading::kNever;
    }
    return std::move(scan_);
  }

  Scan feed() && {
    scan_.references = find_feed_references(text_, base_, scan_.charset);
    return std::move(scan_);
  }

  Scan xml() && {
    scan_.references = find_xml_references(text_, base_, scan_.charset);
    return std::move(scan_);
  }

  Scan sitemap() && {
    scan_.references = find_sitemap_references(text_, base_, scan_.charset);
    return std::move(scan_);
  }

  Scan hls() && {
    scan_.references = find_hls_references(text_, base_, scan_.charset);
    return std::move(scan_);
  }

  Scan dash() && {
    scan_.references = find_dash_references(text_, base_, scan_.charset, scan_.warnings);
    return std::move(scan_);
  }

  Scan markdown() && {
    MarkdownReferences found = find_markdown_references(text_, base_, scan_.charset);
    scan_.base = found.base.href();
    scan_.referrer_policy = found.referrer_policy;
    scan_.references = std::move(found.references);
    scan_.front_matter = std::move(found.front_matter);
    scan_.warnings = std::move(found.warnings);
    return std::move(scan_);
  }

 private:
  Reference* add(Kind kind, std::string_view raw, Span span, Escape escape) {
    if (scan_.references.size() >= kMostReferences) return nullptr;
    Reference& reference = scan_.references.emplace_back();
    if (const auto url = Url::parse(raw, &base_, scan_.charset)) reference.url = url->href();
    reference.raw = raw;
    reference.kind = unfetched_kind(raw).value_or(kind);
    reference.span = span;
    reference.escapes = {escape};
    return &reference;
  }

  void take(HtmlReferences found) {
    scan_.base = found.base.href();
    scan_.referrer_policy = found.referrer_policy;
    if (found.cut) {
      scan_.warnings.push_back(
          fmt::format("more than {} references; what follows them is left out", kMostReferences));
    }
    if (scan_.references.empty()) {
      scan_.references = std::move(found.references);
      return;
    }
    std::move(found.references.begin(), found.references.end(),
              std::back_inserter(scan_.references));
  }

  const Url& base_;
  SourceText text_;
  Scan scan_;
};

}  // namespace

std::string_view to_string(DocumentType type) { return kTypeNames[static_cast<size_t>(type)]; }

std::optional<DocumentType> document_type_from_string(std::string_view name) {
  const auto found = std::find(std::begin(kTypeNames), std::end(kTypeNames), name);
  if (found == std::end(kTypeNames)) return std::nullopt;
  return static_cast<DocumentType>(found - std::begin(kTypeNames));
}

DocumentType document_type(std::string_view essence, std::string_view name,
                           std::string_view bytes) {
  if (const DocumentType type = type_of_essence(essence); type != DocumentType::kNone) return type;
  if (is_json_feed(essence, bytes)) return DocumentType::kFeed;
  if (const DocumentType type = xml_document_type(essence, name, bytes);
      type != DocumentType::kNone) {
    return type;
  }
  const bool telling = !is_one_of(
      essence, {"", "text/plain", "text/xml", "application/xml", "application/octet-stream"});
  if (telling) return DocumentType::kNone;
  const std::string sniffed = sniff_type(bytes);
  if (!sniffed.empty() && !is_text_type(sniffed)) return DocumentType::kNone;
  if (const DocumentType type = type_of_name(name); type != DocumentType::kNone) return type;
  if (const DocumentType type = type_of_essence(sniffed); type != DocumentType::kNone) return type;
  if (bytes.substr(0, 1024).find("<rdf:RDF") != bytes.npos) return DocumentType::kFeed;
  const FrontMatter front_matter = parse_front_matter(bytes);
  const bool sound = front_matter.present() && front_matter.warnings.empty();
  return sound ? DocumentType::kMarkdown : DocumentType::kNone;
}

namespace {

Scan nothing_found(const Url& base, std::vector<std::string> warnings) {
  Scan scan;
  scan.base = base.href();
  scan.charset = "UTF-8";
  scan.warnings = std::move(warnings);
  return scan;
}

Scan scan_plain(std::string_view bytes, DocumentType type, const Url& base,
                std::string_view http_charset) {
  Scanner scanner(bytes, type, base, http_charset);
  switch (type) {
    case DocumentType::kHtml:
      return std::move(scanner).html();
    case DocumentType::kCss:
      return std::move(scanner).css();
    case DocumentType::kMarkdown:
      return std::move(scanner).markdown();
    case DocumentType::kFeed:
      return std::move(scanner).feed();
    case DocumentType::kSvg:
      return std::move(scanner).xml();
    case DocumentType::kSitemap:
      return std::move(scanner).sitemap();
    case DocumentType::kHls:
      return std::move(scanner).hls();
    case DocumentType::kDash:
      return std::move(scanner).dash();
    default:
      return nothing_found(base, {});
  }
}

Scan scan_inflated(std::string_view bytes, DocumentType type, const Url& base,
                   std::string_view http_charset) {
  const Inflated inflated = gunzip_what_is_there(bytes, kMostInflated);
  if (inflated.content.empty() && !inflated.fault.empty()) {
    return nothing_found(base, {inflated.fault});
  }
  Scan scan = scan_plain(inflated.content, type, base, http_charset);
  if (!inflated.fault.empty()) scan.warnings.push_back(inflated.fault);
  scan.warnings.emplace_back("gzip: places are those in the decompressed document");
  return scan;
}

}  // namespace

Scan scan_document(std::string_view bytes, DocumentType type, const Url& base,
                   std::string_view http_charset) {
  Scan scan = is_xml(type) && is_gzip(bytes) ? scan_inflated(bytes, type, base, http_charset)
                                             : scan_plain(bytes, type, base, http_charset);
  add_originals(scan.references, kMostReferences);
  if (scan.references.size() >= kMostReferences) {
    scan.warnings.push_back(
        fmt::format("more than {} references; the rest is left out", kMostReferences));
  }
  return scan;
}

}  // namespace halftone

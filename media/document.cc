#include "media/document.h"

#include <algorithm>

#include "media/ascii.h"
#include "media/css.h"
#include "media/html_references.h"
#include "media/markdown_references.h"
#include "media/mime.h"

namespace halftone {
namespace {

// A document of more references than this is an attack; what follows is passed over.
constexpr size_t kMostReferences = 200'000;

constexpr std::string_view kTypeNames[] = {"html",    "css", "markdown", "feed", "svg",
                                           "sitemap", "hls", "dash",     "none"};

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), text) != names.end();
}

DocumentType type_of_essence(std::string_view essence) {
  if (is_one_of(essence, {"text/html", "application/xhtml+xml"})) return DocumentType::kHtml;
  if (essence == "text/css") return DocumentType::kCss;
  if (is_one_of(essence, {"text/markdown", "text/x-markdown"})) return DocumentType::kMarkdown;
  if (is_one_of(essence, {"application/rss+xml", "application/atom+xml", "application/rdf+xml"})) {
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

// Reads one document; `bytes` must outlive it.
class Scanner {
 public:
  Scanner(std::string_view bytes, DocumentType type, const Url& base, std::string_view http_charset)
      : base_(base) {
    scan_.base = base.href();
    scan_.charset =
        std::string(detect_encoding(bytes, http_charset, type == DocumentType::kHtml).name);
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
      if (added) added->descriptor = url.descriptor;
    }
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

Result<Scan> scan_document(std::string_view bytes, DocumentType type, const Url& base,
                           std::string_view http_charset) {
  Scanner scanner(bytes, type, base, http_charset);
  switch (type) {
    case DocumentType::kHtml:
      return std::move(scanner).html();
    case DocumentType::kCss:
      return std::move(scanner).css();
    case DocumentType::kMarkdown:
      return std::move(scanner).markdown();
    default:
      break;
  }
  return Scan{.base = base.href(),
              .charset = "UTF-8",
              .references = {},
              .front_matter = {},
              .warnings = {}};
}

}  // namespace halftone

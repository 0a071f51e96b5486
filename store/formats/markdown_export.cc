#include <cctype>

#include "media/ascii.h"
#include "media/front_matter.h"
#include "media/html_tokenizer.h"
#include "media/url.h"
#include "store/formats/copy_files.h"
#include "store/formats/export.h"
#include "store/limits.h"
#include "store/rewrite.h"

namespace halftone {
namespace {

// Archived pictures stand beside the file; everything else keeps its absolute URL.
class MarkdownLinks : public LinkMap {
 public:
  // References outside of `part` are none of the copy's business.
  MarkdownLinks(const Article& article, Span part, CopyFiles& files)
      : part_(part), files_(files), urls_(article) {}

  std::optional<std::string> link(const Reference& reference) const override {
    if (reference.url.empty() || reference.kind == Kind::kData) return std::nullopt;
    if (reference.span.from < part_.from || reference.span.to > part_.to) return std::nullopt;
    const ArchivedReference* archived = urls_.find(reference.url);
    if (is_requisite(reference.kind) && archived && archived->digest && !error_) {
      const auto path = files_.add(*archived->digest, archived->type);
      if (path) return *path;
      error_ = path.error();
    }
    const bool stays = reference.raw == reference.url || reference.raw.starts_with('#');
    return stays ? std::nullopt : std::optional(reference.url);
  }

  bool is_blank(const Reference& reference) const override {
    const ArchivedReference* archived = urls_.find(reference.url);
    return !archived || !archived->digest;
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  const Span part_;
  CopyFiles& files_;
  ArchivedUrls urls_;
  mutable std::optional<Error> error_;
};

// A file name from the article's address: its last path segment, or its id where that says nothing.
std::string file_name_for(const Article& article) {
  const auto url = Url::parse(article.url);
  std::string segment = url ? percent_decode(url->pathname()) : "";
  segment = segment.substr(segment.rfind('/') + 1);
  segment = segment.substr(0, segment.rfind('.'));
  std::string name;
  for (const char c : segment.substr(0, 80)) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
    if (plain) name += c;
  }
  if (name.empty() || name == "index") name = article.id;
  return name + ".md";
}

bool is_left_out(std::string_view element) {
  return element == "script" || element == "style" || element == "link" || element == "meta" ||
         element == "template";
}

bool has_content(std::string_view element) { return element != "link" && element != "meta"; }

// Blank lines would end an HTML block in Markdown, and what is indented after one would become
// code.
void append_without_blank_lines(std::string& out, std::string_view text) {
  size_t line_start = out.rfind('\n') + 1;
  for (const char c : text) {
    if (c == '\r') continue;
    if (c == '\n') {
      const bool blank = out.find_first_not_of(" \t", line_start) == std::string::npos;
      if (blank) {
        out.resize(line_start);
        continue;
      }
      out += c;
      line_start = out.size();
      continue;
    }
    out += c;
  }
}

// The body's HTML as a block that Markdown passes through: no scripts, styles or comments.
std::string html_block(std::string_view html) {
  std::string out = "<div>\n";
  HtmlTokenizer tokens(html);
  std::string skipping;  // the element being left out
  size_t pre_depth = 0;
  for (;;) {
    const HtmlToken& token = tokens.next();
    if (token.type == HtmlToken::Type::kEnd) break;
    const bool is_start = token.type == HtmlToken::Type::kStartTag;
    const bool is_end = token.type == HtmlToken::Type::kEndTag;
    const std::string name = is_start || is_end ? lower_case(token.name) : "";
    if (!skipping.empty()) {
      if (is_end && name == skipping) skipping.clear();
      continue;
    }
    if (token.type == HtmlToken::Type::kComment || token.type == HtmlToken::Type::kDoctype)
      continue;
    if (is_left_out(name)) {
      if (is_start && has_content(name)) skipping = name;
      continue;
    }
    if (name == "pre") pre_depth = is_start ? pre_depth + 1 : pre_depth - (pre_depth > 0);
    const std::string_view written = html.substr(token.span.from, token.span.size());
    if (pre_depth > 0) {
      out.append(written);
    } else {
      append_without_blank_lines(out, written);
    }
  }
  return out + "\n</div>\n";
}

// The pictures that lead an article.
struct LeadPaths {
  std::string headimg, thumbnail;
};

std::vector<FrontMatterValue> front_matter_of(const Article& article, const LeadPaths& lead) {
  const ArticleFacts& facts = article.facts;
  std::vector<FrontMatterValue> entries;
  const auto add = [&](const char* key, std::vector<std::string> values, bool is_list = false) {
    if (values.empty() || (values.size() == 1 && values[0].empty())) return;
    entries.push_back({key, std::move(values), is_list, {}, {}});
  };
  add("title", {facts.title});
  add("categories", facts.categories, true);
  add("headimg", {lead.headimg});
  add("author", {facts.author});
  add("comments", {"false"});
  if (facts.date) add("date", {to_iso8601(*facts.date)});
  add("thumbnail", {lead.thumbnail});
  add("source", {article.url});
  return entries;
}

// Those of its derivatives that were made; else the picture as it is, or where it is on the web.
Result<LeadPaths> lead_paths(Archive& archive, const Article& article, CopyFiles& files) {
  const ArchivedUrls urls(article);
  const ArchivedReference* lead = urls.find(article.facts.lead_image);
  if (!lead || !lead->digest) return LeadPaths{article.facts.lead_image, article.facts.lead_image};
  LeadPaths paths;
  for (const auto& [path, name] :
       {std::pair(&paths.headimg, "lead"), std::pair(&paths.thumbnail, "thumb@2x")}) {
    const Recipe* recipe = find_recipe(name);
    if (!recipe) bug("an export asks for a recipe that does not exist");
    auto written = write_derivative(archive, files, *lead->digest, *recipe);
    if (written && written->empty()) written = files.add(*lead->digest, lead->type);
    if (!written) return tl::unexpected(written.error());
    *path = *std::move(written);
  }
  return paths;
}

Result<std::string> markdown_from_html(Archive& archive, const Article& article, const Url& base,
                                       const Scan& scan, const std::string& copy,
                                       CopyFiles& files) {
  const auto copy_scan = scan_document(copy, DocumentType::kHtml, base, scan.charset);
  const Span body = read_article(copy, DocumentType::kHtml, base, copy_scan).body;
  const SourceText text =
      decode(std::string_view(copy).substr(body.from, body.size()), scan.charset);
  const auto lead = lead_paths(archive, article, files);
  if (!lead) return tl::unexpected(lead.error());
  return write_front_matter(front_matter_of(article, *lead)) + "\n" + html_block(text.text());
}

}  // namespace

Result<ExportResult> export_markdown(Archive& archive, const Article& article,
                                     const std::string& folder) {
  const auto base = Url::parse(article.base);
  if (!base) bug("an article has a base that does not parse");
  const auto bytes = archive.blobs().get(article.digest, kLargestDocument);
  if (!bytes) return tl::unexpected(bytes.error());
  const auto scan = scan_document(*bytes, article.document_type, *base, article.http_charset);

  auto opened = CopyFiles::open(archive, folder);
  if (!opened) return tl::unexpected(opened.error());
  CopyFiles& files = *opened;
  const bool from_html = article.document_type == DocumentType::kHtml;
  const MarkdownLinks links(article, from_html ? article.facts.body : Span{0, bytes->size()},
                            files);
  Result<std::string> markdown = rewrite_document(*bytes, article.document_type, scan, links);
  if (links.error()) return tl::unexpected(*links.error());
  if (from_html) {
    markdown = markdown_from_html(archive, article, *base, scan, *markdown, files);
    if (!markdown) return tl::unexpected(markdown.error());
  }
  const auto written = files.add("", file_name_for(article), *markdown);
  if (!written) return tl::unexpected(written.error());
  return finished(files, *written);
}

}  // namespace halftone

#include <optional>
#include <set>

#include "media/markdown.h"
#include "media/url.h"
#include "store/files.h"
#include "store/formats/describe.h"
#include "store/formats/export.h"
#include "store/formats/page.h"
#include "store/formats/site_links.h"
#include "store/rewrite.h"

namespace halftone {
namespace {

constexpr uint64_t kLargestDocument = uint64_t{64} << 20;

PageProvenance provenance_of(const Article& article) {
  return {article.url, describe_time(article.captured_at), article.digest.hex(),
          describe(article.completeness())};
}

std::string date_of(const Article& article) {
  return article.facts.date ? describe_date(*article.facts.date) : "";
}

// The page that a Markdown article makes, still with the web's own URLs.
Result<std::string> page_from_markdown(const Article& article, std::string_view markdown) {
  const auto matter = parse_front_matter(markdown);
  if (!matter) return tl::unexpected(matter.error().during(article.url));
  ArticlePage page;
  page.title = article.facts.title;
  page.author = article.facts.author;
  page.date = date_of(article);
  page.language = article.facts.language;
  page.categories = article.facts.categories;
  page.headimg = matter->get("headimg");
  page.thumbnail = matter->get("thumbnail");
  page.body_html = render_markdown(markdown.substr(matter->block.to));
  page.gallery = "gallery.html";
  page.provenance = provenance_of(article);
  return article_page(page);
}

// One article on its way into a folder.
class SiteExport {
 public:
  SiteExport(Archive& archive, const Article& article, const std::string& folder)
      : archive_(archive), article_(article), files_(archive, folder) {}

  Result<ExportResult> run() {
    const auto base = Url::parse(article_.base);
    if (!base) bug("an article has a base that does not parse");
    auto page = original_page();
    if (!page) return tl::unexpected(page.error());

    const bool was_markdown = article_.document_type == DocumentType::kMarkdown;
    const auto scan = scan_document(*page, DocumentType::kHtml, *base,
                                    was_markdown ? "UTF-8" : article_.http_charset);
    if (!scan) return tl::unexpected(scan.error());
    const SiteLinks links(archive_, article_, files_);
    const std::string copy = rewrite_document(*page, DocumentType::kHtml, *scan, links);
    if (links.error()) return tl::unexpected(*links.error());

    const auto written = files_.add("", "index.html", copy);
    if (!written) return tl::unexpected(written.error());
    const auto gallery = write_gallery();
    if (!gallery) return tl::unexpected(gallery.error());
    return ExportResult{files_.folder() + "/index.html", files_.files_written(),
                        files_.bytes_written()};
  }

 private:
  Result<std::string> original_page() {
    auto document = archive_.blobs().get(article_.digest, kLargestDocument);
    if (!document || article_.document_type != DocumentType::kMarkdown) return document;
    return page_from_markdown(article_, *document);
  }

  Result<void> write_gallery() {
    GalleryPage page;
    page.title = article_.facts.title;
    page.article = "index.html";
    std::set<Digest> seen;
    for (const ArchivedReference& reference : article_.references) {
      if (!reference.digest || !reference.type.starts_with("image/")) continue;
      if (reference.kind == Kind::kIcon || !seen.insert(*reference.digest).second) continue;
      auto item = gallery_item(reference);
      if (!item) return tl::unexpected(item.error());
      if (*item) page.items.push_back(std::move(**item));
    }
    auto header = header_image();
    if (!header) return tl::unexpected(header.error());
    page.header_image = *header;
    const auto written = files_.add("", "gallery.html", gallery_page(page));
    if (!written) return tl::unexpected(written.error());
    return {};
  }

  // Nothing for spacers and tracking pixels.
  Result<std::optional<GalleryItem>> gallery_item(const ArchivedReference& reference) {
    const auto record = archive_.derivatives().facts(*reference.digest);
    if (!record) return tl::unexpected(record.error());
    const bool readable = *record && (*record)->error.empty();
    if (readable && (*record)->facts.decorative()) return std::nullopt;

    GalleryItem item;
    const auto full = files_.add(*reference.digest, reference.type);
    if (!full) return tl::unexpected(full.error());
    item.full = *full;
    const auto thumb = derivative(*reference.digest, "thumb");
    if (!thumb) return tl::unexpected(thumb.error());
    item.thumb = *thumb;
    item.alt = reference.alt;
    item.url = reference.url;
    item.caption = fmt::format("{}, {}", reference.type, describe_bytes(reference.size));
    if (readable) {
      const ImageFacts& facts = (*record)->facts;
      item.caption = fmt::format("{}×{}, {}", facts.width, facts.height, item.caption);
    }
    return item;
  }

  Result<std::string> header_image() {
    const ArchivedUrls urls(article_);
    const ArchivedReference* lead = urls.find(article_.facts.lead_image);
    if (!lead || !lead->digest) return std::string();
    return derivative(*lead->digest, "header");
  }

  // The path of a derivative's file; empty where none was made.
  Result<std::string> derivative(const Digest& digest, std::string_view name) {
    const Recipe* recipe = find_recipe(name);
    if (!recipe) bug("an export asks for a recipe that does not exist");
    return write_derivative(archive_, files_, digest, *recipe);
  }

  Archive& archive_;
  const Article& article_;
  CopyFiles files_;
};

}  // namespace

Result<ExportResult> export_site(Archive& archive, const Article& article,
                                 const std::string& folder) {
  return SiteExport(archive, article, folder).run();
}

Result<ExportResult> export_index(Archive& archive, const std::vector<Article>& articles,
                                  const std::string& folder) {
  const Recipe* thumb = find_recipe("thumb");
  if (!thumb) bug("there is no recipe for thumbnails");
  std::vector<IndexItem> items;
  CopyFiles files(archive, folder);
  for (const Article& article : articles) {
    const Completeness complete = article.completeness();
    IndexItem item{article.facts.title, date_of(article),           article.facts.excerpt,
                   describe(complete),  article.id + "/index.html", "",
                   complete.missing > 0};
    const ArchivedUrls urls(article);
    const ArchivedReference* lead = urls.find(article.facts.lead_image);
    if (lead && lead->digest) {
      const auto path = write_derivative(archive, files, *lead->digest, *thumb);
      if (!path) return tl::unexpected(path.error());
      item.thumb = *path;
    }
    items.push_back(std::move(item));
  }
  const auto written = files.add("", "index.html", index_page("Archived articles", items));
  if (!written) return tl::unexpected(written.error());
  return ExportResult{folder + "/index.html", files.files_written(), files.bytes_written()};
}

}  // namespace halftone

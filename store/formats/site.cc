#include <optional>
#include <set>

#include "media/markdown.h"
#include "media/url.h"
#include "store/article_pictures.h"
#include "store/files.h"
#include "store/formats/describe.h"
#include "store/formats/export.h"
#include "store/formats/page.h"
#include "store/formats/site_links.h"
#include "store/limits.h"
#include "store/rewrite.h"

namespace halftone {
namespace {

PageProvenance provenance_of(const Article& article) {
  return {article.url, describe_time(article.captured_at), article.digest.hex(),
          describe(article.completeness())};
}

std::string date_of(const Article& article) {
  return article.facts.date ? describe_date(*article.facts.date) : "";
}

Url parsed_base(const Article& article) {
  const auto base = Url::parse(article.base);
  if (!base) bug("an article has a base that does not parse");
  return *base;
}

// One article on its way into a folder.
class SiteExport {
 public:
  SiteExport(Archive& archive, const Article& article, const Neighbours& neighbours,
             CopyFiles& files)
      : archive_(archive),
        article_(article),
        base_(parsed_base(article)),
        files_(files),
        links_(archive, article, neighbours, files) {}

  Result<void> run() {
    auto document = archive_.blobs().get(article_.digest, kLargestDocument);
    if (!document) return tl::unexpected(document.error());
    const bool from_markdown = article_.document_type == DocumentType::kMarkdown;
    const auto page = from_markdown
                          ? page_from_markdown(*document)
                          : copy_of(*document, article_.http_charset, CopyKind::kSealedDocument);
    if (!page) return tl::unexpected(page.error());
    const auto written = files_.add("", "index.html", *page);
    if (!written) return tl::unexpected(written.error());
    const auto sheets = links_.write_sheets();
    if (!sheets) return tl::unexpected(sheets.error());
    return write_gallery();
  }

 private:
  Result<std::string> copy_of(std::string_view html, const std::string& charset, CopyKind kind) {
    const auto scan = scan_document(html, DocumentType::kHtml, base_, charset);
    std::string copy = rewrite_document(html, DocumentType::kHtml, scan, links_, kind);
    if (links_.error()) return tl::unexpected(*links_.error());
    return copy;
  }

  Result<std::string> page_from_markdown(std::string_view markdown) {
    const FrontMatter matter = parse_front_matter(markdown);
    auto body = copy_of(render_markdown(markdown.substr(matter.block.to)), "UTF-8",
                        CopyKind::kSealedFragment);
    if (!body) return body;
    ArticlePage page;
    page.title = article_.facts.title;
    page.author = article_.facts.author;
    page.date = date_of(article_);
    page.language = article_.facts.language;
    page.categories = article_.facts.categories;
    page.headimg = copy_of_picture(matter.get("headimg"));
    page.thumbnail = copy_of_picture(matter.get("thumbnail"));
    page.body_html = std::move(*body);
    page.gallery = "gallery.html";
    page.provenance = provenance_of(article_);
    if (links_.error()) return tl::unexpected(*links_.error());
    return article_page(page);
  }

  // What stands for a URL of the front matter.
  std::string copy_of_picture(const std::string& written) {
    const auto url = Url::parse(written, &base_);
    if (written.empty() || !url) return {};
    return links_.link({.url = url->href(), .raw = written, .kind = Kind::kImage}).value_or("");
  }

  Result<void> write_gallery() {
    GalleryPage page;
    page.title = article_.facts.title;
    page.language = article_.facts.language;
    page.article = "index.html";
    auto pictures = pictures_of(archive_, article_);
    if (!pictures) return tl::unexpected(pictures.error());
    for (const ArticlePicture& picture : gallery_of(*std::move(pictures))) {
      auto item = gallery_item(picture);
      if (!item) return tl::unexpected(item.error());
      page.items.push_back(*std::move(item));
    }
    if (auto added = add_videos(page); !added) return added;
    auto header = header_image();
    if (!header) return tl::unexpected(header.error());
    page.header_image = *header;
    const auto written = files_.add("", "gallery.html", gallery_page(page));
    if (!written) return tl::unexpected(written.error());
    return {};
  }

  Result<GalleryItem> gallery_item(const ArticlePicture& picture) {
    const ArchivedReference& reference = *picture.reference;
    GalleryItem item{
        .alt = picture.alt,
        .caption = fmt::format("{}, {}", reference.type, describe_bytes(reference.size)),
        .url = reference.url};
    const auto full = files_.add(*reference.digest, reference.type);
    const auto thumb = derivative(*reference.digest, "thumb");
    const auto thumb_2x = derivative(*reference.digest, "thumb@2x");
    for (const auto* path : {&full, &thumb, &thumb_2x})
      if (!*path) return tl::unexpected(path->error());
    item.full = *full;
    item.thumb = *thumb;
    item.thumb_2x = *thumb_2x;
    // Opened by itself an SVG may run scripts; its picture does not.
    if (reference.type == "image/svg+xml") item.full = thumb_2x->empty() ? *thumb : *thumb_2x;
    if (picture.record && picture.record->facts.width > 0) {
      const ImageFacts& facts = picture.record->facts;
      item.caption = fmt::format("{}×{}, {}", facts.width, facts.height, item.caption);
    }
    return item;
  }

  // Those that have a poster, behind the pictures.
  Result<void> add_videos(GalleryPage& page) {
    std::set<Digest> seen;
    for (const ArchivedReference& reference : article_.references) {
      if (!reference.digest || reference.type.starts_with("image/")) continue;
      if (!seen.insert(*reference.digest).second) continue;
      const auto poster = derivative(*reference.digest, "poster");
      if (!poster) return tl::unexpected(poster.error());
      if (poster->empty()) continue;
      const auto full = files_.add(*reference.digest, reference.type);
      if (!full) return tl::unexpected(full.error());
      page.items.push_back(
          {.full = *full,
           .thumb = *poster,
           .alt = reference.alt,
           .caption = fmt::format("{}, {}", reference.type, describe_bytes(reference.size)),
           .url = reference.url});
    }
    return {};
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
  const Url base_;
  CopyFiles& files_;
  const SiteLinks links_;
};

}  // namespace

Result<ExportResult> export_site(Archive& archive, const Article& article,
                                 const std::string& folder, const Neighbours& neighbours) {
  auto files = CopyFiles::open(archive, folder);
  if (!files) return tl::unexpected(files.error());
  const auto written = SiteExport(archive, article, neighbours, *files).run();
  if (!written) return tl::unexpected(written.error());
  return finished(*files, "index.html");
}

Result<ExportResult> export_index(Archive& archive, const std::vector<Article>& articles,
                                  const std::string& folder) {
  const Recipe *thumb = find_recipe("thumb"), *thumb_2x = find_recipe("thumb@2x");
  if (!thumb || !thumb_2x) bug("there is no recipe for thumbnails");
  std::vector<IndexItem> items;
  auto opened = CopyFiles::open(archive, folder);
  if (!opened) return tl::unexpected(opened.error());
  CopyFiles& files = *opened;
  for (const Article& article : articles) {
    const Completeness complete = article.completeness();
    IndexItem item{.title = article.facts.title,
                   .date = date_of(article),
                   .excerpt = article.facts.excerpt,
                   .completeness = describe(complete),
                   .path = article.id + "/index.html",
                   .incomplete = complete.missing > 0,
                   .language = article.facts.language};
    const ArchivedUrls urls(article);
    const ArchivedReference* lead = urls.find(article.facts.lead_image);
    if (lead && lead->digest) {
      const auto path = write_derivative(archive, files, *lead->digest, *thumb);
      if (!path) return tl::unexpected(path.error());
      item.thumb = *path;
      const auto twice = write_derivative(archive, files, *lead->digest, *thumb_2x);
      if (!twice) return tl::unexpected(twice.error());
      item.thumb_2x = *twice;
    }
    items.push_back(std::move(item));
  }
  const auto written = files.add("", "index.html", index_page("Archived articles", items));
  if (!written) return tl::unexpected(written.error());
  return finished(files, "index.html");
}

}  // namespace halftone

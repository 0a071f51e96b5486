#include "store/formats/page.h"

#include <kainjow/mustache.hpp>

#include "media/error.h"
#include "store/formats/page_templates.h"

namespace halftone {

namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;
using kainjow::mustache::partial;

// An empty text is no entry at all, so that its section is left out.
void set_text(data& object, const std::string& name, std::string_view text) {
  object.set(name, text.empty() ? data(false) : data(std::string(text)));
}

// A path whose first segment holds a colon would be read as a URL with a scheme, one that begins
// with two slashes as another host. A picture may be its own URL.
std::string as_path(std::string_view path) {
  if (path.starts_with("data:image/")) return std::string(path);
  const size_t colon = path.find(':');
  const bool like_scheme = colon != path.npos && colon < path.find('/');
  const bool like_host = path.substr(0, 2).find_first_not_of("/\\") == path.npos && path.size() > 1;
  return like_scheme || like_host ? fmt::format("./{}", path) : std::string(path);
}

void set_path(data& object, const std::string& name, std::string_view path) {
  set_text(object, name, as_path(path));
}

bool is_on_the_web(std::string_view url) {
  const auto begins_with = [&](std::string_view scheme) {
    return url.size() > scheme.size() &&
           std::equal(scheme.begin(), scheme.end(), url.begin(), [](char wanted, char given) {
             return wanted == (given >= 'A' && given <= 'Z' ? given + ('a' - 'A') : given);
           });
  };
  return begins_with("http://") || begins_with("https://");
}

void set_source(data& object, std::string_view url) {
  set_text(object, "source", url);
  object.set("on_the_web", is_on_the_web(url));
}

std::string counted(size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string render(const char* page, data& values) {
  values.set("style", std::string(kPageStyle));
  values.set("head", partial([] { return std::string(kPageHead); }));
  values.set("source_link", partial([] { return std::string(kSourceLink); }));
  mustache view{std::string(page)};
  if (!view.is_valid()) bug(view.error_message());
  return view.render(values);
}

data gallery_item(const GalleryItem& item) {
  data values;
  set_path(values, "full", item.full);
  set_path(values, "shown", item.thumb.empty() ? item.full : item.thumb);
  set_path(values, "twice", item.thumb_2x);
  set_text(values, "alt", item.alt);
  set_text(values, "caption", item.caption);
  set_source(values, item.url);
  return values;
}

data index_item(const IndexItem& item) {
  data values;
  set_text(values, "title", item.title.empty() ? "Untitled" : item.title);
  set_text(values, "date", item.date);
  set_text(values, "excerpt", item.excerpt);
  set_text(values, "completeness", item.completeness);
  set_path(values, "path", item.path);
  set_path(values, "thumb", item.thumb);
  set_path(values, "twice", item.thumb_2x);
  set_text(values, "language", item.language);
  values.set("incomplete", item.incomplete);
  values.set("date_and_completeness", !item.date.empty() && !item.completeness.empty());
  return values;
}

}  // namespace

std::string article_page(const ArticlePage& page) {
  data categories(data::type::list);
  for (const std::string& category : page.categories) categories.push_back(category);

  data values;
  set_text(values, "title", page.title.empty() ? page.provenance.source_url : page.title);
  set_text(values, "author", page.author);
  set_text(values, "date", page.date);
  set_text(values, "language", page.language);
  values.set("author_and_date", !page.author.empty() && !page.date.empty());
  values.set("has_categories", !page.categories.empty());
  values.set("categories", categories);
  set_path(values, "headimg", page.headimg);
  set_path(values, "thumbnail", page.thumbnail);
  set_path(values, "gallery", page.gallery);
  set_text(values, "body", page.body_html);
  set_source(values, page.provenance.source_url);
  set_text(values, "captured_at", page.provenance.captured_at);
  set_text(values, "digest", page.provenance.digest);
  set_text(values, "completeness", page.provenance.completeness);
  return render(kArticleTemplate, values);
}

std::string gallery_page(const GalleryPage& page) {
  data items(data::type::list);
  for (const GalleryItem& item : page.items) items.push_back(gallery_item(item));

  data values;
  set_text(values, "title", page.title.empty() ? "Gallery" : page.title);
  set_text(values, "language", page.language);
  set_text(values, "count", counted(page.items.size(), "picture", "pictures"));
  set_path(values, "article", page.article);
  set_path(values, "header_image", page.header_image);
  values.set("items", items);
  return render(kGalleryTemplate, values);
}

std::string index_page(std::string_view title, const std::vector<IndexItem>& items) {
  data cards(data::type::list);
  for (const IndexItem& item : items) cards.push_back(index_item(item));

  data values;
  set_text(values, "title", title.empty() ? "Archive" : title);
  set_text(values, "count", counted(items.size(), "article", "articles"));
  values.set("items", cards);
  return render(kIndexTemplate, values);
}

static data report_row(const std::vector<std::string>& row) {
  data cells(data::type::list);
  for (const std::string& text : row) {
    data cell;
    cell.set("text", text);
    cell.set("link", is_on_the_web(text));
    cells.push_back(cell);
  }
  data values;
  values.set("cells", cells);
  return values;
}

static data report_table(const ReportTable& table) {
  data columns(data::type::list), rows(data::type::list);
  for (const std::string& column : table.columns) columns.push_back(column);
  for (const auto& row : table.rows) rows.push_back(report_row(row));
  data values;
  set_text(values, "title", table.title);
  set_text(values, "note", table.note);
  values.set("columns", columns);
  values.set("rows", rows);
  return values;
}

std::string report_page(const ReportPage& page) {
  data facts(data::type::list), tables(data::type::list);
  for (const auto& [name, value] : page.facts) {
    data fact;
    set_text(fact, "name", name);
    set_text(fact, "value", value);
    facts.push_back(fact);
  }
  for (const ReportTable& table : page.tables) {
    if (!table.rows.empty()) tables.push_back(report_table(table));
  }
  data values;
  set_text(values, "title", page.title);
  set_text(values, "subtitle", page.subtitle);
  values.set("facts", facts);
  values.set("tables", tables);
  return render(kReportTemplate, values);
}

}  // namespace halftone

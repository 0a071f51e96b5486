#include "tests/bench/site/site.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "tests/bench/site/noise.h"
#include "tests/bench/site/prose.h"

namespace halftone::bench {
namespace {

namespace fs = std::filesystem;

constexpr size_t kListed = 100;      // articles of an index page
constexpr size_t kHidden = 40;       // images that only lazy attributes name
constexpr size_t kTinyListed = 500;  // tiny pages of a list
constexpr size_t kSmallest = 2000;   // bytes of an image
constexpr const char* kShared[] = {
    "/css/style.css",    "/css/print.css",       "/css/fonts.css", "/fonts/text.woff2",
    "/fonts/bold.woff2", "/fonts/head.woff2",    "/favicon.ico",   "/apple-touch-icon.png",
    "/icon.svg",         "/manifest.webmanifest"};

// Files below www/, and the list of URLs beside it.
class Folder {
 public:
  explicit Folder(const std::string& path) : www_(path + "/www") {
    fs::create_directories(www_);
    urls_.open(path + "/urls.txt", std::ios::binary);
    if (!urls_) throw std::runtime_error("cannot write below " + path);
  }

  void write(const std::string& path, std::string_view bytes) {
    const fs::path file = www_ + path;
    if (file.parent_path() != made_) {
      made_ = file.parent_path();
      fs::create_directories(made_);
    }
    std::ofstream out(file, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
    counts.bytes += bytes.size();
  }

  void list(const std::string& url) {
    urls_ << url << '\n';
    ++counts.urls;
  }

  SiteCounts close() {
    if (!urls_.flush()) throw std::runtime_error("cannot write urls.txt");
    return counts;
  }

  SiteCounts counts;

 private:
  std::string www_;
  fs::path made_;
  std::ofstream urls_;
};

class Site {
 public:
  Site(const SiteSetup& setup, const std::string& folder) : setup_(setup), folder_(folder) {
    if (setup_.articles == 0 || setup_.prefixes.empty()) {
      throw std::runtime_error("a site needs an article and a prefix");
    }
  }

  SiteCounts write() {
    write_images();
    for (size_t article = 0; article < setup_.articles; ++article) write_article(article);
    for (size_t page = 0; page < index_pages(); ++page) write_index(page);
    write_shared();
    write_lists();
    folder_.counts.unique_bytes = folder_.counts.bytes - repeated_bytes_;
    return folder_.close();
  }

 private:
  size_t hosts() const { return setup_.prefixes.size(); }
  size_t host_of(size_t article) const { return article % hosts(); }
  size_t index_pages() const { return (setup_.articles + kListed - 1) / kListed; }

  // As pages write it: plain paths where there is but one host.
  std::string link(size_t host, const std::string& path) const {
    return hosts() == 1 ? path : setup_.prefixes[host] + path;
  }
  void list(size_t host, const std::string& path) { folder_.list(setup_.prefixes[host] + path); }

  static bool is_repeat(size_t image) { return image % 20 % 6 == 1 && image % 20 > 1; }
  // Whose bytes an image has: often its own.
  static size_t source_of(size_t image) {
    if (!is_repeat(image)) return image;
    return image - 7 - 20 * Noise(image).below(image / 20 + 1);
  }
  static Picture type_of(size_t image) {
    const size_t part = source_of(image) % 20;
    if (part < 15) return Picture::kJpeg;
    return part < 18 ? Picture::kPng : Picture::kWebp;
  }
  bool is_hidden(size_t image) const {
    const size_t step = setup_.images / kHidden;
    return step > 3 && image % step == 3 && image / step < kHidden;
  }

  static std::string image_path(size_t image) {
    constexpr std::array kSuffixes = {"jpg", "png", "webp"};
    return fmt::format("/images/{:02}/picture-{}.{}", image % 50, image,
                       kSuffixes[static_cast<size_t>(type_of(image))]);
  }
  static std::string article_path(size_t article) {
    Noise noise(article);
    std::string slug = title(noise);
    std::replace(slug.begin(), slug.end(), ' ', '-');
    slug[0] = static_cast<char>(slug[0] | 0x20);
    return fmt::format("/{}/{:02}/{}-{}.html", 2015 + article % 10, 1 + article % 12, slug,
                       article);
  }
  static std::string index_path(size_t page) {
    return page == 0 ? "/" : fmt::format("/page-{}.html", page + 1);
  }
  static std::string date_of(size_t article) {
    using namespace std::chrono;
    const year_month_day day = sys_days(2015y / January / 1) + days(article);
    return fmt::format("{}-{:02}-{:02}", static_cast<int>(day.year()),
                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  }

  void write_images() {
    std::vector<double> shares(setup_.images);
    double sum = 0;
    for (size_t i = 0; i < shares.size(); ++i) {
      shares[i] = Noise(source_of(i)).log_normal(0.8);
      sum += shares[i];
    }
    for (size_t i = 0; i < setup_.images; ++i) {
      const double size = static_cast<double>(setup_.bytes) * shares[i] / sum;
      const std::string bytes =
          make_picture(type_of(i), source_of(i), std::max(kSmallest, static_cast<size_t>(size)));
      folder_.write(image_path(i), bytes);
      folder_.counts.image_bytes += bytes.size();
      if (is_repeat(i)) repeated_bytes_ += bytes.size();
      folder_.counts.hidden_images += is_hidden(i);
      list(host_of(i % setup_.articles), image_path(i));
    }
    folder_.counts.images = setup_.images;
  }

  static std::string hidden(size_t image) {
    constexpr std::array kAttributes = {"data-src", "data-original", "data-lazy-src",
                                        "data-srcset"};
    const size_t which = image / 3 % kAttributes.size();
    return fmt::format(
        "<img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\" {}=\"{}{}\" class=lazy alt=\"\">",
        kAttributes[which], image_path(image), which == 3 ? " 2x" : "");
  }

  // Two images as one: a smaller and a larger one.
  static std::string pair(size_t small, size_t large, bool as_picture) {
    const std::string shown =
        as_picture ? fmt::format(
                         "<picture><source media=\"(min-width: 60em)\" srcset=\"{1}\">"
                         "<img src=\"{0}\" alt=\"\"></picture>",
                         image_path(small), image_path(large))
                   : fmt::format(
                         "<img src=\"{0}\" srcset=\"{0} 800w, {1} 1600w\" "
                         "sizes=\"(min-width: 60em) 50vw, 100vw\" alt=\"\">",
                         image_path(small), image_path(large));
    return fmt::format("<a href=\"{}\">{}</a>", image_path(large), shown);
  }

  // What shows the images of an article, each in a figure of its own.
  std::vector<std::string> figures(size_t article) const {
    std::vector<size_t> shown;
    std::vector<std::string> figures;
    for (size_t image = article; image < setup_.images; image += setup_.articles) {
      if (is_hidden(image)) {
        figures.push_back(hidden(image));
      } else {
        shown.push_back(image);
      }
    }
    if (article % 4 < 2 && shown.size() >= 2) {
      figures.push_back(pair(shown[0], shown[1], article % 4 == 0));
      shown.erase(shown.begin(), shown.begin() + 2);
    }
    for (const size_t image : shown) {
      figures.push_back(fmt::format("<img src=\"{}\" loading=lazy alt=\"\">", image_path(image)));
    }
    return figures;
  }

  std::string head(const std::string& heading, const std::string& more) const {
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<title>{} | The Daily Measure</title>\n"
        "<link rel=\"stylesheet\" href=\"/css/style.css\">\n"
        "<link rel=\"stylesheet\" href=\"/css/print.css\" media=\"print\">\n"
        "<link rel=\"icon\" href=\"/favicon.ico\">\n"
        "<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">\n"
        "<link rel=\"apple-touch-icon\" href=\"/apple-touch-icon.png\">\n"
        "<link rel=\"manifest\" href=\"/manifest.webmanifest\">\n"
        "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"{}\">\n{}</head>\n<body>\n"
        "<nav><a href=\"{}\">The Daily Measure</a></nav>\n",
        heading, link(0, "/feed.xml"), more, link(0, "/"));
  }

  std::string neighbour(size_t article, const char* relation) const {
    const size_t other = article % setup_.articles;
    return fmt::format("<a rel=\"{}\" href=\"{}\">{}</a>\n", relation,
                       link(host_of(other), article_path(other)), relation);
  }

  void write_article(size_t article) {
    Noise noise(article);
    const std::string heading = title(noise), by = author(noise);
    const std::string date = date_of(article);
    std::string page =
        head(heading, fmt::format("<meta name=\"author\" content=\"{}\">\n"
                                  "<meta property=\"og:title\" content=\"{}\">\n"
                                  "<meta property=\"article:published_time\" content=\"{}\">\n",
                                  by, heading, date));
    page += fmt::format(
        "<article>\n<h1>{}</h1>\n<p class=\"byline\">By {}, "
        "<time datetime=\"{}\">{}</time></p>\n",
        heading, by, date, date);
    const auto shown = figures(article);
    const size_t size = 20'000 + noise.below(20'000), step = size / (shown.size() + 1);
    for (const std::string& figure : shown) {
      const size_t end = page.size() + step;
      while (page.size() < end) page += "<p>" + paragraph(noise, 300 + noise.below(600)) + "</p>\n";
      page +=
          "<figure>" + figure + "<figcaption>" + paragraph(noise, 60) + "</figcaption></figure>\n";
    }
    while (page.size() < size) page += "<p>" + paragraph(noise, 300 + noise.below(600)) + "</p>\n";
    page += "</article>\n" + neighbour(article + setup_.articles - 1, "prev") +
            neighbour(article + 1, "next") + "</body>\n</html>\n";
    folder_.write(article_path(article), page);
    list(host_of(article), article_path(article));
  }

  void write_index(size_t number) {
    std::string page = head(fmt::format("Page {}", number + 1), "") + "<ul>\n";
    const size_t end = std::min(setup_.articles, (number + 1) * kListed);
    for (size_t article = number * kListed; article < end; ++article) {
      Noise noise(article);
      page += fmt::format("<li><a href=\"{}\">{}</a></li>\n",
                          link(host_of(article), article_path(article)), title(noise));
    }
    page += "</ul>\n";
    if (number + 1 < index_pages()) {
      page +=
          fmt::format("<a rel=\"next\" href=\"{}\">Older</a>\n", link(0, index_path(number + 1)));
    }
    folder_.write(number == 0 ? "/index.html" : index_path(number), page + "</body>\n</html>\n");
    list(0, index_path(number));
  }

  // What every host has.
  void write_shared() {
    Noise noise(~uint64_t{0});
    folder_.write("/css/style.css",
                  "@import \"fonts.css\";\nbody { font: 1em/1.5 Text, serif; "
                  "max-width: 60em; margin: auto }\nimg { max-width: 100% }\n");
    folder_.write("/css/print.css", "nav { display: none }\n");
    std::string fonts;
    for (const char* name : {"text", "bold", "head"}) {
      fonts += fmt::format("@font-face {{ font-family: {}; src: url(../fonts/{}.woff2) }}\n", name,
                           name);
      std::string font = "wOF2";
      noise.append(font, 30'000);
      folder_.write(fmt::format("/fonts/{}.woff2", name), font);
    }
    folder_.write("/css/fonts.css", fonts);
    folder_.write("/favicon.ico", make_picture(Picture::kPng, noise.next(), kSmallest));
    folder_.write("/apple-touch-icon.png", make_picture(Picture::kPng, noise.next(), 8000));
    folder_.write("/icon.svg",
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\">"
                  "<circle cx=\"4\" cy=\"4\" r=\"3\"/></svg>\n");
    folder_.write("/manifest.webmanifest",
                  "{\"name\":\"The Daily Measure\",\"icons\":[{\"src\":\"/apple-touch-icon.png\","
                  "\"sizes\":\"180x180\",\"type\":\"image/png\"}]}\n");
    folder_.write("/robots.txt", "User-agent: *\nDisallow: /private/\nSitemap: " +
                                     setup_.prefixes[0] + "/sitemap.xml\n");
    for (size_t host = 0; host < hosts(); ++host) {
      for (const char* path : kShared) list(host, path);
      list(host, "/robots.txt");
    }
  }

  void write_lists() {
    std::string feed =
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>The Daily Measure</title>"
        "<link>" +
        setup_.prefixes[0] + "/</link><description>News</description>\n";
    std::string map =
        "<?xml version=\"1.0\"?>\n"
        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
    for (size_t article = 0; article < setup_.articles; ++article) {
      Noise noise(article);
      const std::string url = setup_.prefixes[host_of(article)] + article_path(article);
      map += "<url><loc>" + url + "</loc></url>\n";
      if (article >= 20) continue;
      feed += fmt::format("<item><title>{}</title><link>{}</link></item>\n", title(noise), url);
    }
    folder_.write("/feed.xml", feed + "</channel></rss>\n");
    folder_.write("/sitemap.xml", map + "</urlset>\n");
    list(0, "/feed.xml");
    list(0, "/sitemap.xml");
  }

  SiteSetup setup_;
  Folder folder_;
  uint64_t repeated_bytes_ = 0;
};

std::string tiny_path(size_t page) { return fmt::format("/{}/{}.html", page / 1000, page); }

}  // namespace

SiteCounts write_site(const SiteSetup& setup, const std::string& folder) {
  return Site(setup, folder).write();
}

SiteCounts write_tiny_site(size_t count, const std::string& prefix, const std::string& path) {
  Folder folder(path);
  const auto add = [&](const std::string& file, const std::string& heading,
                       const std::string& body) {
    folder.write(
        file == "/" ? "/index.html" : file,
        fmt::format("<!DOCTYPE html>\n<title>{0}</title>\n<h1>{0}</h1>\n{1}", heading, body));
    folder.list(prefix + file);
  };
  std::string index;
  for (size_t first = 0; first < count; first += kTinyListed) {
    const std::string name = fmt::format("/list-{}.html", first / kTinyListed);
    index += fmt::format("<a href=\"{0}\">{0}</a>\n", name);
    std::string list;
    for (size_t page = first; page < std::min(count, first + kTinyListed); ++page) {
      list += fmt::format("<a href=\"{0}\">{0}</a>\n", tiny_path(page));
      Noise noise(page);
      add(tiny_path(page), title(noise),
          fmt::format("<p>{}</p>\n<a rel=\"prev\" href=\"{}\">Before</a>\n"
                      "<a rel=\"next\" href=\"{}\">Next</a>\n",
                      paragraph(noise, 200), tiny_path((page + count - 1) % count),
                      tiny_path((page + 1) % count)));
    }
    add(name, name, list);
  }
  add("/", "All", index);
  folder.counts.unique_bytes = folder.counts.bytes;
  return folder.close();
}

}  // namespace halftone::bench

#include "tools/newsroom.h"

#include <atomic>

#include "tools/embedded_file.h"
#include "tools/web/server.h"

namespace halftone {

namespace {

// Pictures stand under addresses like those of large picture hosts: no extension, and sizes asked
// for in a query that holds commas.
struct Picture {
  std::string_view target;
  std::string_view file;  // in newsroom/pictures
};

constexpr Picture kPictures[] = {
    {"/logo/v2_1d7a3e90b5c86f24_img_png", "mark.png"},
    {"/logo/v2_60b8f3d7c2e9145a_img_png", "dome.png"},
    {"/static/v2_5b0d17e9c4a2f836_img_png", "grain.png"},
    {"/20260106/v2_4f1c9a2e7b60d385_img_000", "harbour.webp"},
    {"/20260106/v2_4f1c9a2e7b60d385_img_000?process=resize,w_400/format,jpg", "harbour-400.jpg"},
    {"/20260106/v2_83d0e6f15ac24b97_img_png", "lamp.png"},
    {"/members/20260106/v2_d95b7c0e41f8a263_img_000", "ledger.png"},
    {"/20260107/v2_0b6e8d24f97a5c13_img_000", "train.png"},
    {"/20260107/v2_0b6e8d24f97a5c13_img_000?process=resize,w_600", "train-600.png"},
    {"/20260107/v2_c27a9f40b1d86e35_img_000", "tea.webp"},
    {"/20260107/v2_c27a9f40b1d86e35_img_000?process=resize,w_320/format,jpg", "tea-320.jpg"},
    {"/20260107/v2_5e93b1f7c84d20a6_img_jpg", "station.jpg"},
    {"/20260107/v2_9a41d0c6e7f3582b_img_svg", "route.svg"},
    {"/20260107/v2_f8c3517e0d9b46a2_img_000", "mist.webp"},
    {"/20260108/v2_71e5c9d3a0f84b26_img_000", "lanterns.webp"},
    {"/20260108/v2_71e5c9d3a0f84b26_img_000?process=resize,w_448", "lanterns-448.webp"},
    {"/20260108/v2_2d8f6b05e94c7a13_img_000", "mill.webp"},
    {"/20260108/v2_b60a4e9f7d1c5382_img_000", "sheets.png"},
    {"/20260109/v2_e3f79c18d5a0624b_img_000", "observatory.png"},
    {"/20260109/v2_e3f79c18d5a0624b_img_000?process=resize,w_600/format,webp",
     "observatory-600.webp"},
    {"/20260109/v2_16c8d4f2b7e95a03_img_png", "telescope.png"},
    {"/members/20260109/v2_a7d2f50c93e8b614_img_000", "mirror.webp"},
    {"/20260109/v2_3c90e7b5d16f8a42_img_gif", "moon.gif"},
};

constexpr std::string_view kArticles[] = {
    "/2026/counting-lights.html",
    "/2026/slow-train.html",
    "/2026/paper-mill.html",
    "/2026/village-dome.html",
};

constexpr std::string_view kMembers = "/members/";

std::string_view content_type(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".xml", "application/rss+xml; charset=utf-8"},
      {".jpg", "image/jpeg"},
      {".png", "image/png"},
      {".webp", "image/webp"},
      {".gif", "image/gif"},
      {".svg", "image/svg+xml"},
  };
  for (const auto& [extension, type] : kTypes) {
    if (name.ends_with(extension)) return type;
  }
  return "application/octet-stream";
}

const EmbeddedFile* find_file(std::span<const EmbeddedFile> files, std::string_view name) {
  const auto file = std::find_if(files.begin(), files.end(),
                                 [&](const EmbeddedFile& each) { return each.name == name; });
  return file == files.end() ? nullptr : &*file;
}

std::string replace_all(std::string_view text, std::string_view what, std::string_view with) {
  std::string result;
  for (size_t found; (found = text.find(what)) != text.npos;
       text.remove_prefix(found + what.size())) {
    result.append(text.substr(0, found)).append(with);
  }
  return result.append(text);
}

WebResponse plain_answer(int status, std::string_view text) {
  return {status, "text/plain; charset=utf-8", fmt::format("{}\n", text), {}};
}

}  // namespace

struct Newsroom::Parts {
  WebResponse answer(const WebRequest& request) const;
  WebResponse page(std::string_view target) const;
  WebResponse picture(const WebRequest& request) const;

  std::string authority(std::string_view host) const { return fmt::format("{}:{}", host, port); }
  bool comes_from(const std::string& referer, std::string_view host) const {
    return referer.starts_with(fmt::format("http://{}/", authority(host)));
  }

  std::atomic<uint16_t> port = 0;  // known once the server has started
  std::unique_ptr<WebServer> server;
};

WebResponse Newsroom::Parts::answer(const WebRequest& request) const {
  if (request.method != "GET" && request.method != "HEAD") {
    WebResponse refusal = plain_answer(405, "This server only answers GET and HEAD.");
    refusal.headers.emplace_back("Allow", "GET, HEAD");
    return refusal;
  }
  if (request.host == kSiteHost) return page(request.target);
  if (request.host == kImageHost) return picture(request);
  return plain_answer(421, fmt::format("Only {} and {} live here.", kSiteHost, kImageHost));
}

WebResponse Newsroom::Parts::page(std::string_view target) const {
  std::string_view name = target.substr(0, target.find('?'));
  if (name.starts_with('/')) name.remove_prefix(1);
  const EmbeddedFile* file = find_file(newsroom_site(), name.empty() ? "index.html" : name);
  if (!file) return plain_answer(404, "There is no such page.");

  std::string text = replace_all(file->bytes, "{SITE}", authority(kSiteHost));
  text = replace_all(text, "{IMG}", authority(kImageHost));
  WebResponse response{200, std::string(content_type(file->name)), std::move(text), {}};
  // Pictures that a style sheet names are asked for with its policy, not the page's.
  if (file->name.ends_with(".css")) {
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
  }
  return response;
}

// Plays hotlink protection: strangers' Referers are refused, the newsroom's own among them; what
// is for members asks for just that one.
WebResponse Newsroom::Parts::picture(const WebRequest& request) const {
  const bool welcome = request.target.starts_with(kMembers)
                           ? comes_from(request.referer, kSiteHost)
                           : request.referer.empty() || comes_from(request.referer, kImageHost);
  if (!welcome) return plain_answer(403, "This picture is not shown on other sites.");

  const auto picture =
      std::find_if(std::begin(kPictures), std::end(kPictures),
                   [&](const Picture& each) { return each.target == request.target; });
  if (picture == std::end(kPictures)) return plain_answer(404, "There is no such picture.");
  const EmbeddedFile* file = find_file(newsroom_pictures(), picture->file);
  if (!file) bug(fmt::format("the newsroom has no file {}", picture->file));
  return {200, std::string(content_type(file->name)), std::string(file->bytes), {}};
}

Newsroom::Newsroom(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Newsroom::~Newsroom() = default;

Result<std::unique_ptr<Newsroom>> Newsroom::open() {
  auto parts = std::make_unique<Parts>();
  auto server = WebServer::start(
      [answering = parts.get()](const WebRequest& request) { return answering->answer(request); });
  if (!server) return tl::unexpected(server.error().during("opening the newsroom"));
  parts->port = (*server)->port();
  parts->server = std::move(*server);
  return std::unique_ptr<Newsroom>(new Newsroom(std::move(parts)));
}

std::vector<std::string> Newsroom::article_urls() const {
  std::vector<std::string> urls;
  for (std::string_view path : kArticles) {
    urls.push_back(fmt::format("http://{}{}", parts_->authority(kSiteHost), path));
  }
  return urls;
}

std::string Newsroom::feed_url() const {
  return fmt::format("http://{}/feed.xml", parts_->authority(kSiteHost));
}

std::vector<std::string> Newsroom::resolve() const {
  return {fmt::format("{}:127.0.0.1", parts_->authority(kSiteHost)),
          fmt::format("{}:127.0.0.1", parts_->authority(kImageHost))};
}

}  // namespace halftone

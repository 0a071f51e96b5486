#include "crawler/page_scan.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <pthread.h>
#include <set>
#include <span>
#include <thread>

#include "crawler/robots_meta.h"
#include "crawler/text_fingerprint.h"
#include "media/mime.h"
#include "media/sitemap.h"
#include "store/limits.h"

namespace halftone {
namespace {

// A page that links to more is a list that others lead to as well.
constexpr size_t kMostLinks = 50'000;
constexpr unsigned kMostThreads = 8;

bool has_text(DocumentType type) {
  return type == DocumentType::kHtml || type == DocumentType::kMarkdown;
}

// Galleries say little and differ in what they show.
std::string text_with_pictures(const ArticleFacts& facts) {
  std::string text = facts.title + "\n" + facts.text;
  for (const ArticleImage& image : facts.images) text.append("\n").append(image.url);
  return text;
}

void gather_links(ScannedPage& page) {
  std::set<std::string> seen;
  for (const Reference& reference : page.scan.references) {
    const bool is_feed = reference.kind == Kind::kFeed;
    // Sitemaps of an index are kOther.
    const bool is_page = reference.kind == Kind::kPage ||
                         (page.type == DocumentType::kSitemap && reference.kind == Kind::kOther);
    if ((!is_page && !is_feed) || reference.url.empty() || seen.size() >= kMostLinks) continue;
    const auto url = Url::parse(reference.url);
    if (!url || !url->is_http() || !seen.insert(url->href_without_fragment()).second) continue;
    (is_feed ? page.feeds : page.pages).push_back(*url);
  }
}

}  // namespace

Result<ScannedPage> scan_page(Archive& archive, const CaptureOutcome& outcome) {
  const auto url = Url::parse(outcome.final_url);
  if (!url) bug("a capture has a URL that does not parse");
  ScannedPage page{
      .problem = {}, .url = *url, .charset = {}, .scan = {}, .facts = {}, .pages = {}, .feeds = {}};
  if (!is_text_type(outcome.type) && outcome.type != "application/gzip") return page;
  if (outcome.size > kLargestDocument) {
    page.problem = "too large to be looked through";
    return page;
  }
  auto bytes = outcome.text;
  if (!bytes) {
    auto archived = archive.blobs().get(outcome.digest, kLargestDocument);
    if (!archived) return tl::unexpected(archived.error());
    bytes = std::make_shared<const std::string>(*std::move(archived));
  }
  page.type = document_type(outcome.type, url->pathname(), *bytes);
  if (page.type == DocumentType::kCss || page.type == DocumentType::kSvg) {
    page.type = DocumentType::kNone;
  }
  if (page.type == DocumentType::kNone) return page;
  const auto content_type = parse_mime_type(outcome.content_type);
  page.charset = content_type ? content_type->charset : "";
  page.scan = scan_document(*bytes, page.type, *url, page.charset);
  const std::string_view tag = outcome.robots_tag;
  RobotsMeta robots = robots_from_headers(std::span(&tag, tag.empty() ? 0 : 1));
  if (has_text(page.type)) {
    if (page.type == DocumentType::kHtml) robots |= robots_from_html(*bytes);
    page.facts = read_article(*bytes, page.type, *url, page.scan);
    page.fingerprint = text_fingerprint(text_with_pictures(page.facts));
  }
  page.noarchive = robots.noarchive;
  page.nofollow = robots.nofollow;
  gather_links(page);
  return page;
}

struct ScanPool::Parts {
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::function<void()>> waiting;
  bool ending = false;
  std::vector<std::thread> threads;

  void work() {
    pthread_setname_np(pthread_self(), "scanner");
    while (true) {
      std::function<void()> next;
      {
        std::unique_lock lock(mutex);
        wake.wait(lock, [&] { return ending || !waiting.empty(); });
        if (ending) return;
        next = std::move(waiting.front());
        waiting.pop_front();
      }
      next();
    }
  }
};

// One core is for the network, and one for what is written.
ScanPool::ScanPool() : parts_(std::make_unique<Parts>()) {
  const unsigned cores = std::thread::hardware_concurrency();
  const unsigned count = std::clamp(cores, 3U, kMostThreads + 2) - 2;
  for (unsigned i = 0; i < count; ++i) parts_->threads.emplace_back([this] { parts_->work(); });
}

ScanPool::~ScanPool() {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->ending = true;
  }
  parts_->wake.notify_all();
  for (std::thread& thread : parts_->threads) thread.join();
}

void ScanPool::push(std::function<void()> work) {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->waiting.push_back(std::move(work));
  }
  parts_->wake.notify_one();
}

}  // namespace halftone

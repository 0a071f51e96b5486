// How fast references are found and rewritten, beside libgumbo's parse of the same bytes.
//   scan [FILE…]     HTML: a table of medians in MB/s, for pages of its own and the files given
//   scan --types     the other types of documents
//   scan --memory    what scanning takes beside the document and its references
//   scan --hostile   the time for hostile inputs of n and 2n repetitions, and their ratio
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <gumbo.h>
#include <iterator>
#include <string>
#include <sys/resource.h>
#include <vector>

#include "media/css.h"
#include "media/document.h"
#include "media/html_tokenizer.h"
#include "store/replay_links.h"
#include "store/rewrite.h"
#include "tests/bench/scan/hostile.h"
#include "tests/bench/scan/pages.h"

using namespace halftone;
using namespace halftone::bench;

namespace {

constexpr int kRounds = 9;
constexpr double kLeastSeconds = 0.03;  // one measurement repeats the work until then
constexpr int kMostTimes = 1 << 20;     // or that often: an empty document takes no time

// Of the processor: on a busy machine the clock on the wall would tell of others.
double seconds(const std::function<void()>& work) {
  const std::clock_t from = std::clock();
  work();
  return static_cast<double>(std::clock() - from) / CLOCKS_PER_SEC;
}

// Median of megabytes a second.
double speed(size_t bytes, const std::function<void()>& work) {
  int times = 1;
  for (double once = seconds(work); once * times < kLeastSeconds && times < kMostTimes;) times *= 2;
  std::vector<double> rounds;
  for (int i = 0; i < kRounds; ++i) {
    rounds.push_back(seconds([&] {
      for (int k = 0; k < times; ++k) work();
    }));
  }
  std::nth_element(rounds.begin(), rounds.begin() + kRounds / 2, rounds.end());
  return static_cast<double>(bytes) * times / rounds[kRounds / 2] / 1e6;
}

volatile size_t kept = 0;  // so that no work is left out as useless

void tokenize(std::string_view text) {
  HtmlTokenizer tokenizer(text);
  while (tokenizer.next().type != HtmlToken::Type::kEnd) kept = kept + 1;
}

// The style sheets of a page as one text.
std::string styles_of(std::string_view text) {
  std::string out;
  HtmlTokenizer tokenizer(text);
  for (const HtmlToken* token = &tokenizer.next(); token->type != HtmlToken::Type::kEnd;
       token = &tokenizer.next()) {
    const bool raw =
        token->type == HtmlToken::Type::kText && token->text_mode == HtmlToken::TextMode::kRawText;
    if (raw) out += token->text;
  }
  return out;
}

const Url& base() {
  static const Url url = *Url::parse("https://www.example.com/2022/01/article.html");
  return url;
}

Scan scan_html(std::string_view bytes) {
  return scan_document(bytes, DocumentType::kHtml, base(), "");
}

void print_row(const Page& page) {
  const std::string_view bytes = page.bytes;
  const ReplayLinks links("/web/", "20260101000000");
  const Scan found = scan_html(bytes);
  const auto rewritten = [&](const Scan& scan, CopyKind kind) {
    kept = kept + rewrite_document(bytes, DocumentType::kHtml, scan, links, kind).size();
  };
  const double scan =
      speed(bytes.size(), [&] { kept = kept + scan_html(bytes).references.size(); });
  const double replay = speed(bytes.size(), [&] { rewritten(found, CopyKind::kReplay); });
  const double sealed = speed(bytes.size(), [&] { rewritten(found, CopyKind::kSealedDocument); });
  const double whole = speed(bytes.size(), [&] { rewritten(scan_html(bytes), CopyKind::kReplay); });
  const double tokens = speed(bytes.size(), [&] { tokenize(bytes); });
  const std::string styles = styles_of(bytes);
  const double css =
      styles.empty() ? 0
                     : speed(styles.size(), [&] { kept = kept + find_css_urls(styles).size(); });
  const double gumbo = speed(bytes.size(), [&] {
    GumboOutput* tree = gumbo_parse_with_options(&kGumboDefaultOptions, bytes.data(), bytes.size());
    gumbo_destroy_output(&kGumboDefaultOptions, tree);
  });
  std::printf("| %s | %.0f | %zu | %.0f | %.1f | %.0f | %.0f | %.0f | %.0f | %.0f | %.1f |\n",
              page.name.c_str(), static_cast<double>(bytes.size()) / 1000, found.references.size(),
              scan, scan / gumbo, replay, sealed, whole, tokens, css, gumbo);
}

int print_speeds(const std::vector<Page>& pages) {
  std::printf(
      "| page | kB | references | scan | / libgumbo | replay copy | sealed copy | scan and replay "
      "copy | tokens | css | libgumbo |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
  for (const Page& page : pages) print_row(page);
  return 0;
}

int print_types() {
  std::printf("| type | kB | references | scan |\n| --- | --- | --- | --- |\n");
  for (const TypedPage& page : other_documents()) {
    const auto scan = [&] {
      return scan_document(page.bytes, page.type, base(), "").references.size();
    };
    const double fast = speed(page.bytes.size(), [&] { kept = kept + scan(); });
    std::printf("| %s | %zu | %zu | %.0f |\n", std::string(to_string(page.type)).c_str(),
                page.bytes.size() / 1000, scan(), fast);
  }
  return 0;
}

long peak_kilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// The peak never falls, so that the smaller document comes first.
int print_memory() {
  std::printf(
      "| document MB | references | their kB | peak grows by kB |\n| --- | --- | --- | --- |\n");
  for (const size_t megabytes : {10, 100}) {
    const std::string page = long_page(megabytes * 1'000'000);
    const long before = peak_kilobytes();
    const Scan scan = scan_html(page);
    size_t size = scan.references.capacity() * sizeof(Reference);
    for (const Reference& each : scan.references) size += each.url.size() + each.raw.size();
    std::printf("| %zu | %zu | %zu | %ld |\n", megabytes, scan.references.size(), size / 1024,
                peak_kilobytes() - before);
  }
  return 0;
}

int print_hostile() {
  std::printf(
      "| scanner | input | n | seconds | 2n | ratio |\n| --- | --- | --- | --- | --- | --- |\n");
  for (const Hostile& hostile : hostile_inputs()) {
    const size_t n = 400'000;
    double times[2] = {1e9, 1e9};
    for (int i = 0; i < 2; ++i) {
      const std::string input = hostile.make(n << i);
      for (int round = 0; round < 3; ++round) {
        times[i] = std::min(times[i], seconds([&] { kept = kept + hostile.work(input); }));
      }
    }
    std::printf("| %s | %s | %zu | %.4f | %.4f | %.2f |\n", hostile.scanner.c_str(),
                hostile.name.c_str(), n, times[0], times[1], times[1] / times[0]);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc == 2 ? argv[1] : "";
  if (mode == "--hostile") return print_hostile();
  if (mode == "--types") return print_types();
  if (mode == "--memory") return print_memory();
  std::vector<Page> pages = article_pages();
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    if (!file) {
      std::fprintf(stderr, "scan: cannot read %s\n", argv[i]);
      return 1;
    }
    const std::string path = argv[i];
    pages.push_back({path.substr(path.rfind('/') + 1), {std::istreambuf_iterator<char>(file), {}}});
  }
  return print_speeds(pages);
}

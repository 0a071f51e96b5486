// How fast references are found in HTML, beside libgumbo's parse of the same bytes.
//   scan [FILE…]     a table of medians in MB/s, for pages of its own and the files given
//   scan --hostile   the time for hostile inputs of n and 2n repetitions, and their ratio
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <functional>
#include <gumbo.h>
#include <iterator>
#include <string>
#include <vector>

#include "media/charset.h"
#include "media/css.h"
#include "media/document.h"
#include "media/html_tokenizer.h"
#include "tests/bench/scan/pages.h"

using namespace halftone;
using namespace halftone::bench;

namespace {

constexpr int kRounds = 9;
constexpr double kLeastSeconds = 0.03;  // one measurement repeats the work until then

// Of the processor: on a busy machine the clock on the wall would tell of others.
double seconds(const std::function<void()>& work) {
  const std::clock_t from = std::clock();
  work();
  return static_cast<double>(std::clock() - from) / CLOCKS_PER_SEC;
}

// Median of megabytes a second.
double speed(size_t bytes, const std::function<void()>& work) {
  int times = 1;
  for (double once = seconds(work); once * times < kLeastSeconds;) times *= 2;
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

double scan_speed(std::string_view bytes) {
  const Url base = *Url::parse("https://www.example.com/2022/01/article.html");
  return speed(bytes.size(), [&] {
    kept = kept + scan_document(bytes, DocumentType::kHtml, base, "")->references.size();
  });
}

void print_row(const Page& page) {
  const std::string_view bytes = page.bytes;
  const Url base = *Url::parse("https://www.example.com/2022/01/article.html");
  const size_t references = scan_document(bytes, DocumentType::kHtml, base, "")->references.size();
  const double scan = scan_speed(bytes);
  const double tokens = speed(bytes.size(), [&] { tokenize(bytes); });
  const double decoding = speed(bytes.size(), [&] {
    kept = kept + decode(bytes, detect_encoding(bytes, "", true).name).text().size();
  });
  const std::string styles = styles_of(bytes);
  const double css =
      styles.empty() ? 0
                     : speed(styles.size(), [&] { kept = kept + find_css_urls(styles).size(); });
  const double gumbo = speed(bytes.size(), [&] {
    GumboOutput* tree = gumbo_parse_with_options(&kGumboDefaultOptions, bytes.data(), bytes.size());
    gumbo_destroy_output(&kGumboDefaultOptions, tree);
  });
  std::printf("| %-24s | %6.0f | %5zu | %6.0f | %6.0f | %6.0f | %6.0f | %6.1f | %5.1f |\n",
              page.name.c_str(), static_cast<double>(bytes.size()) / 1000, references, scan, tokens,
              decoding, css, gumbo, scan / gumbo);
}

int print_speeds(const std::vector<Page>& pages) {
  std::printf(
      "| page | kB | references | scan MB/s | tokens | decode | css | gumbo | ratio |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
  for (const Page& page : pages) print_row(page);
  return 0;
}

int print_hostile() {
  const Url base = *Url::parse("https://example.org/");
  std::printf("| input | n | seconds | 2n | ratio |\n| --- | --- | --- | --- | --- |\n");
  for (const Hostile& hostile : hostile_inputs()) {
    const size_t n = 400'000;
    double times[2] = {1e9, 1e9};
    for (int i = 0; i < 2; ++i) {
      const std::string page = hostile.make(n << i);
      for (int round = 0; round < 3; ++round) {
        times[i] = std::min(
            times[i], seconds([&] {
              kept = kept + scan_document(page, DocumentType::kHtml, base, "")->references.size();
            }));
      }
    }
    std::printf("| %-20s | %zu | %.4f | %.4f | %.2f |\n", hostile.name.c_str(), n, times[0],
                times[1], times[1] / times[0]);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--hostile") == 0) return print_hostile();
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

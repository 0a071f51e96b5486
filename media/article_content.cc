#include "media/article_content.h"

#include <algorithm>
#include <optional>

#include "media/article_html.h"
#include "media/article_phrases.h"
#include "media/article_text.h"
#include "media/ascii.h"
#include "media/time.h"

namespace halftone {
namespace {

using BlockKind = OutlineBlock::Kind;

// Lengths are bytes of UTF-8: Chinese says in three what English says in three letters or more.
constexpr double kSentence = 30;          // a text with sentence marks that is worth as much
constexpr double kLong = 80;              // so is any of this length
constexpr double kMostOfOneBlock = 3000;  // longer ones weigh no more
constexpr double kPicture = 60;           // a picture that no link is around of
constexpr double kRealText = 250;         // less does not speak against what markup says
constexpr double kRealAside = 200;        // an aside of more may be called so in error
constexpr size_t kLongestDateline = 160;
constexpr size_t kShortLine = 300;  // a byline, a date, a caption in the text

double length_of(const OutlineBlock& block) {
  return std::min(static_cast<double>(block.text.size()), kMostOfOneBlock);
}

double link_share(const OutlineBlock& block) {
  if (block.text.empty()) return 0;
  return static_cast<double>(block.link_bytes) / static_cast<double>(block.text.size());
}

bool is_links(const OutlineBlock& block) { return link_share(block) > 0.5; }

// Positive for what an article is made of, negative for what navigation is.
double value_of(const OutlineBlock& block) {
  const double length = length_of(block);
  const double pictures = kPicture * static_cast<double>(std::min<size_t>(block.pictures, 4));
  if (block.kind == BlockKind::kPicture || block.kind == BlockKind::kCaption)
    return pictures + length / 2;
  if (is_links(block)) return pictures - 2 * length - 40;
  if (block.kind == BlockKind::kHeading) return 0;
  const double words = length * (1 - link_share(block));
  if (length >= kLong || (length >= kSentence && has_sentence_marks(block.text))) {
    return pictures + words;
  }
  const bool proper = block.kind == BlockKind::kParagraph || block.kind == BlockKind::kPre;
  return pictures + (proper ? words : 0);
}

// A label beside the article rather than a part of it.
bool is_label(const OutlineBlock& block) {
  const bool loose = block.kind == BlockKind::kLoose || block.kind == BlockKind::kCell;
  return loose && block.text.size() < kSentence && block.text.find('\n') == std::string::npos &&
         !has_sentence_marks(block.text);
}

bool sends_on(const OutlineBlock& block) {
  return block.text.size() <= kShortLine && begins_by_sending_on(block.text);
}

bool comes_afterwards(const OutlineBlock& block) {
  return block.kind != BlockKind::kPre && is_heading_of_afterwards(block.text);
}

bool ends_sentence(std::string_view text) {
  for (const std::string_view end : {".", "!", "?", "。", "！", "？", "…", "”", "」", "؟", "۔"}) {
    if (text.ends_with(end)) return true;
  }
  return false;
}

// What stands under an article's title and is told as facts of their own.
bool is_dateline(const OutlineBlock& block) {
  if (block.text.size() > kLongestDateline || block.kind == BlockKind::kHeading) return false;
  if (ends_sentence(block.text)) return parse_date(block.text).has_value();
  return find_date(block.text) || !byline_in(block.text).empty();
}

struct Range {
  size_t from = 0, to = 0;
  bool empty() const { return from >= to; }
};

class Chooser {
 public:
  explicit Chooser(const Outline& outline)
      : outline_(outline), blocks_(outline.blocks), values_(blocks_.size()) {
    for (size_t i = 0; i < blocks_.size(); ++i) values_[i] = value_of(blocks_[i]);
  }

  ArticleContent choose() && {
    judge_regions();
    if (std::all_of(out_.begin(), out_.end(), [](bool out) { return out; })) {
      out_.assign(blocks_.size(), false);  // a page of nothing but asides is about them
    }
    const Range range = best_range();
    const auto marked = marked_region(range);
    region_ = marked ? *marked : common_region(range);
    ArticleContent content;
    content.region = region_;
    content.body = outline_.regions[region_].content;
    const Range chosen = grown(marked ? blocks_in(*marked) : range, marked.has_value());
    keep_links_between(chosen);
    pick(chosen, content);
    add_near_title(content);
    return content;
  }

 private:
  // Which blocks stand in asides and comments. An aside that holds most of the page's words is
  // called so in error.
  void judge_regions() {
    const auto& regions = outline_.regions;
    std::vector<double> words(regions.size());
    for (size_t i = 0; i < blocks_.size(); ++i) {
      words[blocks_[i].region] += std::max(values_[i], 0.0);
    }
    for (size_t r = regions.size(); r-- > 1;) words[regions[r].parent] += words[r];
    std::vector<bool> aside(regions.size());
    for (size_t r = 1; r < regions.size(); ++r) {
      const bool doubtful =
          regions[r].hint == Hint::kAside && words[r] >= kRealAside && words[r] >= words[0] / 2;
      const bool told = regions[r].hint == Hint::kAside || regions[r].hint == Hint::kComments;
      aside[r] = aside[regions[r].parent] || (told && !doubtful);
    }
    out_.resize(blocks_.size());
    for (size_t i = 0; i < blocks_.size(); ++i) out_[i] = aside[blocks_[i].region];
  }

  // The run of blocks of the greatest value (Kadane's algorithm).
  Range best_range() const {
    Range best, run;
    double best_sum = 0, sum = 0;
    for (size_t i = 0; i < blocks_.size(); ++i) {
      if (out_[i]) continue;
      if (sum <= 0) {
        sum = 0;
        run.from = i;
      }
      sum += values_[i];
      run.to = i + 1;
      if (sum > best_sum) {
        best_sum = sum;
        best = run;
      }
    }
    return best.empty() ? Range{0, blocks_.size()} : best;
  }

  double words_in(Range range) const {
    double words = 0;
    for (size_t i = range.from; i < range.to; ++i) {
      if (!out_[i]) words += std::max(values_[i], 0.0);
    }
    return words;
  }

  // The region that markup calls the article and that holds most of its words; the inner of two
  // that hold the same.
  std::optional<uint32_t> marked_region(Range range) const {
    const auto& regions = outline_.regions;
    std::vector<double> words(regions.size());
    std::vector<size_t> bytes(regions.size());
    for (size_t i = 0; i < blocks_.size(); ++i) {
      if (out_[i]) continue;
      words[blocks_[i].region] += std::max(values_[i], 0.0);
      bytes[blocks_[i].region] += blocks_[i].text.size() + blocks_[i].pictures;
    }
    std::optional<uint32_t> best;
    double best_score = -1;
    for (size_t r = regions.size(); r-- > 1;) {
      words[regions[r].parent] += words[r];
      bytes[regions[r].parent] += bytes[r];
      const double weight = weight_of(regions[r].hint);
      if (weight == 0 || bytes[r] == 0) continue;
      // A little for the bytes, where nothing in it is of value.
      const double score = weight * (words[r] + 0.001 * static_cast<double>(bytes[r]));
      if (score > best_score) {
        best_score = score;
        best = static_cast<uint32_t>(r);
      }
    }
    if (!best) return std::nullopt;
    const double all = words_in(range);
    const bool holds_most = words[*best] * 1.6 >= all || all - words[*best] < kRealText;
    return holds_most ? best : std::nullopt;
  }

  static double weight_of(Hint hint) {
    switch (hint) {
      case Hint::kBody:
        return 1.5;
      case Hint::kArticle:
        return 1.1;
      case Hint::kMain:
        return 1;
      default:
        return 0;
    }
  }

  // The innermost region that holds all that is of value in a range.
  uint32_t common_region(Range range) const {
    std::optional<uint32_t> common;
    for (size_t i = range.from; i < range.to; ++i) {
      if (out_[i] || values_[i] <= 0) continue;
      uint32_t other = blocks_[i].region;
      if (!common) common = other;
      while (*common != other) {  // what holds another comes before it
        uint32_t& inner = *common > other ? *common : other;
        inner = outline_.regions[inner].parent;
      }
    }
    return common.value_or(0);
  }

  bool is_in(uint32_t region, const OutlineBlock& block) const {
    return block.region >= region && block.region <= outline_.regions[region].last;
  }

  Range blocks_in(uint32_t region) const {
    Range range{blocks_.size(), 0};
    for (size_t i = 0; i < blocks_.size(); ++i) {
      if (!is_in(region, blocks_[i])) continue;
      range.from = std::min(range.from, i);
      range.to = i + 1;
    }
    return range;
  }

  // With the headings, pictures and standfirst before it; cut where what follows an article begins.
  Range grown(Range range, bool marked) const {
    const size_t first = range.from;
    const auto title = title_before(first);
    while (range.from > 0) {
      const OutlineBlock& block = blocks_[range.from - 1];
      const bool near = is_in(region_, block) || (title && range.from > *title + 1);
      if (!near && !out_[range.from - 1]) break;
      if (!out_[range.from - 1] && is_links(block) && !marked) break;
      --range.from;
    }
    while (!marked && range.to < blocks_.size() && is_in(region_, blocks_[range.to]) &&
           values_[range.to] >= 0 && !comes_afterwards(blocks_[range.to])) {
      ++range.to;
    }
    if (!marked) range.to = end_over_lists(range);
    double before = 0;
    const double all = words_in(range);
    for (size_t i = range.from; i < range.to; ++i) {
      if (!out_[i] && before >= all / 2 && before > 0 && comes_afterwards(blocks_[i])) {
        range.to = i;
      }
      if (!out_[i]) before += std::max(values_[i], 0.0);
    }
    return range;
  }

  // Where a range ends that goes on over lists of links to the paragraphs beside its last ones.
  size_t end_over_lists(Range range) const {
    std::optional<uint32_t> beside;
    for (size_t i = range.from; i < range.to; ++i) {
      if (!out_[i] && values_[i] > 0) beside = blocks_[i].region;
    }
    for (size_t i = range.to; beside && i < blocks_.size(); ++i) {
      if (out_[i] || is_link_row(blocks_[i])) continue;
      if (blocks_[i].region != *beside || comes_afterwards(blocks_[i])) break;
      if (values_[i] > 0) range.to = i + 1;
    }
    return range.to;
  }

  // The last <h1> before a block, among the few dozen that come before it.
  std::optional<size_t> title_before(size_t block) const {
    for (size_t i = block; i-- > 0 && block - i < 40;) {
      if (blocks_[i].is_title && !out_[i]) return i;
    }
    return std::nullopt;
  }

  // Links in rows between what is of value are the article's own where no heading says otherwise:
  // the steps of a manual, books to read. Where markup does not tell that it is the article, they
  // stand in the very element that the words before them stand in.
  void keep_links_between(Range range) {
    kept_links_.assign(blocks_.size(), false);
    const Hint hint = outline_.regions[region_].hint;
    const bool sure = hint == Hint::kBody || hint == Hint::kArticle;
    size_t end = range.to;
    while (end > range.from && (out_[end - 1] || !goes_on(blocks_[end - 1]))) --end;
    std::optional<uint32_t> before;  // the region of the last words of value
    bool announced = false;
    for (size_t i = range.from; i < end; ++i) {
      if (out_[i]) continue;
      const OutlineBlock& block = blocks_[i];
      if (is_link_row(block)) {
        const bool beside =
            before && (block.region == *before || outline_.regions[block.region].parent == *before);
        kept_links_[i] = before && !announced && (sure || beside);
        continue;
      }
      announced = announces_links(block.text);
      if (values_[i] > 0) before = block.region;
    }
  }

  static bool is_link_row(const OutlineBlock& block) {
    const bool proper =
        block.kind == BlockKind::kItem || block.kind == BlockKind::kParagraph ||
        (block.kind == BlockKind::kCell && block.text.find('\t') != block.text.npos);
    return proper && block.pictures == 0 && is_links(block) && !is_share_button(block.text);
  }

  // After which links are not at the article's end.
  static bool goes_on(const OutlineBlock& block) {
    if (is_links(block) || sends_on(block) || announces_links(block.text)) return false;
    return block.kind == BlockKind::kItem ? !block.text.empty() : value_of(block) > 0;
  }

  void pick(Range range, ArticleContent& content) const {
    bool begun = false;
    for (size_t i = range.from; i < range.to; ++i) {
      if (out_[i]) continue;
      const OutlineBlock& block = blocks_[i];
      const bool outside = !is_in(region_, block);
      if (outside &&
          (block.kind == BlockKind::kLoose ? is_label(block) || !has_sentence_marks(block.text)
                                           : block.kind == BlockKind::kHeading)) {
        continue;
      }
      if (is_left_out(i, range) || (!begun && is_dateline(block))) continue;
      begun = begun || values_[i] >= kLong;
      content.blocks.push_back(static_cast<uint32_t>(i));
    }
    trim_labels(content.blocks);
  }

  // Links in rows, and lines that send the reader elsewhere. A paragraph that is one link, among
  // others that are none, is the article's.
  bool is_left_out(size_t i, Range range) const {
    const OutlineBlock& block = blocks_[i];
    if (block.link_bytes > 0 && sends_on(block)) return true;
    if (comes_afterwards(block) && !has_sentence_marks(block.text)) return true;
    if (!is_links(block) || block.kind == BlockKind::kHeading) return false;
    if (block.kind == BlockKind::kCaption || block.pictures > 0 || kept_links_[i]) return false;
    const bool proper = block.kind == BlockKind::kParagraph || has_sentence_marks(block.text);
    const auto links_at = [&](size_t at) {
      return at >= range.from && at < range.to && !out_[at] && is_links(blocks_[at]);
    };
    const bool in_row = (i > 0 && links_at(i - 1)) || links_at(i + 1);
    return in_row || (!proper && link_share(block) > 0.8);
  }

  // Labels count between other blocks, not at the ends; but where there is nothing else, they do.
  void trim_labels(std::vector<uint32_t>& blocks) const {
    const auto counts = [&](uint32_t i) { return !is_label(blocks_[i]); };
    const auto first = std::find_if(blocks.begin(), blocks.end(), counts);
    const bool text = std::any_of(blocks.begin(), blocks.end(), [&](uint32_t i) {
      return values_[i] > 0 || blocks_[i].kind == BlockKind::kHeading;
    });
    if (first == blocks.end() || !text) return;
    const auto last = std::find_if(blocks.rbegin(), blocks.rend(), counts).base();
    blocks.erase(last, blocks.end());
    blocks.erase(blocks.begin(), first);
  }

  // The blocks that may say who wrote it and when, asides included.
  void add_near_title(ArticleContent& content) const {
    const size_t first = content.blocks.empty() ? 0 : content.blocks.front();
    size_t title = title_before(std::min(first + 3, blocks_.size())).value_or(first);
    const size_t from = title < 3 ? 0 : title - 3;
    for (size_t i = from; i < blocks_.size() && i < title + 10; ++i) {
      if (blocks_[i].text.size() <= kShortLine && blocks_[i].kind != BlockKind::kHeading) {
        content.near_title.push_back(static_cast<uint32_t>(i));
      }
    }
  }

  const Outline& outline_;
  const std::vector<OutlineBlock>& blocks_;
  std::vector<double> values_;
  std::vector<bool> out_;         // in an aside or among comments
  std::vector<bool> kept_links_;  // a row of links that is the article's own
  uint32_t region_ = 0;
};

}  // namespace

ArticleContent choose_content(const Outline& outline) { return Chooser(outline).choose(); }

std::string text_of(const Outline& outline, const ArticleContent& content) {
  std::string text;
  for (const uint32_t block : content.blocks) {
    const std::string& words = outline.blocks[block].text;
    if (words.empty()) continue;
    if (!text.empty()) text += "\n\n";
    text += words;
  }
  return text;
}

std::vector<ArticleImage> images_of(const Outline& outline, const ArticleContent& content) {
  std::vector<ArticleImage> images;
  auto chosen = content.blocks.begin();
  for (const OutlinePicture& picture : outline.pictures) {
    while (chosen != content.blocks.end() && *chosen < picture.block) ++chosen;
    if (chosen == content.blocks.end()) break;
    if (*chosen != picture.block) continue;
    images.push_back(picture.image);
    const auto next = chosen + 1;
    if (!images.back().caption.empty() || next == content.blocks.end() ||
        outline.blocks[*chosen].kind != BlockKind::kPicture) {
      continue;
    }
    const std::string& words = outline.blocks[*next].text;
    if (*next == *chosen + 1 && words.size() <= kShortLine && begins_caption(words)) {
      images.back().caption = words;
    }
  }
  return images;
}

}  // namespace halftone

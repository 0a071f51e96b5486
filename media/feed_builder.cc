#include "media/feed_builder.h"

#include <algorithm>
#include <initializer_list>
#include <unordered_set>
#include <utility>

namespace halftone {
namespace {

constexpr size_t kMostEntries = 100'000;
constexpr size_t kMostCategories = 256;  // of one entry
// Every relative reference is resolved against the base, so a long one costs that much each time.
constexpr size_t kLongestBase = 2048;

bool is_picture(Kind kind) {
  return kind == Kind::kImage || kind == Kind::kLazyImage || kind == Kind::kImageCandidate ||
         kind == Kind::kPoster;
}

// What a reader of the feed would see without asking for it.
Loading loading_of(Kind kind) {
  return is_picture(kind) || kind == Kind::kIcon ? Loading::kAtOnce : Loading::kNever;
}

std::string found_at(const FeedDraft& draft, Feed::Type type) {
  // RSS has a link of its own; what Atom's would say stands behind it.
  const bool is_rss = type == Feed::Type::kRss || type == Feed::Type::kRdf;
  const std::string* first = is_rss ? &draft.link : &draft.alternate;
  const std::string* second = is_rss ? &draft.alternate : &draft.link;
  for (const std::string* link : {&draft.original, first, second, &draft.permalink, &draft.about}) {
    if (link->empty()) continue;
    const auto url = Url::parse(*link, &draft.base);
    if (url && url->is_http()) return url->href();
  }
  return {};
}

const std::string& first_of(std::initializer_list<const std::string*> texts) {
  for (const std::string* text : texts) {
    if (!text->empty()) return *text;
  }
  return **texts.begin();
}

}  // namespace

void FeedDraft::add_category(std::string_view text) {
  auto& categories = facts.categories;
  std::string category = short_text(text);
  if (category.empty() || categories.size() >= kMostCategories) return;
  const bool known = std::find(categories.begin(), categories.end(), category) != categories.end();
  if (!known) categories.push_back(std::move(category));
}

void FeedBuilder::begin_entry(const Url& base) {
  end_entry();
  entry_.emplace(base);
}

void FeedBuilder::end_entry() {
  if (!entry_) return;
  FeedDraft& draft = *entry_;
  FeedEntry& facts = draft.facts;
  facts.url = found_at(draft, feed_.type);
  read_contents(entry_contents_, facts.url);
  take_shown(facts);
  facts.title = first_of({&facts.title, &draft.other_title});
  facts.author = first_of({&facts.author, &draft.creator});
  facts.id = first_of({&facts.id, &draft.permalink, &draft.about, &facts.url});
  for (const std::string* date : {&draft.published, &draft.module_date, &draft.updated}) {
    if (!facts.date) facts.date = parse_date(*date);
  }
  if (feed_.entries.size() < kMostEntries) {
    feed_.entries.push_back(std::move(facts));
  } else {
    ++left_out_;
  }
  entry_.reset();
}

Reference* FeedBuilder::add(Kind kind, const SourceText& value, const Escapes& escapes,
                            const Url& base, bool shows) {
  Reference* added = references_.add(kind, value, escapes, &base);
  if (!added) return nullptr;
  added->loading = loading_of(added->kind);
  if (shows) show(*added, false);
  return added;
}

void FeedBuilder::add_content(FeedContent content, std::optional<Url> base) {
  if (content.html.text().empty() || references_.is_full()) return;
  auto& contents = entry_ ? entry_contents_ : contents_;
  contents.push_back({std::move(content), std::move(base)});
}

void FeedBuilder::set_home(std::string_view link, const Url& base) {
  if (!home_.empty() || link.empty()) return;
  const auto url = Url::parse(link, &base, charset_);
  if (url && url->is_http()) home_ = url->href();
}

void FeedBuilder::set_author(std::string_view author) {
  if (author_.empty()) author_ = author;
}

void FeedBuilder::show(const Reference& reference, bool in_content) {
  const bool is_image = is_picture(reference.kind);
  const bool is_enclosure = reference.kind == Kind::kMedia && !in_content;
  if (!entry_ || reference.url.empty() || reference.rejected || (!is_image && !is_enclosure))
    return;
  shown_.push_back({reference.span.from, reference.url, is_image});
}

void FeedBuilder::take_shown(FeedEntry& facts) {
  std::stable_sort(shown_.begin(), shown_.end(),
                   [](const Shown& a, const Shown& b) { return a.at < b.at; });
  std::unordered_set<std::string> known;
  for (Shown& shown : shown_) {
    if (!known.insert(shown.url).second) continue;
    (shown.is_image ? facts.images : facts.enclosures).push_back(std::move(shown.url));
  }
  shown_.clear();
}

void FeedBuilder::read_contents(std::vector<Content>& contents, const std::string& home) {
  const auto site = home.size() <= kLongestBase ? Url::parse(home) : std::nullopt;
  for (Content& content : contents) {
    if (references_.is_full()) break;
    const Url& base = content.base ? *content.base : site ? *site : document_url_;
    auto found = find_content_references(content.content, base, charset_);
    for (const Reference& reference : found) show(reference, true);
    references_.append(std::move(found));
  }
  contents.clear();
}

FeedScan FeedBuilder::finish() && {
  end_entry();
  read_contents(contents_, home_);
  const bool inherits = feed_.type == Feed::Type::kAtom || feed_.type == Feed::Type::kJson;
  for (FeedEntry& entry : feed_.entries) {
    if (inherits && entry.author.empty()) entry.author = author_;
  }
  if (left_out_ > 0) {
    feed_.warnings.push_back(fmt::format("the feed has {} entries more than the {} that are read",
                                         left_out_, kMostEntries));
  }
  if (references_.is_full()) {
    feed_.warnings.push_back(fmt::format(
        "the feed refers to more than {} things; what follows is passed over", kMostReferences));
  }
  auto references = std::move(references_).take();
  std::stable_sort(
      references.begin(), references.end(),
      [](const Reference& a, const Reference& b) { return a.span.from < b.span.from; });
  return {std::move(feed_), std::move(references)};
}

}  // namespace halftone

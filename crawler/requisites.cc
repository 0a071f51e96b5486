#include "crawler/requisites.h"

#include <set>

#include "crawler/answer.h"
#include "crawler/hotlink.h"
#include "store/files.h"

namespace halftone {
namespace {

// An article that shows more than this is no article.
constexpr size_t kMostRequisites = 20'000;
// Of imports within imports.
constexpr size_t kDeepestSheet = 16;

std::string key_of(const Reference& reference) {
  return reference.url.substr(0, reference.url.find('#'));
}

bool is_sheet(Kind kind) { return kind == Kind::kStylesheet || kind == Kind::kCssString; }

bool is_guess(const Reference& reference) { return !reference.origin_of.empty(); }

// What is asked for before what.
enum class Turn { kSheets, kOthers, kGuesses };

Turn turn_of(const Reference& reference) {
  if (is_guess(reference)) return Turn::kGuesses;
  return is_sheet(reference.kind) ? Turn::kSheets : Turn::kOthers;
}

bool is_wanted(const Reference& reference) {
  return is_requisite(reference.kind) && !reference.rejected;
}

}  // namespace

Requisites::Requisites(Archive& archive, RequisiteSource& source, SheetReader& sheets,
                       std::optional<LocalFolder> folder, uint64_t max_size, Listener listener)
    : archive_(archive),
      source_(source),
      reader_(sheets),
      folder_(std::move(folder)),
      max_size_(max_size),
      listener_(std::move(listener)) {}

void Requisites::want(const std::vector<Reference>& references, const Url& document,
                      ReferrerPolicy policy) {
  want_all(references, document, policy, 0);
  look_into_sheets();
}

void Requisites::want_all(const std::vector<Reference>& references, const Url& document,
                          ReferrerPolicy policy, size_t depth) {
  // A URL that is named as a style sheet and as something else is a style sheet.
  for (const Turn turn : {Turn::kSheets, Turn::kOthers, Turn::kGuesses}) {
    for (const Reference& reference : references) {
      if (turn_of(reference) != turn) continue;
      const bool own = reference.referrer_policy != ReferrerPolicy::kUnset;
      want_one(reference, document, own ? reference.referrer_policy : policy, depth);
    }
  }
}

void Requisites::want_one(const Reference& reference, const Url& document, ReferrerPolicy policy,
                          size_t depth) {
  if (!is_wanted(reference) || reference.url.empty()) return;
  const auto url = Url::parse(reference.url);
  if (!url) bug("a reference has a URL that does not parse");
  const std::string key = url->href_without_fragment();
  if (!is_wanted_first(key, is_guess(reference))) return;
  if (outcomes_.size() > kMostRequisites) {
    const std::string reason = fmt::format("the article shows more than {} files", kMostRequisites);
    return finished(key, reference.kind, depth, {.reason = reason});
  }
  if (url->scheme() == "file") {
    return finished(key, reference.kind, depth, take_local(*url, reference.kind));
  }
  source_.ask({.url = *url,
               .kind = reference.kind,
               .document = document,
               .policy = policy,
               .is_guess = is_guess(reference)},
              [this, key, kind = reference.kind, depth](const CaptureOutcome& outcome) {
                finished(key, kind, depth, outcome);
                if (!looking_) look_into_sheets();
              });
}

// What a guess asked for may turn out to be shown by a style sheet: then it is owed.
bool Requisites::is_wanted_first(const std::string& key, bool is_guess) {
  const auto [entry, is_new] = outcomes_.try_emplace(key);
  if (is_guess && is_new) guesses_.insert(key);
  if (!is_guess && guesses_.erase(key) > 0) missing_ += entry->second && !entry->second->archived;
  return is_new;
}

CaptureOutcome Requisites::take_local(const Url& url, Kind kind) {
  if (!folder_) return {.reason = "a web page may not refer to files"};
  const auto path = folder_->path_of(url);
  if (!path) return {.reason = path.error().message};
  const auto writer = archive_.blobs().writer();
  const auto copied = read_file_in_pieces(
      *path, max_size_, [&](std::string_view piece) { return writer->write(piece); });
  if (!copied) return not_taken(copied.error());
  const auto put = writer->commit("");
  if (!put) return not_taken(put.error());
  file_counts_.new_blobs += put->is_new;
  file_counts_.new_bytes += put->is_new ? put->info.size : 0;
  CaptureOutcome outcome{.reason = mismatch(kind, put->type, put->info.size),
                         .final_url = url.href(),
                         .status = 200,
                         .digest = put->info.digest,
                         .size = put->info.size,
                         .type = type_for(kind, put->type)};
  outcome.archived = outcome.reason.empty();
  return outcome;
}

CaptureOutcome Requisites::not_taken(const Error& error) {
  const bool is_archives = error.code == ErrorCode::kNoSpace || error.code == ErrorCode::kCorrupt;
  if (is_archives) failure_ = error;
  return {.reason = error.message};
}

// Style sheets wait for a loop: they lead to each other, and a chain of them must not become a
// chain of calls.
void Requisites::finished(const std::string& key, Kind kind, size_t depth,
                          const CaptureOutcome& outcome) {
  outcomes_[key] = outcome;
  if (outcome.archived && is_sheet(kind) && outcome.type == "text/css") {
    waiting_sheets_.push_back({key, depth + 1});
  } else {
    count(key);
  }
}

void Requisites::count(const std::string& key) {
  const CaptureOutcome& outcome = *outcomes_[key];
  ++done_;
  missing_ += !outcome.archived && !guesses_.contains(key);
  listener_(key, outcome);
}

void Requisites::look_into_sheets() {
  looking_ = true;
  while (!waiting_sheets_.empty()) {
    const WaitingSheet sheet = waiting_sheets_.front();
    waiting_sheets_.pop_front();
    look_into(sheet);
    count(sheet.key);
  }
  looking_ = false;
}

// A style sheet shows pictures and fonts of its own; one that cannot be looked through is missing.
void Requisites::look_into(const WaitingSheet& sheet) {
  CaptureOutcome& outcome = *outcomes_[sheet.key];
  const auto refuse = [&](std::string_view reason) {
    outcome.archived = false;
    outcome.reason = reason;
  };
  if (sheet.depth > kDeepestSheet) return refuse("style sheets import each other without end");
  const auto url = Url::parse(outcome.final_url);
  if (!url) return refuse("the style sheet cannot be looked through");
  const auto references = reader_.read(outcome.digest, *url);
  if (!references && references.error().code != ErrorCode::kTooLarge) failure_ = references.error();
  if (!references) return refuse("the style sheet is too large to look through");
  sheets_[sheet.key] = *references;
  want_all(**references, *url, policy_from_header(outcome.referrer_policy), sheet.depth);
}

std::vector<ArchivedReference> Requisites::records(const std::vector<Reference>& references) const {
  struct Place {
    const std::vector<Reference>* references;
    std::string document;
    size_t next = 0;
  };
  std::vector<ArchivedReference> records;
  std::set<std::string> told;
  std::vector<Place> open = {{&references, "", 0}};  // not calls: sheets may lead on for ever
  while (!open.empty()) {
    Place& place = open.back();
    if (place.next == place.references->size()) {
      open.pop_back();
      continue;
    }
    const Reference& reference = (*place.references)[place.next++];
    records.push_back(record_of(reference, place.document));
    const auto sheet = sheets_.find(key_of(reference));
    if (sheet == sheets_.end() || !told.insert(sheet->first).second) continue;
    open.push_back({sheet->second.get(), sheet->first, 0});
  }
  return records;
}

ArchivedReference Requisites::record_of(const Reference& reference,
                                        const std::string& document) const {
  ArchivedReference record{.url = reference.url,
                           .raw = reference.raw,
                           .origin_of = reference.origin_of,
                           .kind = reference.kind,
                           .element = reference.element,
                           .attribute = reference.attribute,
                           .descriptor = reference.descriptor,
                           .alt = reference.alt,
                           .document = document};
  if (reference.kind == Kind::kData) {
    record.outcome = Outcome::kInline;
    return record;
  }
  if (!is_wanted(reference)) return record;
  record.outcome = is_guess(reference) ? Outcome::kAbsent : Outcome::kMissing;
  const auto found = outcomes_.find(key_of(reference));
  if (found == outcomes_.end() || !found->second) {
    record.reason = "this is no URL";
    return record;
  }
  const CaptureOutcome& outcome = *found->second;
  record.status = outcome.status;
  record.reason = outcome.reason;
  if (!outcome.archived) return record;
  record.outcome = Outcome::kArchived;
  record.digest = outcome.digest;
  record.size = outcome.size;
  record.type = outcome.type;
  if (outcome.final_url != key_of(reference)) record.final_url = outcome.final_url;
  return record;
}

}  // namespace halftone

#include "crawler/requisites.h"

#include <set>

#include "crawler/answer.h"
#include "media/document.h"
#include "store/files.h"

namespace halftone {
namespace {

// An article that shows more than this is no article.
constexpr size_t kMostRequisites = 20'000;
constexpr uint64_t kLargestSheet = uint64_t{16} << 20;

std::string key_of(const Reference& reference) {
  return reference.url.substr(0, reference.url.find('#'));
}

bool is_wanted(const Reference& reference) {
  return is_requisite(reference.kind) && !reference.rejected;
}

}  // namespace

Requisites::Requisites(Archive& archive, Capturer& capturer, std::optional<LocalFolder> folder,
                       uint64_t max_size, Listener listener)
    : archive_(archive),
      capturer_(capturer),
      folder_(std::move(folder)),
      max_size_(max_size),
      listener_(std::move(listener)) {}

void Requisites::want(const std::vector<Reference>& references, const Url& document,
                      ReferrerPolicy policy) {
  for (const Reference& reference : references) {
    const bool own = reference.referrer_policy != ReferrerPolicy::kUnset;
    want_one(reference, document, own ? reference.referrer_policy : policy);
  }
}

void Requisites::want_one(const Reference& reference, const Url& document, ReferrerPolicy policy) {
  if (!is_wanted(reference) || reference.url.empty()) return;
  const auto url = Url::parse(reference.url);
  if (!url) bug("a reference has a URL that does not parse");
  const std::string key = url->href_without_fragment();
  if (!outcomes_.try_emplace(key).second) return;
  if (outcomes_.size() > kMostRequisites) {
    return finished(
        key, reference.kind,
        {.reason = fmt::format("the article shows more than {} files", kMostRequisites)});
  }
  if (url->scheme() == "file") {
    return finished(key, reference.kind, take_local(*url, reference.kind));
  }
  capturer_.capture({.url = *url, .kind = reference.kind, .document = document, .policy = policy},
                    [this, key, kind = reference.kind](const CaptureOutcome& outcome) {
                      finished(key, kind, outcome);
                    });
}

CaptureOutcome Requisites::take_local(const Url& url, Kind kind) {
  if (!folder_) return {.reason = "a web page may not refer to files"};
  const auto path = folder_->path_of(url);
  if (!path) return {.reason = path.error().message};
  const auto bytes = read_file(*path, max_size_);
  if (!bytes) return {.reason = bytes.error().message};
  const auto put = archive_.blobs().put(*bytes);
  if (!put) {
    failure_ = put.error();
    return {.reason = put.error().message};
  }
  file_counts_.new_blobs += put->is_new;
  file_counts_.new_bytes += put->is_new ? put->info.size : 0;
  CaptureOutcome outcome{.reason = mismatch(kind, put->info.type, put->info.size),
                         .final_url = url.href(),
                         .status = 200,
                         .digest = put->info.digest,
                         .size = put->info.size,
                         .type = type_for(kind, put->type)};
  outcome.archived = outcome.reason.empty();
  return outcome;
}

void Requisites::finished(const std::string& key, Kind kind, const CaptureOutcome& outcome) {
  ++done_;
  if (!outcome.archived) ++missing_;
  outcomes_[key] = outcome;
  listener_(key, outcome);
  const bool is_sheet = kind == Kind::kStylesheet || kind == Kind::kCssString;
  if (outcome.archived && is_sheet && outcome.type == "text/css") look_into_sheet(key, outcome);
}

// A style sheet shows pictures and fonts of its own.
void Requisites::look_into_sheet(const std::string& key, const CaptureOutcome& outcome) {
  const auto css = archive_.blobs().get(outcome.digest, kLargestSheet);
  const auto url = Url::parse(outcome.final_url);
  if (!css || !url) {
    warnings_.push_back(fmt::format("{}: the style sheet could not be looked through", key));
    return;
  }
  const auto scan = scan_document(*css, DocumentType::kCss, *url);
  if (!scan) return;
  sheets_[key] = scan->references;
  want(scan->references, *url, ReferrerPolicy::kUnset);
}

std::vector<ArchivedReference> Requisites::records(const std::vector<Reference>& references) const {
  std::vector<ArchivedReference> records;
  std::set<std::string> told;
  const std::function<void(const std::vector<Reference>&, const std::string&)> append =
      [&](const std::vector<Reference>& some, const std::string& document) {
        for (const Reference& reference : some) {
          records.push_back(record_of(reference, document));
          const auto sheet = sheets_.find(key_of(reference));
          if (sheet == sheets_.end() || !told.insert(sheet->first).second) continue;
          append(sheet->second, sheet->first);
        }
      };
  append(references, "");
  return records;
}

ArchivedReference Requisites::record_of(const Reference& reference,
                                        const std::string& document) const {
  ArchivedReference record{.url = reference.url,
                           .raw = reference.raw,
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
  record.outcome = Outcome::kMissing;
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
  return record;
}

}  // namespace halftone

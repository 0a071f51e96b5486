#include "crawler/snapshot.h"

#include <map>
#include <set>

#include "crawler/answer.h"
#include "crawler/document_source.h"
#include "media/mime.h"
#include "store/derive.h"
#include "store/files.h"

namespace halftone {
namespace {

// An article that shows more than this is no article.
constexpr size_t kMostRequisites = 20'000;
constexpr uint64_t kLargestSheet = uint64_t{16} << 20;
// What an interrupted run fetched longer ago than this is fetched again.
constexpr std::chrono::hours kResumable{24};

// The policy that counts: the element's own, then the document's, then the header's.
ReferrerPolicy first_set(ReferrerPolicy a, ReferrerPolicy b,
                         ReferrerPolicy c = ReferrerPolicy::kUnset) {
  if (a != ReferrerPolicy::kUnset) return a;
  return b != ReferrerPolicy::kUnset ? b : c;
}

class Snapshot {
 public:
  Snapshot(Archive& archive, Fetcher& fetcher, const std::string& target,
           const SnapshotOptions& options, SnapshotListener& listener)
      : archive_(archive),
        fetcher_(fetcher),
        target_(target),
        options_(options),
        listener_(listener),
        capturer_(archive, fetcher, options.capture) {}

  Result<SnapshotResult> take(ImageWorker& worker) {
    const auto loaded = looks_like_url(target_) ? load_url() : load_file();
    if (!loaded) return tl::unexpected(loaded.error());
    if (source_->document_type == DocumentType::kFeed) return feed();

    const auto fetched = fetch_requisites();
    if (!fetched) return tl::unexpected(fetched.error());
    const auto stored = store_article();
    if (!stored) return tl::unexpected(stored.error());
    const auto derived = derive(worker);
    if (!derived) return tl::unexpected(derived.error());
    const auto finished = archive_.runs().finish(run_key_);
    if (!finished) return tl::unexpected(finished.error());
    return finished_result();
  }

 private:
  struct Wanted {
    std::optional<CaptureOutcome> outcome;
  };

  // ---- the document

  Result<void> load_url() {
    const auto url = Url::parse(target_);
    if (!url || !url->is_http()) {
      return fail(ErrorCode::kInvalid, "{} is no http or https URL", target_);
    }
    const auto begun = begin(url->href_without_fragment());
    if (!begun) return begun;
    report("fetching");
    std::optional<CaptureOutcome> outcome;
    capturer_.capture({.url = *url, .kind = Kind::kPage, .document = {}, .policy = {}},
                      [&](const CaptureOutcome& done) { outcome = done; });
    const auto ran = run();
    if (!ran) return ran;
    if (!outcome) bug("the fetcher stopped before the document was dealt with");
    if (!outcome->archived) return document_failure(url->href(), *outcome);
    auto source = read_archived_document(archive_, *url, *outcome);
    if (!source) return tl::unexpected(source.error());
    source_ = std::move(*source);
    digest_ = outcome->digest;
    size_ = outcome->size;
    return {};
  }

  static tl::unexpected<Error> document_failure(const std::string& url,
                                                const CaptureOutcome& outcome) {
    if (outcome.status == 0) return fail(ErrorCode::kNotFound, "{}", outcome.reason);
    return fail(ErrorCode::kNotFound, "{}: the server answered {}; there is no article to take",
                url, outcome.reason);
  }

  Result<void> load_file() {
    auto source = read_document_file(target_, options_.base);
    if (!source) return tl::unexpected(source.error());
    source_ = std::move(*source);
    return begin(source_->address.href_without_fragment());
  }

  // A run that was interrupted lately is gone on with.
  Result<void> begin(const std::string& key) {
    run_key_ = key;
    const Time moment = now();
    auto started = archive_.runs().begin(key, moment);
    if (started && moment - *started > kResumable) {
      const auto forgotten = archive_.runs().finish(key);
      if (!forgotten) return forgotten;
      started = archive_.runs().begin(key, moment);
    }
    if (!started) return tl::unexpected(started.error());
    result_.resumed = *started < moment;
    if (result_.resumed) capturer_.reuse_since(*started);
    return {};
  }

  Result<SnapshotResult> feed() {
    auto feed = parse_feed(source_->bytes, source_->url);
    if (!feed) return tl::unexpected(feed.error().during(target_));
    const auto finished = archive_.runs().finish(run_key_);
    if (!finished) return tl::unexpected(finished.error());
    result_.feed = std::move(*feed);
    return finished_result();
  }

  SnapshotResult finished_result() {
    const CaptureCounts from_files = result_.counts;
    result_.counts = capturer_.counts();
    result_.counts.new_blobs += from_files.new_blobs;
    result_.counts.new_bytes += from_files.new_bytes;
    return std::move(result_);
  }

  void count(const BlobWriter::Put& put) {
    if (!put.is_new) return;
    ++result_.counts.new_blobs;
    result_.counts.new_bytes += put.info.size;
  }

  // ---- what it shows

  Result<void> fetch_requisites() {
    auto scan =
        scan_document(source_->bytes, source_->document_type, source_->url, source_->http_charset);
    if (!scan) return tl::unexpected(scan.error().during(target_));
    scan_ = std::move(*scan);
    result_.warnings = scan_.warnings;
    if (source_->folder) {
      const auto kept = keep_file_document();
      if (!kept) return kept;
    }
    for (const Reference& reference : scan_.references) {
      want(reference, source_->url,
           first_set(reference.referrer_policy, scan_.referrer_policy, source_->policy));
    }
    return run();
  }

  Result<void> keep_file_document() {
    const auto put = archive_.blobs().put(source_->bytes, source_->type);
    if (!put) return tl::unexpected(put.error());
    count(*put);
    digest_ = put->info.digest;
    size_ = put->info.size;
    Capture capture{.url = source_->address.href_without_fragment(),
                    .time = now(),
                    .status = 200,
                    .request_headers = {},
                    .response_headers = {},
                    .digest = digest_,
                    .size = size_,
                    .type = source_->type,
                    .remote_address = {}};
    return archive_.captures().add(capture);
  }

  void want(const Reference& reference, const Url& document, ReferrerPolicy policy) {
    if (!is_requisite(reference.kind) || reference.rejected || reference.url.empty()) return;
    const auto url = Url::parse(reference.url);
    if (!url) bug("a reference has a URL that does not parse");
    const std::string key = url->href_without_fragment();
    const auto [entry, is_new] = wanted_.try_emplace(key);
    if (!is_new) return;
    if (wanted_.size() > kMostRequisites) {
      return done(key, reference.kind,
                  {.reason = fmt::format("the article shows more than {} files", kMostRequisites)});
    }
    if (url->scheme() == "file") return done(key, reference.kind, take_local(*url, reference.kind));
    capturer_.capture({.url = *url, .kind = reference.kind, .document = document, .policy = policy},
                      [this, key, kind = reference.kind](const CaptureOutcome& outcome) {
                        done(key, kind, outcome);
                      });
  }

  // A picture beside the user's own file. What the web hands out reaches no file.
  CaptureOutcome take_local(const Url& url, Kind kind) {
    if (!source_->folder) return {.reason = "a web page may not refer to files"};
    const auto path = source_->folder->path_of(url);
    if (!path) return {.reason = path.error().message};
    const auto bytes = read_file(*path, options_.max_size);
    if (!bytes) return {.reason = bytes.error().message};
    const auto put = archive_.blobs().put(*bytes);
    if (!put) {
      failure_ = put.error();
      return {.reason = put.error().message};
    }
    count(*put);
    CaptureOutcome outcome{.archived = true,
                           .reason = mismatch(kind, put->info.type, put->info.size),
                           .final_url = url.href(),
                           .status = 200,
                           .digest = put->info.digest,
                           .size = put->info.size,
                           .type = put->info.type};
    outcome.archived = outcome.reason.empty();
    return outcome;
  }

  void done(const std::string& key, Kind kind, CaptureOutcome outcome) {
    ++done_;
    if (!outcome.archived) ++missing_;
    listener_.on_outcome(key, outcome);
    const bool is_sheet =
        kind == Kind::kStylesheet || (kind == Kind::kCssString && outcome.type == "text/css");
    wanted_[key].outcome = outcome;
    if (outcome.archived && is_sheet) look_into_sheet(key, outcome);
    report("fetching");
  }

  // A style sheet shows pictures and fonts of its own.
  void look_into_sheet(const std::string& key, const CaptureOutcome& outcome) {
    const auto css = archive_.blobs().get(outcome.digest, kLargestSheet);
    const auto url = Url::parse(outcome.final_url);
    if (!css || !url) {
      result_.warnings.push_back(
          fmt::format("{}: the style sheet could not be looked through", key));
      return;
    }
    const auto scan = scan_document(*css, DocumentType::kCss, *url);
    if (!scan) return;
    sheets_[key] = scan->references;
    for (const Reference& reference : scan->references) {
      want(reference, *url, ReferrerPolicy::kUnset);
    }
  }

  Result<void> run() {
    bool interrupted = false;
    fetcher_.run([&] {
      report("fetching");
      interrupted = interrupted || !options_.keep_going();
      return !interrupted && !capturer_.failure() && !failure_;
    });
    if (capturer_.failure()) return tl::unexpected(*capturer_.failure());
    if (failure_) return tl::unexpected(*failure_);
    if (interrupted) {
      return fail(ErrorCode::kInterrupted, "interrupted; the same command goes on from here");
    }
    return {};
  }

  // ---- the record

  Result<void> store_article() {
    Article article;
    article.url = source_->address.href_without_fragment();
    article.id = article_id(article.url);
    article.captured_at = now();
    article.facts = facts();
    article.document_type = source_->document_type;
    article.digest = digest_;
    article.size = size_;
    article.base = source_->url.href();
    article.http_charset = source_->http_charset;
    append_records(article.references, scan_.references, "");

    const auto before = archive_.articles().get(article.id);
    if (!before && before.error().code != ErrorCode::kNotFound)
      return tl::unexpected(before.error());
    if (before) result_.changes = compare(*before, article);
    const auto added = archive_.articles().add(article);
    if (!added) return added;
    result_.article = std::move(article);
    return {};
  }

  ArticleFacts facts() const {
    ArticleFacts facts = read_article(source_->bytes, source_->document_type, source_->url, scan_);
    if (facts.title.empty()) facts.title = source_->address.href();
    return facts;
  }

  // In document order; what a style sheet shows follows the first reference to it.
  void append_records(std::vector<ArchivedReference>& records,
                      const std::vector<Reference>& references, const std::string& document) {
    for (const Reference& reference : references) {
      records.push_back(record_of(reference, document));
      const auto sheet = sheets_.find(key_of(reference));
      if (sheet == sheets_.end()) continue;
      const std::vector<Reference> inner = std::move(sheet->second);
      const std::string url = sheet->first;
      sheets_.erase(sheet);
      append_records(records, inner, url);
    }
  }

  static std::string key_of(const Reference& reference) {
    return reference.url.substr(0, reference.url.find('#'));
  }

  ArchivedReference record_of(const Reference& reference, const std::string& document) const {
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
    if (!is_requisite(reference.kind) || reference.rejected) return record;
    record.outcome = Outcome::kMissing;
    const auto wanted = wanted_.find(key_of(reference));
    if (wanted == wanted_.end() || !wanted->second.outcome) {
      record.reason = "this is no URL";
      return record;
    }
    const CaptureOutcome& outcome = *wanted->second.outcome;
    record.status = outcome.status;
    record.reason = outcome.reason;
    if (!outcome.archived) return record;
    record.outcome = Outcome::kArchived;
    record.digest = outcome.digest;
    record.size = outcome.size;
    record.type = outcome.type;
    return record;
  }

  Result<void> derive(ImageWorker& worker) {
    report("making thumbnails");
    const auto derived = derive_images(archive_, result_.article, worker, options_.keep_going);
    if (!derived) return tl::unexpected(derived.error());
    result_.derivatives = derived->made;
    for (const auto& [digest, why] : derived->failures) {
      result_.warnings.push_back(
          fmt::format("no thumbnail of {}: {}", digest.hex().substr(0, 16), why));
    }
    return {};
  }

  void report(const char* stage) {
    listener_.on_progress({.article = target_,
                           .wanted = wanted_.size(),
                           .done = done_,
                           .missing = missing_,
                           .bytes = capturer_.counts().bytes_fetched,
                           .stage = stage});
  }

  Archive& archive_;
  Fetcher& fetcher_;
  const std::string target_;
  const SnapshotOptions& options_;
  SnapshotListener& listener_;
  Capturer capturer_;
  SnapshotResult result_;

  std::string run_key_;
  std::optional<SourceDocument> source_;
  Digest digest_;
  uint64_t size_ = 0;
  Scan scan_;
  std::map<std::string, Wanted> wanted_;                  // by URL without fragment
  std::map<std::string, std::vector<Reference>> sheets_;  // references of style sheets
  size_t done_ = 0, missing_ = 0;
  std::optional<Error> failure_;
};

}  // namespace

Result<SnapshotResult> take_snapshot(Archive& archive, Fetcher& fetcher, ImageWorker& worker,
                                     const std::string& target, const SnapshotOptions& options,
                                     SnapshotListener& listener) {
  return Snapshot(archive, fetcher, target, options, listener).take(worker);
}

}  // namespace halftone

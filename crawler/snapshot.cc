#include "crawler/snapshot.h"

#include "crawler/answer.h"
#include "crawler/document_source.h"
#include "crawler/requisites.h"
#include "media/mime.h"
#include "store/article_pictures.h"
#include "store/derive.h"

namespace halftone {
namespace {

// One article on its way through the house.
class Snapshot {
 public:
  Snapshot(Archive& archive, Fetcher& fetcher, const std::string& target,
           const SnapshotOptions& options, SnapshotListener& listener)
      : archive_(archive),
        fetcher_(fetcher),
        target_(target),
        options_(options),
        listener_(listener),
        recorder_(archive, fetcher),
        capturer_(archive, recorder_, fetcher, gate_, options.capture) {}

  Result<SnapshotResult> take(ImagePool& pool) {
    const auto taken = take_target(pool);
    // Only what may go better when it goes on is gone on with.
    if (!run_key_.empty() && (taken || !is_worth_resuming(taken.error().code))) {
      const auto finished = archive_.runs().finish(run_key_);
      if (!finished) return tl::unexpected(finished.error());
    }
    if (!taken) return tl::unexpected(taken.error());
    add_counts();
    return std::move(result_);
  }

 private:
  static bool is_worth_resuming(ErrorCode code) {
    return code == ErrorCode::kInterrupted || code == ErrorCode::kNoSpace || code == ErrorCode::kIo;
  }

  Result<void> take_target(ImagePool& pool) {
    auto loaded = looks_like_url(target_) ? load_url() : load_file();
    if (!loaded) return loaded;
    const bool is_feed = source_->document_type == DocumentType::kFeed;
    return is_feed ? take_feed() : take_article(pool);
  }

  // ---- the document

  Result<void> load_url() {
    const auto url = Url::parse(target_);
    if (!url || !url->is_http()) {
      return fail(ErrorCode::kInvalid, "{} is no http or https URL", target_);
    }
    auto begun = begin(url->href_without_fragment());
    if (!begun) return begun;
    std::optional<CaptureOutcome> outcome;
    capturer_.capture({.url = *url, .kind = Kind::kPage},
                      [&](const CaptureOutcome& done) { outcome = done; });
    auto ran = run();
    if (!ran) return ran;
    if (!outcome) bug("the fetcher stopped before the document was dealt with");
    listener_.on_outcome(url->href(), *outcome);
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
    const bool is_status = outcome.reason.starts_with(describe_status(outcome.status));
    return fail(ErrorCode::kNotFound, "{}: {}{}", url, is_status ? "the server answered " : "",
                outcome.reason);
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
    const auto started = archive_.runs().begin(key, moment);
    if (!started) return tl::unexpected(started.error());
    begun_ = *started;
    result_.resumed = *started < moment;
    if (result_.resumed) capturer_.reuse_since(*started);
    return {};
  }

  // ---- what it is

  Result<void> take_feed() {
    auto feed = parse_feed(source_->bytes, source_->url, source_->http_charset);
    if (!feed) return tl::unexpected(feed.error().during(target_));
    result_.feed = std::move(*feed);
    return {};
  }

  Result<void> take_article(ImagePool& pool) {
    scan_ =
        scan_document(source_->bytes, source_->document_type, source_->url, source_->http_charset);
    if (source_->folder) {
      auto kept = keep_file_document();
      if (!kept) return kept;
    }
    requisites_.emplace(archive_, source_of_requisites_, sheets_, source_->folder,
                        options_.max_size,
                        [this](const std::string& url, const CaptureOutcome& outcome) {
                          listener_.on_outcome(url, outcome);
                          report("fetching");
                        });
    const bool own = scan_.referrer_policy != ReferrerPolicy::kUnset;
    requisites_->want(scan_.references, source_->url,
                      own ? scan_.referrer_policy : source_->policy);
    auto fetched = run();
    if (!fetched) return fetched;
    auto stored = store_article();
    return stored ? derive(pool) : stored;
  }

  Result<void> keep_file_document() {
    const auto put = archive_.blobs().put(source_->bytes, source_->type);
    if (!put) return tl::unexpected(put.error());
    digest_ = put->info.digest;
    size_ = put->info.size;
    result_.counts.new_blobs += put->is_new;
    result_.counts.new_bytes += put->is_new ? size_ : 0;
    Capture capture{.url = source_->address.href_without_fragment(),
                    .time = now(),
                    .status = 200,
                    .digest = digest_,
                    .size = size_,
                    .type = source_->type};
    return archive_.captures().add(capture);
  }

  Result<void> run() {
    bool interrupted = false;
    const auto failure = [&] {
      const bool in_requisites = requisites_ && requisites_->failure();
      return in_requisites ? requisites_->failure() : recorder_.failure();
    };
    report("fetching");
    fetcher_.run([&] {
      report("fetching");
      interrupted = interrupted || !options_.keep_going();
      return !interrupted && !failure();
    });
    // Captures before what is made of them, whatever ended the run.
    const auto settled = recorder_.settle();
    if (failure()) return tl::unexpected(*failure());
    if (!settled) return settled;
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
    article.begun_at = begun_;
    article.source = options_.source;
    article.facts = read_article(source_->bytes, source_->document_type, source_->url, scan_);
    if (options_.feed_entry) complete_facts(article.facts, *options_.feed_entry);
    if (article.facts.title.empty()) article.facts.title = article.url;
    article.document_type = source_->document_type;
    article.digest = digest_;
    article.size = size_;
    article.base = source_->url.href();
    article.http_charset = source_->http_charset;
    article.references = requisites_->records(scan_.references);
    auto lead = lead_image_of(archive_, article);
    if (!lead) return tl::unexpected(lead.error());
    article.facts.lead_image = *std::move(lead);

    const auto before = archive_.articles().get(article.id);
    if (!before && before.error().code != ErrorCode::kNotFound)
      return tl::unexpected(before.error());
    if (before) result_.changes = compare(*before, article);
    auto added = archive_.articles().add(article);
    result_.article = std::move(article);
    return added;
  }

  Result<void> derive(ImagePool& pool) {
    report("making thumbnails");
    DeriveOptions options;
    options.keep_going = options_.keep_going;
    const auto derived = derive_images(
        archive_, pool,
        [this](const auto& visit) {
          visit(result_.article);
          return Result<void>();
        },
        options);
    if (!derived) return tl::unexpected(derived.error());
    if (derived->was_interrupted) {
      return fail(ErrorCode::kInterrupted, "interrupted while making thumbnails");
    }
    result_.derivatives = derived->made;
    result_.warnings = scan_.warnings;
    for (const DeriveFailure& failure : derived->failures) {
      result_.warnings.push_back(fmt::format(
          "no thumbnail of {}: {}", failure.digest.hex().substr(0, 16), failure.error.message));
    }
    return {};
  }

  // What came from files was counted already.
  void add_counts() {
    const CaptureCounts document = result_.counts;
    result_.counts = capturer_.counts();
    result_.counts.new_blobs += document.new_blobs;
    result_.counts.new_bytes += document.new_bytes;
    if (!requisites_) return;
    result_.counts.new_blobs += requisites_->file_counts().new_blobs;
    result_.counts.new_bytes += requisites_->file_counts().new_bytes;
  }

  void report(const char* stage) {
    SnapshotProgress progress{.article = target_,
                              .wanted = 1,  // the document
                              .done = source_ ? size_t{1} : 0,
                              .bytes = capturer_.counts().bytes_fetched,
                              .stage = stage};
    if (requisites_) {
      progress.wanted += requisites_->wanted();
      progress.done += requisites_->done();
      progress.missing = requisites_->missing();
    }
    listener_.on_progress(progress);
  }

  Archive& archive_;
  Fetcher& fetcher_;
  const std::string target_;
  const SnapshotOptions& options_;
  SnapshotListener& listener_;
  OpenGate gate_;
  Recorder recorder_;
  Capturer capturer_;
  CapturerSource source_of_requisites_{capturer_};
  SheetReader sheets_{archive_};
  SnapshotResult result_;

  std::string run_key_;
  Time begun_{};
  std::optional<SourceDocument> source_;
  Digest digest_;
  uint64_t size_ = 0;
  Scan scan_;
  std::optional<Requisites> requisites_;
};

}  // namespace

Result<SnapshotResult> take_snapshot(Archive& archive, Fetcher& fetcher, ImagePool& pool,
                                     const std::string& target, const SnapshotOptions& options,
                                     SnapshotListener& listener) {
  return Snapshot(archive, fetcher, target, options, listener).take(pool);
}

}  // namespace halftone

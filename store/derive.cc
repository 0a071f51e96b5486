#include "store/derive.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <unordered_set>

namespace halftone {
namespace {

using Clock = std::chrono::steady_clock;

// A batch is written when it holds so much, or after so long.
constexpr size_t kBatchPictures = 64;
constexpr size_t kBatchBytes = size_t{4} << 20;
constexpr std::chrono::seconds kBatchTime{2};

constexpr std::chrono::milliseconds kLookUp{100};  // how often a waiting run asks whether to go on

// Pictures, videos and sounds.
bool can_be_shown(std::string_view type) {
  return type.starts_with("image/") || type.starts_with("video/") || type.starts_with("audio/") ||
         type == "application/ogg";
}

// One run. Its own thread hands out pictures and writes what comes back; the pool's threads read
// and make.
class Deriving {
 public:
  Deriving(Archive& archive, ImagePool& pool, const DeriveOptions& options)
      : archive_(archive), pool_(pool), options_(options), flushed_(Clock::now()) {}

  // What is under way refers to this.
  ~Deriving() {
    stopping_ = true;
    wait_for(0);
  }
  Deriving(const Deriving&) = delete;
  Deriving& operator=(const Deriving&) = delete;

  Result<DeriveResult> run(const ArticleSource& articles) {
    auto done = pass(articles, options_.recipes, true);
    if (done) done = pass(articles, for_every_picture(), false);
    wait_for(0);
    const auto flushed = flush();  // whatever happened, nothing that was made is lost
    if (!done) return tl::unexpected(done.error());
    if (stop_) return tl::unexpected(*stop_);
    if (!flushed) return tl::unexpected(flushed.error());
    return std::move(result_);
  }

 private:
  std::vector<const Recipe*> for_every_picture() const {
    std::vector<const Recipe*> recipes;
    std::copy_if(options_.recipes.begin(), options_.recipes.end(), std::back_inserter(recipes),
                 [](const Recipe* recipe) { return !recipe->leads_only; });
    return recipes;
  }

  Result<void> pass(const ArticleSource& articles, const std::vector<const Recipe*>& recipes,
                    bool leads) {
    if (recipes.empty() || stopping_) return {};
    Result<void> done;
    const auto visited = articles([&](const Article& article) {
      done = show(article, recipes, leads);
      return done && !stopping_;
    });
    return done ? visited : done;
  }

  Result<void> show(const Article& article, const std::vector<const Recipe*>& recipes, bool leads) {
    for (const ArchivedReference& reference : article.references) {
      if (!reference.digest || !can_be_shown(reference.type)) continue;
      if (leads && reference.url != article.facts.lead_image) continue;
      if (!seen_.insert(print_of(*reference.digest)).second) continue;
      begin({*reference.digest, reference.type, recipes, options_.again});
      wait_for(2 * pool_.most_workers());
      if (auto flushed = flush_when_due(); !flushed) return flushed;
      if (stopping_) break;
    }
    return {};
  }

  static uint64_t print_of(const Digest& digest) {
    uint64_t print = 0;
    std::memcpy(&print, digest.bytes.data(), sizeof print);
    return print;
  }

  void begin(PictureTask task) {
    ++under_way_;
    pool_.add([this, task = std::move(task)](ImageWorker& worker) {
      std::optional<PictureOutcome> outcome;
      if (!stopping_) outcome = derive_picture(archive_, worker, task);
      const std::lock_guard lock(mutex_);
      done_.push_back(std::move(outcome));
      wake_.notify_one();  // with the lock held: this may be gone once it is free
    });
  }

  // Takes in what is done until no more than `most` pictures are under way.
  void wait_for(size_t most) {
    do {
      std::vector<std::optional<PictureOutcome>> done;
      {
        std::unique_lock lock(mutex_);
        if (under_way_ > most) wake_.wait_for(lock, kLookUp, [this] { return !done_.empty(); });
        done.swap(done_);
      }
      under_way_ -= done.size();
      for (auto& outcome : done) {
        if (outcome) take(*std::move(outcome));
      }
      if (!stopping_ && !options_.keep_going()) {
        result_.was_interrupted = true;
        stopping_ = true;
      }
      options_.progress(result_);
    } while (under_way_ > most);
  }

  void take(PictureOutcome outcome) {
    ++result_.pictures;
    result_.made += outcome.changes.made.size();
    result_.known += outcome.known;
    result_.failed += outcome.failures.size();
    result_.failed_before += outcome.failed_before;
    result_.is_damaged = result_.is_damaged || outcome.is_damaged;
    for (DeriveFailure& failure : outcome.failures) {
      if (result_.failures.size() == DeriveResult::kMostTold) break;
      result_.failures.push_back(std::move(failure));
    }
    if (outcome.stop) {
      stop_ = std::move(outcome.stop);
      stopping_ = true;
    }
    for (const auto& [recipe, made] : outcome.changes.made) batch_bytes_ += made.bytes.size();
    if (outcome.changes.record || !outcome.changes.made.empty())
      batch_.push_back(std::move(outcome.changes));
  }

  Result<void> flush_when_due() {
    const bool is_due = batch_.size() >= kBatchPictures || batch_bytes_ >= kBatchBytes ||
                        Clock::now() - flushed_ >= kBatchTime;
    return is_due ? flush() : Result<void>();
  }

  Result<void> flush() {
    flushed_ = Clock::now();
    if (batch_.empty()) return {};
    const auto written = archive_.derivatives().put(batch_);
    batch_.clear();
    batch_bytes_ = 0;
    return written;
  }

  Archive& archive_;
  ImagePool& pool_;
  const DeriveOptions& options_;
  DeriveResult result_;
  std::optional<Error> stop_;
  std::unordered_set<uint64_t> seen_;  // the first bytes of digests
  std::vector<DerivedPicture> batch_;
  size_t batch_bytes_ = 0;
  Clock::time_point flushed_;
  size_t under_way_ = 0;

  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  // of what follows
  std::condition_variable wake_;
  std::vector<std::optional<PictureOutcome>> done_;  // nothing: left out, since the run ends
};

}  // namespace

std::vector<const Recipe*> usual_recipes() {
  std::vector<const Recipe*> usual;
  for (const bool leads : {true, false}) {
    for (const Recipe& recipe : recipes()) {
      if (!recipe.when_asked && recipe.leads_only == leads) usual.push_back(&recipe);
    }
  }
  return usual;
}

Result<DeriveResult> derive_images(Archive& archive, ImagePool& pool, const ArticleSource& articles,
                                   const DeriveOptions& options) {
  return Deriving(archive, pool, options).run(articles);
}

}  // namespace halftone

#include "store/derive.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <unordered_map>

namespace halftone {
namespace {

using Clock = std::chrono::steady_clock;

// A batch is written when it holds so much, or after so long.
constexpr size_t kBatchPictures = 64;
constexpr size_t kBatchBytes = size_t{4} << 20;
constexpr std::chrono::seconds kBatchTime{2};

constexpr std::chrono::milliseconds kLookUp{100};  // how often a waiting run asks whether to go on
constexpr std::chrono::seconds kLastPictures{1};   // what is under way at an interruption has left

// Pictures, videos and sounds.
bool can_be_shown(std::string_view type) {
  return type.starts_with("image/") || type.starts_with("video/") || type.starts_with("audio/") ||
         type == "application/ogg";
}

// A picture to be looked at, and what decides when.
struct Planned {
  Digest digest;
  std::string type;  // as the first reference has it
  bool leads = false;
  Time shown_at{};  // when the newest article that shows it was captured

  // What readers look at first comes first.
  bool is_before(const Planned& other) const {
    return leads != other.leads ? leads : shown_at > other.shown_at;
  }
};

// The pictures of articles, each content once.
class Plan {
 public:
  void add(const Article& article) {
    for (const ArchivedReference& reference : article.references) {
      if (!reference.digest || !can_be_shown(reference.type)) continue;
      const Planned planned{*reference.digest, reference.type,
                            reference.url == article.facts.lead_image, article.captured_at};
      const auto [place, is_new] = places_.try_emplace(print_of(planned.digest), pictures_.size());
      if (is_new) {
        pictures_.push_back(planned);
      } else if (planned.is_before(pictures_[place->second])) {
        Planned& known = pictures_[place->second];
        known.shown_at = std::max(known.shown_at, planned.shown_at);
        known.leads = known.leads || planned.leads;
      }
    }
  }

  // In the order in which they are to be made; within an article as it shows them.
  std::vector<Planned> in_order() && {
    places_.clear();
    std::stable_sort(pictures_.begin(), pictures_.end(),
                     [](const Planned& a, const Planned& b) { return a.is_before(b); });
    return std::move(pictures_);
  }

 private:
  static uint64_t print_of(const Digest& digest) {
    uint64_t print = 0;
    std::memcpy(&print, digest.bytes.data(), sizeof print);
    return print;
  }

  std::vector<Planned> pictures_;
  std::unordered_map<uint64_t, size_t> places_;  // by the first bytes of digests
};

// One run. Its own thread hands out pictures and writes what comes back; the pool's threads read
// and make.
class Deriving {
 public:
  Deriving(Archive& archive, ImagePool& pool, const DeriveOptions& options)
      : archive_(archive), pool_(pool), options_(options), flushed_(Clock::now()) {}

  // What is under way refers to this.
  ~Deriving() {
    stop();
    wait_for(0);
  }
  Deriving(const Deriving&) = delete;
  Deriving& operator=(const Deriving&) = delete;

  Result<DeriveResult> run(const ArticleSource& articles) {
    Plan plan;
    const auto read = articles([&](const Article& article) {
      plan.add(article);
      look_up();
      options_.progress(result_);
      return !stopping_;
    });
    const auto done = make(std::move(plan).in_order());
    wait_for(0);
    const auto flushed = flush();  // whatever happened, nothing that was made is lost
    if (!read) return tl::unexpected(read.error());
    if (stop_) return tl::unexpected(*stop_);
    if (!done) return tl::unexpected(done.error());
    if (!flushed) return tl::unexpected(flushed.error());
    return std::move(result_);
  }

 private:
  Result<void> make(const std::vector<Planned>& pictures) {
    const std::vector<const Recipe*> for_every_picture = recipes_for_every_picture();
    const auto is_wanted = [&](const Planned& picture) {
      return picture.leads || !for_every_picture.empty();
    };
    result_.total =
        static_cast<uint64_t>(std::count_if(pictures.begin(), pictures.end(), is_wanted));
    for (const Planned& picture : pictures) {
      if (stopping_) break;
      if (!is_wanted(picture)) continue;
      begin({picture.digest, picture.type, picture.leads ? options_.recipes : for_every_picture,
             options_.again, [this] { return is_out_of_time(); }});
      wait_for(2 * pool_.most_workers());
      if (auto flushed = flush_when_due(); !flushed) return flushed;
    }
    return {};
  }

  std::vector<const Recipe*> recipes_for_every_picture() const {
    std::vector<const Recipe*> recipes;
    std::copy_if(options_.recipes.begin(), options_.recipes.end(), std::back_inserter(recipes),
                 [](const Recipe* recipe) { return !recipe->leads_only; });
    return recipes;
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

  // No more pictures are begun; those under way have a moment.
  void stop() {
    if (stopping_) return;
    last_moment_ = Clock::now() + kLastPictures;
    stopping_ = true;
  }

  bool is_out_of_time() const { return stopping_ && Clock::now() > last_moment_; }

  void look_up() {
    if (stopping_ || options_.keep_going()) return;
    result_.was_interrupted = true;
    stop();
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
      look_up();
      options_.progress(result_);
    } while (under_way_ > most);
  }

  void take(PictureOutcome outcome) {
    result_.pictures += !outcome.was_dropped;
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
      stop();
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
  std::vector<DerivedPicture> batch_;
  size_t batch_bytes_ = 0;
  Clock::time_point flushed_;
  size_t under_way_ = 0;

  Clock::time_point last_moment_;  // set before stopping_
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

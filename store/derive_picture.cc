#include "store/derive_picture.h"

namespace halftone {

namespace {

constexpr uint64_t kLargestPicture = uint64_t{128} << 20;

class Picture {
 public:
  Picture(Archive& archive, ImageWorker& worker, const PictureTask& task)
      : archive_(archive), worker_(worker), task_(task) {
    outcome_.changes.digest = task.digest;
    worker_.give_up_when(task.is_dropped);
  }
  ~Picture() { worker_.give_up_when(nullptr); }
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;

  PictureOutcome derive() {
    if (know_facts() && !is_spacer(record_.facts)) {
      for (const Recipe* recipe : task_.recipes) {
        if (!know(*recipe) && !make(*recipe)) break;
      }
    }
    if (is_changed_) outcome_.changes.record = std::move(record_);
    return std::move(outcome_);
  }

 private:
  // False: there is nothing to make derivatives of, or no more to be done.
  bool know_facts() {
    const auto known = archive_.derivatives().facts(task_.digest);
    if (!known) return stop(known.error());
    if (*known) record_ = **known;
    if (*known && !task_.again) {
      outcome_.failed_before += !record_.error.empty();
      return record_.error.empty();
    }
    return read_facts();
  }

  bool read_facts() {
    if (!load()) return false;
    const Result<ImageFacts> facts = too_large_ ? tl::unexpected(*too_large_) : worker_.facts();
    if (!facts && is_no_fault_of_the_picture(facts.error())) return stop(facts.error());
    record_.facts = facts.value_or(ImageFacts{});
    record_.error = facts ? "" : facts.error().message;
    is_changed_ = true;
    if (!facts) failed("", facts.error());
    return facts.has_value();
  }

  // Nothing is to be made: it is there, or known to fail.
  bool know(const Recipe& recipe) {
    if (task_.again) return false;
    const auto has = archive_.derivatives().has(task_.digest, recipe);
    if (!has) return stop(has.error());
    const bool fails = !*has && record_.failures.contains(recipe.key());
    outcome_.known += *has;
    outcome_.failed_before += fails;
    return *has || fails;
  }

  // False: no more can be done.
  bool make(const Recipe& recipe) {
    if (outcome_.stop || !load()) return false;
    auto made = worker_.derive(recipe);
    if (!made && is_no_fault_of_the_picture(made.error())) return stop(made.error());
    const std::string key = recipe.key();
    if (!made) {
      record_.failures[key] = made.error().message;
      is_changed_ = true;
      failed(key, made.error());
      return true;
    }
    is_changed_ = record_.failures.erase(key) > 0 || is_changed_;
    if (!made->placeholder.empty() && made->placeholder != record_.placeholder) {
      record_.placeholder = made->placeholder;
      is_changed_ = true;
    }
    if (made->hash && made->hash != record_.hash) {
      record_.hash = made->hash;
      is_changed_ = true;
    }
    outcome_.changes.made.emplace_back(&recipe, *std::move(made));
    return true;
  }

  // Reads the blob and shows it to the worker, once.
  bool load() {
    if (is_loaded_) return true;
    const auto shown = show();
    if (!shown && shown.error().code == ErrorCode::kTooLarge) {
      too_large_ = shown.error();
    } else if (!shown && (shown.error().code == ErrorCode::kCorrupt ||
                          shown.error().code == ErrorCode::kNotFound)) {
      outcome_.is_damaged = true;
      failed("", shown.error());
      return false;
    } else if (!shown) {
      return stop(shown.error());
    }
    is_loaded_ = true;
    return true;
  }

  // From the archive straight to where the worker sees it.
  Result<void> show() {
    const auto blob = archive_.blobs().info(task_.digest);
    if (!blob) return tl::unexpected(blob.error());
    if (blob->size > kLargestPicture) {
      return fail(ErrorCode::kTooLarge, "blob {} has {} bytes, more than the {} wanted at most",
                  task_.digest.hex(), blob->size, kLargestPicture);
    }
    return worker_.show(
        [&](const ImageWorker::Take& take) { return archive_.blobs().read(task_.digest, take); });
  }

  void failed(const std::string& recipe, const Error& error) {
    outcome_.failures.push_back({task_.digest, recipe, error});
  }

  static bool is_no_fault_of_the_picture(const Error& error) {
    return error.code == ErrorCode::kIo || error.code == ErrorCode::kInterrupted;
  }

  bool stop(const Error& error) {
    if (error.code == ErrorCode::kInterrupted) {
      outcome_.was_dropped = true;
    } else {
      outcome_.stop = error;
    }
    return false;
  }

  Archive& archive_;
  ImageWorker& worker_;
  const PictureTask& task_;
  PictureOutcome outcome_;
  ImageRecord record_;
  bool is_changed_ = false;
  bool is_loaded_ = false;
  std::optional<Error> too_large_;
};

}  // namespace

PictureOutcome derive_picture(Archive& archive, ImageWorker& worker, const PictureTask& task) {
  return Picture(archive, worker, task).derive();
}

}  // namespace halftone

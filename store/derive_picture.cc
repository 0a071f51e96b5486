#include "store/derive_picture.h"

#include <algorithm>

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
    if (know_facts() && (is_media_ || !is_spacer(record_.facts))) {
      for (const Recipe* recipe : task_.recipes) {
        if (!is_for_this(*recipe)) continue;
        if (!know(*recipe) && !make(*recipe)) break;
      }
      if (!is_media_ && !outcome_.stop && !task_.recipes.empty()) know_hash();
    }
    if (is_changed_) outcome_.changes.record = std::move(record_);
    return std::move(outcome_);
  }

 private:
  bool is_video() const {
    return is_media_ && std::any_of(record_.details.tracks.begin(), record_.details.tracks.end(),
                                    [](const MediaTrack& track) {
                                      return track.kind == MediaTrack::Kind::kVideo;
                                    });
  }

  bool is_for_this(const Recipe& recipe) const {
    return is_media_ ? recipe.of_video && is_video() : !recipe.of_video;
  }

  // False: there is nothing to make derivatives of, or no more to be done.
  bool know_facts() {
    const auto known = archive_.derivatives().facts(task_.digest);
    if (!known) return stop(known.error());
    if (*known) record_ = **known;
    const bool is_whole = *known && !record_.details.format.empty();
    if (*known && !task_.again && (is_whole || !record_.error.empty())) {
      outcome_.failed_before += !record_.error.empty() && !is_media_;
      return record_.error.empty();
    }
    return is_media_ ? read_media() : read_facts();
  }

  // The header by our own reader, whatever decoders make of it.
  bool read_facts() {
    if (!load()) return false;
    const Result<ImageFacts> facts = too_large_ ? tl::unexpected(*too_large_) : worker_.facts();
    if (!facts && is_no_fault_of_the_picture(facts.error())) return stop(facts.error());
    record_.facts = facts.value_or(ImageFacts{});
    record_.details = {};
    record_.error = facts ? "" : facts.error().message;
    // What only libvips knows is named by it, so that nobody asks again.
    if (!read_header(FileView(bytes()), record_) && facts)
      record_.details.format = facts->type.substr(facts->type.find('/') + 1);
    is_changed_ = true;
    if (!facts) failed("", facts.error());
    return facts.has_value();
  }

  // Of what is larger than fits into memory the beginning and the end: that is where headers are.
  bool read_media() {
    constexpr size_t kHead = size_t{4} << 20, kTail = size_t{16} << 20;
    if (!load()) return false;
    std::string head, tail;
    uint64_t size = bytes().size();
    if (too_large_) {
      size = 0;
      const auto read =
          archive_.blobs().read(task_.digest, [&](std::string_view piece) -> Result<void> {
            size += piece.size();
            head += piece.substr(0, kHead - std::min(kHead, head.size()));
            tail += piece;
            if (tail.size() > 2 * kTail) tail.erase(0, tail.size() - kTail);
            return {};
          });
      if (!read) return damaged(read.error());
    }
    record_.facts = ImageFacts{.type = task_.type};
    record_.details = {};
    const FileView file = too_large_ ? FileView(size, head, tail) : FileView(bytes());
    const bool is_known = read_header(file, record_);
    record_.error = is_known ? "" : "no video or sound of a format that is known here";
    is_changed_ = true;
    return is_known;
  }

  // What the thumbnail told, when it was made; earlier versions did not ask. A picture that cannot
  // be decoded has failed to get a thumbnail, too.
  void know_hash() {
    if (record_.hash || !record_.failures.empty() || !load() || too_large_) return;
    const auto pixels = worker_.pixels();
    if (!pixels && is_no_fault_of_the_picture(pixels.error())) {
      stop(pixels.error());
      return;
    }
    if (pixels) record_.hash = pixels->hash;
    if (!pixels) record_.failures["hash"] = pixels.error().message;
    is_changed_ = true;
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
    Result<Derivative> made = too_large_ ? tl::unexpected(*too_large_) : worker_.derive(recipe);
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
    if (made->hash && !recipe.of_video && made->hash != record_.hash) {
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
      return damaged(shown.error());
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

  // Of what is too large for a worker nothing is shown.
  std::string_view bytes() const { return too_large_ ? std::string_view() : worker_.shown(); }

  bool damaged(const Error& error) {
    if (error.code != ErrorCode::kCorrupt && error.code != ErrorCode::kNotFound) return stop(error);
    outcome_.is_damaged = true;
    failed("", error);
    return false;
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
  const bool is_media_ = !task_.type.starts_with("image/");
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

#include "store/merge.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "store/article_json.h"
#include "store/image_record.h"
#include "store/likeness_index.h"

namespace halftone {

namespace {

constexpr size_t kBatchEntries = 2000;
constexpr size_t kBatchBytes = size_t{4} << 20;
constexpr uint64_t kUnsafeBytes = uint64_t{64} << 20;

// The digest that a key of the image and derivative tables begins with.
std::optional<Digest> digest_in(std::string_view key) {
  return Digest::from_view(key.substr(0, sizeof(Digest::bytes)));
}

size_t weight_of(const Capture& capture) {
  return capture.url.size() + capture.request_headers.size() + capture.response_headers.size() +
         sizeof(Capture);
}

bool are_the_same(Capture a, const Capture& b) {
  a.revisit = b.revisit;  // that follows from the captures around it
  return a.url == b.url && a.time == b.time && a.status == b.status &&
         a.request_headers == b.request_headers && a.response_headers == b.response_headers &&
         a.digest == b.digest && a.size == b.size && a.type == b.type &&
         a.remote_address == b.remote_address && a.confirms == b.confirms && a.revisit == b.revisit;
}

class Merger {
 public:
  Merger(Archive& into, Archive& other, const MergeOptions& options)
      : into_(into), other_(other), options_(options) {}

  Result<MergeReport> run();

 private:
  Result<void> take_blobs();
  Result<void> take_blobs_of(const Article& article);
  Result<void> take_blob(const Digest& digest);
  Result<void> stream(const BlobInfo& blob);
  void count_added(const BlobInfo& blob);
  static void put(Table table, std::string_view key, std::string_view value, WriteBatch& batch);
  Result<void> take_rows(Table table, std::string_view what, MergeCount& count);
  Result<void> take_captures();
  Result<void> take_batch(std::vector<Capture>& batch);
  Result<void> choose(const std::string& url, std::vector<Capture> theirs,
                      std::vector<Capture>& chosen);
  Result<void> take_articles();
  Result<void> take_article(const Article& article);

  // Whether a blob is here, or would be in earnest.
  Result<bool> has(const Digest& digest) const;
  void leave_out(MergeCount& count, std::string text);
  Result<void> check_interrupt() const;

  Archive& into_;
  Archive& other_;
  const MergeOptions& options_;
  MergeReport report_;
  uint64_t bytes_read_ = 0;
  uint64_t unsafe_bytes_ = 0;  // of blobs that a power cut would still take
  std::set<Digest> bad_;       // left out, and named once
  std::set<Digest> wanted_;    // in a dry run: would be taken over
};

void Merger::leave_out(MergeCount& count, std::string text) {
  ++count.left_out;
  if (report_.left_out.size() < MergeReport::kMostNamed) {
    report_.left_out.push_back(std::move(text));
  }
}

Result<void> Merger::check_interrupt() const {
  if (!options_.on_read || options_.on_read(bytes_read_)) return {};
  return fail(ErrorCode::kInterrupted,
              "stopped while merging {}; what was taken over stays, and the same command goes on",
              other_.folder());
}

Result<bool> Merger::has(const Digest& digest) const {
  if (wanted_.contains(digest)) return true;
  const auto blob = into_.blobs().info(digest);
  if (blob) return true;
  if (blob.error().code == ErrorCode::kNotFound) return false;
  return tl::unexpected(blob.error());
}

Result<void> Merger::stream(const BlobInfo& blob) {
  const auto writer = into_.blobs().writer();
  std::optional<Error> own;  // an error that is not about the other's bytes
  auto read = other_.blobs().read(blob.digest, [&](std::string_view piece) -> Result<void> {
    bytes_read_ += piece.size();
    auto done = check_interrupt();
    if (done) done = writer->write(piece);
    if (!done) own = done.error();
    return done;
  });
  if (own) return tl::unexpected(*own);
  if (!read && read.error().code != ErrorCode::kCorrupt) return read;
  if (!read) {
    bad_.insert(blob.digest);
    leave_out(report_.blobs, read.error().message);
    return {};
  }
  if (const auto put = writer->commit(blob.type); !put) return tl::unexpected(put.error());
  count_added(blob);
  unsafe_bytes_ += blob.size;
  if (unsafe_bytes_ < kUnsafeBytes) return {};
  unsafe_bytes_ = 0;
  return into_.database().write(WriteBatch(), true);
}

void Merger::count_added(const BlobInfo& blob) {
  ++report_.blobs.added;
  report_.blob_bytes += blob.size;
}

// What is here already is counted when all blobs are gone through.
Result<void> Merger::take_blob(const Digest& digest) {
  if (bad_.contains(digest)) return {};
  const auto here = has(digest);
  if (!here) return tl::unexpected(here.error());
  if (*here) return {};
  const auto blob = other_.blobs().info(digest);
  if (!blob && blob.error().code == ErrorCode::kNotFound) return {};  // named with what needs it
  if (!blob) return tl::unexpected(blob.error());
  if (!options_.dry_run) return stream(*blob);
  wanted_.insert(digest);
  count_added(*blob);
  return check_interrupt();
}

Result<void> Merger::take_blobs_of(const Article& article) {
  auto taken = take_blob(article.digest);
  for (const ArchivedReference& reference : article.references) {
    if (taken && reference.digest) taken = take_blob(*reference.digest);
  }
  return taken;
}

// Those of an article one after the other, so that they lie side by side here as well; then the
// rest.
Result<void> Merger::take_blobs() {
  Result<void> taken;
  auto scanned = other_.articles().for_each_version([&](const Article& article) {
    taken = take_blobs_of(article);
    return taken.has_value();
  });
  // Articles that cannot be read are told of when it is their turn.
  if (!scanned && scanned.error().code != ErrorCode::kCorrupt) return scanned;
  if (!taken) return taken;
  uint64_t all = 0;
  scanned = other_.blobs().for_each([&](const BlobInfo& blob) {
    ++all;
    taken = take_blob(blob.digest);
    return taken.has_value();
  });
  report_.blobs.known = all - report_.blobs.added - report_.blobs.left_out;
  return scanned ? taken : scanned;
}

// Rows of the image and derivative tables, as they are.
// Image facts go with the rows of their likeness.
void Merger::put(Table table, std::string_view key, std::string_view value, WriteBatch& batch) {
  batch.put(table, key, value);
  if (table != Table::kImage || key.size() != sizeof(Digest::bytes)) return;
  const auto record = image_record_from_json(value);
  if (record && record->hash)
    likeness_index::add_rows(*record->hash, *Digest::from_view(key), batch);
}

Result<void> Merger::take_rows(Table table, std::string_view what, MergeCount& count) {
  WriteBatch batch;
  size_t entries = 0, bytes = 0;
  Result<void> taken;
  const auto flush = [&]() -> Result<void> {
    entries = bytes = 0;
    if (auto going_on = check_interrupt(); !going_on || options_.dry_run) return going_on;
    return into_.database().write(std::exchange(batch, WriteBatch()), false);
  };
  const auto take = [&](std::string_view key, std::string_view value) -> Result<void> {
    const auto digest = digest_in(key);
    if (!digest) {
      leave_out(count, fmt::format("a key of the {} is damaged", what));
      return {};
    }
    const auto here = into_.database().get(table, key);
    if (!here) return tl::unexpected(here.error());
    if (*here) {
      ++(**here == value ? count.known : count.different);
      return {};
    }
    const auto blob = has(*digest);
    if (!blob) return tl::unexpected(blob.error());
    if (!*blob) {
      ++count.left_out;
      return {};
    }
    ++count.added;
    if (!options_.dry_run) put(table, key, value, batch);
    bytes += value.size();
    return ++entries >= kBatchEntries || bytes >= kBatchBytes ? flush() : Result<void>();
  };
  const auto scanned = other_.database().scan(table, {}, [&](auto key, auto value) {
    taken = take(key, value);
    return taken.has_value();
  });
  if (!scanned || !taken) return scanned ? taken : scanned;
  return flush();
}

// Of one URL: the captures that are not here.
Result<void> Merger::choose(const std::string& url, std::vector<Capture> theirs,
                            std::vector<Capture>& chosen) {
  auto ours = into_.captures().history(url);
  if (!ours) return tl::unexpected(ours.error());
  const auto by_time = [](const Capture& a, const Capture& b) { return a.time < b.time; };
  std::vector<Capture> fresh;
  for (Capture& capture : theirs) {
    const auto same = std::lower_bound(ours->begin(), ours->end(), capture, by_time);
    if (same != ours->end() && same->time == capture.time) {
      ++(are_the_same(*same, capture) ? report_.captures.known : report_.captures.different);
      continue;
    }
    const auto blob = has(capture.digest);
    if (!blob) return tl::unexpected(blob.error());
    if (*blob) {
      fresh.push_back(std::move(capture));
    } else {
      leave_out(report_.captures, fmt::format("the capture of {} at {}: its blob {} is damaged or "
                                              "missing",
                                              url, to_iso8601(capture.time), capture.digest.hex()));
    }
  }
  report_.captures.added += fresh.size();
  std::move(fresh.begin(), fresh.end(), std::back_inserter(chosen));
  return {};
}

Result<void> Merger::take_batch(std::vector<Capture>& batch) {
  // In order of key, captures of http and https addresses take turns.
  std::stable_sort(batch.begin(), batch.end(),
                   [](const Capture& a, const Capture& b) { return a.url < b.url; });
  std::vector<Capture> chosen;
  for (auto begin = batch.begin(); begin != batch.end();) {
    const auto end = std::find_if(
        begin, batch.end(), [&](const Capture& capture) { return capture.url != begin->url; });
    const std::string url = begin->url;
    auto done = choose(url, {std::make_move_iterator(begin), std::make_move_iterator(end)}, chosen);
    if (!done) return done;
    begin = end;
  }
  batch.clear();
  if (auto going_on = check_interrupt(); !going_on) return going_on;
  if (options_.dry_run || chosen.empty()) return {};
  return into_.captures().add(chosen);
}

Result<void> Merger::take_captures() {
  std::vector<Capture> batch;
  size_t weight = 0;
  Result<void> taken;
  const auto scanned = other_.captures().for_each([&](const Capture& capture) {
    batch.push_back(capture);
    weight += weight_of(capture);
    if (batch.size() >= kBatchEntries || weight >= kBatchBytes) {
      taken = take_batch(batch);
      weight = 0;
    }
    return taken.has_value();
  });
  if (!scanned || !taken) return scanned ? taken : scanned;
  return take_batch(batch);
}

Result<void> Merger::take_article(const Article& article) {
  const auto here = into_.articles().version(article.id, article.captured_at);
  if (here) {
    const bool same = article_to_json(*here) == article_to_json(article);
    ++(same ? report_.articles.known : report_.articles.different);
    return {};
  }
  if (here.error().code != ErrorCode::kNotFound) return tl::unexpected(here.error());
  std::vector<Digest> needed = {article.digest};
  for (const ArchivedReference& reference : article.references) {
    if (reference.digest) needed.push_back(*reference.digest);
  }
  for (const Digest& digest : needed) {
    const auto blob = has(digest);
    if (!blob) return tl::unexpected(blob.error());
    if (*blob) continue;
    leave_out(report_.articles,
              fmt::format("the article {} of {}, {}: its blob {} is damaged or missing", article.id,
                          to_iso8601(article.captured_at), article.url, digest.hex()));
    return {};
  }
  ++report_.articles.added;
  return options_.dry_run ? Result<void>() : into_.articles().add(article);
}

Result<void> Merger::take_articles() {
  Result<void> taken;
  const auto scanned = other_.articles().for_each_version([&](const Article& article) {
    taken = check_interrupt();
    if (taken) taken = take_article(article);
    return taken.has_value();
  });
  return scanned ? taken : scanned;
}

Result<MergeReport> Merger::run() {
  auto taken = take_blobs();
  // Bytes before what it is, as derivatives are written: where the latter is, so are the former.
  if (taken) taken = take_rows(Table::kDerivative, "derivatives", report_.derivatives);
  if (taken) taken = take_rows(Table::kImage, "images", report_.images);
  if (taken) taken = take_captures();
  if (taken) taken = take_articles();
  // Blobs and derivatives that nothing durable followed.
  if (taken && !options_.dry_run && report_.added() > 0) {
    taken = into_.database().write(WriteBatch(), true);
  }
  if (!taken) return tl::unexpected(taken.error());
  return report_;
}

}  // namespace

Result<MergeReport> merge(Archive& into, Archive& other, const MergeOptions& options) {
  return Merger(into, other, options).run();
}

}  // namespace halftone

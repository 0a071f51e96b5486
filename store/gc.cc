#include "store/gc.h"

#include <algorithm>

#include "store/blob_format.h"
#include "store/byte_order.h"
#include "store/gc_space.h"
#include "store/likeness_index.h"
#include "store/reachable.h"

namespace halftone {

namespace {

using blob_format::Codec;
using blob_format::Entry;

constexpr size_t kBatch = 1024;
constexpr size_t kDigestSize = sizeof(Digest::bytes);
constexpr std::string_view kNextNumber = "next_blob";
// No version has ever given a blob of up to this size a manifest (docs/format.md).
constexpr uint64_t kNeverInChunks = uint64_t{1} << 20;

tl::unexpected<Error> not_sound(const std::string& what) {
  return fail(ErrorCode::kCorrupt,
              "{}; nothing is taken away while nobody knows what is needed: see halftone verify",
              what);
}

class Collection {
 public:
  Collection(Archive& archive, const GcOptions& options)
      : archive_(archive), database_(archive.database()), options_(options) {}

  Result<Garbage> run() {
    for (const auto step :
         {&Collection::settle, &Collection::mark, &Collection::take_stock,
          &Collection::find_dead_bodies, &Collection::sweep_digests, &Collection::sweep_bodies,
          &Collection::sweep_images, &Collection::shrink}) {
      if (auto done = (this->*step)(); !done) return tl::unexpected(done.error());
    }
    return garbage_;
  }

 private:
  void tell(const char* stage, uint64_t done) { options_.progress(stage, done); }

  // What was put and is held back until the next durable write is written now: a body that comes
  // later would be taken for none.
  Result<void> settle() {
    return options_.dry_run ? Result<void>() : database_.write(WriteBatch(), true);
  }

  Result<void> mark() {
    MarkOptions options;
    options.progress = [&](uint64_t seen) { tell("looking through captures and articles", seen); };
    auto reachable = find_reachable(archive_, options);
    if (!reachable) return tl::unexpected(reachable.error());
    reachable_ = *std::move(reachable);
    return {};
  }

  // Which numbers hold what is reachable.
  Result<void> take_stock() {
    Result<void> read;
    const auto scanned = database_.scan(Table::kDigest, {}, [&](auto key, auto value) {
      const auto digest = Digest::from_view(key);
      const auto entry = blob_format::read_entry(value);
      if (!digest || !entry) {
        read = not_sound("the digest table is damaged");
      } else if (reachable_.contains(*digest)) {
        ++garbage_.blobs_kept;
        read = keep(*digest, *entry);
      } else {
        ++garbage_.blobs;
      }
      tell("looking through blobs", garbage_.blobs + garbage_.blobs_kept);
      return read.has_value();
    });
    std::sort(live_.begin(), live_.end());
    return scanned ? read : scanned;
  }

  // Bodies that may be manifests are read; others are not.
  Result<void> keep(const Digest& digest, const Entry& entry) {
    live_.push_back(entry.number);
    if (entry.size <= kNeverInChunks) return {};
    const auto value = database_.get(Table::kBlob, be64(entry.number));
    if (!value) return tl::unexpected(value.error());
    const auto codec = blob_format::codec_of(*value ? std::string_view(**value) : "");
    if (codec && *codec != Codec::kManifest) return {};
    const auto chunks = blob_format::read_manifest(*value ? std::string_view(**value) : "");
    if (!chunks) return not_sound(fmt::format("blob {} is damaged", digest.hex()));
    live_.insert(live_.end(), chunks->begin(), chunks->end());
    return {};
  }

  // Bodies under numbers that were given out and are not live. Only the gaps between live ones are
  // looked at, so that those need not be read.
  Result<void> find_dead_bodies() {
    const auto next = database_.get(Table::kMeta, kNextNumber);
    if (!next) return tl::unexpected(next.error());
    if (!*next) return {};
    const auto end = read_be64(**next);
    if (!end) return not_sound("the archive's counter of blobs is damaged");
    uint64_t from = 0;
    for (const uint64_t live : live_) {
      if (auto found = find_dead_between(from, std::min(live, *end)); !found) return found;
      from = live + 1;
    }
    return find_dead_between(from, *end);
  }

  Result<void> find_dead_between(uint64_t from, uint64_t to) {
    if (from >= to) return {};
    return database_.scan_range(Table::kBlob, be64(from), be64(to), [&](auto key, auto value) {
      dead_.push_back({*read_be64(key), value.size()});
      ++garbage_.bodies;
      garbage_.bytes += value.size();
      tell("looking for dead bodies", garbage_.bodies);
      return true;
    });
  }

  // Entries go first: a body without an entry is a leftover, an entry without its body is damage.
  Result<void> sweep_digests() {
    return sweep(Table::kDigest, "taking blobs away", [](std::string_view key, WriteBatch& batch) {
      batch.remove(Table::kDigest, key);
    });
  }

  Result<void> sweep_bodies() {
    if (options_.dry_run) return {};
    const auto left = remove_bodies(database_, dead_, live_,
                                    [&](uint64_t bytes) { tell("giving space back", bytes); });
    if (!left) return tl::unexpected(left.error());
    garbage_.bytes_left = *left;
    return {};
  }

  Result<void> sweep_images() {
    return sweep(Table::kImage, "taking thumbnails away",
                 [&](std::string_view key, WriteBatch& batch) {
                   ++garbage_.images;
                   batch.remove(Table::kImage, key);
                   if (key.size() > kDigestSize) {
                     batch.remove(Table::kDerivative, key);
                   } else if (const auto digest = Digest::from_view(key)) {
                     remove_likeness(*digest, batch);
                   }
                 });
  }

  void remove_likeness(const Digest& digest, WriteBatch& batch) const {
    const auto record = archive_.derivatives().facts(digest);
    if (record && *record && (*record)->hash)
      likeness_index::remove_rows(*(*record)->hash, digest, batch);
  }

  // Hands every entry whose key begins with a digest that is not reachable to `remove`; in batches.
  Result<void> sweep(Table table, const char* stage,
                     const std::function<void(std::string_view key, WriteBatch& batch)>& remove) {
    WriteBatch batch;
    size_t waiting = 0;
    uint64_t done = 0;
    Result<void> written;
    const auto write = [&] {
      if (!options_.dry_run) written = database_.write(std::move(batch), true);
      batch = WriteBatch();
      waiting = 0;
      tell(stage, done);
    };
    const auto scanned = database_.scan(table, {}, [&](auto key, auto) {
      const auto digest = Digest::from_view(key.substr(0, kDigestSize));
      if (!digest || reachable_.contains(*digest)) return true;
      remove(key, batch);
      ++done;
      if (++waiting == kBatch) write();
      return written.has_value();
    });
    if (!scanned) return scanned;
    if (written && waiting > 0) write();
    return written;
  }

  Result<void> shrink() {
    return options_.dry_run ? Result<void>() : shrink_small_tables(database_);
  }

  Archive& archive_;
  Database& database_;
  const GcOptions& options_;
  Garbage garbage_;
  DigestSet reachable_;
  std::vector<uint64_t> live_;
  std::vector<Body> dead_;
};

}  // namespace

Result<Garbage> collect_garbage(Archive& archive, const GcOptions& options) {
  return Collection(archive, options).run();
}

}  // namespace halftone

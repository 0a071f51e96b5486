#include "store/gc_space.h"

#include <algorithm>
#include <numeric>

#include "store/byte_order.h"

namespace halftone {

namespace {

constexpr uint64_t kSmall = uint64_t{64} << 20;  // to write so much anew costs nobody anything
constexpr uint64_t kShare = 10;                  // one in so many bytes or entries
constexpr size_t kBatch = 4096;

// Numbers, first and last included.
struct Range {
  uint64_t first = 0, last = 0;
};

bool overlap(const Range& a, const Range& b) { return a.first <= b.last && b.first <= a.last; }

KeyRange keys_of(const Range& range) { return {be64(range.first), be64(range.last)}; }

struct BlobFile {
  Range range;
  uint64_t size = 0;
};

std::vector<BlobFile> blob_files(const Database& database) {
  std::vector<BlobFile> files;
  for (const TableFile& file : database.table_files()) {
    const auto first = read_be64(file.first_key), last = read_be64(file.last_key);
    const bool has_bodies = file.table == Table::kBlob && file.entries > file.deletions;
    if (has_bodies && first && last) files.push_back({{*first, *last}, file.size});
  }
  return files;
}

class BodyRemoval {
 public:
  BodyRemoval(Database& database, const std::vector<Body>& dead, const std::vector<uint64_t>& live,
              const std::function<void(uint64_t)>& progress)
      : database_(database), dead_(dead), live_(live), progress_(progress) {
    sizes_.reserve(dead.size() + 1);
    sizes_.push_back(0);
    for (const Body& body : dead) sizes_.push_back(sizes_.back() + body.size);
  }

  Result<uint64_t> run() {
    if (dead_.empty()) return 0;
    if (auto flushed = database_.flush(); !flushed) return tl::unexpected(flushed.error());
    if (auto dropped = drop_whole_files(); !dropped) return tl::unexpected(dropped.error());
    const std::vector<Range> ranges = worth_rewriting();
    for (const Range& range : ranges) {
      if (auto rewritten = rewrite(range); !rewritten) return tl::unexpected(rewritten.error());
    }
    return bytes_outside(ranges);
  }

 private:
  // The places in dead_ whose numbers lie in the range: [first, second).
  std::pair<size_t, size_t> places(const Range& range) const {
    const auto before = [](const Body& body, uint64_t number) { return body.number < number; };
    const auto from = std::lower_bound(dead_.begin(), dead_.end(), range.first, before);
    const auto after = [](uint64_t number, const Body& body) { return number < body.number; };
    const auto to = std::upper_bound(from, dead_.end(), range.last, after);
    return {from - dead_.begin(), to - dead_.begin()};
  }

  uint64_t dead_bytes(const Range& range) const {
    const auto [from, to] = places(range);
    return sizes_[to] - sizes_[from];
  }

  bool has_live(const Range& range) const {
    const auto found = std::lower_bound(live_.begin(), live_.end(), range.first);
    return found != live_.end() && *found <= range.last;
  }

  Result<void> drop_whole_files() {
    std::vector<KeyRange> droppable;
    for (const BlobFile& file : blob_files(database_)) {
      const auto [from, to] = places(file.range);
      if (from == to || has_live(file.range)) continue;
      droppable.push_back(keys_of(file.range));
      dropped_.push_back(file.range);
    }
    return droppable.empty() ? Result<void>() : database_.drop_files(Table::kBlob, droppable);
  }

  // To write one file anew is to write those anew that it overlaps.
  std::vector<Range> worth_rewriting() const {
    const std::vector<BlobFile> files = blob_files(database_);
    std::vector<Range> ranges;
    for (const BlobFile& file : files) {
      const uint64_t dead = dead_bytes(file.range);
      if (dead == 0) continue;
      uint64_t size = 0;
      for (const BlobFile& other : files) size += overlap(file.range, other.range) ? other.size : 0;
      if (size <= kSmall || dead >= size / kShare) ranges.push_back(file.range);
    }
    return merged(std::move(ranges));
  }

  static std::vector<Range> merged(std::vector<Range> ranges) {
    std::sort(ranges.begin(), ranges.end(),
              [](const Range& a, const Range& b) { return a.first < b.first; });
    std::vector<Range> result;
    for (const Range& range : ranges) {
      if (result.empty() || !overlap(result.back(), range)) {
        result.push_back(range);
      } else {
        result.back().last = std::max(result.back().last, range.last);
      }
    }
    return result;
  }

  // The removals of one range are in a file of their own before it is written anew; a file of those
  // of all ranges would overlap every file there is.
  Result<void> rewrite(const Range& range) {
    const auto [from, to] = places(range);
    for (size_t i = from; i < to;) {
      WriteBatch batch;
      const size_t end = std::min(to, i + kBatch);
      for (; i < end; ++i) batch.remove(Table::kBlob, be64(dead_[i].number));
      if (auto written = database_.write(std::move(batch), true); !written) return written;
    }
    auto rewritten = database_.rewrite(Table::kBlob, keys_of(range));
    if (rewritten) progress_(done_ += sizes_[to] - sizes_[from]);
    return rewritten;
  }

  uint64_t bytes_outside(const std::vector<Range>& rewritten) const {
    std::vector<Range> gone = dropped_;
    gone.insert(gone.end(), rewritten.begin(), rewritten.end());
    uint64_t bytes = sizes_.back();
    for (const Range& range : merged(std::move(gone))) bytes -= dead_bytes(range);
    return bytes;
  }

  Database& database_;
  const std::vector<Body>& dead_;
  const std::vector<uint64_t>& live_;
  const std::function<void(uint64_t)>& progress_;
  std::vector<uint64_t> sizes_;  // of the first n dead bodies together
  std::vector<Range> dropped_;
  uint64_t done_ = 0;
};

}  // namespace

Result<uint64_t> remove_bodies(Database& database, const std::vector<Body>& dead,
                               const std::vector<uint64_t>& live,
                               const std::function<void(uint64_t bytes)>& progress) {
  return BodyRemoval(database, dead, live, progress).run();
}

Result<void> shrink_small_tables(Database& database) {
  if (auto flushed = database.flush(); !flushed) return flushed;
  const std::vector<TableFile> files = database.table_files();
  for (const Table table : {Table::kDigest, Table::kCapture, Table::kArticle, Table::kImage,
                            Table::kDerivative, Table::kRun, Table::kIndex}) {
    uint64_t size = 0, entries = 0, deletions = 0;
    for (const TableFile& file : files) {
      if (file.table != table) continue;
      size += file.size;
      entries += file.entries;
      deletions += file.deletions;
    }
    if (deletions == 0 || (size > kSmall && deletions < entries / kShare)) continue;
    if (auto rewritten = database.rewrite(table, {}); !rewritten) return rewritten;
  }
  return {};
}

}  // namespace halftone

// Reading a database that may be damaged, and closing one so that nothing is left in its log.
#include <algorithm>

#include <rocksdb/convenience.h>
#include <rocksdb/sst_file_reader.h>

#include "store/database_rocks.h"

namespace halftone {

namespace {

// Bytes of a key that count when the way around damage is sought: URLs may be longer, but hardly
// ever differ so late. Keys that are numbers have eight.
constexpr size_t kWidest = 256;
constexpr size_t kNumberWidth = 9;

// `key` as a number of `width` bytes, plus 2^bit; the highest one where that is too much.
std::string plus(std::string_view key, size_t width, size_t bit) {
  std::string sum(key.substr(0, width));
  sum.resize(width, '\0');
  unsigned carry = 1U << bit % 8;
  for (size_t i = width - bit / 8; i-- > 0 && carry != 0;) {
    const unsigned digit = static_cast<uint8_t>(sum[i]) + carry;
    sum[i] = static_cast<char>(digit & 0xFF);
    carry = digit >> 8;
  }
  return carry == 0 ? sum : std::string(width, '\xFF');
}

// Finds keys behind damage. Whether a key can be sought is the only thing it asks.
class WayAround {
 public:
  using Iterator = std::unique_ptr<rocksdb::Iterator>;

  WayAround(Iterator& at, const std::function<Iterator()>& make) : at_(at), make_(make) {}

  // Goes to the first key above `after` that can be reached again; false where none can.
  bool find(std::string_view after) {
    const size_t width = after.size() < kNumberWidth ? kNumberWidth : kWidest;
    std::string bad(after);
    for (size_t bit = 0; bit < 8 * width; ++bit) {
      const std::string key = plus(after, width, bit);
      if (can_reach(key)) return narrow(bad, bit, width), true;
      bad = key;
    }
    return false;
  }

 private:
  bool can_reach(std::string_view key) {
    if (!at_->status().ok()) at_ = make_();  // one that has failed goes on failing
    at_->Seek(slice(key));
    return at_->Valid() || at_->status().ok();
  }

  // `bad` cannot be reached, and bad + 2^(bit - 1) can: takes the lowest that can.
  void narrow(std::string bad, size_t bit, size_t width) {
    for (; bit-- > 0;) {
      const std::string key = plus(bad, width, bit);
      if (!can_reach(key)) bad = key;
    }
    (void)can_reach(plus(bad, width, 0));
  }

  Iterator& at_;
  const std::function<Iterator()>& make_;
};

}  // namespace

rocksdb::Status Database::Rocks::open_for_checking() {
  allow_many_open_files();
  rocksdb::DBOptions options = database_options(env);
  options.max_open_files = -1;      // what a writer deletes meanwhile can still be read
  options.paranoid_checks = false;  // one damaged file does not hide the others
  options.skip_stats_update_on_db_open = true;
  rocksdb::DB* opened = nullptr;
  const auto status =
      rocksdb::DB::OpenForReadOnly(options, folder, column_families(), &handles, &opened);
  db.reset(opened);
  return status;
}

Result<std::vector<TableFile>> Database::close() {
  const auto status = rocks_->flush();
  if (!status.ok()) {
    const Error error = rocks_->earlier_failure().value_or(to_error(status, rocks_->folder));
    rocks_->close();
    return tl::unexpected(error);
  }
  rocksdb::CancelAllBackgroundWork(rocks_->db.get(), true);
  auto files = table_files();
  rocks_->is_flushed = true;
  rocks_->close();
  return files;
}

// One damaged file among those that may overlap hides the whole table from iterators. Then the
// other files are read one by one; what a newer file says of a key counts where it can be had.
void Database::Rocks::scan_by_files(Table table, std::string_view from, std::string_view end,
                                    const Visit& visit) const {
  std::vector<rocksdb::LiveFileMetaData> live;
  db->GetLiveFilesMetaData(&live);
  const rocksdb::Options options(database_options(env),
                                 column_families()[static_cast<size_t>(table)].options);
  for (const auto& file : live) {
    if (table_named(file.column_family_name) != table) continue;
    rocksdb::SstFileReader reader(options);
    if (!reader.Open(folder + "/" + file.relative_filename).ok()) continue;
    const std::unique_ptr<rocksdb::Iterator> at(reader.NewIterator(read_options(table)));
    for (at->Seek(slice(from)); at->Valid() && (end.empty() || view(at->key()) < end); at->Next()) {
      std::string value;
      const auto status = db->Get(read_options(table), handle(table), at->key(), &value);
      if (status.IsNotFound()) continue;
      if (!visit(view(at->key()), status.ok() ? std::string_view(value) : view(at->value())))
        return;
    }
  }
}

std::string Database::Rocks::first_key(Table table) const {
  std::vector<rocksdb::LiveFileMetaData> live;
  db->GetLiveFilesMetaData(&live);
  std::optional<std::string> first;
  for (const auto& file : live) {
    if (table_named(file.column_family_name) != table) continue;
    if (!first || file.smallestkey < *first) first = file.smallestkey;
  }
  return first.value_or("");
}

void Database::Rocks::scan_range(Table table, std::string_view from, std::string_view end,
                                 const Visit& visit,
                                 const std::function<void(const Lost&)>& lost) const {
  auto options = read_options(table);
  const rocksdb::Slice bound = slice(end);
  if (!end.empty()) options.iterate_upper_bound = &bound;
  const std::function<WayAround::Iterator()> make = [&] {
    return WayAround::Iterator(db->NewIterator(options, handle(table)));
  };
  WayAround::Iterator at = make();
  std::string last(from);
  bool is_first = true;
  at->Seek(slice(from));
  for (;;) {
    for (; at->Valid(); at->Next()) {
      is_first = false;
      last = view(at->key());
      if (!visit(last, view(at->value()))) return;
    }
    if (at->status().ok()) return;
    const std::string why = at->status().ToString();
    const bool goes_on =
        WayAround(at, make).find(is_first ? std::max(last, first_key(table)) : last);
    const std::string next = goes_on && at->Valid() ? at->key().ToString() : std::string(end);
    lost({last, next, why});
    if (!goes_on && is_first) scan_by_files(table, from, end, visit);
    if (!goes_on || !at->Valid()) return;
  }
}

void Database::scan_past_damage(
    Table table, std::string_view prefix,
    const std::function<bool(std::string_view key, std::string_view value)>& visit,
    const std::function<void(const Lost&)>& lost) const {
  rocks_->scan_range(table, prefix, after_prefix(prefix), visit, lost);
}

Result<void> Database::check_blocks(const TableFile& file) const {
  rocksdb::Options options(database_options(rocks_->env),
                           column_families()[static_cast<size_t>(file.table)].options);
  rocksdb::SstFileReader reader(options);
  auto status = reader.Open(rocks_->folder + "/" + file.name);
  if (status.ok()) status = reader.VerifyChecksum();
  if (!status.ok()) return tl::unexpected(to_error(status, rocks_->folder));
  return {};
}

}  // namespace halftone

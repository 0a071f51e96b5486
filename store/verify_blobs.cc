#include <algorithm>
#include <thread>

#include "store/blob_format.h"
#include "store/byte_order.h"
#include "store/verify_parts.h"

namespace halftone::verifying {

namespace {

constexpr uint64_t kWindow = uint64_t{1} << 20;  // numbers whose digests are in memory at once

uint64_t first_number(const TableFile& file) { return read_be64(file.first_key).value_or(0); }

}  // namespace

std::vector<BlobCheck::Item> BlobCheck::collect(const Wanted& is_wanted, uint64_t from, uint64_t to,
                                                uint64_t& highest) {
  std::vector<Item> items;
  const bool is_first = from == 0;
  database_.scan_past_damage(
      Table::kDigest, {},
      [&](auto key, auto value) {
        const auto digest = Digest::from_view(key);
        const auto entry = blob_format::read_entry(value);
        if (!digest || !entry) {
          if (is_first) findings_.damage("the digest table", "a row is damaged");
          if (is_first && digest) findings_.bad_blob(*digest);
          return !findings_.stopped();
        }
        highest = std::max(highest, entry->number);
        const bool is_in = entry->number >= from && entry->number < to;
        if (is_in && is_wanted(*digest, entry->number)) {
          items.push_back({entry->number, entry->size, *digest});
        }
        return !findings_.stopped();
      },
      [&](const Database::Lost& lost) {
        if (is_first) findings_.damage("the digest table", "rows cannot be read: " + lost.why);
      });
  std::sort(items.begin(), items.end(),
            [](const Item& a, const Item& b) { return a.number < b.number; });
  return items;
}

void BlobCheck::run(const Wanted& is_wanted, const std::vector<TableFile>& table_files) {
  findings_.stage("blobs");
  uint64_t highest = 0;
  size_t file = 0;
  for (uint64_t from = 0; from <= highest; from += kWindow) {
    const auto items = collect(is_wanted, from, from + kWindow, highest);
    highest = std::min(highest, NumberSet::kLargest);
    for (size_t begin = 0; begin < items.size() && !findings_.stopped();) {
      while (file < table_files.size() && first_number(table_files[file]) <= items[begin].number) {
        files_.check_table_file(table_files[file++], &database_);
      }
      size_t end = items.size();
      if (file < table_files.size()) {
        const uint64_t next = first_number(table_files[file]);
        for (end = begin; end < items.size() && items[end].number < next;) ++end;
        files_.prefetch(table_files[file]);
      }
      hash(items.data() + begin, items.data() + end);
      begin = end;
    }
    if (findings_.stopped()) return;
  }
  while (file < table_files.size()) files_.check_table_file(table_files[file++], &database_);
}

void BlobCheck::hash(const Item* begin, const Item* end) {
  std::atomic<size_t> next = 0;
  const auto count = static_cast<size_t>(end - begin);
  const auto work = [&] {
    constexpr size_t kBatch = 4;  // neighbours on disk
    for (size_t at = next.fetch_add(kBatch); at < count && !findings_.stopped();
         at = next.fetch_add(kBatch)) {
      for (size_t i = at; i < std::min(at + kBatch, count); ++i) check(begin[i]);
    }
  };
  std::vector<std::thread> helpers;
  const size_t threads = std::clamp<size_t>(std::thread::hardware_concurrency(), 1, 4);
  for (size_t i = 1; i < threads && i < count; ++i) helpers.emplace_back(work);
  work();
  for (std::thread& helper : helpers) helper.join();
}

void BlobCheck::check(const Item& item) {
  uint64_t size = 0;
  auto read = blobs_.read(item.digest, [&](std::string_view piece) -> Result<void> {
    size += piece.size();
    findings_.advance(piece.size());
    return {};
  });
  if (read && size != item.size) {
    read = fail(ErrorCode::kCorrupt, "it has {} bytes; its entry says {}", size, item.size);
  }
  if (!read) {
    findings_.damage("blob " + item.digest.hex(), read.error().message);
    findings_.bad_blob(item.digest);
  }
  const std::lock_guard lock(mutex_);
  ++findings_.result().blobs;
  findings_.result().blob_bytes += size;
  if (!read) bad_.insert(item.number);
}

}  // namespace halftone::verifying

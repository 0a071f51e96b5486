#include "store/blob_spool.h"

#include <iterator>
#include <utility>

#include "store/byte_order.h"

namespace halftone {

namespace {

constexpr size_t kMiB = size_t{1} << 20;

constexpr size_t kMostWaiting = 2 * kMiB;  // in memory
constexpr uint64_t kLargestFile = 256 * kMiB;
constexpr uint64_t kBlock = 65536;    // numbers for values; gaps mean nothing
constexpr uint64_t kBodyBlock = 256;  // numbers for the chunks of one file

}  // namespace

Result<uint64_t> BlobNumbers::reserve(uint64_t count) {
  const std::lock_guard lock(mutex_);
  next_ = (next_ + count - 1) / count * count;
  WriteBatch batch;
  batch.put(Table::kMeta, kKey, be64(next_ + count));
  // It need not be durable: whoever opens the store next looks at the last number in use, too.
  if (auto written = database_.write(std::move(batch), false); !written) {
    return tl::unexpected(written.error());
  }
  return std::exchange(next_, next_ + count);
}

Result<uint64_t> LargeBody::add(std::string_view value) {
  const bool full = files_.empty() || next_ == end_ || files_.back()->size() >= kLargestFile;
  if (full) {
    if (auto finished = finish(); !finished) return tl::unexpected(finished.error());
    const auto first = numbers_.reserve(kBodyBlock);
    if (!first) return first;
    auto file = database_.new_file(Table::kBlob);
    if (!file) return tl::unexpected(file.error());
    files_.push_back(*std::move(file));
    next_ = *first;
    end_ = next_ + kBodyBlock;
  }
  auto put = files_.back()->put(be64(next_), value);
  if (!put) return tl::unexpected(put.error());
  return next_++;
}

Result<void> LargeBody::finish() {
  return files_.empty() ? Result<void>() : files_.back()->finish();
}

Result<uint64_t> BlobSpool::add(std::string value) {
  bool too_many = false;
  Result<uint64_t> number;
  {
    const std::lock_guard lock(mutex_);
    number = take_number();
    if (!number) return number;
    waiting_bytes_ += value.size();
    waiting_.emplace_hint(waiting_.end(), *number,
                          std::make_shared<const std::string>(std::move(value)));
    too_many = waiting_bytes_ > kMostWaiting;
  }
  if (too_many) {
    if (auto spilled = spill(); !spilled) return tl::unexpected(spilled.error());
  }
  return number;
}

Result<uint64_t> BlobSpool::take_number() {
  if (next_ == end_) {
    const auto first = numbers_.reserve(kBlock);
    if (!first) return first;
    next_ = *first;
    end_ = next_ + kBlock;
  }
  return next_++;
}

void BlobSpool::add(std::unique_ptr<LargeBody> body) {
  const std::lock_guard lock(mutex_);
  bodies_.insert(bodies_.end(), std::make_move_iterator(body->files_.begin()),
                 std::make_move_iterator(body->files_.end()));
}

std::shared_ptr<const std::string> BlobSpool::find(uint64_t number) const {
  const std::lock_guard lock(mutex_);
  for (const Values* values : {&waiting_, &moving_}) {
    const auto found = values->find(number);
    if (found != values->end()) return found->second;
  }
  return nullptr;
}

BlobSpool::Values BlobSpool::begin_moving() {
  const std::lock_guard lock(mutex_);
  waiting_bytes_ = 0;
  Values values = std::exchange(waiting_, {});
  moving_.insert(values.begin(), values.end());
  return values;
}

void BlobSpool::end_moving(const Values& values) {
  const std::lock_guard lock(mutex_);
  for (const auto& [number, value] : values) moving_.erase(number);
}

Result<void> BlobSpool::write_to_file(const Values& values) {
  for (const auto& [number, value] : values) {
    if (file_ && (number / kBlock != file_block_ || file_->size() >= kLargestFile)) {
      if (auto finished = finish_file(); !finished) return finished;
    }
    if (!file_) {
      auto file = database_.new_file(Table::kBlob);
      if (!file) return tl::unexpected(file.error());
      file_ = *std::move(file);
      file_block_ = number / kBlock;
    }
    if (auto put = file_->put(be64(number), *value); !put) return put;
  }
  return {};
}

Result<void> BlobSpool::finish_file() {
  if (!file_) return {};
  if (auto finished = file_->finish(); !finished) return finished;
  finished_.push_back(std::move(file_));
  return {};
}

Result<void> BlobSpool::spill() {
  const std::lock_guard lock(file_mutex_);
  const Values values = begin_moving();
  auto written = write_to_file(values);
  end_moving(values);
  return written;
}

// While the disk is waited for, the next values go into the next file.
Result<void> BlobSpool::move_into(WriteBatch& batch) {
  Files files;
  {
    const std::lock_guard lock(file_mutex_);
    const Values values = begin_moving();
    if (file_ || !finished_.empty()) {
      if (auto written = write_to_file(values); !written) return written;
      if (file_) finished_.push_back(std::move(file_));
    } else {
      for (const auto& [number, value] : values) batch.put(Table::kBlob, be64(number), *value);
    }
    files = std::exchange(finished_, {});
    in_batch_ = values;
  }
  for (const auto& file : files) {
    if (auto finished = file->finish(); !finished) return finished;
  }
  {
    const std::lock_guard lock(mutex_);
    std::move(bodies_.begin(), bodies_.end(), std::back_inserter(files));
    bodies_.clear();
  }
  return files.empty() ? Result<void>() : database_.add_files(Table::kBlob, files);
}

void BlobSpool::written() {
  const std::lock_guard lock(file_mutex_);
  end_moving(std::exchange(in_batch_, {}));
}

}  // namespace halftone

#include "tools/nightly_plan.h"

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <set>
#include <thread>

#include "tools/interrupt.h"

namespace halftone {

// ---- what they share

NightPlan::NightPlan(std::chrono::seconds time, uint64_t bytes) : time_(time), bytes_(bytes) {}

std::optional<std::chrono::seconds> NightPlan::time_left() const {
  if (time_.count() == 0) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(begun_ + time_ - Clock::now());
}

void NightPlan::spend(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  spent_ += bytes;
}

std::string NightPlan::reached() const {
  const std::lock_guard lock(mutex_);
  if (const auto left = time_left(); left && left->count() <= 0) {
    return fmt::format("--max-time {} of all jobs", time_.count());
  }
  return bytes_ > 0 && spent_ > bytes_ ? fmt::format("--max-bytes {} of all jobs", bytes_) : "";
}

std::map<std::string, std::string> NightPlan::silent_hosts() const {
  const std::lock_guard lock(mutex_);
  return silent_hosts_;
}

void NightPlan::note_silent(const std::string& host, const std::string& job) {
  const std::lock_guard lock(mutex_);
  silent_hosts_.try_emplace(host, fmt::format("{} has not answered the job {} tonight", host, job));
}

// ---- beside each other

namespace {

std::string archive_of(const Job& job) {
  std::error_code error;
  const auto path = std::filesystem::weakly_canonical(job.args.archive, error);
  return error ? job.args.archive : path.string();
}

class Side {
 public:
  Side(const std::vector<Job>& jobs, size_t at_once, NightPlan& plan,
       const std::function<void(const NightRun&)>& on_end)
      : plan_(plan), on_end_(on_end), at_once_(std::min(at_once, jobs.size())) {
    for (const Job& job : jobs) {
      // Two lines of progress would write over each other.
      lines_.push_back({.job = &job, .archive = archive_of(job), .args = job});
      if (at_once_ > 1) lines_.back().args.args.quiet = true;
    }
  }

  std::vector<EndedJob> run() {
    std::vector<std::jthread> others;
    for (size_t i = 1; i < at_once_; ++i) others.emplace_back([this] { work(); });
    work();
    others.clear();
    std::vector<EndedJob> ended;
    for (Line& line : lines_) {
      if (line.run) ended.push_back({line.job, *std::move(line.run)});
    }
    return ended;
  }

 private:
  struct Line {
    const Job* job;
    std::string archive;
    Job args;  // as it is run
    bool is_begun = false;
    std::optional<NightRun> run{};
  };

  void work() {
    while (Line* line = next()) {
      NightRun run = run_night(line->args, plan_);
      const std::lock_guard lock(mutex_);
      busy_.erase(line->archive);
      changed_.notify_all();
      on_end_(run);
      line->run = std::move(run);
    }
  }

  // Waits where all that is left is for archives in use; null: nothing is left.
  Line* next() {
    std::unique_lock lock(mutex_);
    while (!interrupted()) {
      const auto left = [](const Line& line) { return !line.is_begun; };
      if (std::ranges::none_of(lines_, left)) return nullptr;
      const auto free = std::ranges::find_if(
          lines_, [&](const Line& line) { return left(line) && !busy_.contains(line.archive); });
      if (free != lines_.end()) {
        free->is_begun = true;
        busy_.insert(free->archive);
        return &*free;
      }
      changed_.wait(lock);
    }
    return nullptr;
  }

  NightPlan& plan_;
  const std::function<void(const NightRun&)>& on_end_;
  const size_t at_once_;
  std::mutex mutex_;  // of the following
  std::condition_variable changed_;
  std::vector<Line> lines_;
  std::set<std::string> busy_;  // archives
};

}  // namespace

std::vector<EndedJob> run_jobs(const std::vector<Job>& jobs, size_t at_once, NightPlan& plan,
                               const std::function<void(const NightRun&)>& on_end) {
  return Side(jobs, at_once, plan, on_end).run();
}

}  // namespace halftone

#include "tools/progress.h"

#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

#include "store/formats/describe.h"
#include "tools/log.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kLiveEvery = std::chrono::milliseconds(100);
constexpr auto kPlainEvery = std::chrono::seconds(10);

std::string text_of(const SnapshotProgress& progress, double seconds) {
  std::string text = progress.stage == "fetching"
                         ? fmt::format("{}/{} files, {}", progress.done, progress.wanted,
                                       describe_bytes(progress.bytes))
                         : progress.stage;
  if (progress.missing > 0) text += fmt::format(", {} missing", progress.missing);
  if (seconds >= 1) text += fmt::format(", {:.0f} s", seconds);
  return text;
}

}  // namespace

bool LiveLine::is_possible() { return ::isatty(STDERR_FILENO) == 1; }

size_t LiveLine::width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 79;
  return size.ws_col - size_t{1};
}

void LiveLine::show(const std::string& text) {
  fmt::print(stderr, "\r\x1b[K{}", printable(text));
  std::fflush(stderr);
  shown_ = true;
}

void LiveLine::clear() {
  if (!shown_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  shown_ = false;
}

Progress::Progress(bool quiet) : quiet_(quiet), live_(LiveLine::is_possible()) {}

void Progress::on_progress(const SnapshotProgress& progress) {
  if (quiet_) return;
  const auto now = Clock::now();
  if (progress.article != article_) {
    article_ = progress.article;
    started_ = now;
    shown_ = live_ ? Clock::time_point() : now;
  }
  if (now - shown_ < (live_ ? Clock::duration(kLiveEvery) : Clock::duration(kPlainEvery))) return;
  shown_ = now;
  show(progress, now);
}

void Progress::show(const SnapshotProgress& progress, Clock::time_point now) {
  const double seconds = std::chrono::duration<double>(now - started_).count();
  const std::string text = text_of(progress, seconds);
  if (!live_) {
    tell("{}: {}\n", progress.article, text);
    return;
  }
  // The address gives way where the line is too short for both.
  const size_t width = LiveLine::width();
  std::string address = progress.article;
  const size_t room = width > text.size() + 3 ? width - text.size() - 3 : 0;
  if (address.size() > room)
    address = room > 1 ? "…" + address.substr(address.size() - room + 1) : "";
  line_.show(fmt::format("{}  {}", address, text));
}

void Progress::on_outcome(const std::string& url, const CaptureOutcome& outcome) {
  clear();
  log_debug(outcome.archived
                ? fmt::format("{}: {}, {}", url, outcome.type, describe_bytes(outcome.size))
                : fmt::format("{}: not had: {}", url, outcome.reason));
}

WorkProgress::WorkProgress(bool quiet)
    : quiet_(quiet), live_(LiveLine::is_possible()), shown_(Clock::now()) {}

void WorkProgress::report(const std::string& stage, uint64_t done) {
  report(fmt::format("{}: {}", stage, done));
}

void WorkProgress::report(const std::string& text) {
  const auto now = Clock::now();
  if (quiet_ || now - shown_ < (live_ ? Clock::duration(kLiveEvery) : Clock::duration(kPlainEvery)))
    return;
  shown_ = now;
  if (!live_) return tell("{}\n", text);
  line_.show(text.substr(0, LiveLine::width()));
}

}  // namespace halftone

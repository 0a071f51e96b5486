// Broken pictures, by the thousand, through the workers that decode them.
//   fuzz_pictures COUNT [FIRST [STEP]]   so many of broken_picture(), from that number on, and each
//                                        sound picture cut at every length, or at every STEPth
//   fuzz_pictures --show NUMBER          one of them, on standard output
// A decoder may refuse, crash, hang or run out of memory: that costs the one picture. What fails is
// an answer that no picture may get, a process or descriptor that stays, a worker that does not
// come back. Not a libFuzzer program: what is proved here is the wall around the decoders.
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <sys/wait.h>

#include <fmt/format.h>

#include "media/image_header.h"
#include "store/image_pool.h"
#include "tests/support/broken_pictures.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

size_t open_descriptors() {
  const fs::directory_iterator all("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(all), end(all)));
}

bool has_children() { return waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD; }

// What became of the pictures, by several threads.
class Outcomes {
 public:
  template <class T>
  void add(const std::string& name, const Result<T>& answer) {
    const std::lock_guard lock(mutex_);
    const char* what = answer ? "good" : name_of(answer.error().code);
    ++counts_[what];
    if (answer || std::string_view(what) == "refused") return;
    fmt::print("{}: {}: {}\n", name, what, answer.error().message);
    if (std::string_view(what) == "wrong") is_wrong_ = true;
  }

  void tell() {
    for (const auto& [what, count] : counts_) fmt::print("{} {}\n", count, what);
  }
  bool is_wrong() const { return is_wrong_; }

 private:
  static const char* name_of(ErrorCode code) {
    if (code == ErrorCode::kInvalid || code == ErrorCode::kTooLarge) return "refused";
    if (code == ErrorCode::kTimeout) return "hung";
    return code == ErrorCode::kCorrupt ? "crashed" : "wrong";
  }

  std::mutex mutex_;
  std::map<std::string, int> counts_;
  bool is_wrong_ = false;
};

void try_picture(ImagePool& pool, Outcomes& outcomes, std::string name, std::string bytes) {
  pool.add([&outcomes, name = std::move(name), bytes = std::move(bytes)](ImageWorker& worker) {
    static_cast<void>(read_image_header(bytes));
    outcomes.add(name + " (facts)", worker.facts(bytes));
    outcomes.add(name + " (thumb)", worker.derive(*find_recipe("thumb")));
  });
}

int run(uint64_t count, uint64_t first, size_t step) {
  const size_t descriptors = open_descriptors();
  Outcomes outcomes;
  {
    ImagePool pool("/proc/self/exe", ImagePool::workers_for_this_machine(),
                   {.time = std::chrono::seconds(20)});
    for (uint64_t number = first; number < first + count; ++number) {
      try_picture(pool, outcomes, fmt::format("number {}", number), broken_picture(number));
    }
    for (const SoundPicture& picture : sound_pictures()) {
      for (size_t size = 0; size < picture.bytes.size(); size += step) {
        try_picture(pool, outcomes, fmt::format("{} cut to {}", picture.format, size),
                    picture.bytes.substr(0, size));
      }
    }
  }
  outcomes.tell();
  const bool is_left = has_children() || open_descriptors() != descriptors;
  if (is_left) fmt::print("a process or a descriptor stayed\n");
  return is_left || outcomes.is_wrong() ? EXIT_FAILURE : EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words == std::vector<std::string>{"image-worker"}) return run_image_worker(kImageWorker);
  if (words.size() == 2 && words[0] == "--show") {
    const std::string bytes = broken_picture(std::strtoull(words[1].c_str(), nullptr, 10));
    return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() ? 0 : 1;
  }
  std::vector<uint64_t> numbers;
  for (const std::string& word : words) {
    numbers.push_back(std::strtoull(word.c_str(), nullptr, 10));
    if (numbers.back() == 0) return 2;
  }
  if (numbers.empty() || numbers.size() > 3) return 2;
  numbers.resize(3, 1);
  return run(numbers[0], numbers[1], numbers[2]);
}

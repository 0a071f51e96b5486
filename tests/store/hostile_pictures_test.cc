// Pictures that mean harm, through the workers and through a whole run of derive.
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include "store/derive.h"
#include "store/image_workers.h"
#include "tests/store/archive_of_test.h"
#include "tests/support/broken_pictures.h"
#include "tests/support/pictures.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

constexpr const char* kProgram = HALFTONE_TEST_IMAGE_WORKER;

const Recipe& thumb() { return *find_recipe("thumb"); }

bool has_children() { return waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD; }

// What this process has open: where each descriptor leads.
std::multiset<std::string> open_files() {
  std::multiset<std::string> targets;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    targets.insert(fs::read_symlink(entry.path(), gone).string());
  }
  return targets;
}

// Dead, and not yet reaped by its owner.
void end_process(int pid) {
  REQUIRE(kill(pid, SIGKILL) == 0);
  siginfo_t info{};
  REQUIRE(waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) == 0);
}

size_t shared_memories() {
  size_t count = 0;
  for (const std::string& target : open_files()) count += target.starts_with("/memfd:");
  return count;
}

std::string many_frames(size_t frames) { return make_gif(4, 4, frames, 20); }

// Makes this process one on a kernel without filters for system calls.
bool take_away_seccomp() {
  constexpr uint32_t kCall = offsetof(seccomp_data, nr), kFirst = offsetof(seccomp_data, args);
  sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kCall),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_seccomp, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_prctl, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kFirst),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PR_SET_SECCOMP, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{static_cast<unsigned short>(std::size(code)), code};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

std::string contents_of(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a declared size costs nothing but the picture", "[store][worker][hostile]") {
  ImageWorker worker(kProgram, {.memory = uint64_t{1} << 30});
  REQUIRE(worker.facts(make_png(9, 9)));
  const int pid = worker.pid();
  for (const SoundPicture& picture : boastful_pictures(60'000, 60'000)) {
    CAPTURE(picture.format);
    REQUIRE_FALSE(picture.bytes.empty());
    const auto facts = worker.facts(picture.bytes);
    if (facts) CHECK(facts->width * uint64_t{facts->height} == uint64_t{60'000} * 60'000);
    if (!facts) CHECK(facts.error().code == ErrorCode::kInvalid);
    const auto made = worker.derive(thumb());
    REQUIRE_FALSE(made);
    CHECK(made.error().code == (facts ? ErrorCode::kTooLarge : ErrorCode::kInvalid));
    CHECK(worker.pid() == pid);  // the same one: nobody died of it
  }
}

TEST_CASE("frames without end are not decoded to the end", "[store][worker][hostile]") {
  ImageWorker worker(kProgram);
  const std::string frames = many_frames(100'000);
  const auto facts = worker.facts(frames);
  REQUIRE(facts);
  CHECK(facts->frames > thumb().most_frames);
  const auto made = worker.derive(thumb());
  REQUIRE(made);
  CHECK(worker.facts(made->bytes)->frames == thumb().most_frames);

  // Without an end, as it comes from a server that never stops.
  const auto cut = worker.derive(frames.substr(0, frames.size() * 2 / 3), thumb());
  REQUIRE(cut);
  CHECK(worker.facts(cut->bytes)->frames == thumb().most_frames);
}

TEST_CASE("entities within entities end", "[store][worker][hostile]") {
  std::string svg = "<!DOCTYPE svg [<!ENTITY e0 'ha'>";
  for (int i = 1; i < 30; ++i) {
    svg += fmt::format("<!ENTITY e{} '&e{};&e{};&e{};&e{};'>", i, i - 1, i - 1, i - 1, i - 1);
  }
  svg +=
      "]><svg xmlns='http://www.w3.org/2000/svg' width='90' height='60'><text>&e29;</text></svg>";
  ImageWorker worker(kProgram);
  REQUIRE(worker.facts(make_png(9, 9)));
  const int pid = worker.pid();
  worker.show(svg);
  for (int again = 0; again < 2; ++again) {
    const auto made = worker.derive(thumb());
    if (!made) CHECK(made.error().code == ErrorCode::kInvalid);
  }
  CHECK(worker.pid() == pid);
}

TEST_CASE("broken pictures leave a record each, and nothing else behind",
          "[store][derive][hostile]") {
  const TemporaryDirectory folder;
  const auto archive = *Archive::open_for_writing(folder.file("archive"));
  std::set<std::string> bodies;
  for (uint64_t number = 1; number <= 250; ++number) bodies.insert(broken_picture(number));
  for (const SoundPicture& sound : sound_pictures()) {
    for (size_t i = 1; i < 8; ++i) bodies.insert(sound.bytes.substr(0, sound.bytes.size() * i / 8));
  }
  for (const SoundPicture& boast : boastful_pictures(60'000, 60'000)) bodies.insert(boast.bytes);
  bodies.erase("");
  std::vector<Shown> shown;
  for (const std::string& body : bodies) {
    shown.push_back({fmt::format("https://a.example/{}.png", shown.size()), body, ""});
  }
  keep_article(*archive, "https://a.example/", 1000, "a page", shown);

  const auto before = open_files();
  {
    ImagePool pool(kProgram, 2);
    const auto result = derive_images(*archive, pool, [&](const auto& visit) {
      return archive->articles().for_each_version(visit);
    });
    REQUIRE(result);
    CHECK(result->pictures == bodies.size());
  }
  CHECK_FALSE(has_children());
  CHECK(open_files() == before);

  for (const std::string& body : bodies) {
    const auto record = archive->derivatives().facts(sha256(body));
    REQUIRE(record);
    REQUIRE(*record);
    const bool is_made = *archive->derivatives().has(sha256(body), thumb());
    const bool is_told = !(*record)->error.empty() || (*record)->failures.contains(thumb().key()) ||
                         is_spacer((*record)->facts);
    CHECK(is_made != is_told);
  }
}

TEST_CASE("each worker shares two pieces of memory with us, for as long as it is there",
          "[store][worker][hostile]") {
  REQUIRE(shared_memories() == 0);
  {
    ImageWorker worker(kProgram), other(kProgram);
    for (int again = 0; again < 3; ++again) {
      REQUIRE(worker.facts(make_png(9, 9)));
      CHECK(shared_memories() == 3);  // its picture, twice: the worker's end can only be read
      end_process(worker.pid());
    }
    REQUIRE(other.facts(make_png(9, 9)));
    CHECK(shared_memories() == 6);
  }
  CHECK(shared_memories() == 0);
}

TEST_CASE("a picture is shown once, and outlives the process that could not stand it",
          "[store][worker][hostile]") {
  ImageWorker worker(kProgram);
  REQUIRE(worker.show(make_png(90, 60)));
  CHECK(worker.facts()->width == 90);
  end_process(worker.pid());
  const auto made = worker.derive(thumb());
  REQUIRE(made);
  CHECK(made->width == 90);
  REQUIRE(worker.show(make_png(70, 60)));
  CHECK(worker.facts()->width == 70);

  // As many bytes as the one before, and another picture.
  const std::string pixels(36, 'p');
  REQUIRE(worker.show("P6 3 4 255\n" + pixels));
  CHECK(worker.facts()->height == 4);
  REQUIRE(worker.show("P6 4 3 255\n" + pixels));
  CHECK(worker.facts()->height == 3);
  REQUIRE(worker.derive(thumb()));
  CHECK(worker.derive(thumb())->width == 4);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which need all addresses
TEST_CASE("without filters for system calls the other walls stand, and it is said once",
          "[store][worker][hostile]") {
  const TemporaryDirectory folder;
  const std::string words = folder.file("words");
  const pid_t child = fork();
  if (child == 0) {
    const int fd = open(words.c_str(), O_CREAT | O_WRONLY, 0600);
    dup2(fd, STDERR_FILENO);
    if (!take_away_seccomp()) _exit(9);
    ImageWorker first(kProgram), second(kProgram),
        narrow(kProgram, {.memory = uint64_t{600} << 20});
    if (!first.derive(make_png(90, 60), thumb()) || !second.facts(make_png(9, 9))) _exit(8);
    const auto facts = narrow.facts(std::string(size_t{500} << 20, 'x'));
    _exit(facts || facts.error().code != ErrorCode::kCorrupt ? 7 : 0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  const std::string said = contents_of(words);
  CAPTURE(said);
  const size_t at = said.find("images are decoded in a weaker sandbox");
  CHECK(at != said.npos);
  CHECK(said.find("weaker sandbox", at + 30) == said.npos);
}
#endif

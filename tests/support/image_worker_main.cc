// The image worker as a program of its own. Called by another name (a link made by a test), a
// worker that fails in the way the name says, once it has been asked for something.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

#include "media/image.h"
#include "store/image_messages.h"
#include "store/image_worker_desk.h"
#include "store/image_workers.h"

using namespace halftone;

namespace {

void say(std::string_view payload) {
  const std::string message =
      encode_u32(static_cast<uint32_t>(payload.size())) + std::string(payload);
  if (write(STDIN_FILENO, message.data(), message.size()) < 0) _exit(1);
}

void hear() {
  char byte;
  if (read(STDIN_FILENO, &byte, 1) != 1) _exit(1);
}

// Decodes like the real one, but dies of "poison" and never comes back from a "tarpit".
int serve_what_is_wholesome() {
  ImageWorkerDesk desk;
  desk.read_message();  // limits
  if (!desk.open_memory() || !start_image_library()) return 1;
  desk.write_message("");
  while (const auto message = desk.read_message()) {
    const auto request = decode_request(*message);
    if (!request) return 1;
    const auto picture = desk.picture(*request);
    if (!picture) return 1;
    if (picture->find("poison") != picture->npos) {
      std::fputs("poisoned\n", stderr);
      std::abort();
    }
    while (picture->find("tarpit") != picture->npos) pause();
    desk.write_message(desk.answer(*request));
  }
  return 0;
}

// Where the parent may be reading, and others after us.
bool can_change_the_picture() {
  return mmap(nullptr, 4096, PROT_WRITE, MAP_SHARED, kWorkerPicture, 0) != MAP_FAILED ||
         pwrite(kWorkerPicture, "x", 1, 0) >= 0 || ftruncate(kWorkerPicture, 0) == 0 ||
         ftruncate(kWorkerDerivative, 0) == 0;
}

int fail_as(std::string_view name) {
  hear();  // limits
  for (int rest = 11; rest > 0; --rest) hear();
  say("");  // ready
  hear();   // a request
  if (name == "aborts") {
    std::fputs("a cry\n\x01 for help\n", stderr);
    std::fflush(stderr);
    std::abort();
  }
  if (name == "exits") return 7;
  if (name == "meddles") return can_change_the_picture() ? 9 : 8;
  if (name == "babbles") say("what?");
  if (name == "lies") say(std::string("e\x01 none of your codes", 21));
  if (name == "boasts") {
    const std::string length = encode_u32(0xFFFF'FFFF);
    if (write(STDIN_FILENO, length.data(), length.size()) < 0) return 1;
  }
  if (name == "talks") {
    for (;;) std::puts("and another thing");
  }
  for (;;) pause();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string_view path = argv[0];
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name == "test_image_worker") return run_image_worker(argv[1]);
  return name == "delicate" ? serve_what_is_wholesome() : fail_as(name);
}

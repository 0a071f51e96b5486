// The worker's side of image_workers.h.
#include <cstdlib>
#include <malloc.h>

#include "media/fonts.h"
#include "media/video_frame.h"
#include "store/image_messages.h"
#include "store/image_worker_desk.h"
#include "store/image_workers.h"
#include "store/sandbox.h"

namespace halftone {

namespace {

// One pool of memory for all threads, which at most one uses at a time; and what was used is kept
// for the next picture, as far as that does not add up: a page given back costs a fault to get.
void keep_memory() {
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, 8 << 20);
  mallopt(M_TRIM_THRESHOLD, 16 << 20);
}

// Returns what the sandbox lacks; empty where nothing does.
Result<std::string> prepare(ImageWorkerDesk& desk, std::string_view role) {
  const auto limits = desk.read_message();
  const auto memory = limits ? decode_limits(*limits) : std::nullopt;
  if (!memory) {
    return fail(ErrorCode::kUsage, "image-worker is started by halftone itself, not by hand");
  }
  keep_memory();
  if (auto opened = desk.open_memory(); !opened) return tl::unexpected(opened.error());
  if (auto started = start_image_library(); !started) return tl::unexpected(started.error());
  if (role == kVideoWorker) start_video_library();
  // Without Landlock nothing can be opened at all, and text is drawn without fonts.
  const bool has_fonts = leave_readable(open_font_list()).has_value();
  if (auto tried = try_image_library(); !tried) return tl::unexpected(tried.error());
  if (auto limited = limit_process(*memory); !limited) return tl::unexpected(limited.error());
  const auto closed = forbid_system_calls(has_fonts ? Opening::kForReading : Opening::kNothing);
  return closed ? std::string() : closed.error().message;
}

// With words that the parent will hear.
int give_up(const Error& error) {
  fmt::print(stderr, "{}\n", error.message);
  return EXIT_FAILURE;
}

}  // namespace

int run_image_worker(std::string_view role) {
  ImageWorkerDesk desk;
  const auto lacking = prepare(desk, role);
  if (!lacking) return give_up(lacking.error());
  if (!desk.write_message(*lacking)) return EXIT_FAILURE;
  while (const auto message = desk.read_message()) {
    const auto request = decode_request(*message);
    if (!request) return EXIT_FAILURE;
    const auto picture = desk.picture(*request);
    if (!picture) return give_up(picture.error());
    if (!desk.write_message(desk.answer(*request))) return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}

}  // namespace halftone

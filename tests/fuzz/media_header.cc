#include "media/media_header.h"

#include "tests/fuzz/target.h"

using namespace halftone;

namespace {

void must_be_sound(const MediaHeader& header) {
  MUST(!header.container.empty());
  MUST(header.tracks.size() <= 32);
  for (const MediaTrack& track : header.tracks) MUST(!to_string(track.kind).empty());
}

}  // namespace

FUZZ_TARGET(media_header) {
  if (const auto header = read_media_header(FileView(input))) must_be_sound(*header);
  // The same file, of which the middle is not at hand.
  const size_t third = input.size() / 3;
  const FileView view(input.size() * uint64_t{1'000}, input.substr(0, third),
                      input.substr(input.size() - third));
  if (const auto header = read_media_header(view)) must_be_sound(*header);
}

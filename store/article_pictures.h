// The pictures of an article as readers should see them: each picture once, in whatever sizes and
// formats the page has it, and nothing that is there for looks alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"
#include "store/archive.h"
#include "store/article.h"

namespace halftone {

// What a picture is in its article.
enum class PictureRole : uint8_t {
  kContent,
  kSpacer,       // a tracking pixel, a spacer, a rule
  kIcon,         // small, or an icon by what asks for it
  kPlaceholder,  // stands where a script will put another picture
};

std::string_view to_string(PictureRole role);

struct ArticlePicture {
  const ArchivedReference* reference;  // the first to the largest rendition; it has a digest
  std::optional<ImageRecord> record;   // of that one; nothing: not looked at yet
  PictureRole role = PictureRole::kContent;
  std::string alt;                 // the first that some rendition has
  std::vector<Digest> renditions;  // of the same picture, this one among them
};

// In the order of the article; guesses at originals are left out. `article` must outlive the
// result. kCorrupt.
Result<std::vector<ArticlePicture>> pictures_of(Archive& archive, const Article& article);

// Those that a gallery shows: the content or, where there is none, icons.
std::vector<ArticlePicture> gallery_of(std::vector<ArticlePicture> pictures);

// Whether two pictures are one in several sizes or formats: they look alike, have the same
// proportions, and not the same size in the same format.
bool are_renditions(const ImageRecord& a, const ImageRecord& b);

// The address of the picture that leads: the one that the page names; where that is a stand-in, the
// same in a larger size; where it is an ornament, the first of the article's pictures that is none.
// Reads headers, no decoder. Errors as of reading blobs.
Result<std::string> lead_image_of(Archive& archive, const Article& article);

}  // namespace halftone

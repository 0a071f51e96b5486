// Making what an article's readers will look at: image facts and derivatives.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "media/error.h"
#include "store/archive.h"
#include "store/article.h"
#include "store/image_workers.h"

namespace halftone {

struct DeriveResult {
  size_t made = 0;   // derivatives that were not there before
  size_t known = 0;  // those that were
  // Pictures that could not be read, and why.
  std::vector<std::pair<Digest, std::string>> failures;
};

// Facts and a thumbnail for every picture that `article` shows, a header image of its lead picture.
// What the archive already has is not made again; a picture that cannot be read is recorded as such
// and costs nothing else. `keep_going` is asked between pictures.
Result<DeriveResult> derive_images(Archive& archive, const Article& article, ImageWorker& worker,
                                   const std::function<bool()>& keep_going);

}  // namespace halftone

// Making what readers will look at: image facts and derivatives of what articles show.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "media/error.h"
#include "store/archive.h"
#include "store/article.h"
#include "store/derive_picture.h"
#include "store/image_pool.h"

namespace halftone {

struct DeriveResult {
  uint64_t total = 0;          // pictures that there are to look at; 0 until that is known
  uint64_t pictures = 0;       // looked at, each content once
  uint64_t made = 0;           // derivatives that were not there before, or were made again
  uint64_t known = 0;          // those that were there
  uint64_t failed = 0;         // what could not be made this time
  uint64_t failed_before = 0;  // nor in an earlier run: not tried again
  bool is_damaged = false;     // some blob is
  bool was_interrupted = false;
  // The first of what could not be made.
  static constexpr size_t kMostTold = 1000;
  std::vector<DeriveFailure> failures;
};

// Those that are made without being asked for.
std::vector<const Recipe*> usual_recipes();

struct DeriveOptions {
  std::vector<const Recipe*> recipes = usual_recipes();
  bool again = false;  // also what is there, or failed before
  // False when the user wants to stop; asked about ten times a second.
  std::function<bool()> keep_going = [] { return true; };
  std::function<void(const DeriveResult&)> progress = [](const DeriveResult&) {};
};

// Hands articles to `visit`, in the same order each time, until it returns false.
using ArticleSource = std::function<Result<void>(const std::function<bool(const Article&)>& visit)>;

// Facts and derivatives of the pictures that the articles show, each content once: lead pictures
// with all that is made of them, header images first, then the rest; both in the order in which
// the articles were captured, the newest first. What is there is not made again; what cannot be
// made costs nothing else, and is remembered with its reason, so that nobody tries it again before
// the recipe changes.
//
// Works in `pool`, which may be shared; results are written in batches. An interruption loses none
// of what was made; pictures that are under way for longer than a second after it are dropped, as
// if they had not been begun. An error is the archive's own, or that no worker can be started; one
// of `articles` comes after what it gave until then was made. Memory: some eighty bytes a picture.
Result<DeriveResult> derive_images(Archive& archive, ImagePool& pool, const ArticleSource& articles,
                                   const DeriveOptions& options = {});

}  // namespace halftone

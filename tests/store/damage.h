// Archives to be damaged, and damage.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/archive.h"

namespace halftone {

// Three articles with pictures, some of them shared, a film in chunks, thumbnails. The writer is
// open; what is kept depends on nothing but `seed`.
void fill(Archive& archive, uint64_t seed = 1);

// The digest of the picture `name` ("a.jpg", "shared.png", "film.mp4" …) in such an archive.
std::string picture_bytes(const std::string& name, uint64_t seed = 1);
std::string article_url(int number);

// The files of db/, and those of the archive's folder that a seal covers or is; by their paths.
std::vector<std::string> sealed_paths(const std::string& folder);

void flip_bit(const std::string& path, uint64_t offset, int bit);

// Where in `folder`/db the bytes stand: the file and the offset. Fails the test where they do not.
struct Place {
  std::string path;
  uint64_t offset = 0;
};
Place find_bytes(const std::string& folder, const std::string& bytes);

}  // namespace halftone

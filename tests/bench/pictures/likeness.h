// How well perceptual hashes tell pictures apart, and how fast their index answers.
#pragma once

#include <string>
#include <vector>

namespace halftone {

// Makes renditions of each file (widths, formats, qualities) and prints how far their hashes are
// from the original's, and how far different files are from each other: one file a picture.
void measure_hashes(const std::vector<std::string>& files);

// Asks an index of `count` pictures with hashes at random for neighbours at several distances.
void measure_index(size_t count, int rounds);

}  // namespace halftone

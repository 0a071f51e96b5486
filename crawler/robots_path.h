// A URL's path beside the rules of a robots.txt (RFC 9309, 2.2.3).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace halftone {

// One path that many rules are held against. Where each byte stands in it is kept as a row of bits,
// so that a piece of a rule is looked for at 64 places in one step.
class RobotsPath {
 public:
  // `path`: in the form that rules have.
  explicit RobotsPath(std::string path) : path_(std::move(path)) {}

  // Whether a rule is met: * is any run of characters, a last $ the end. Work is counted over all
  // rules: what stands before the first star, and between the last one and $, is always compared
  // whole; pieces between stars are looked for in the whole path until kMostSteps are spent on
  // them, then in its first kWindow bytes.
  bool meets(std::string_view rule);

  static constexpr size_t kWindow = 512;
  static constexpr uint64_t kMostSteps = 1'000'000;

 private:
  // Where `piece` ends that is first found from `at` on; npos where it is not.
  size_t end_of(std::string_view piece, size_t at);
  size_t row(char c) const { return rows_[static_cast<unsigned char>(c)]; }
  void index();

  std::string path_;
  size_t words_ = 0;  // of a row, with one of zeros behind
  std::vector<uint64_t> bits_;
  std::array<uint32_t, 256> rows_{};  // where a byte's row begins; 0: a row of zeros
  uint64_t steps_ = 0;
};

}  // namespace halftone

// Digests as WARC headers write them: "sha1:B2LTWWPUOYAH7UIPQ7ZUPQ4VMBSVC36A".
#pragma once

#include <memory>
#include <optional>
#include <string_view>

namespace halftone {

// Compares bytes that come in pieces with a labelled digest: sha1, sha256, sha384, sha512, md5;
// base32 or hexadecimal in any letter case, or base64. One thread at a time.
class WarcDigest {
 public:
  // Nothing where the label is unknown. A value that is no digest is right for no bytes.
  static std::optional<WarcDigest> of(std::string_view labelled);

  WarcDigest(WarcDigest&&) noexcept;
  WarcDigest& operator=(WarcDigest&&) noexcept;
  ~WarcDigest();

  void update(std::string_view bytes);
  bool is_right();  // once, at the end

 private:
  struct State;
  explicit WarcDigest(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace halftone

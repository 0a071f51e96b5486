// SHA-256, the name of every blob.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace halftone {

struct Digest {
  std::array<uint8_t, 32> bytes{};

  std::string hex() const;
  // The 32 bytes as they stand in keys.
  std::string_view view() const;
  static std::optional<Digest> from_hex(std::string_view hex);
  static std::optional<Digest> from_view(std::string_view raw);

  friend auto operator<=>(const Digest&, const Digest&) = default;
};

// Hashes in pieces. One thread at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::string_view bytes);
  Digest finish();  // once, at the end

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Digest sha256(std::string_view bytes);

}  // namespace halftone

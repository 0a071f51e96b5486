#include "store/formats/warc_digest.h"

#include <string>

#include <openssl/evp.h>

#include "media/ascii.h"
#include "media/base64.h"
#include "media/error.h"

namespace halftone {
namespace {

const EVP_MD* algorithm(std::string_view label) {
  struct Name {
    std::string_view name;
    const EVP_MD* (*algorithm)();
  };
  constexpr Name kNames[] = {
      {"sha1", EVP_sha1},      {"sha-1", EVP_sha1},     {"sha256", EVP_sha256},
      {"sha-256", EVP_sha256}, {"sha384", EVP_sha384},  {"sha-384", EVP_sha384},
      {"sha512", EVP_sha512},  {"sha-512", EVP_sha512}, {"md5", EVP_md5}};
  for (const Name& known : kNames) {
    if (equals_ignoring_case(label, known.name)) return known.algorithm();
  }
  return nullptr;
}

// RFC 4648, 6; -1 for what is none of its letters.
int base32_value(char c) {
  const char lower = to_lower(c);
  if (lower >= 'a' && lower <= 'z') return lower - 'a';
  return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

// Digits of `bits` bits each; empty where one is none.
std::string decoded(std::string_view digits, int bits, int (*value_of)(char)) {
  std::string out;
  unsigned held = 0;
  int count = 0;
  for (const char c : digits) {
    const int value = value_of(c);
    if (value < 0) return {};
    held = (held << bits | static_cast<unsigned>(value)) & 0xFFFF;
    count += bits;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(held >> count & 0xFF);
  }
  return out;
}

// A digest of `size` bytes, in the coding that its length tells.
std::string decoded_to(std::string_view digits, size_t size) {
  if (digits.size() == 2 * size) return decoded(digits, 4, hex_value);
  if (digits.size() == (4 * size + 2) / 3) return decode_base64(digits).value_or("");
  return decoded(digits, 5, base32_value);
}

}  // namespace

struct WarcDigest::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  std::string expected;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

WarcDigest::WarcDigest(std::unique_ptr<State> state) : state_(std::move(state)) {}
WarcDigest::WarcDigest(WarcDigest&&) noexcept = default;
WarcDigest& WarcDigest::operator=(WarcDigest&&) noexcept = default;
WarcDigest::~WarcDigest() = default;

std::optional<WarcDigest> WarcDigest::of(std::string_view labelled) {
  const size_t colon = labelled.find(':');
  if (colon == labelled.npos) return std::nullopt;
  const EVP_MD* known = algorithm(trim(labelled.substr(0, colon)));
  if (!known) return std::nullopt;
  std::string_view value = trim(labelled.substr(colon + 1));
  while (value.ends_with('=')) value.remove_suffix(1);

  auto state = std::make_unique<State>();
  if (!state->context || EVP_DigestInit_ex(state->context, known, nullptr) != 1) {
    return std::nullopt;  // a policy of the machine's forbids it
  }
  state->expected = decoded_to(value, static_cast<size_t>(EVP_MD_size(known)));
  return WarcDigest(std::move(state));
}

void WarcDigest::update(std::string_view bytes) {
  if (EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) != 1) {
    bug("a digest was updated after its end");
  }
}

bool WarcDigest::is_right() {
  std::string got(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  if (EVP_DigestFinal_ex(state_->context, reinterpret_cast<unsigned char*>(got.data()), &size) !=
      1) {
    bug("a digest was finished twice");
  }
  return state_->expected == got.substr(0, size);
}

}  // namespace halftone

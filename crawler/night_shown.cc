#include "crawler/night_shown.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace halftone {
namespace {

// To be raised whenever pages are looked through for more, or for less.
constexpr std::string_view kReading = "1";
constexpr std::string_view kNothing = "-";

std::string to_hex(const ShortKey& key) {
  Digest digest;
  std::ranges::copy(key, digest.bytes.begin());
  return digest.hex().substr(0, 2 * key.size());
}

std::optional<ShortKey> from_hex(std::string_view hex) {
  if (hex.size() != 2 * ShortKey().size()) return std::nullopt;
  const auto digest = Digest::from_hex(std::string(hex) + std::string(hex));
  return digest ? std::optional(short_key(*digest)) : std::nullopt;
}

// What stands before `end`, which goes, too; all of it where there is none.
std::string_view take(std::string_view& text, char end) {
  const size_t size = std::min(text.find(end), text.size());
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(std::min(size + 1, text.size()));
  return taken;
}

std::optional<ShownFile> read_file(std::string_view line, const OwedUrl& page) {
  const auto kind = kind_from_string(take(line, ' '));
  const auto policy = referrer_policy_from_string(take(line, ' '));
  const bool is_guess = take(line, ' ') == "guess";
  const std::string_view hex = take(line, ' ');
  const auto body = from_hex(hex);
  const std::string_view url = take(line, ' ');
  if (!kind || url.empty() || (!body && hex != kNothing)) return std::nullopt;
  return ShownFile{.owed = {.url = std::string(url),
                            .kind = *kind,
                            .document = line.empty() ? page.url : std::string(line),
                            .policy = policy,
                            .depth = page.depth,
                            .hops = page.hops,
                            .is_guess = is_guess},
                   .body = body};
}

}  // namespace

std::string encode(const NightShown& shown, const OwedUrl& page) {
  std::string row = fmt::format("{} {} {}\n", kReading, to_hex(shown.body), shown.files.size());
  for (const auto& [owed, body] : shown.files) {
    row +=
        fmt::format("{} {} {} {} {}", to_string(owed.kind), to_string(owed.policy),
                    owed.is_guess ? "guess" : kNothing, body ? to_hex(*body) : kNothing, owed.url);
    if (owed.document != page.url) row += " " + owed.document;
    row += '\n';
  }
  return row;
}

std::optional<NightShown> decode_shown(std::string_view row, const OwedUrl& page) {
  std::string_view head = take(row, '\n');
  const bool is_ours = take(head, ' ') == kReading;
  const auto body = from_hex(take(head, ' '));
  if (!is_ours || !body) return std::nullopt;
  NightShown shown{*body, {}};
  while (!row.empty()) {
    auto file = read_file(take(row, '\n'), page);
    if (!file) return std::nullopt;
    shown.files.push_back(*std::move(file));
  }
  if (head != std::to_string(shown.files.size())) return std::nullopt;
  return shown;
}

}  // namespace halftone

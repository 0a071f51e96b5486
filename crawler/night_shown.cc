#include "crawler/night_shown.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace halftone {
namespace {

using nlohmann::json;

// To be raised whenever pages are looked through for more, or for less.
constexpr int kReading = 1;
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

// What stands before the first blank, which goes, too; all of it where there is none.
std::string_view take(std::string_view& text) {
  const size_t size = std::min(text.find(' '), text.size());
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(std::min(size + 1, text.size()));
  return taken;
}

std::optional<ShownFile> read_file(std::string_view line, const OwedUrl& page) {
  const auto kind = kind_from_string(take(line));
  const auto policy = referrer_policy_from_string(take(line));
  const bool is_guess = take(line) == "guess";
  const std::string_view hex = take(line);
  const auto body = from_hex(hex);
  const std::string_view url = take(line);
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
  json lines = json::array();
  for (const auto& [owed, body] : shown.files) {
    lines.push_back(fmt::format("{} {} {} {} {}", to_string(owed.kind), to_string(owed.policy),
                                owed.is_guess ? "guess" : kNothing, body ? to_hex(*body) : kNothing,
                                owed.url));
    if (owed.document != page.url)
      lines.back() = lines.back().get<std::string>() + " " + owed.document;
  }
  const json row = {
      {"reading", kReading}, {"body", to_hex(shown.body)}, {"files", std::move(lines)}};
  return row.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<NightShown> decode_shown(std::string_view text, const OwedUrl& page) {
  const json row = json::parse(text, nullptr, false);
  if (!row.is_object() || row.value("reading", json()) != kReading) return std::nullopt;
  const json body_text = row.value("body", json()), lines = row.value("files", json());
  const auto body = body_text.is_string() ? from_hex(body_text.get<std::string>()) : std::nullopt;
  if (!body || !lines.is_array()) return std::nullopt;
  NightShown shown{*body, {}};
  for (const json& line : lines) {
    auto file =
        line.is_string() ? read_file(line.get_ref<const std::string&>(), page) : std::nullopt;
    if (!file) return std::nullopt;
    shown.files.push_back(*std::move(file));
  }
  return shown;
}

}  // namespace halftone

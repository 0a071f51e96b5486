#include "crawler/same_bodies.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "media/ascii.h"

namespace halftone {
namespace {

constexpr size_t kBodies = 20'000;
constexpr uint32_t kLargestIcon = 48;  // pixels

constexpr std::string_view kPortraits[] = {"avatar",   "profile", "userpic", "/user/", "/users/",
                                           "portrait", "/head/",  "/face/",  "author"};

bool is_portrait(const Url& url) {
  const std::string address = lower_case(url.host() + url.pathname());
  return std::ranges::any_of(
      kPortraits, [&](std::string_view word) { return address.find(word) != std::string::npos; });
}

bool is_icon(const SeenBody& body) {
  const bool is_known = body.width > 0 && body.height > 0;
  return is_known && body.width <= kLargestIcon && body.height <= kLargestIcon;
}

// What makes an address another one: of an image the name of its file, of others the path.
std::string name_of(const Url& url, SeenBody::Kind kind) {
  std::string path = url.pathname();
  const size_t slash = path.rfind('/');
  const bool has_file = slash + 1 < path.size();
  // "/image?id=7" has its name in the query.
  if (kind != SeenBody::Kind::kPage && path.find('.', slash) == path.npos) path += url.search();
  return kind == SeenBody::Kind::kPage || !has_file ? path : path.substr(slash + 1);
}

uint64_t hash_of(std::string_view name) {
  const ShortKey key = short_key(name);
  uint64_t hash = 0;
  std::memcpy(&hash, key.data(), sizeof hash);
  return hash;
}

std::string_view what_it_is(SeenBody::Kind kind) {
  switch (kind) {
    case SeenBody::Kind::kPage:
      return "page";
    case SeenBody::Kind::kImage:
      return "image";
    case SeenBody::Kind::kOther:
      return "HTML";
  }
  return {};
}

}  // namespace

SameBodies::SameBodies() : bodies_(kBodies), hosts_(kBodies) {}

std::optional<std::string> SameBodies::saw(const Url& url, const Digest& digest,
                                           const SeenBody& body) {
  if (body.size == 0) return std::nullopt;
  const bool is_image = body.kind == SeenBody::Kind::kImage;
  if (is_image && (is_icon(body) || is_portrait(url))) return std::nullopt;

  const std::string host = url.host();
  const int kind = static_cast<int>(body.kind);
  const size_t from_host = ++hosts_.use(short_key(fmt::format("{} {}", kind, host)));
  auto& [names, times] = bodies_.use(short_key(fmt::format("{} {} {}", kind, digest.hex(), host)));
  ++times;
  const uint64_t name = hash_of(name_of(url, body.kind));
  if (names.size() < kMost && std::ranges::find(names, name) == names.end()) names.push_back(name);
  if (names.size() < kMost || 2 * times < from_host) return std::nullopt;
  return fmt::format("the same {} for {} addresses of {} or more", what_it_is(body.kind), kMost,
                     host);
}

}  // namespace halftone

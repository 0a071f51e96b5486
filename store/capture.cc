#include "store/capture.h"

#include <unordered_map>

#include <nlohmann/json.hpp>

#include "media/url.h"

namespace halftone {

namespace {

using nlohmann::json;

constexpr size_t kDigits = 20;  // of a time in a key

// Header bytes are any bytes; as Latin-1 each has a character, so JSON can hold them all.
std::string latin1_to_utf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xC0 | byte >> 6);
      text += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return text;
}

std::string utf8_to_latin1(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<uint8_t>(text[i]);
    if (lead >= 0xC2 && lead <= 0xC3 && i + 1 < text.size()) {
      bytes += static_cast<char>((lead & 3) << 6 | (static_cast<uint8_t>(text[++i]) & 0x3F));
    } else {
      bytes += text[i];
    }
  }
  return bytes;
}

// "com,example,www)/path 20260109032837000000 https": a site, an address and its history are each
// one range. The scheme tells apart what shares a SURT and, in imported archives, a second.
struct Place {
  std::string prefix;  // SURT and a space
  std::string scheme;
  std::string key(Time time) const {
    return fmt::format("{}{} {}", prefix, to_digits(time), scheme);
  }
};

std::optional<Place> place_of(std::string_view url) {
  if (url.size() > Captures::kLongestUrl) return std::nullopt;
  const auto parsed = Url::parse(url);
  if (!parsed) return std::nullopt;
  return Place{parsed->surt() + ' ', parsed->scheme()};
}

std::optional<Time> time_in(std::string_view key) {
  const size_t scheme = key.rfind(' ');
  if (scheme == std::string_view::npos || scheme < kDigits) return std::nullopt;
  return from_digits(key.substr(scheme - kDigits, kDigits));
}

std::string to_value(const Capture& capture) {
  const json value = {{"url", capture.url},
                      {"time", to_iso8601(capture.time)},
                      {"status", capture.status},
                      {"request_headers", latin1_to_utf8(capture.request_headers)},
                      {"response_headers", latin1_to_utf8(capture.response_headers)},
                      {"digest", capture.digest.hex()},
                      {"size", capture.size},
                      {"type", capture.type},
                      {"remote_address", capture.remote_address},
                      {"revisit", capture.revisit}};
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

Capture read_members(const json& value) {
  Capture capture;
  value.at("url").get_to(capture.url);
  value.at("status").get_to(capture.status);
  capture.request_headers = utf8_to_latin1(value.at("request_headers").get<std::string>());
  capture.response_headers = utf8_to_latin1(value.at("response_headers").get<std::string>());
  capture.digest = Digest::from_hex(value.at("digest").get<std::string>()).value();
  value.at("size").get_to(capture.size);
  value.at("type").get_to(capture.type);
  value.at("remote_address").get_to(capture.remote_address);
  value.at("revisit").get_to(capture.revisit);
  return capture;
}

Result<Capture> to_capture(std::string_view key, std::string_view value) {
  const auto time = time_in(key);
  try {
    Capture capture = read_members(json::parse(value));
    capture.time = time.value();
    return capture;
  } catch (const std::exception& why) {  // of json, or a digest or time that is none
    return fail(ErrorCode::kCorrupt, "the capture \"{}\" is damaged: {}", key, why.what());
  }
}

tl::unexpected<Error> not_recordable(const std::string& url) {
  return fail(ErrorCode::kInvalid, "cannot record a capture of {}: {}", url.substr(0, 200),
              url.size() > Captures::kLongestUrl ? "its URL is too long" : "it is not a URL");
}

}  // namespace

Result<void> Captures::add(std::span<Capture> captures) {
  WriteBatch batch;
  std::unordered_map<std::string_view, const Capture*> newest;  // of each URL, in the list so far
  for (Capture& capture : captures) {
    const auto place = place_of(capture.url);
    if (!place) return not_recordable(capture.url);
    const auto before = previous(capture.url, capture.time);
    if (!before) return tl::unexpected(before.error());
    const Capture* known = *before ? &**before : nullptr;
    const Capture*& listed = newest[capture.url];
    if (listed && listed->time < capture.time && (!known || known->time < listed->time)) {
      known = listed;
    }
    capture.revisit = known && known->digest == capture.digest;
    if (!listed || listed->time <= capture.time) listed = &capture;
    batch.put(Table::kCapture, place->key(capture.time), to_value(capture));
  }
  auto written = database_.write(std::move(batch), true);
  if (written || captures.empty()) return written;
  return tl::unexpected(written.error().during("recording the capture of " + captures.front().url));
}

Result<std::optional<Capture>> Captures::previous(std::string_view url,
                                                  std::optional<Time> before) const {
  std::optional<Capture> found;
  const auto place = place_of(url);
  if (!place) return found;
  Result<void> read;
  const auto scanned =
      database_.scan_backward(Table::kCapture, place->prefix, [&](auto key, auto value) {
        auto capture = to_capture(key, value);
        if (!capture) {
          read = tl::unexpected(capture.error());
          return false;
        }
        if (capture->url != url || (before && capture->time >= *before)) return true;
        found = *std::move(capture);
        return false;
      });
  if (!scanned) return tl::unexpected(scanned.error());
  if (!read) return tl::unexpected(read.error());
  return found;
}

Result<std::optional<Capture>> Captures::latest(std::string_view url) const {
  return previous(url, std::nullopt);
}

Result<std::vector<Capture>> Captures::history(std::string_view url) const {
  std::vector<Capture> captures;
  const auto place = place_of(url);
  if (!place) return captures;
  const auto read = visit(place->prefix, [&](const Capture& capture) {
    if (capture.url == url) captures.push_back(capture);
    return true;
  });
  if (!read) return tl::unexpected(read.error());
  return captures;
}

Result<void> Captures::for_each(const std::function<bool(const Capture&)>& visit_one) const {
  return visit({}, visit_one);
}

Result<void> Captures::visit(std::string_view prefix,
                             const std::function<bool(const Capture&)>& visit_one) const {
  Result<void> read;
  const auto scanned = database_.scan(Table::kCapture, prefix, [&](auto key, auto value) {
    const auto capture = to_capture(key, value);
    if (!capture) read = tl::unexpected(capture.error());
    return capture && visit_one(*capture);
  });
  return scanned ? read : scanned;
}

}  // namespace halftone

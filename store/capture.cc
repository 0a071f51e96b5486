#include "store/capture.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include <nlohmann/json.hpp>

#include "media/url.h"
#include "store/host_surt.h"
#include "store/json_text.h"

namespace halftone {

namespace {

using nlohmann::json;

constexpr size_t kDigits = 20;  // of a time in a key

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

std::string_view surt_in(std::string_view key) {
  const size_t scheme = std::min(key.rfind(' '), key.size());
  return key.substr(0, scheme < kDigits ? 0 : scheme - kDigits);
}

std::optional<Time> time_in(std::string_view key) {
  const size_t scheme = key.rfind(' ');
  if (scheme == std::string_view::npos || scheme < kDigits) return std::nullopt;
  return from_digits(key.substr(scheme - kDigits, kDigits));
}

// Header bytes are any bytes; as Latin-1 each has a character, so JSON can hold them all.
std::string to_value(const Capture& capture) {
  JsonText json(400 + capture.url.size() + capture.request_headers.size() +
                capture.response_headers.size());
  json.open_object().name("url").bytes(capture.url).text("time", to_iso8601(capture.time));
  json.name("request_headers").bytes(capture.request_headers);
  json.name("response_headers").bytes(capture.response_headers);
  json.text("digest", capture.digest.hex()).name("type").bytes(capture.type);
  json.name("remote_address").bytes(capture.remote_address);
  json.number("status", capture.status).number("size", capture.size);
  if (capture.confirms) json.text("confirms", to_digits(*capture.confirms));
  return json.close_object().take();
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
  if (const auto confirms = value.find("confirms"); confirms != value.end()) {
    capture.confirms = from_digits(confirms->get<std::string>()).value();
  }
  return capture;
}

// A row as to_value() writes it, where it is plain ASCII: nearly all are, and whoever confirms what
// is archived reads several for each URL. Any other goes through a whole JSON parser.
class PlainRow {
 public:
  explicit PlainRow(std::string_view row) : rest_(row) {}

  bool skip(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  // `before`: what leads to it.
  bool text(std::string_view before, std::string& value) {
    if (!skip(before) || !skip("\"")) return false;
    while (true) {
      const auto plain = std::ranges::find_if_not(rest_, is_plain);
      const auto size = static_cast<size_t>(plain - rest_.begin());
      value.append(rest_, 0, size);
      rest_.remove_prefix(size);
      if (!rest_.starts_with('\\')) break;
      if (!unescape(value)) return false;
    }
    return skip("\"");
  }

  template <class Number>
  bool number(std::string_view before, Number& value) {
    if (!skip(before)) return false;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc()) return false;
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return true;
  }

  bool is_read() const { return rest_.empty(); }

 private:
  static bool is_plain(char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

  bool unescape(std::string& value) {
    constexpr std::string_view kCodes = "nr\"\\", kMeant = "\n\r\"\\";
    const size_t which = rest_.size() < 2 ? kCodes.npos : kCodes.find(rest_[1]);
    if (which == kCodes.npos) return false;
    value += kMeant[which];
    rest_.remove_prefix(2);
    return true;
  }

  std::string_view rest_;
};

std::optional<Capture> read_plain(std::string_view row) {
  PlainRow fields(row);
  Capture capture;
  std::string time, digest, confirms;
  const bool is_read =
      fields.text("{\"url\":", capture.url) && fields.text(",\"time\":", time) &&
      fields.text(",\"request_headers\":", capture.request_headers) &&
      fields.text(",\"response_headers\":", capture.response_headers) &&
      fields.text(",\"digest\":", digest) && fields.text(",\"type\":", capture.type) &&
      fields.text(",\"remote_address\":", capture.remote_address) &&
      fields.number(",\"status\":", capture.status) && fields.number(",\"size\":", capture.size);
  const bool has_confirms = is_read && fields.text(",\"confirms\":", confirms);
  const auto body = Digest::from_hex(digest);
  if (!is_read || !body || !fields.skip("}") || !fields.is_read()) return std::nullopt;
  capture.digest = *body;
  if (has_confirms) capture.confirms = from_digits(confirms);
  if (has_confirms && !capture.confirms) return std::nullopt;
  return capture;
}

tl::unexpected<Error> not_recordable(const std::string& url) {
  return fail(ErrorCode::kInvalid, "cannot record a capture of {}: {}", url.substr(0, 200),
              url.size() > Captures::kLongestUrl ? "its URL is too long" : "it is not a URL");
}

}  // namespace

Result<Capture> Captures::read_row(std::string_view key, std::string_view value) {
  const auto time = time_in(key);
  if (auto plain = time ? read_plain(value) : std::nullopt) {
    plain->time = *time;
    return *std::move(plain);
  }
  try {
    Capture capture = read_members(json::parse(value));
    capture.time = time.value();
    return capture;
  } catch (const std::exception& why) {  // of json, or a digest or time that is none
    return fail(ErrorCode::kCorrupt, "the capture \"{}\" is damaged: {}", key, why.what());
  }
}

Result<void> Captures::add(std::span<const Capture> captures) {
  WriteBatch batch;
  for (const Capture& capture : captures) {
    const auto place = place_of(capture.url);
    if (!place) return not_recordable(capture.url);
    batch.put(Table::kCapture, place->key(capture.time), to_value(capture));
  }
  auto written = database_.write(std::move(batch), true);
  if (written || captures.empty()) return written;
  return tl::unexpected(written.error().during("recording the capture of " + captures.front().url));
}

Result<std::optional<Capture>> Captures::latest(std::string_view url) const {
  std::optional<Capture> found;
  const auto place = place_of(url);
  if (!place) return found;
  Result<void> read;
  const auto scanned =
      database_.scan_backward(Table::kCapture, place->prefix, [&](auto key, auto value) {
        auto capture = Captures::read_row(key, value);
        if (!capture) {
          read = tl::unexpected(capture.error());
          return false;
        }
        if (capture->url != url) return true;
        if (found) {  // the one before it
          found->revisit = capture->digest == found->digest;
          return false;
        }
        found = *std::move(capture);
        return true;
      });
  if (!scanned) return tl::unexpected(scanned.error());
  if (!read) return tl::unexpected(read.error());
  return found;
}

Result<std::optional<Capture>> Captures::at(std::string_view url, Time time) const {
  const auto place = place_of(url);
  if (!place) return std::nullopt;
  const std::string key = place->key(time);
  const auto value = database_.get(Table::kCapture, key);
  if (!value) return tl::unexpected(value.error());
  if (!*value) return std::nullopt;
  auto capture = read_row(key, **value);
  if (!capture) return tl::unexpected(capture.error());
  if (capture->url != url) return std::nullopt;
  return *std::move(capture);
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

// Captures of one URL stand together, save for those whose URLs share its SURT.
Result<void> Captures::visit(std::string_view prefix,
                             const std::function<bool(const Capture&)>& visit_one) const {
  Result<void> read;
  std::string surt;
  std::unordered_map<std::string, Digest> newest;  // of each URL with this SURT
  const auto scanned = database_.scan(Table::kCapture, prefix, [&](auto key, auto value) {
    auto capture = read_row(key, value);
    if (!capture) {
      read = tl::unexpected(capture.error());
      return false;
    }
    if (const auto own = surt_in(key); own != surt) {
      surt = own;
      newest.clear();
    }
    const auto [before, is_first] = newest.try_emplace(capture->url, capture->digest);
    capture->revisit = !is_first && before->second == capture->digest;
    before->second = capture->digest;
    return visit_one(*capture);
  });
  return scanned ? read : scanned;
}

// `ends`: what may follow the host in a SURT, in order: ")" its path, "," a subdomain, ":" a port.
Result<void> Captures::of_hosts(std::string_view host, std::string_view ends,
                                const std::function<bool(const Capture&)>& visit_one) const {
  const auto surt = host_surt(host);
  if (!surt) return fail(ErrorCode::kInvalid, "{} is no host", host);
  bool wanted = true;
  for (const char end : ends) {
    const auto visited = visit(*surt + end, [&](const Capture& capture) {
      wanted = visit_one(capture);
      return wanted;
    });
    if (!visited || !wanted) return visited;
  }
  return {};
}

Result<void> Captures::of_host(std::string_view host,
                               const std::function<bool(const Capture&)>& visit_one) const {
  return of_hosts(host, "):", visit_one);
}

Result<void> Captures::of_site(std::string_view host,
                               const std::function<bool(const Capture&)>& visit_one) const {
  return of_hosts(host, "),:", visit_one);
}

Result<std::optional<Capture>> Captures::nearest(std::string_view url, Time time) const {
  std::optional<Capture> before, after;
  const auto place = place_of(url);
  if (!place) return before;
  Result<void> read;
  // The first capture of the URL that a walk meets.
  const auto take_into = [&](std::optional<Capture>& found) {
    return [&](std::string_view key, std::string_view value) {
      auto capture = read_row(key, value);
      if (!capture) {
        read = tl::unexpected(capture.error());
        return false;
      }
      if (capture->url != url) return true;
      found = *std::move(capture);
      return false;
    };
  };
  const std::string middle = place->prefix + to_digits(time);
  auto scanned =
      database_.scan_range_backward(Table::kCapture, place->prefix, middle, take_into(before));
  if (!scanned) return tl::unexpected(scanned.error());
  scanned = database_.scan_range(Table::kCapture, middle, place->prefix + '\xFF', take_into(after));
  if (!scanned) return tl::unexpected(scanned.error());
  if (!read) return tl::unexpected(read.error());
  if (!before || !after) return before ? before : after;
  return time - before->time <= after->time - time ? before : after;
}

Result<std::vector<Capture>> Captures::between(std::string_view url, Time from, Time to) const {
  std::vector<Capture> captures;
  const auto place = place_of(url);
  if (!place) return captures;
  Result<void> read;
  const auto scanned =
      database_.scan_range(Table::kCapture, place->prefix + to_digits(from),
                           place->prefix + to_digits(to) + '\xFF', [&](auto key, auto value) {
                             auto capture = read_row(key, value);
                             if (!capture) {
                               read = tl::unexpected(capture.error());
                             } else if (capture->url == url) {
                               captures.push_back(*std::move(capture));
                             }
                             return read.has_value();
                           });
  if (!scanned) return tl::unexpected(scanned.error());
  if (!read) return tl::unexpected(read.error());
  return captures;
}

void Captures::remove(std::string_view url, const std::vector<Time>& times, WriteBatch& batch) {
  const auto place = place_of(url);
  if (!place) return;
  for (const Time time : times) batch.remove(Table::kCapture, place->key(time));
}

}  // namespace halftone

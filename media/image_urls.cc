#include "media/image_urls.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "media/ascii.h"
#include "media/byte_scan.h"

namespace halftone {
namespace {

constexpr std::string_view kImageExtensions[] = {
    "jpg", "jpeg", "png", "gif",  "webp", "avif", "svg", "bmp", "ico", "jfif", "pjpeg",
    "jpe", "apng", "tif", "tiff", "heic", "heif", "jxl", "jp2", "cur", "svgz"};

constexpr std::string_view kMediaExtensions[] = {
    "mp4",  "m4v", "webm", "ogv", "mov", "mkv", "avi", "mpg",  "mpeg", "flv",  "3gp",
    "m3u8", "mpd", "mp3",  "m4a", "aac", "ogg", "oga", "opus", "wav",  "flac", "weba"};

constexpr std::string_view kTextExtensions[] = {"html", "htm",  "xhtml", "shtml", "js",  "mjs",
                                                "css",  "json", "xml",   "txt",   "vtt", "map"};

// Words that mean a picture wherever they stand in a name …
constexpr std::string_view kImageWords[] = {"src",   "img",        "image",  "original",
                                            "lazy",  "logo",       "thumb",  "poster",
                                            "photo", "background", "avatar", "favicon"};
// … and those that other words end in (topic, discover, lexicon): only at the beginning of a word.
constexpr std::string_view kImageWordStarts[] = {"bg", "pic", "cover", "icon"};

constexpr size_t kLongestExtension = 5;  // fits a word
constexpr size_t kLongestName = 128;

// The letters after the last dot of the path's last segment; empty where there are none.
std::string_view extension(std::string_view url) {
  const std::string_view path = url.substr(0, find_any<'?', '#'>(url, 0));
  size_t dot = path.size();
  while (dot > 0 && path[dot - 1] != '.') {
    if (path[--dot] == '/') return {};
  }
  if (dot == 0) return {};
  const size_t slash = path.rfind('/', dot - 1);
  // "//example.jpg" is a host.
  const bool host = slash != path.npos && slash > 0 && path[slash - 1] == '/';
  return host ? std::string_view() : path.substr(dot);
}

// The letters as one number, in lower case.
constexpr uint64_t word_of(std::string_view letters) {
  uint64_t word = 0;
  for (const char c : letters) word = word << 8 | static_cast<uint8_t>(to_lower(c));
  return word;
}

template <size_t kCount>
constexpr auto words_of(const std::string_view (&texts)[kCount]) {
  std::array<uint64_t, kCount> words{};
  std::transform(std::begin(texts), std::end(texts), words.begin(), word_of);
  return words;
}

bool has_extension(std::string_view url, const auto& words) {
  const std::string_view found = extension(url);
  return !found.empty() && found.size() <= kLongestExtension &&
         std::find(words.begin(), words.end(), word_of(found)) != words.end();
}

// A word begins after a separator or, in camelCase, with a capital.
bool begins_word(std::string_view name, size_t at) {
  return at == 0 || !is_alpha(name[at - 1]) ||
         (name[at] != to_lower(name[at]) && name[at - 1] == to_lower(name[at - 1]));
}

}  // namespace

bool is_absolute_http(std::string_view url) {
  return starts_with_ignoring_case(url, "http://") || starts_with_ignoring_case(url, "https://") ||
         (url.size() > 2 && url.starts_with("//") && url[2] != '/');
}

bool has_image_extension(std::string_view url) {
  static constexpr auto kWords = words_of(kImageExtensions);
  return has_extension(url, kWords);
}
bool has_media_extension(std::string_view url) {
  static constexpr auto kWords = words_of(kMediaExtensions);
  return has_extension(url, kWords);
}
bool has_text_extension(std::string_view url) {
  static constexpr auto kWords = words_of(kTextExtensions);
  return has_extension(url, kWords);
}

bool names_an_image(std::string_view name) {
  if (name.size() > kLongestName) return false;
  std::array<char, kLongestName> letters;
  std::transform(name.begin(), name.end(), letters.begin(), to_lower);
  const std::string_view lower(letters.data(), name.size());
  for (const std::string_view word : kImageWords) {
    if (lower.find(word) != lower.npos) return true;
  }
  for (const std::string_view word : kImageWordStarts) {
    for (size_t at = lower.find(word); at != lower.npos; at = lower.find(word, at + 1)) {
      if (begins_word(name, at)) return true;
    }
  }
  return false;
}

}  // namespace halftone

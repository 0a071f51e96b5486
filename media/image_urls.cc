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
    "jpe", "apng", "tif", "tiff", "heic", "heif", "jxl", "jp2", "cur", "svgz", "image"};

constexpr std::string_view kMediaExtensions[] = {
    "mp4",  "m4v", "webm", "ogv", "mov", "mkv", "avi", "mpg",  "mpeg", "flv",  "3gp",
    "m3u8", "mpd", "mp3",  "m4a", "aac", "ogg", "oga", "opus", "wav",  "flac", "weba"};

constexpr std::string_view kTextExtensions[] = {"html", "htm",  "xhtml", "shtml", "js",  "mjs",
                                                "css",  "json", "xml",   "txt",   "vtt", "map"};

// Which letters stand in a name, in lower case, as bits.
constexpr uint32_t letters_of(std::string_view lower) {
  uint32_t letters = 0;
  for (const char c : lower) letters |= uint32_t{1} << (c & 31);
  return letters;
}

// A word, and what a name must have so that it is worth looking for it there.
struct ImageWord {
  constexpr ImageWord(const char* text) : text(text), letters(letters_of(text)) {}
  std::string_view text;
  uint32_t letters;
};

// Words that mean a picture wherever they stand in a name …
constexpr ImageWord kImageWords[] = {"src",   "img",    "image", "original",   "lazy",   "logo",
                                     "thumb", "poster", "photo", "background", "avatar", "favicon"};
// … and those that other words end in (topic, discover, lexicon): only at the beginning of a word.
constexpr ImageWord kImageWordStarts[] = {"bg", "pic", "cover", "icon"};

// Parameters that ask for an image, as CDNs call them.
constexpr std::string_view kImageParameters[] = {"wx_fmt=",
                                                 "x-oss-process=image",
                                                 "x-image-process=image",
                                                 "x-bce-process=image",
                                                 "imageview2",
                                                 "imagemogr2",
                                                 "imageslim",
                                                 "format=jpg",
                                                 "format=jpeg",
                                                 "format=pjpg",
                                                 "format=png",
                                                 "format=webp",
                                                 "format=avif",
                                                 "format=gif",
                                                 "fm=jpg",
                                                 "fm=png",
                                                 "fm=webp",
                                                 "fm=avif",
                                                 "fm=jpeg",
                                                 "fm=pjpg",
                                                 "auto=format"};

// Hosts that serve images under names that do not say so, and all hosts in them.
constexpr std::string_view kImageHosts[] = {
    "36krcdn.com",         "alicdn.com",      "byteimg.com",
    "cdn.shopify.com",     "ggpht.com",       "googleusercontent.com",
    "hdslb.com",           "i.imgur.com",     "images.ctfassets.net",
    "images.unsplash.com", "miro.medium.com", "pbs.twimg.com",
    "pstatp.com",          "qpic.cn",         "sinaimg.cn",
    "toutiaoimg.com",      "twimg.com",       "zhimg.com"};

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
  if (host) return {};
  const std::string_view letters = path.substr(dot);
  return letters.substr(0, find_any<'!', '@', '~'>(letters, 0));
}

// The letters as one number, in lower case.
constexpr uint64_t word_of(std::string_view letters) {
  uint64_t word = 0;
  for (const char c : letters) word = word << 8 | static_cast<uint8_t>(to_lower(c));
  return word;
}

enum class File : uint8_t { kUnknown, kImage, kMedia, kText };

struct Extension {
  uint64_t word = 0;
  File file = File::kUnknown;
};

constexpr size_t kSlots = 256;

constexpr size_t slot_of(uint64_t word) {
  return static_cast<size_t>(word * 0x9E3779B97F4A7C15U >> 56);
}

constexpr std::array<Extension, kSlots> kExtensions = [] {
  std::array<Extension, kSlots> table{};
  const auto add = [&table](std::string_view letters, File file) {
    size_t slot = slot_of(word_of(letters));
    while (table[slot].word != 0) slot = (slot + 1) % kSlots;
    table[slot] = {word_of(letters), file};
  };
  for (const std::string_view letters : kImageExtensions) add(letters, File::kImage);
  for (const std::string_view letters : kMediaExtensions) add(letters, File::kMedia);
  for (const std::string_view letters : kTextExtensions) add(letters, File::kText);
  return table;
}();

// What a URL names, by its extension.
File file_of(std::string_view url) {
  const std::string_view letters = extension(url);
  if (letters.empty() || letters.size() > kLongestExtension) return File::kUnknown;
  const uint64_t word = word_of(letters);
  size_t slot = slot_of(word);
  while (kExtensions[slot].word != word && kExtensions[slot].word != 0) slot = (slot + 1) % kSlots;
  return kExtensions[slot].file;
}

// A word begins after a separator or, in camelCase, with a capital.
bool begins_word(std::string_view name, size_t at) {
  return at == 0 || !is_alpha(name[at - 1]) ||
         (name[at] != to_lower(name[at]) && name[at - 1] == to_lower(name[at - 1]));
}

bool asks_for_image(std::string_view url) {
  url = url.substr(0, url.find('#'));
  for (size_t at = url.find('?'); at != url.npos; at = url.find('&', at)) {
    const std::string_view parameter = url.substr(++at);
    for (const std::string_view known : kImageParameters) {
      if (starts_with_ignoring_case(parameter, known)) return true;
    }
  }
  return false;
}

// True for a file, and not a folder, of such a host.
bool is_on_image_host(std::string_view url) {
  url = url.substr(url.find("//") + 2);
  const size_t end = find_any<'/', '?', '#', ':'>(url, 0);
  const std::string_view host = url.substr(0, end);
  const std::string_view path = url.substr(end, find_any<'?', '#'>(url, end) - end);
  if (path.empty() || path.ends_with('/')) return false;
  return std::any_of(std::begin(kImageHosts), std::end(kImageHosts), [&](std::string_view known) {
    if (host.size() < known.size()) return false;
    const size_t at = host.size() - known.size();
    return equals_ignoring_case(host.substr(at), known) && (at == 0 || host[at - 1] == '.');
  });
}

}  // namespace

bool is_absolute_http(std::string_view url) {
  return starts_with_ignoring_case(url, "http://") || starts_with_ignoring_case(url, "https://") ||
         (url.size() > 2 && url.starts_with("//") && url[2] != '/');
}

bool has_image_extension(std::string_view url) { return file_of(url) == File::kImage; }
bool has_media_extension(std::string_view url) { return file_of(url) == File::kMedia; }
bool has_text_extension(std::string_view url) { return file_of(url) == File::kText; }

bool is_image_url(std::string_view url) {
  const File file = file_of(url);
  if (file != File::kUnknown) return file == File::kImage;
  return is_absolute_http(url) && (asks_for_image(url) || is_on_image_host(url));
}

bool names_an_image(std::string_view name) {
  if (name.size() > kLongestName) return false;
  std::array<char, kLongestName> letters;
  std::transform(name.begin(), name.end(), letters.begin(), to_lower);
  const std::string_view lower(letters.data(), name.size());
  const uint32_t has = letters_of(lower);
  for (const ImageWord& word : kImageWords) {
    if ((word.letters & ~has) == 0 && lower.find(word.text) != lower.npos) return true;
  }
  for (const ImageWord& word : kImageWordStarts) {
    if ((word.letters & ~has) != 0) continue;
    for (size_t at = lower.find(word.text); at != lower.npos; at = lower.find(word.text, at + 1)) {
      if (begins_word(name, at)) return true;
    }
  }
  return false;
}

}  // namespace halftone

// SVG: the size that its root element asks for (SVG 2, 8.2 and 8.12; CSS Values 4, 6.2).
#include <charconv>
#include <cmath>
#include <optional>

#include "media/ascii.h"
#include "media/charset.h"
#include "media/gzip.h"
#include "media/html_tokenizer.h"
#include "media/image_formats.h"
#include "media/sniff_markup.h"

namespace halftone {

namespace {

struct Unit {
  std::string_view name;
  double pixels;
};

// Fonts are 16 px where nothing says otherwise.
constexpr Unit kUnits[] = {
    {"", 1},           {"px", 1},         {"in", 96},        {"cm", 96 / 2.54},
    {"mm", 96 / 25.4}, {"q", 96 / 101.6}, {"pt", 96.0 / 72}, {"pc", 16},
    {"em", 16},        {"rem", 16},       {"ex", 8},         {"ch", 8},
};

// Takes a number off the front of `text`.
std::optional<double> take_number(std::string_view& text) {
  text = trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return value;
}

// In CSS pixels; nothing where it is none that can be told from the file alone (auto, 100%).
std::optional<double> length(const HtmlToken& root, std::string_view name) {
  const HtmlAttribute* attribute = root.find(name);
  if (!attribute) return std::nullopt;
  const SourceText decoded = decode_value(*attribute);
  std::string_view text = decoded.text();
  const auto number = take_number(text);
  if (!number) return std::nullopt;
  if (*number < 0) return 0;
  for (const Unit& unit : kUnits)
    if (equals_ignoring_case(trim(text), unit.name)) return *number * unit.pixels;
  return std::nullopt;
}

struct Box {
  double width, height;
};

std::optional<Box> view_box(const HtmlToken& root) {
  const HtmlAttribute* attribute = root.find("viewbox");
  if (!attribute) return std::nullopt;
  const SourceText decoded = decode_value(*attribute);
  std::string_view text = decoded.text();
  double numbers[4] = {};
  for (double& number : numbers) {
    const auto taken = take_number(text);
    if (!taken) return std::nullopt;
    number = *taken;
    text = trim(text);
    if (text.starts_with(',')) text.remove_prefix(1);
  }
  if (!(numbers[2] > 0) || !(numbers[3] > 0)) return std::nullopt;
  return Box{numbers[2], numbers[3]};
}

uint32_t rounded(double side) {
  constexpr double kMost = 1e9;
  return side > 0 ? static_cast<uint32_t>(std::lround(std::clamp(side, 1.0, kMost))) : 0;
}

// CSS Images 3, 5.2: the default size of what has none, in the proportions of its view box.
Box default_size(const std::optional<Box>& box) {
  constexpr double kWidth = 300, kHeight = 150;
  if (!box) return {kWidth, kHeight};
  const double ratio = box->width / box->height;
  return ratio > kWidth / kHeight ? Box{kWidth, kWidth / ratio} : Box{kHeight * ratio, kHeight};
}

// A side that is not given follows from the other in the view box's proportions. It is shown in
// any case; where the file tells no size, it has none as stored.
void read_size(const HtmlToken& root, ImageHeader& header) {
  const auto width = length(root, "width"), height = length(root, "height");
  const auto box = view_box(root);
  const double ratio = box ? box->width / box->height : 0;
  header.width = rounded(width ? *width : height && box ? *height * ratio : 0);
  header.height = rounded(height ? *height : width && box ? *width / ratio : 0);
  const Box otherwise = default_size(width || height ? std::nullopt : box);
  header.display_width = header.width > 0 || width ? header.width : rounded(otherwise.width);
  header.display_height = header.height > 0 || height ? header.height : rounded(otherwise.height);
}

// The whole document where it is UTF-16, which browsers take by its mark.
SourceText decode_document(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE")) return decode(bytes, "utf-16le");
  if (bytes.starts_with("\xFE\xFF")) return decode(bytes, "utf-16be");
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  return SourceText(bytes, 0);
}

// The end tag of the root is the last one there is.
bool has_end_tag(std::string_view text, std::string_view name) {
  const size_t at = text.rfind("</");
  return at != std::string_view::npos && text.substr(at + 2).starts_with(name) &&
         text.find('>', at) != std::string_view::npos;
}

}  // namespace

bool read_svg(std::string_view bytes, ImageHeader& header) {
  constexpr size_t kMostInflated = 16 << 20;
  if (is_gzip(bytes)) {
    const Inflated drawing = gunzip_what_is_there(bytes, kMostInflated);
    if (is_gzip(drawing.content) || !read_svg(drawing.content, header)) return false;
    header.is_cut = header.is_cut || !drawing.fault.empty();
    return true;
  }
  const std::string_view head = trim(bytes.substr(0, 100));
  if (head.empty() || (head[0] != '<' && static_cast<unsigned char>(head[0]) < 0x80)) return false;
  const SourceText document = decode_document(bytes);
  const std::string_view root_on = root_element(document.text());
  HtmlTokenizer tokenizer(root_on);
  const HtmlToken& root = tokenizer.next();
  const std::string_view local = root.name.substr(root.name.rfind(':') + 1);
  if (root.type != HtmlToken::Type::kStartTag || !equals_ignoring_case(local, "svg")) return false;
  read_size(root, header);
  header.alpha = true;
  header.is_cut = !root.self_closing && !has_end_tag(root_on, root.name);
  return true;
}

}  // namespace halftone

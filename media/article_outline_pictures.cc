#include "media/article_outline_pictures.h"

#include <algorithm>

#include "media/article_text.h"
#include "media/ascii.h"
#include "media/utf8.h"

namespace halftone {
namespace {

constexpr size_t kMostDescribed = 1000;  // pictures with aria-describedby
constexpr size_t kLongestId = 256;

std::string value(const HtmlToken& tag, std::string_view name) {
  const HtmlAttribute* attribute = tag.find(name);
  return attribute ? plain_text(decode_value(*attribute).text(), kLongestCaption) : std::string();
}

}  // namespace

void OutlinePictures::add(const HtmlToken& tag, std::string url, size_t block) {
  if (!urls_.insert(url).second) return;
  OutlinePicture picture;
  picture.block = static_cast<uint32_t>(block);
  picture.image.url = std::move(url);
  picture.image.alt = value(tag, "alt");
  if (picture.image.alt.empty()) picture.image.alt = value(tag, "aria-label");
  for (const std::string_view name : {"data-caption", "title"}) {
    if (picture.image.caption.empty()) picture.image.caption = value(tag, name);
  }
  const std::string id = value(tag, "aria-describedby");
  if (!id.empty() && described_.size() < kMostDescribed) described_[id] = pictures_.size();
  pictures_.push_back(std::move(picture));
}

void OutlinePictures::note_placeholder(const ShownPicture& shown, size_t position) {
  placeholder_is_sure_ = shown.is_lazy;
  placeholder_picture_.reset();
  placeholder_url_ = shown.url;
  if (!shown.url.empty() && !urls_.contains(shown.url)) placeholder_picture_ = pictures_.size();
  placeholder_ = position;
}

bool OutlinePictures::fills_placeholder(const std::string& url, size_t position) {
  if (!placeholder_ || *placeholder_ != position) return false;
  if (placeholder_is_sure_) return true;
  if (!is_same_picture(placeholder_url_, url)) return false;
  const bool listed = placeholder_picture_ && *placeholder_picture_ < pictures_.size();
  if (listed && urls_.insert(url).second) pictures_[*placeholder_picture_].image.url = url;
  return true;
}

std::optional<size_t> OutlinePictures::described_by(const HtmlToken& tag) {
  if (described_.empty()) return std::nullopt;
  const HtmlAttribute* id = tag.find("id");
  if (!id) return std::nullopt;
  const auto found = described_.find(std::string(utf8_head(trim(id->value), kLongestId)));
  if (found == described_.end()) return std::nullopt;
  const size_t picture = found->second;
  described_.erase(found);
  return picture;
}

void OutlinePictures::set_caption(size_t picture, std::string caption) {
  pictures_[picture].image.caption = std::move(caption);
}

void OutlinePictures::set_captions(size_t first, const std::string& caption) {
  for (size_t i = std::max(first, captioned_); i < pictures_.size(); ++i) set_caption(i, caption);
  captioned_ = pictures_.size();
}

}  // namespace halftone

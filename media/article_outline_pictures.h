// The pictures of a page as its outline meets them: each once, with what is said about it.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "media/article_outline.h"
#include "media/article_pictures.h"
#include "media/html_tokenizer.h"

namespace halftone {

constexpr size_t kLongestCaption = 4096;  // bytes

class OutlinePictures {
 public:
  size_t size() const { return pictures_.size(); }
  // The number of the block that a picture stands in.
  size_t block_of(size_t picture) const { return pictures_[picture].block; }
  std::vector<OutlinePicture> take() && { return std::move(pictures_); }

  // Adds the picture that an <img> shows in that block, unless it has been.
  void add(const HtmlToken& tag, std::string url, size_t block);

  // An <img> that is no noscript's. `position` changes with each word of the page.
  void note_placeholder(const ShownPicture& shown, size_t position);

  // What an <img> of a noscript shows. True where that stands for the picture right before it, a
  // script's, or is the same in another size, which then counts; else it is one more.
  bool fills_placeholder(const std::string& url, size_t position);

  // The picture that says that the element of this tag describes it; once.
  std::optional<size_t> described_by(const HtmlToken& tag);

  void set_caption(size_t picture, std::string caption);
  // Of all from `first` on that no other call has given one.
  void set_captions(size_t first, const std::string& caption);

 private:
  std::vector<OutlinePicture> pictures_;
  std::set<std::string> urls_;
  std::map<std::string, size_t> described_;  // by the id that aria-describedby names
  size_t captioned_ = 0;                     // pictures before this one have their caption
  std::optional<size_t> placeholder_;        // where the last picture outside of noscript stood
  std::optional<size_t> placeholder_picture_;
  bool placeholder_is_sure_ = false;
  std::string placeholder_url_;
};

}  // namespace halftone

// Which of the rules for renditions may hold for a URL.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/rendition_rules.h"

namespace halftone {

// Asked for one URL after the other, of which many stand in one folder: what the folder decides is
// found out once. There are more than a hundred rules, and few URLs meet any of them.
class RenditionIndex {
 public:
  // The rules of its host whose fixed letters stand in `url`, in the table's order: none that is
  // left out holds for it. `url` is http or https, as the URL standard serialises it. The answer
  // lives until the next call.
  std::span<const RenditionRule* const> rules_for(std::string_view url);

 private:
  void enter(std::string_view folder);

  std::string folder_;               // of the URL before, with its slash
  std::vector<uint32_t> in_folder_;  // rules that may hold there
  std::vector<const RenditionRule*> found_;
};

}  // namespace halftone

// Which of the rules for renditions may hold for a URL.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/rendition_rules.h"

namespace halftone {

// Asked for one URL after the other, of which many stand in one folder: what its host and
// the folder decide is found out once. There are more than a hundred rules, and few URLs meet any
// of them.
class RenditionIndex {
 public:
  // The rules of its host whose fixed letters stand in `url`, in the table's order: none that is
  // left out holds for it. `url` is http or https, as the URL standard serialises it. The answer
  // lives until the next call.
  std::span<const RenditionRule* const> rules_for(std::string_view url);

 private:
  void enter(std::string_view folder);
  void enter_host(std::string_view host);

  std::string host_;
  std::vector<uint32_t> of_host_;    // numbers of the rules for it
  std::string folder_;               // of the URL before, with its slash
  std::vector<uint32_t> in_folder_;  // rules that may hold there
  std::vector<const RenditionRule*> found_;
};

}  // namespace halftone

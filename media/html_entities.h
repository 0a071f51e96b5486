// The named character references of HTML (WHATWG HTML, 13.5).
#pragma once

#include <cstddef>
#include <string_view>

namespace halftone {

struct Entity {
  size_t size = 0;        // of its name; 0: none matches
  std::string_view utf8;  // what it stands for
};

// The longest name that `text` begins with, `text` being what follows '&'. Names end in ';' save
// the few that have always been allowed without.
Entity match_entity(std::string_view text);

}  // namespace halftone

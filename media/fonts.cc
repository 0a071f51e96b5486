// The only file that sees fontconfig.
#include "media/fonts.h"

#include <memory>

#include <fontconfig/fontconfig.h>

namespace halftone {

std::vector<std::string> open_font_list() {
  std::vector<std::string> folders;
  if (!FcInit()) return folders;
  const std::unique_ptr<FcStrList, decltype(&FcStrListDone)> list(FcConfigGetFontDirs(nullptr),
                                                                  FcStrListDone);
  while (const FcChar8* folder = list ? FcStrListNext(list.get()) : nullptr) {
    folders.emplace_back(reinterpret_cast<const char*>(folder));
  }
  return folders;
}

}  // namespace halftone

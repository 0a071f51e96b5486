#include "media/site.h"

#include <libpsl.h>

namespace halftone {

std::string registrable_domain(std::string_view host) {
  std::string domain(host);
  const bool rooted = domain.ends_with('.');  // libpsl takes names without the root's dot
  if (rooted) domain.pop_back();
  const char* registrable = psl_registrable_domain(psl_builtin(), domain.c_str());
  if (!registrable) return std::string(host);
  return registrable + std::string(rooted ? "." : "");
}

}  // namespace halftone

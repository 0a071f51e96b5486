#include "store/host_surt.h"

#include <fmt/format.h>

#include "media/url.h"

namespace halftone {

std::optional<std::string> host_surt(std::string_view host) {
  if (host.find_first_of("/?#@\\ ") != std::string_view::npos) return std::nullopt;
  const auto url = Url::parse(fmt::format("http://{}/", host));
  if (!url || url->hostname().empty()) return std::nullopt;
  const auto without_port = Url::parse(fmt::format("http://{}/", url->hostname()));
  if (!without_port) return std::nullopt;
  std::string surt = without_port->surt();
  surt.erase(surt.rfind(')'));
  return surt;
}

}  // namespace halftone

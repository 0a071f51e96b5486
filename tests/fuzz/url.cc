#include "media/url.h"

#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

namespace {

void check(const std::optional<Url>& url) {
  if (!url) return;
  must_be_serialised(url->href());
  url->surt();
  url->site();
  url->origin();
  url->effective_port();
  must_be_serialised(url->href_without_fragment());
  must_be_serialised(url->without_credentials().href());
}

}  // namespace

// The first line is the URL, the second one its base.
FUZZ_TARGET(url) {
  const size_t line = input.find('\n');
  const std::string_view written = input.substr(0, line);
  check(Url::parse(input));
  check(Url::parse(written, &fuzz_base()));
  check(Url::parse(written, &fuzz_base(), "GBK"));
  check(Url::parse(written, &fuzz_base(), "ISO-2022-JP"));
  if (line == input.npos) return;
  if (const auto base = Url::parse(input.substr(line + 1))) check(Url::parse(written, &*base));
}

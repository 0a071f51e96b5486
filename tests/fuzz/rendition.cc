#include "media/rendition.h"

#include <algorithm>

#include "media/reference_list.h"
#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(rendition) {
  const auto url = Url::parse(input, &fuzz_base());
  if (!url) return;
  const auto originals = originals_of(*url);
  for (const std::string& original : originals) {
    must_be_serialised(original);
    MUST(original.starts_with("http://") || original.starts_with("https://"));
    MUST(original != url->href());
  }
  std::vector<Reference> references(2);
  references[0].url = references[0].raw = url->href();
  references[0].kind = Kind::kImage;
  references[1].url = references[1].raw = fuzz_base().href();
  references[1].kind = Kind::kPage;
  add_originals(references, 3);
  MUST(references.size() <= 3);
  MUST(references.front().origin_of.empty());
  MUST(references.back().url == fuzz_base().href());
}

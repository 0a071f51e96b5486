// References in HTML, from its token stream.
#pragma once

#include <string>
#include <vector>

#include "media/charset.h"
#include "media/reference.h"
#include "media/url.h"

namespace halftone {

struct HtmlReferences {
  Url base;                                                 // of its end, after <base href>
  ReferrerPolicy referrer_policy = ReferrerPolicy::kUnset;  // <meta name=referrer>
  std::vector<Reference> references;
  bool cut = false;  // there were more than kMostReferences; what followed is passed over
};

// `html` is decoded text; spans in the result are in the bytes it was decoded from. `charset` is
// the document's WHATWG encoding name, which queries need. The first <base href> counts for the
// whole document, also for links before it, but not for what a browser asks for at once, which it
// has done by then. `around`: what the HTML itself is written in,
// where it stands inside another document (SourceText::through() then tells the spans).
HtmlReferences find_html_references(const SourceText& html, const Url& document_url,
                                    std::string_view charset, const Escapes& around = {});

}  // namespace halftone

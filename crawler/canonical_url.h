// What two links to the same page have in common.
#pragma once

#include <string>

#include "media/url.h"

namespace halftone {

// `url` without what says who follows the link and not where it leads: no fragment, no credentials,
// no tracking parameters, no session ids. A query of which nothing is left is dropped. All else
// stays as it is written: order of parameters, letter case, escapes, a slash at the end. Canonical
// URLs are their own canonical form. URLs that are not http(s) only lose their fragment.
//
// Tracking parameters: those that Brave ("query filter"), Firefox ("query parameter stripping"),
// AdGuard ("URL Tracking filter", general section) and ClearURLs (global rules) agree on, and those
// that Chinese sites add when a page is shared. Names that pages use for other things as well (ref,
// source, from, id) are kept.
//
// Session ids: jsessionid and its like as a parameter of the path or of the query; in names that
// may mean something else (sid, s) only values that are long and look drawn by lot; the folder
// "(S(…))" of ASP.NET.
Url canonical_page_url(const Url& url);

// Names a page in the frontier: the canonical form without its scheme, "//example.org/a?b", so that
// http and https of an address are one page. "www." is not touched.
std::string page_key(const Url& url);

// Names an image or another requisite: only the fragment is dropped, for signed addresses must not
// change.
std::string requisite_key(const Url& url);

}  // namespace halftone

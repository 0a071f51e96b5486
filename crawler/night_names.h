// What the parts of a nightly job call things by.
#pragma once

#include <string>
#include <string_view>

#include "crawler/crawl_guide.h"
#include "crawler/scope.h"

namespace halftone {

// Of a page: its key in the frontier, so that one page has one name however it is linked to.
std::string night_page(const std::string& url);
std::string night_host(const std::string& url);  // empty where it is no URL

// Short enough for rows, long enough to tell things apart.
std::string night_hash(std::string_view text);

// Other rules have another name.
std::string night_scope_name(const ScopeOptions& scope);

inline bool is_page(const OwedUrl& owed) { return owed.kind == Kind::kPage; }

// Something that the job leads to by itself.
OwedUrl lead_to(const std::string& url, const std::string& source);

// The turn of a URL that is left alone. `is_rule`: nothing is missing, it is only not its time.
CrawlTurn left_alone(const OwedUrl& owed, std::string reason, bool is_rule);

}  // namespace halftone

#include "media/html_references.h"

#include "media/html_finder.h"
#include "media/html_findings.h"

namespace halftone {

HtmlReferences find_html_references(const SourceText& html, const Url& document_url,
                                    std::string_view charset, const Escapes& around) {
  HtmlFindings findings(html.text().size());
  HtmlFinder(findings, html, around).run();
  return std::move(findings).resolved(document_url, charset);
}

}  // namespace halftone

// References in SVG and in other XML.
#pragma once

#include <string_view>
#include <vector>

#include "media/charset.h"
#include "media/reference.h"
#include "media/url.h"

namespace halftone {

// href and xlink:href by the element they stand on (image, feImage, use, a, script, cursor,
// mpath …), src, style attributes and presentation attributes with url(), <style>, xml-stylesheet
// instructions (Associating Style Sheets with XML), XInclude; HTML inside of foreignObject as HTML
// has it. xml:base counts (XML Base). `xml` is decoded text; spans in the result are in the bytes
// it was decoded from.
std::vector<Reference> find_xml_references(const SourceText& xml, const Url& document_url,
                                           std::string_view charset);

}  // namespace halftone

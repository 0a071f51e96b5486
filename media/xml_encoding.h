// Which encoding an XML document is in (XML 1.0, 4.3.3 and appendix F; RFC 7303, 3).
#pragma once

#include <string_view>

#include "media/charset.h"

namespace halftone {

// Byte order mark, then HTTP's charset, then the XML declaration ("meta"), then as
// detect_encoding() has it.
Encoding detect_xml_encoding(std::string_view bytes, std::string_view http_charset);

}  // namespace halftone

// Which encoding an XML document is in (XML 1.0, 4.3.3 and appendix F; RFC 7303, 3).
#pragma once

#include <string_view>

#include "media/charset.h"

namespace halftone {

// Byte order mark, then HTTP's charset, then the XML declaration ("meta"), then as
// detect_encoding() has it. A declaration that the bytes belie, being UTF-8 and nothing in the
// encoding declared, does not count ("detected").
Encoding detect_xml_encoding(std::string_view bytes, std::string_view http_charset);

// What the XML declaration names; empty where it names none that is known.
std::string_view declared_xml_encoding(std::string_view bytes);

}  // namespace halftone

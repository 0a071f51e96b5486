#include "media/charset.h"

#include <algorithm>

#include "media/utf8.h"
#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(charset) {
  for (const bool is_html : {true, false}) {
    const Encoding found = detect_encoding(input, "", is_html);
    MUST(encoding_for_label(found.name) == found.name);
  }
  encoding_for_label(input);
  for (const char* const name :
       {"gb18030", "Big5", "EUC-JP", "ISO-2022-JP", "Shift_JIS", "EUC-KR", "UTF-16LE", "UTF-16BE",
        "windows-1251", "ISO-8859-16", "x-user-defined", "replacement"}) {
    const SourceText text = decode(input, name);
    MUST(is_valid_utf8(text.text()));
    must_be_mapped(text, input.size());
    // No bytes may hide a character that markup is made of.
    if (std::string_view(name).starts_with("UTF-16") || text.text() == "\uFFFD") continue;
    if (std::string_view(name) == "ISO-2022-JP") continue;
    MUST(std::count(text.text().begin(), text.text().end(), '<') ==
         std::count(input.begin(), input.end(), '<'));
  }
  for (const char* const name : {"GBK", "gb18030", "Big5", "EUC-JP", "ISO-2022-JP", "Shift_JIS",
                                 "EUC-KR", "windows-1252", "UTF-16LE"}) {
    const std::string bytes = encode_piece(to_valid_utf8(input), name);
    const SourceText back = decode(bytes, name);
    if (std::string_view(name) == "gb18030") MUST(encode(back.text(), name) == bytes);
  }
}

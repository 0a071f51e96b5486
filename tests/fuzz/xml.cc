#include "media/document.h"
#include "media/xml_references.h"
#include "media/xml_tokenizer.h"
#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(xml) {
  XmlTokenizer tokenizer(input);
  size_t at = 0;
  while (true) {
    const XmlToken& token = tokenizer.next();
    if (token.type == XmlToken::Type::kEnd) break;
    MUST(token.span.from == at);
    MUST(token.span.to > at);
    at = token.span.to;
    for (const XmlAttribute& attribute : token.attributes) {
      must_be_inside(attribute.value_span, at);
      must_be_mapped(decode_xml(attribute.value, attribute.value_span.from), input.size());
    }
  }
  MUST(at == input.size());
  const auto scan = scan_document(input, DocumentType::kSvg, fuzz_base());
  must_be_sound(scan.references, input.size());
}

#include "media/document.h"
#include "media/html_tokenizer.h"
#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

namespace {

// Every byte belongs to one token, and every view of a token to its span.
void check_tokens(std::string_view input, HtmlToken::TextMode mode, std::string_view start_tag) {
  HtmlTokenizer tokenizer(input, mode, start_tag);
  size_t at = 0;
  while (true) {
    const HtmlToken& token = tokenizer.next();
    if (token.type == HtmlToken::Type::kEnd) break;
    MUST(token.span.from == at);
    MUST(token.span.to > at || token.text.empty());
    at = token.span.to;
    must_be_inside(token.span, input.size());
    const bool is_tag =
        token.type == HtmlToken::Type::kStartTag || token.type == HtmlToken::Type::kEndTag;
    for (const HtmlAttribute& attribute : token.attributes) {
      if (!is_tag) break;  // those of the tag before
      must_be_inside(attribute.name_span, token.span.to);
      must_be_inside(attribute.value_span, token.span.to);
      MUST(attribute.name_span.from >= token.span.from);
      must_be_mapped(decode_value(attribute), input.size());
    }
    if (token.text.empty()) continue;
    const auto origin = static_cast<size_t>(token.text.data() - input.data());
    must_be_mapped(decode_html(token.text, origin, token.text_mode, false), input.size());
  }
  MUST(at == input.size());
}

}  // namespace

FUZZ_TARGET(html) {
  check_tokens(input, HtmlToken::TextMode::kData, "");
  check_tokens(input, HtmlToken::TextMode::kScript, "script");
  check_tokens(input, HtmlToken::TextMode::kRcData, "title");
  for (const char* const charset : {"", "UTF-8", "GBK", "UTF-16LE"}) {
    const auto scan = scan_document(input, DocumentType::kHtml, fuzz_base(), charset);
    must_be_sound(scan.references, input.size());
    must_be_serialised(scan.base);
  }
}

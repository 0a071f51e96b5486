// Answers that are a challenge, a refusal, a login, a consent or an error page in place of what was
// asked for, whatever their status says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace halftone {

// An answer, as far as it has to be looked at. Views live as long as the call.
struct Look {
  int status = 0;
  std::string_view content_type;
  std::string_view response_headers;  // the block, lines ended by CRLF or LF
  std::string_view body_head;         // as it was sent, content coding removed; 64 KiB are enough
  uint64_t size = 0;                  // of the whole body
  bool wanted_page = true;            // false: an image, a style sheet … was asked for
};

struct SoftBlock {
  enum class Kind : uint8_t {
    kChallenge,  // prove that you are human, or a browser
    kRefusal,    // denied, too many requests
    kLogin,
    kConsent,
    kError,     // the site is broken or being repaired
    kNotFound,  // there is no such page
    kLeadsOn,   // nothing but a meta refresh
  };
  Kind kind = Kind::kChallenge;
  std::string reason;  // for people: "a challenge page (Cloudflare)"
};

// What stands in the place of what was asked for; nothing where the answer seems honest.
//
// Header fields that only blocked answers have count alone. All else counts only in HTML (or a line
// of plain text) with next to no text of its own, besides links, menus and footers: an article
// about Cloudflare has more. Code of a vendor that honest pages load, too, is no sign of a block.
// The words of errors, logins and lost pages count only under status 2xx, and in titles only as a
// whole part of them ("Page not found | Example"). Time is linear, 64 KiB at most are read.
std::optional<SoftBlock> soft_block(const Look& look);

}  // namespace halftone

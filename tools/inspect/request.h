// One question to `halftone inspect`, from the command line or from a line of JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "media/document.h"
#include "media/error.h"
#include "media/url.h"

namespace halftone {

// What was asked; empty where it was not said.
struct InspectRequest {
  std::optional<std::string> text;    // UTF-8
  std::optional<std::string> base64;  // as written
  std::string file;                   // a path; "-" is standard input
  std::string type;                   // of the document
  std::string base, charset;
  std::string input;               // of url, srcset, mime
  std::string robots, agent, url;  // of robots
  std::string content_type;        // of type
  std::optional<std::string> map;  // of rewrite, as lines of JSON
  std::string prefix, timestamp;   // of rewrite
};

// Reads one line of --batch. Lone surrogates (\udXXX) are read as U+FFFD. kInvalid: no JSON object,
// or a member of another type than it should have.
Result<InspectRequest> parse_inspect_request(std::string_view line);

// The bytes of the document that was given. kNotFound, kIo, kTooLarge (1 GiB); kInvalid: none was
// given, or bad base64.
Result<std::string> read_document(const InspectRequest& request);

// The URL that the document is said to have: `base`, else its file's, else about:blank. kInvalid:
// the base is no URL.
Result<Url> base_of(const InspectRequest& request);

// The charset to read the document in as if HTTP had named it: what the request says; else UTF-8
// for a text that is not ASCII alone; else none.
std::string charset_of(const InspectRequest& request);

// A document that was asked about, and what its scan found.
struct RequestedDocument {
  std::string bytes;
  Url base;
  DocumentType type;
  Scan scan;
};
Result<RequestedDocument> scan_requested(const InspectRequest& request);

// The type that was asked for; "auto", or none, goes by the bytes. kInvalid: no such type.
Result<DocumentType> type_of(const InspectRequest& request, std::string_view bytes);

}  // namespace halftone

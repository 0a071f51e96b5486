#include "crawler/document_source.h"

#include "crawler/hotlink.h"
#include "media/mime.h"
#include "store/files.h"
#include "store/limits.h"

namespace halftone {
namespace {

constexpr size_t kSniffed = 4096;

std::string charset_of(const std::string& content_type) {
  const auto type = parse_mime_type(content_type);
  return type ? type->charset : "";
}

// The archive is not to blame, and the next target may be better. Who left out the scheme is told
// so.
Error unreadable(const std::string& path, const Error& error) {
  const std::string_view host = std::string_view(path).substr(0, path.find('/'));
  const bool like_host =
      !host.empty() && host.find_first_of(".:") != std::string_view::npos && host.front() != '.';
  const bool absent = error.code == ErrorCode::kNotFound;
  const std::string hint =
      absent && like_host ? fmt::format("; for a web address write https://{}", path) : "";
  return {absent ? ErrorCode::kNotFound : ErrorCode::kInvalid, error.message + hint};
}

// Pictures, playlists and lists of pages are documents too, but none that a reader reads.
bool can_be_article(DocumentType type) {
  return type == DocumentType::kHtml || type == DocumentType::kMarkdown ||
         type == DocumentType::kFeed;
}

}  // namespace

bool looks_like_url(const std::string& target) {
  return target.starts_with("http://") || target.starts_with("https://") ||
         target.find("://") != std::string::npos;
}

Result<SourceDocument> read_document_file(const std::string& path, const std::optional<Url>& base) {
  auto bytes = read_file(path, kLargestDocument);
  if (!bytes) return tl::unexpected(unreadable(path, bytes.error()));
  const auto address = file_url(path);
  if (!address) return tl::unexpected(address.error());
  auto folder = LocalFolder::of_file(path);
  if (!folder) return tl::unexpected(folder.error());

  const std::string type = effective_type(bytes->substr(0, kSniffed), "");
  const DocumentType document_type = halftone::document_type(type, path, *bytes);
  if (bytes->empty() || !can_be_article(document_type)) {
    return fail(ErrorCode::kInvalid,
                "{} is {}, not an article: give a file of HTML or Markdown, or a URL", path,
                bytes->empty() ? "empty" : type);
  }
  const Url where = base.value_or(*address);
  return SourceDocument{.bytes = std::move(*bytes),
                        .type = document_type == DocumentType::kMarkdown ? "text/markdown" : type,
                        .document_type = document_type,
                        .address = where,
                        .url = where,
                        .http_charset = {},
                        .policy = ReferrerPolicy::kUnset,
                        .folder = std::move(*folder)};
}

Result<SourceDocument> read_archived_document(Archive& archive, const Url& address,
                                              const CaptureOutcome& outcome) {
  auto bytes = archive.blobs().get(outcome.digest, kLargestDocument);
  if (!bytes) return tl::unexpected(bytes.error());
  const auto url = Url::parse(outcome.final_url);
  if (!url) bug("a capture has a URL that does not parse");
  const DocumentType type = document_type(outcome.type, url->pathname(), *bytes);
  if (!can_be_article(type)) {
    return fail(ErrorCode::kInvalid,
                "{} is {}, not an article; its body is kept, but there is nothing to look through",
                address.href(), outcome.type);
  }
  return SourceDocument{.bytes = std::move(*bytes),
                        .type = outcome.type,
                        .document_type = type,
                        .address = address,
                        .url = *url,
                        .http_charset = charset_of(outcome.content_type),
                        .policy = policy_from_header(outcome.referrer_policy),
                        .folder = std::nullopt};
}

}  // namespace halftone

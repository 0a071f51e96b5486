// halftone inspect url, robots, srcset, mime, type, encoding: what short texts and heads of files
// mean.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "crawler/robots.h"
#include "media/charset.h"
#include "media/mime.h"
#include "media/srcset.h"
#include "media/url.h"
#include "tools/inspect/answers.h"
#include "tools/inspect/json_text.h"

namespace halftone {
namespace {

using nlohmann::ordered_json;

template <class T>
ordered_json value_or_null(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json();
}

// The base of a value, which need not have one.
Result<std::optional<Url>> optional_base(const InspectRequest& request) {
  if (request.base.empty()) return std::nullopt;
  auto base = Url::parse(request.base);
  if (!base) return fail(ErrorCode::kInvalid, "the base {} is no absolute URL", request.base);
  return base;
}

std::string charset_name(const InspectRequest& request) {
  const std::string_view name = encoding_for_label(request.charset);
  return std::string(name.empty() ? "UTF-8" : name);
}

}  // namespace

Result<InspectAnswer> inspect_url(const InspectRequest& request) {
  const auto base = optional_base(request);
  const auto url = base
                       ? Url::parse(request.input, *base ? &**base : nullptr, charset_name(request))
                       : std::nullopt;
  if (!url) return InspectAnswer{.object = R"({"ok":false})"};
  return InspectAnswer{.object = json_text(ordered_json{{"ok", true},
                                                        {"href", url->href()},
                                                        {"protocol", url->protocol()},
                                                        {"username", url->username()},
                                                        {"password", url->password()},
                                                        {"host", url->host()},
                                                        {"hostname", url->hostname()},
                                                        {"port", url->port()},
                                                        {"pathname", url->pathname()},
                                                        {"search", url->search()},
                                                        {"hash", url->hash()},
                                                        {"origin", url->origin()},
                                                        {"surt", url->surt()},
                                                        {"site", url->site()}})};
}

Result<InspectAnswer> inspect_robots(const InspectRequest& request) {
  const auto url = Url::parse(request.url);
  if (!url) return fail(ErrorCode::kInvalid, "{} is no absolute URL", request.url);
  const Robots robots = Robots::parse(request.robots);
  const Robots::Verdict verdict = robots.check(request.agent, *url);
  return InspectAnswer{
      .object = json_text(
          ordered_json{{"allowed", verdict.allowed},
                       {"rule", text_or_null<ordered_json>(verdict.rule)},
                       {"line", verdict.line == 0 ? ordered_json() : ordered_json(verdict.line)},
                       {"group", text_or_null<ordered_json>(verdict.group)},
                       {"crawl_delay", value_or_null(verdict.crawl_delay)},
                       {"sitemaps", robots.sitemaps()}})};
}

Result<InspectAnswer> inspect_srcset(const InspectRequest& request) {
  const auto base = optional_base(request);
  if (!base) return tl::unexpected(base.error());
  ordered_json candidates = ordered_json::array(), errors = ordered_json::array();
  for (const SrcsetCandidate& candidate : parse_srcset(request.input)) {
    const std::string raw = request.input.substr(candidate.url.from, candidate.url.size());
    if (candidate.rejected) {
      errors.push_back(fmt::format("{}: \"{}\" is no descriptor", raw, candidate.descriptor));
      continue;
    }
    const auto url = Url::parse(raw, *base ? &**base : nullptr);
    candidates.push_back({{"url", url ? ordered_json(url->href()) : ordered_json()},
                          {"raw", raw},
                          {"descriptor", candidate.descriptor}});
  }
  return InspectAnswer{.object =
                           json_text(ordered_json{{"candidates", candidates}, {"errors", errors}})};
}

Result<InspectAnswer> inspect_mime(const InspectRequest& request) {
  const auto type = parse_mime_type(request.input);
  if (!type) {
    return InspectAnswer{.object = R"({"essence":null,"serialized":null,"charset":null})"};
  }
  const bool has_charset =
      std::any_of(type->parameters.begin(), type->parameters.end(),
                  [](const auto& parameter) { return parameter.first == "charset"; });
  const ordered_json charset = has_charset ? ordered_json(type->charset) : ordered_json();
  return InspectAnswer{
      .object = json_text(ordered_json{
          {"essence", type->essence}, {"serialized", type->serialized()}, {"charset", charset}})};
}

Result<InspectAnswer> inspect_type(const InspectRequest& request) {
  const auto bytes = read_document(request);
  if (!bytes) return tl::unexpected(bytes.error());
  const std::string type = effective_type(*bytes, request.content_type);
  const auto header = parse_mime_type(request.content_type);
  const bool by_header = header && header->essence == type && sniff_type(*bytes) != type;
  return InspectAnswer{
      .object = json_text(ordered_json{{"type", type}, {"by", by_header ? "header" : "content"}})};
}

Result<InspectAnswer> inspect_encoding(const InspectRequest& request) {
  const auto bytes = read_document(request);
  if (!bytes) return tl::unexpected(bytes.error());
  const Encoding encoding = detect_encoding(*bytes, request.charset, /*is_html=*/true);
  return InspectAnswer{
      .object = json_text(ordered_json{{"encoding", encoding.name}, {"by", encoding.by}})};
}

}  // namespace halftone

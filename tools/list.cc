// halftone list: what is archived, and how completely.

#include "store/formats/describe.h"
#include "tools/article_json.h"
#include "tools/commands.h"
#include "tools/dates.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

Result<ArticleQuery> query_of(const Arguments& args) {
  ArticleQuery query;
  if (args.list.sort == "date") query.order = ArticleQuery::Order::kDate;
  query.site = args.selection.site;
  query.source = args.selection.source;
  if (!args.list.since.empty()) {
    const auto since = begin_of(args.list.since, "--since");
    if (!since) return tl::unexpected(since.error());
    query.captured_since = *since;
  }
  if (!args.list.until.empty()) {
    const auto until = end_of(args.list.until, "--until");
    if (!until) return tl::unexpected(until.error());
    query.captured_until = *until;
  }
  return query;
}

void print(const ArticleSummary& article) {
  const std::string date = article.date ? describe_date(*article.date) : "undated   ";
  say("{}  {}  {}\n              {}\n", article.id, date, article.title,
      describe(article.completeness));
}

Result<ExitCode> list_articles(Archive& archive, const Arguments& args) {
  const auto query = query_of(args);
  if (!query) return tl::unexpected(query.error());
  size_t count = 0;
  const auto listed = archive.articles().list(*query, [&](const ArticleSummary& article) {
    ++count;
    args.json ? say_json(list_entry(article)) : print(article);
    return true;
  });
  if (!listed) return tl::unexpected(listed.error());
  if (count > 0 || args.json || args.quiet) return ExitCode::kOk;
  const auto stats =
      archive.articles().list({}, [&](const ArticleSummary&) { return ++count < 1; });
  if (!stats) return tl::unexpected(stats.error());
  if (count > 0) {
    tell("no article in {} is like that\n", args.archive);
  } else {
    tell("nothing is archived in {} yet: halftone snapshot URL\n", args.archive);
  }
  return ExitCode::kOk;
}

bool print_capture(const Capture& capture, const Arguments& args) {
  if (args.json) {
    say_json(capture_entry(capture));
  } else {
    say("{}  {}  {}  {}{}\n    {}\n", to_iso8601(capture.time), capture.status,
        describe_bytes(capture.size), capture.type, capture.revisit ? ", as before" : "",
        capture.url);
  }
  return true;
}

Result<ExitCode> list_captures(Archive& archive, const Arguments& args) {
  const std::string& named = args.list.captures;
  size_t count = 0;
  const auto print = [&](const Capture& capture) {
    ++count;
    return print_capture(capture, args);
  };
  const auto url = named.find("://") == std::string::npos ? std::nullopt : Url::parse(named);
  if (!url) {
    auto visited = archive.captures().of_site(named, print);
    if (!visited) return tl::unexpected(visited.error());
  } else if (!args.list.near.empty()) {
    const auto moment = begin_of(args.list.near, "--near");
    if (!moment) return tl::unexpected(moment.error());
    const auto capture = archive.captures().nearest(url->href_without_fragment(), *moment);
    if (!capture) return tl::unexpected(capture.error());
    if (*capture) print(**capture);
  } else {
    const auto history = archive.captures().history(url->href_without_fragment());
    if (!history) return tl::unexpected(history.error());
    for (const Capture& capture : *history) print(capture);
  }
  if (count == 0) {
    return fail(ErrorCode::kNotFound, "nothing of {} was captured in {}", named, args.archive);
  }
  return ExitCode::kOk;
}

}  // namespace

Result<ExitCode> run_list(const Arguments& args) {
  const auto archive = Archive::open_for_reading(args.archive);
  if (!archive) return tl::unexpected(archive.error());
  return args.list.captures.empty() ? list_articles(**archive, args)
                                    : list_captures(**archive, args);
}

}  // namespace halftone

// halftone demo: the main job at once, with no network.
#include <filesystem>

#include "store/formats/describe.h"
#include "tools/commands.h"
#include "tools/export.h"
#include "tools/find_article.h"
#include "tools/newsroom.h"
#include "tools/snapshot_run.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

void print_where_to_look(const Arguments& args, const ExportResult& copy, const std::string& id) {
  std::error_code error;
  const auto entry = std::filesystem::absolute(copy.entry, error);
  say(R"(
The newsroom is gone, the copy stays. Open it in a browser, offline:
  file://{1}

Look around:
  {0} list --archive {2}
  {0} show --archive {2} {3}

Then take an article of your own:
  {0} snapshot https://…
)",
      command_name(), error ? copy.entry : entry.string(), args.archive, id);
}

}  // namespace

Result<ExitCode> run_demo(const Arguments& given) {
  Arguments args = given;
  const std::string folder = args.operands.empty() ? "halftone-demo" : args.operands[0];
  if (!args.archive_named) args.archive = folder + "/archive";

  const auto newsroom = Newsroom::open();
  if (!newsroom) return tl::unexpected(newsroom.error());
  args.fetch.connect_to = (*newsroom)->connect_to();
  const auto archive = Archive::open_for_writing(args.archive);
  if (!archive) return tl::unexpected(archive.error());
  const auto run = take_snapshots(**archive, args, {{(*newsroom)->feed_url(), ""}});
  if (!run) return tl::unexpected(run.error());
  if (args.json) say_json(to_json(run->report));
  if (!args.quiet) tell("{}\n", summary_line(run->report));

  const auto articles = all_articles(**archive);
  if (!articles) return tl::unexpected(articles.error());
  if (articles->empty()) return run->code;
  const auto copy = export_articles(**archive, *articles, "site", folder + "/copy");
  if (!copy) return tl::unexpected(copy.error());
  if (!args.quiet && !args.json) print_where_to_look(args, *copy, articles->front().id);
  return run->code;
}

}  // namespace halftone

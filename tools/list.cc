// halftone list: what is archived, and how completely.

#include "store/formats/describe.h"
#include "tools/article_json.h"
#include "tools/commands.h"
#include "tools/terminal.h"

namespace halftone {

Result<ExitCode> run_list(const Arguments& args) {
  const auto archive = Archive::open_for_reading(args.archive);
  if (!archive) return tl::unexpected(archive.error());
  size_t count = 0;
  const auto listed = (*archive)->articles().for_each([&](const Article& article) {
    ++count;
    if (args.json) {
      say_json(list_entry(article));
      return true;
    }
    const std::string date = article.facts.date ? describe_date(*article.facts.date) : "undated   ";
    say("{}  {}  {}\n              {}\n", article.id, date, article.facts.title,
        describe(article.completeness()));
    return true;
  });
  if (!listed) return tl::unexpected(listed.error());
  if (count == 0 && !args.json && !args.quiet) {
    tell("nothing is archived in {} yet: halftone snapshot URL\n", args.archive);
  }
  return ExitCode::kOk;
}

}  // namespace halftone

// halftone list: what is archived, and how completely.
#include <cstdio>

#include "store/formats/describe.h"
#include "tools/article_json.h"
#include "tools/commands.h"

namespace halftone {

Result<ExitCode> run_list(const Arguments& args) {
  const auto archive = Archive::open_for_reading(args.archive);
  if (!archive) return tl::unexpected(archive.error());
  size_t count = 0;
  const auto listed = (*archive)->articles().for_each([&](const Article& article) {
    ++count;
    if (args.json) {
      fmt::print("{}\n", list_entry(article));
      return true;
    }
    const std::string date = describe_date(article.facts.date.value_or(article.captured_at));
    fmt::print("{}  {}  {}\n              {}\n", article.id, date, article.facts.title,
               describe(article.completeness()));
    return true;
  });
  if (!listed) return tl::unexpected(listed.error());
  if (count == 0 && !args.json && !args.quiet) {
    fmt::print(stderr, "nothing is archived in {} yet: halftone snapshot URL\n", args.archive);
  }
  return ExitCode::kOk;
}

}  // namespace halftone

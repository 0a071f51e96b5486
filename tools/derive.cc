// halftone derive: image facts and derivatives of what articles show.
#include "store/derive.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "tools/chosen_recipes.h"
#include "tools/commands.h"
#include "tools/find_article.h"
#include "tools/gc_report.h"
#include "tools/interrupt.h"
#include "tools/pace.h"
#include "tools/progress.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kThisProgram = "/proc/self/exe";

// The articles that the command line is about, or every one of the archive; all their versions,
// since all can be exported.
class Chosen {
 public:
  static Result<Chosen> of(Archive& archive, const Arguments& args) {
    Chosen chosen(archive);
    for (const std::string& named : args.operands) {
      const auto article = find_article(archive, named, args);
      if (!article) return tl::unexpected(article.error());
      chosen.ids_.push_back(article->id);
    }
    const ArticleQuery query{.site = args.selection.site, .source = args.selection.source};
    chosen.is_all_ = args.operands.empty() && query.site.empty() && query.source.empty();
    if (!args.operands.empty() || chosen.is_all_) return chosen;
    const auto listed = archive.articles().list(query, [&](const ArticleSummary& article) {
      chosen.ids_.push_back(article.id);
      return true;
    });
    if (!listed) return tl::unexpected(listed.error());
    return chosen;
  }

  Result<void> for_each(const std::function<bool(const Article&)>& visit) const {
    if (is_all_) return archive_->articles().for_each_version(visit);
    for (const std::string& id : ids_) {
      const auto versions = archive_->articles().history(id);
      if (!versions) return tl::unexpected(versions.error());
      for (const Article& version : *versions) {
        if (!visit(version)) return {};
      }
    }
    return {};
  }

 private:
  explicit Chosen(Archive& archive) : archive_(&archive) {}

  Archive* archive_;
  std::vector<std::string> ids_;
  bool is_all_ = false;
};

std::string describe(const DeriveResult& result) {
  std::string text =
      fmt::format("{} picture{}: {} made, {} known, {} failed", result.pictures,
                  result.pictures == 1 ? "" : "s", result.made, result.known, result.failed);
  if (result.failed_before > 0) {
    text += fmt::format("; {} failed before and stay{} so until --all", result.failed_before,
                        result.failed_before == 1 ? "s" : "");
  }
  return text;
}

// What is shown meanwhile: how far it is, and how long it will still take.
std::string describe_progress(const DeriveResult& now, const Pace& pace) {
  if (now.total == 0) return "looking through articles";
  const auto left = pace.until(now.total);
  return fmt::format("{}/{} pictures: {} made, {} known, {} failed{}", now.pictures, now.total,
                     now.made, now.known, now.failed,
                     left ? "; " + describe_wait(*left) + " left" : "");
}

std::string json_of(const DeriveResult& result) {
  Json failures = Json::array();
  for (const DeriveFailure& failure : result.failures) {
    failures.push_back({{"digest", failure.digest.hex()},
                        {"recipe", failure.recipe.empty() ? Json(nullptr) : Json(failure.recipe)},
                        {"reason", failure.error.message}});
  }
  const Json summary = {{"pictures", result.pictures},
                        {"made", result.made},
                        {"known", result.known},
                        {"failed", result.failed},
                        {"failed_before", result.failed_before},
                        {"interrupted", result.was_interrupted},
                        {"failures", std::move(failures)}};
  return summary.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void tell_of_failures(const DeriveResult& result) {
  for (const DeriveFailure& failure : result.failures) {
    tell("failed: {}{}{}: {}\n", failure.digest.hex(), failure.recipe.empty() ? "" : " as ",
         failure.recipe, failure.error.message);
  }
  if (result.failed > result.failures.size()) {
    tell("and {} more\n", result.failed - result.failures.size());
  }
}

ExitCode code_of(const DeriveResult& result) {
  if (result.was_interrupted) return ExitCode::kInterrupted;
  if (result.is_damaged) return ExitCode::kDamage;
  return result.failed > 0 ? ExitCode::kIncomplete : ExitCode::kOk;
}

}  // namespace

Result<ExitCode> run_derive(const Arguments& args) {
  DeriveOptions options;
  RecipeBook book;
  auto recipes = chosen_recipes(args.derive.recipes, book);
  if (!recipes) return tl::unexpected(recipes.error());
  options.recipes = *std::move(recipes);
  const auto archive = open_existing_for_writing(args.archive);
  if (!archive) return tl::unexpected(archive.error());
  const auto chosen = Chosen::of(**archive, args);
  if (!chosen) return tl::unexpected(chosen.error());

  watch_for_interrupts();
  WorkProgress progress(args.quiet);
  options.again = args.derive.again;
  options.keep_going = [] { return !interrupted(); };
  Pace pace;
  options.progress = [&](const DeriveResult& now) {
    pace.note(now.pictures, Pace::Clock::now());
    progress.report(describe_progress(now, pace));
  };
  const size_t jobs = args.derive.jobs;
  ImagePool pool(kThisProgram, jobs > 0 ? jobs : ImagePool::workers_for_this_machine());
  const auto result = derive_images(
      **archive, pool, [&](const auto& visit) { return chosen->for_each(visit); }, options);
  progress.clear();
  if (!result) return tl::unexpected(result.error());

  tell_of_failures(*result);
  if (args.json) say_json(json_of(*result));
  if (result->was_interrupted) tell("interrupted; the same command goes on\n");
  if (!args.quiet) tell("{}\n", describe(*result));
  return code_of(*result);
}

}  // namespace halftone

#include "tools/nightly_steps.h"

#include <charconv>
#include <functional>
#include <set>

#include "store/backup.h"
#include "store/derive.h"
#include "store/fixity_log.h"
#include "store/forget.h"
#include "store/formats/describe.h"
#include "store/gc.h"
#include "tools/chosen_recipes.h"
#include "tools/copying.h"
#include "tools/export.h"
#include "tools/gc_report.h"
#include "tools/interrupt.h"
#include "tools/progress.h"
#include "tools/verify_report.h"

namespace halftone {
namespace {

constexpr const char* kThisProgram = "/proc/self/exe";

NightStep failed(std::string name, const Error& error) {
  return {std::move(name), exit_code_for(error.code), error.message};
}

// Versions become due as time goes by, too: each night another part of all articles is looked at.
constexpr unsigned kRetentionNights = 30;

Result<void> add_part_of_all(Archive& archive, std::set<std::string>& ids) {
  const auto night = std::chrono::floor<std::chrono::days>(now()).time_since_epoch().count();
  const auto part_of = [](const std::string& id) {
    unsigned number = 0;
    std::from_chars(id.data(), id.data() + std::min<size_t>(id.size(), 6), number, 16);
    return number % kRetentionNights;
  };
  return archive.articles().list({}, [&](const ArticleSummary& article) {
    if (part_of(article.id) == static_cast<uint64_t>(night) % kRetentionNights) {
      ids.insert(article.id);
    }
    return true;
  });
}

NightStep let_go(Archive& archive, const Arguments& args, const NightResult& night) {
  NightStep step{.name = "retention", .code = ExitCode::kOk, .text = "nothing to let go"};
  std::set<std::string> ids(night.revised.begin(), night.revised.end());
  if (auto added = add_part_of_all(archive, ids); !added) {
    return failed("retention", added.error());
  }
  if (ids.empty()) return step;
  ForgetRequest request{.rules = args.forget.keep,
                        .all_versions = false,
                        .ids = {ids.begin(), ids.end()},
                        .site = {},
                        .source = {}};
  const auto plan = plan_forget(archive, request, [](const ArticleRetention&) {});
  if (!plan) return failed("retention", plan.error());
  if (plan->going.empty()) return step;
  const auto forgotten = forget_versions(archive, *plan, [](const std::string&, uint64_t) {});
  if (!forgotten) return failed("retention", forgotten.error());
  const auto garbage = collect_with_progress(archive, args);
  if (!garbage) return failed("retention", garbage.error());
  step.text =
      fmt::format("{} snapshots of {} articles went, with {} files of {}", plan->going.size(),
                  plan->articles, garbage->blobs, describe_bytes(garbage->bytes));
  return step;
}

NightStep make_thumbnails(Archive& archive, const Arguments& args, const NightResult& night) {
  WorkProgress progress(args.quiet);
  DeriveOptions options;
  options.keep_going = [] { return !interrupted(); };
  RecipeBook book;
  auto recipes = chosen_recipes(args.derive.recipes, book);
  if (!recipes) return failed("thumbnails", recipes.error());
  options.recipes = *std::move(recipes);
  ImagePool pool(kThisProgram, ImagePool::workers_for_this_machine());
  const auto made = derive_images(
      archive, pool,
      [&](const auto& visit) -> Result<void> {
        for (const std::string& id : night.kept) {
          const auto article = archive.articles().get(id);
          if (!article && article.error().code != ErrorCode::kNotFound) {
            return tl::unexpected(article.error());
          }
          if (article && !visit(*article)) break;
        }
        return {};
      },
      options);
  progress.clear();
  if (!made) return failed("thumbnails", made.error());
  const ExitCode code = made->is_damaged ? ExitCode::kDamage : ExitCode::kOk;
  return {"thumbnails", code,
          fmt::format("{} pictures: {} made, {} known, {} cannot be made", made->pictures,
                      made->made, made->known, made->failed)};
}

NightStep export_them(Archive& archive, const Arguments& args, const NightResult& night) {
  const NightlyArguments& nightly = args.nightly;
  const auto done = export_news(archive, night.kept, nightly.export_format, nightly.export_folder);
  if (!done) return failed("export", done.error());
  return {"export", ExitCode::kOk,
          fmt::format("{} files, {}: {}", done->files, describe_bytes(done->bytes),
                      nightly.export_folder)};
}

NightStep check(const Arguments& args) {
  const uint32_t parts = args.nightly.verify_nights;
  VerifyScope scope;
  scope.sample = {parts, next_sample(args.archive, parts)};
  const auto result = verify_on_record(args.archive, scope, args.quiet);
  if (!result) return failed("verify", result.error());
  std::string text =
      fmt::format("part {} of {}: {} blobs of {}, {}", scope.sample->part + 1, parts, result->blobs,
                  describe_bytes(result->blob_bytes),
                  result->is_sound() ? "sound" : fmt::format("{} damaged", result->damaged));
  for (const Damage& damage : result->damages) {
    text += fmt::format("; {}: {}", damage.object, damage.why);
    if (text.size() > 2000) break;
  }
  return {"verify", result->is_sound() ? ExitCode::kOk : ExitCode::kDamage, std::move(text)};
}

NightStep add_generation(const Arguments& args) {
  ByteLine line("backing up", args.quiet);
  const auto report = back_up({.archive = args.archive,
                               .folder = args.nightly.backup,
                               .keep = args.nightly.backup_keep,
                               .on_copied = std::ref(line)});
  line.clear();
  if (!report) return failed("backup", report.error());
  return {"backup", ExitCode::kOk,
          fmt::format("{}: {}", report->generation, describe(report->counts, line.seconds()))};
}

}  // namespace

std::vector<NightStep> steps_with_archive(Archive& archive, const Arguments& args,
                                          const NightResult& night) {
  std::vector<NightStep> steps;
  if (args.forget.keep.any()) steps.push_back(let_go(archive, args, night));
  if (args.nightly.derive) steps.push_back(make_thumbnails(archive, args, night));
  if (!args.nightly.export_folder.empty()) steps.push_back(export_them(archive, args, night));
  return steps;
}

bool has_steps_beside(const Arguments& args) {
  return args.nightly.verify_nights > 0 || !args.nightly.backup.empty();
}

std::vector<NightStep> steps_beside(const Arguments& args) {
  std::vector<NightStep> steps;
  if (args.nightly.verify_nights > 0) steps.push_back(check(args));
  if (!args.nightly.backup.empty() && !interrupted()) steps.push_back(add_generation(args));
  return steps;
}

}  // namespace halftone

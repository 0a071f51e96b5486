#include "tools/option_checks.h"

namespace halftone {
namespace {

// What would leave nothing is never meant by leaving something out.
Result<void> check_forget(const Arguments& args) {
  const bool has_rules = args.forget.keep.any();
  if (args.forget.all_versions) {
    const bool selects = !args.selection.site.empty() || !args.selection.source.empty();
    if (args.operands.empty() || has_rules || selects) {
      return fail(
          ErrorCode::kUsage,
          "--all-versions goes with IDs, and with nothing that keeps or selects (see halftone "
          "forget --help)");
    }
  } else if (!has_rules) {
    return fail(
        ErrorCode::kUsage,
        "forget needs a rule that says what to keep, as --keep-last 1{} (see halftone forget "
        "--help)",
        args.operands.empty() ? "" : "; --all-versions keeps nothing of the articles named");
  }
  return {};
}

}  // namespace

static Result<void> check_mirror(const Arguments& args) {
  const MirrorArguments& mirror = args.mirror;
  if (!reach_named(mirror.reach)) {
    return fail(ErrorCode::kUsage, "--scope {}: page, dir, host, domain and any are", mirror.reach);
  }
  if (mirror.robots != "obey" && mirror.robots != "ignore") {
    return fail(ErrorCode::kUsage, "--robots {}: obey and ignore are", mirror.robots);
  }
  return check_scope_options(mirror.scope);
}

Result<void> check_operands(const Arguments& args) {
  const size_t count = args.operands.size();
  const auto usage = [&](const char* what) {
    return fail(ErrorCode::kUsage, "{} (see halftone {} --help)", what, args.command);
  };
  if (args.command == "snapshot" && count == 0 && args.seeds_file.empty()) {
    return usage("snapshot needs a URL or a file");
  }
  if (args.command == "mirror") return check_mirror(args);
  if (args.command == "why" && count != 1) return usage("why needs exactly one URL");
  if (args.command == "snapshot" && !args.base.empty() && count != 1) {
    return usage("--base goes with exactly one FILE");
  }
  if (args.command == "show" && count != 1)
    return usage("show needs exactly one ID; halftone list tells them");
  if (args.command == "similar") {
    if (count == 0) return usage("similar needs a picture or an ID");
    if (args.distance > 16) {
      return fail(ErrorCode::kUsage,
                  "--distance {}: from 0 to 16; two pictures that have nothing in common are about "
                  "32 apart",
                  args.distance);
    }
  }
  if (args.command == "export") {
    if (args.format != "site" && args.format != "markdown") {
      return fail(ErrorCode::kUsage, "there is no format {}; site and markdown are", args.format);
    }
    if (args.all && count != 1) return usage("export --all needs exactly the folder to write to");
    if (!args.all && count < 2) return usage("export needs an ID and the folder to write to");
  }
  const bool selects = !args.selection.site.empty() || !args.selection.source.empty();
  if (args.command == "derive" && count > 0 && selects) {
    return usage("derive takes either IDs, or --site and --source");
  }
  const VerifyArguments& verify = args.verify;
  if (verify.log + !verify.repair.empty() + !verify.sample.empty() + !verify.since.empty() +
          !verify.article.empty() >
      1) {
    return usage("--sample, --since, --article, --repair and --log exclude one another");
  }
  if (args.command == "backup" && count != 1) {
    return usage("backup needs exactly the folder to back up to");
  }
  if (args.command == "restore" && count != 1) {
    return usage("restore needs exactly one backup; --archive names the new archive");
  }
  if (args.command == "merge" && count == 0) return usage("merge needs an archive to take from");
  const bool takes_none = args.command == "list" || args.command == "stats" ||
                          args.command == "upgrade" || args.command == "gc" ||
                          args.command == "verify";
  if (takes_none && count != 0) {
    return fail(ErrorCode::kUsage, "{} takes no {}", args.command, args.operands[0]);
  }
  if (args.command == "forget") return check_forget(args);
  if (args.list.sort != "captured" && args.list.sort != "date") {
    return fail(ErrorCode::kUsage, "there is no order {}; captured and date are", args.list.sort);
  }
  if (!args.list.near.empty() && args.list.captures.find("://") == std::string::npos) {
    return usage("--near goes with --captures URL");
  }
  if (args.command == "demo" && count > 1) return usage("demo takes one folder at most");
  return {};
}

}  // namespace halftone

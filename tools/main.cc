// The program: reads the command line, runs one command, tells how it ended.
#include <cerrno>
#include <cstring>

#include "store/image_workers.h"
#include "tools/commands.h"
#include "tools/log.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

constexpr const char* kVersion = "0.1.0";

struct Command {
  const char* name;
  Result<ExitCode> (*run)(const Arguments&);
};

constexpr Command kCommands[] = {{"snapshot", run_snapshot}, {"mirror", run_mirror},
                                 {"nightly", run_nightly},   {"why", run_why},
                                 {"list", run_list},         {"show", run_show},
                                 {"derive", run_derive},     {"similar", run_similar},
                                 {"export", run_export},     {"stats", run_stats},
                                 {"verify", run_verify},     {"backup", run_backup},
                                 {"restore", run_restore},   {"merge", run_merge},
                                 {"forget", run_forget},     {"gc", run_gc},
                                 {"upgrade", run_upgrade},   {"demo", run_demo},
                                 {"inspect", run_inspect}};

Result<ExitCode> run(const std::vector<std::string>& words) {
  const auto args = parse_arguments(words);
  if (!args) return tl::unexpected(args.error());
  if (args->version) {
    say("halftone {}\n", kVersion);
    return ExitCode::kOk;
  }
  if (args->help) {
    say("{}", help_text(args->command));
    return ExitCode::kOk;
  }
  if (!set_log_level(args->log_level)) {
    return fail(ErrorCode::kUsage, "there is no log level {}; debug, info, warning and error are",
                args->log_level);
  }
  for (const Command& command : kCommands) {
    if (args->command == command.name) return command.run(*args);
  }
  bug("a command without its function");
}

}  // namespace
}  // namespace halftone

int main(int argc, char** argv) {
  using namespace halftone;
  if (argc > 1 &&
      (std::strcmp(argv[1], kImageWorker) == 0 || std::strcmp(argv[1], kVideoWorker) == 0))
    return run_image_worker(argv[1]);
  auto code = run(std::vector<std::string>(argv + 1, argv + argc));
  if (!flush_output() && code) {
    code = fail(ErrorCode::kIo, "cannot write to standard output: {}", std::strerror(errno));
  }
  if (code) return static_cast<int>(*code);
  tell("halftone: {}\n", code.error().message);
  return static_cast<int>(exit_code_for(code.error().code));
}

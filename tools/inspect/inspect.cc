// halftone inspect: the pure parts, from outside.
#include <iostream>

#include <nlohmann/json.hpp>

#include "store/files.h"
#include "tools/commands.h"
#include "tools/inspect/answers.h"
#include "tools/inspect/json_text.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

constexpr uint64_t kLargestMap = uint64_t{256} << 20;

using Answer = Result<InspectAnswer> (*)(const InspectRequest& request);

enum class Operands { kFiles, kValues, kRobots };

struct Part {
  const char* name;
  Answer answer;
  Operands operands;
};

constexpr Part kParts[] = {{"links", inspect_links, Operands::kFiles},
                           {"url", inspect_url, Operands::kValues},
                           {"robots", inspect_robots, Operands::kRobots},
                           {"srcset", inspect_srcset, Operands::kValues},
                           {"mime", inspect_mime, Operands::kValues},
                           {"type", inspect_type, Operands::kFiles},
                           {"encoding", inspect_encoding, Operands::kFiles},
                           {"image", inspect_image, Operands::kFiles},
                           {"media", inspect_media, Operands::kFiles},
                           {"article", inspect_article, Operands::kFiles},
                           {"feed", inspect_feed, Operands::kFiles},
                           {"sitemap", inspect_sitemap, Operands::kFiles},
                           {"rewrite", inspect_rewrite_batch, Operands::kFiles},
                           {"warc", inspect_warc, Operands::kFiles}};

void say_error(const std::string& message) {
  say_json(json_text(nlohmann::ordered_json{{"error", message}}));
}

// A line in, a line out, whatever the line.
void answer_line(const Part& part, const std::string& line) {
  const auto request = parse_inspect_request(line);
  const auto answer = request ? part.answer(*request) : tl::unexpected(request.error());
  if (answer) {
    say_json(answer->object);
  } else {
    say_error(answer.error().message);
  }
}

ExitCode run_batch(const Part& part) {
  for (std::string line; std::getline(std::cin, line);) answer_line(part, line);
  return ExitCode::kOk;
}

InspectRequest request_of(const Arguments& args) {
  const InspectOptions& options = args.inspect;
  InspectRequest request;
  request.type = options.type;
  request.base = args.base;
  request.charset = options.charset;
  request.agent = options.agent;
  request.content_type = options.content_type;
  request.prefix = options.prefix;
  request.timestamp = options.timestamp;
  return request;
}

Result<ExitCode> print(const Result<InspectAnswer>& answer, const std::string& of) {
  if (!answer) return tl::unexpected(answer.error().during(of));
  for (const std::string& line : answer->lines.value_or(std::vector{answer->object})) {
    say_json(line);
  }
  for (const std::string& warning : answer->warnings) tell("halftone: {}: {}\n", of, warning);
  return answer->is_damaged ? ExitCode::kFailed : ExitCode::kOk;
}

// `FILE URL…`, or a URL alone where the rules come from standard input.
Result<ExitCode> run_robots(const Arguments& args) {
  InspectRequest request = request_of(args);
  request.file = args.operands[1];
  auto rules = read_document(request);
  if (!rules) return tl::unexpected(rules.error());
  request.robots = std::move(*rules);
  for (size_t i = 2; i < args.operands.size(); ++i) {
    request.url = args.operands[i];
    const auto printed = print(inspect_robots(request), args.operands[i]);
    if (!printed) return printed;
  }
  return ExitCode::kOk;
}

Result<ExitCode> run_rewrite(const Arguments& args) {
  InspectRequest request = request_of(args);
  request.file = args.operands[1];
  if (!args.inspect.map_file.empty()) {
    auto map = read_file(args.inspect.map_file, kLargestMap);
    if (!map) return tl::unexpected(map.error());
    request.map = std::move(*map);
  }
  const auto bytes = inspect_rewrite(request);
  if (!bytes) return tl::unexpected(bytes.error());
  write_bytes(*bytes);
  return ExitCode::kOk;
}

// One that cannot be read is told of, and the others are answered.
ExitCode run_each(const Part& part, const Arguments& args) {
  ExitCode worst = ExitCode::kOk;
  for (size_t i = 1; i < args.operands.size(); ++i) {
    InspectRequest request = request_of(args);
    (part.operands == Operands::kFiles ? request.file : request.input) = args.operands[i];
    const auto printed = print(part.answer(request), args.operands[i]);
    if (!printed) tell("halftone: {}\n", printed.error().message);
    worst = worse(worst, printed.value_or(ExitCode::kFailed));
  }
  return worst;
}

Result<void> check_rewrite(const Arguments& args) {
  const InspectOptions& options = args.inspect;
  if (options.prefix.empty() == options.map_file.empty()) {
    return fail(ErrorCode::kUsage, "inspect rewrite needs either --map or --prefix");
  }
  if (!options.prefix.empty() && options.timestamp.empty()) {
    return fail(ErrorCode::kUsage, "--prefix goes with --timestamp");
  }
  if (args.operands.size() > 2) return fail(ErrorCode::kUsage, "inspect rewrite takes one file");
  return {};
}

// What is said of every document may be wrong before one is read.
Result<void> check_document_options(const Arguments& args) {
  InspectRequest request = request_of(args);
  const auto base = base_of(request);
  if (!base) return fail(ErrorCode::kUsage, "{}", base.error().message);
  const auto type = type_of(request, "");
  if (!type) return fail(ErrorCode::kUsage, "{}", type.error().message);
  return {};
}

Result<void> check(const Part& part, const Arguments& args) {
  const size_t count = args.operands.size() - 1;
  if (args.inspect.batch && count != 0) {
    return fail(ErrorCode::kUsage, "--batch takes its questions from standard input, no {}",
                args.operands[1]);
  }
  if (args.inspect.batch) return {};
  if (count == 0) {
    return fail(ErrorCode::kUsage, "inspect {} needs something to look at", part.name);
  }
  if (part.operands == Operands::kRobots && count < 2) {
    return fail(ErrorCode::kUsage, "inspect robots needs a robots.txt and a URL");
  }
  const bool is_rewrite = part.answer == inspect_rewrite_batch;
  if (const auto checked = is_rewrite ? check_rewrite(args) : Result<void>(); !checked) {
    return checked;
  }
  return part.operands == Operands::kFiles ? check_document_options(args) : Result<void>();
}

Result<ExitCode> run_part(const Part& part, const Arguments& args) {
  const auto checked = check(part, args);
  if (!checked) return tl::unexpected(checked.error());
  if (args.inspect.batch) return run_batch(part);
  if (part.operands == Operands::kRobots) return run_robots(args);
  if (part.answer == inspect_rewrite_batch) return run_rewrite(args);
  return run_each(part, args);
}

}  // namespace

Result<ExitCode> run_inspect(const Arguments& args) {
  const std::string asked = args.operands.empty() ? "" : args.operands[0];
  std::string names;
  for (const Part& part : kParts) {
    if (asked == part.name) return run_part(part, args);
    names += fmt::format("{}{}", names.empty() ? "" : ", ", part.name);
  }
  return fail(ErrorCode::kUsage, "{}; inspect knows {} (see halftone inspect --help)",
              asked.empty() ? "inspect needs a part to ask" : "there is no part " + asked, names);
}

}  // namespace halftone

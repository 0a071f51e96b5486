#include "tools/options.h"

#include <algorithm>
#include <map>
#include <sstream>

#include <boost/program_options.hpp>

#include "tools/help.h"
#include "tools/option_checks.h"
#include "tools/option_groups.h"

namespace halftone {
namespace {

namespace po = boost::program_options;

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0]++;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

// "did you mean --archive?", or nothing where nothing is near.
std::string nearest(std::string_view word, const std::vector<std::string>& known,
                    std::string_view prefix) {
  const std::string* best = nullptr;
  size_t best_distance = 3;
  for (const std::string& candidate : known) {
    const size_t distance = edit_distance(word.substr(0, 64), candidate);
    if (distance >= best_distance) continue;
    best = &candidate;
    best_distance = distance;
  }
  return best ? fmt::format("; did you mean {}{}?", prefix, *best) : "";
}

std::vector<std::string> long_names(const po::options_description& options) {
  std::vector<std::string> names;
  for (const auto& option : options.options()) names.push_back(option->long_name());
  return names;
}

tl::unexpected<Error> unknown_option(const std::string& name,
                                     const po::options_description& options,
                                     const std::string& command) {
  const size_t dashes = std::min(name.find_first_not_of('-'), name.size());
  return fail(ErrorCode::kUsage, "{} has no option {}{} (see halftone {} --help)", command, name,
              nearest(std::string_view(name).substr(dashes), long_names(options), "--"), command);
}

bool is_command(const std::string& word) { return !word.empty() && help_on(word) != nullptr; }

// Options that hold everywhere may come before the command; their values are no commands.
std::vector<std::string>::iterator find_command(std::vector<std::string>& words) {
  auto word = words.begin();
  while (word != words.end() && word->starts_with('-')) {
    const bool has_value = *word == "--archive" || *word == "--log-level";
    word += has_value && words.end() - word > 1 ? 2 : 1;
  }
  return word != words.end() && is_command(*word) ? word : words.end();
}

Result<void> check_raw(const Raw& raw, const Arguments& args) {
  if (raw.keep && raw.keep->value == 0) {
    return fail(ErrorCode::kUsage, "--keep 0 would keep no backup; without --keep all stay");
  }
  constexpr unsigned kMostJobs = 256;
  if (raw.jobs && (raw.jobs->value == 0 || raw.jobs->value > kMostJobs)) {
    return fail(ErrorCode::kUsage, "--jobs {}: from 1 to {}", raw.jobs->value, kMostJobs);
  }
  if (!raw.within.empty() && !args.forget.keep.within) {
    return fail(ErrorCode::kUsage, "--keep-within {} is no span of time; 36h, 7d, 6m and 1y6m are",
                raw.within);
  }
  return {};
}

Result<void> parse_words(const std::vector<std::string>& words, Arguments& args) {
  Raw raw;
  const po::options_description options = options_of(args.command, args, raw);
  po::options_description all;
  all.add(options).add_options()("operand", po::value(&args.operands)->composing());
  po::positional_options_description positional;
  positional.add("operand", -1);
  try {
    using namespace po::command_line_style;
    po::variables_map values;
    po::store(po::command_line_parser(words)
                  .options(all)
                  .positional(positional)
                  .style(unix_style & ~allow_guessing)
                  .run(),
              values);
    po::notify(values);
  } catch (const po::unknown_option& error) {
    return unknown_option(error.get_option_name(), options, args.command);
  } catch (const po::error& error) {
    return fail(ErrorCode::kUsage, "{} (see halftone {} --help)", error.what(), args.command);
  }
  take_over(raw, args);
  if (args.command == "nightly") args.words = words;
  return check_raw(raw, args);
}

// ---- job files

// What stands on one line, as the parser has it. A switch stands alone, or with yes or no.
Result<po::option> option_on(const JobLine& line, const po::options_description& options) {
  static const std::vector<std::string> kNoKeys = {
      "check", "status", "jobs", "json", "quiet", "help", "operand", "log-level", "log-format"};
  if (line.key.empty()) return fail(ErrorCode::kUsage, "a key is missing before the =");
  const auto* known = options.find_nothrow(line.key, false);
  if (known == nullptr) {
    return fail(ErrorCode::kUsage, "there is no such key{}",
                nearest(line.key, long_names(options), ""));
  }
  if (std::ranges::find(kNoKeys, line.key) != kNoKeys.end()) {
    return fail(ErrorCode::kUsage, "this belongs on the command line");
  }
  po::option option;
  option.string_key = line.key;
  const bool is_switch = known->semantic()->max_tokens() == 0;
  if (!is_switch && line.value.empty()) return fail(ErrorCode::kUsage, "its value is missing");
  if (is_switch && !line.value.empty() && line.value != "yes" && line.value != "no") {
    return fail(ErrorCode::kUsage, "{}: yes and no are", line.value);
  }
  option.value = {is_switch ? (line.value == "no" ? "false" : "true") : line.value};
  option.original_tokens = {line.key, line.value};
  return option;
}

// Whether the value alone can be read.
Result<void> try_option(const po::option& option) {
  Arguments scratch;
  scratch.command = "nightly";
  Raw raw;
  const po::options_description options = options_of(scratch.command, scratch, raw);
  po::parsed_options parsed(&options);
  parsed.options.push_back(option);
  try {
    po::variables_map values;
    po::store(parsed, values);
    po::notify(values);
  } catch (const po::error&) {
    return fail(ErrorCode::kUsage, "{}: cannot be read (see halftone nightly --help)",
                option.value.front());
  }
  take_over(raw, scratch);
  return check_raw(raw, scratch);
}

}  // namespace

Arguments parse_job(const std::vector<std::string>& words, const std::vector<JobLine>& lines,
                    const std::function<void(const JobLine&, const std::string&)>& mistake) {
  Arguments args;
  args.command = "nightly";
  Raw raw;
  const po::options_description options = options_of(args.command, args, raw);
  po::options_description all;
  all.add(options).add_options()("operand", po::value(&args.operands)->composing());
  po::parsed_options parsed(&all);
  std::map<std::string, size_t> seen;
  for (const JobLine& line : lines) {
    const auto option = option_on(line, options);
    if (!option) {
      mistake(line, option.error().message);
      continue;
    }
    const auto [before, is_first] = seen.try_emplace(line.key, line.number);
    if (!is_first && !options.find(line.key, false).semantic()->is_composing()) {
      mistake(line, fmt::format("it was given on line {} already", before->second));
      continue;
    }
    if (const auto tried = try_option(*option); !tried) {
      mistake(line, tried.error().message);
      continue;
    }
    parsed.options.push_back(*option);
  }
  using namespace po::command_line_style;
  po::positional_options_description positional;
  positional.add("operand", -1);
  po::variables_map values;  // what was stored first counts: the command line
  po::store(po::command_line_parser(words)
                .options(all)
                .positional(positional)
                .style(unix_style & ~allow_guessing)
                .run(),
            values);
  po::store(parsed, values);
  po::notify(values);
  take_over(raw, args);
  args.operands.clear();
  return args;
}

Result<Arguments> parse_arguments(const std::vector<std::string>& words) {
  Arguments args;
  std::vector<std::string> rest = words;
  if (rest.empty() || rest[0] == "--help" || rest[0] == "-h" || rest[0] == "help") {
    args.help = true;
    if (rest.size() < 2) return args;
    if (!is_command(rest[1])) {
      return fail(ErrorCode::kUsage, "there is no command {} (see halftone --help)", rest[1]);
    }
    args.command = rest[1];
    return args;
  }
  if (rest[0] == "--version" || rest[0] == "-V") {
    args.version = true;
    return args;
  }
  const auto command = find_command(rest);
  if (command == rest.end()) {
    return fail(ErrorCode::kUsage, "there is no command {}{} (see halftone --help)", rest[0],
                nearest(rest[0], command_names(), ""));
  }
  args.command = *command;
  rest.erase(command);
  const auto parsed = parse_words(rest, args);
  if (!parsed) return tl::unexpected(parsed.error());
  if (args.help) return args;
  const auto checked = check_operands(args);
  if (!checked) return tl::unexpected(checked.error());
  return args;
}

std::string help_text(const std::string& command) {
  if (command.empty()) return help_on("");
  Arguments args;
  Raw raw;
  std::ostringstream text;
  text << help_on(command) << options_of(command, args, raw);
  return text.str();
}

}  // namespace halftone

#include "tools/options.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include <boost/program_options.hpp>

#include "tools/help.h"

namespace halftone {
namespace {

namespace po = boost::program_options;

// A size as people write it, for Program_options.
struct Size {
  uint64_t bytes = 0;
};

std::istream& operator>>(std::istream& in, Size& size) {
  std::string text;
  in >> text;
  const auto bytes = parse_size(text);
  if (bytes) {
    size.bytes = *bytes;
  } else {
    in.setstate(std::ios::failbit);
  }
  return in;
}

// A count or a number of seconds; a minus sign is no part of one.
struct Natural {
  unsigned value = 0;
};

std::istream& operator>>(std::istream& in, Natural& number) {
  std::string text;
  in >> text;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number.value);
  if (error != std::errc() || end != text.data() + text.size()) in.setstate(std::ios::failbit);
  return in;
}

// How many versions a rule keeps.
struct Keep {
  unsigned count = 0;
};

std::istream& operator>>(std::istream& in, Keep& keep) {
  std::string text;
  in >> text;
  if (text == "unlimited") {
    keep.count = RetentionRules::kUnlimited;
    return in;
  }
  Natural number;
  std::istringstream digits(text);
  if (digits >> number) {
    keep.count = number.value;
  } else {
    in.setstate(std::ios::failbit);
  }
  return in;
}

// What the options are read into before they become Arguments.
struct Raw {
  Keep last, hourly, daily, weekly, monthly, yearly;
  std::string within;
  Size limit_rate, max_size{uint64_t{4} << 30};
  Natural connect_timeout{30}, timeout{30}, max_time{7200}, retry{3};
  std::optional<Natural> keep;
  double retry_delay = 1;
  std::vector<std::string> seeds;
};

po::options_description global_options(Arguments& args) {
  po::options_description options("Everywhere");
  auto add = options.add_options();
  add("archive", po::value(&args.archive)->value_name("DIR"),
      "the archive (default: $HALFTONE_ARCHIVE, else ./archive)");
  add("json", po::bool_switch(&args.json), "answer in JSON on standard output");
  add("quiet,q", po::bool_switch(&args.quiet), "say nothing but errors");
  add("log-level", po::value(&args.log_level)->value_name("LEVEL"),
      "debug tells each request, info each article; warning (default), error");
  add("help,h", po::bool_switch(&args.help), "this text");
  return options;
}

po::options_description snapshot_options(Arguments& args) {
  po::options_description options("What to take");
  auto add = options.add_options();
  add("seeds", po::value(&args.seeds_file)->value_name("FILE"),
      "more URLs, one a line; - is standard input");
  add("base", po::value(&args.base)->value_name("URL"),
      "a FILE's own address, for relative references");
  return options;
}

po::options_description fetch_options(Arguments& args, Raw& raw) {
  po::options_description options("Fetching (as in curl, where curl has it)");
  FetchOptions& fetch = args.fetch;
  auto add = options.add_options();
  add("user-agent,A", po::value(&fetch.user_agent)->value_name("NAME"),
      "instead of halftone's own");
  add("header,H", po::value(&fetch.headers)->composing()->value_name("LINE"),
      "send this header line, too: to hosts that you name, or anywhere if it is Accept-…");
  add("cookie", po::value(&fetch.cookie_file)->value_name("FILE"),
      "send these cookies (Netscape format)");
  add("resolve", po::value(&fetch.resolve)->composing()->value_name("HOST:PORT:ADDR"),
      "connect to ADDR for HOST:PORT");
  add("connect-to",
      po::value(&fetch.connect_to)->composing()->value_name("HOST1:PORT1:HOST2:PORT2"),
      "connect to HOST2:PORT2 for HOST1:PORT1");
  add("proxy,x", po::value(&fetch.proxy)->value_name("URL"), "http, https or socks5 proxy");
  add("cacert", po::value(&fetch.cacert)->value_name("FILE"), "trust the certificates in FILE");
  add("insecure,k", po::bool_switch(&fetch.insecure), "do not verify certificates");
  add("allow-private", po::bool_switch(&fetch.allow_private),
      "let articles refer to private addresses (those you name yourself are always allowed)");
  add("limit-rate", po::value(&raw.limit_rate)->value_name("SIZE"),
      "bytes a second, all together: 200k, 2M");
  add("max-size", po::value(&raw.max_size)->value_name("SIZE"),
      "leave out larger bodies (default 4G)");
  add("connect-timeout", po::value(&raw.connect_timeout)->value_name("SECONDS"), "default 30");
  add("timeout", po::value(&raw.timeout)->value_name("SECONDS"),
      "give up what is slower than 1 KiB/s for so long (default 30)");
  add("max-time", po::value(&raw.max_time)->value_name("SECONDS"),
      "for one request (default 7200)");
  add("retry", po::value(&raw.retry)->value_name("N"), "ask again what may go better (default 3)");
  add("retry-delay", po::value(&raw.retry_delay)->value_name("SECONDS"),
      "before the first retry, doubled for each after it (default 1)");
  return options;
}

po::options_description version_options(Arguments& args) {
  po::options_description options("Which version");
  options.add_options()(
      "at", po::value(&args.at)->value_name("DATE"),
      "the last one taken by then: 2026-01-09, 2026-01-09T12:30:00Z (default: the newest)");
  return options;
}

po::options_description export_options(Arguments& args) {
  po::options_description options("Export");
  auto add = options.add_options();
  add("format", po::value(&args.format)->value_name("FORMAT"), "site (default) or markdown");
  add("all", po::bool_switch(&args.all), "every article of the archive");
  return options;
}

po::options_description backup_options(Raw& raw) {
  po::options_description options("Backup");
  options.add_options()(
      "keep", po::value<Natural>()->value_name("N")->notifier([&](Natural n) { raw.keep = n; }),
      "keep the newest N generations, this one among them (default: all)");
  return options;
}

po::options_description selection_options(Arguments& args) {
  po::options_description options("Which articles");
  auto add = options.add_options();
  add("site", po::value(&args.selection.site)->value_name("HOST"),
      "those of this host and its subdomains");
  add("source", po::value(&args.selection.source)->value_name("TEXT"),
      "those that this led to: the URL of a feed, the file name of a --seeds list");
  return options;
}

po::options_description list_options(Arguments& args) {
  po::options_description options("What to list");
  ListOptions& list = args.list;
  auto add = options.add_options();
  add("since", po::value(&list.since)->value_name("DATE"), "what was captured then or later");
  add("until", po::value(&list.until)->value_name("DATE"), "what was captured by then");
  add("sort", po::value(&list.sort)->value_name("BY"),
      "captured (default) or date, the article's own; newest first");
  add("captures", po::value(&list.captures)->value_name("URL|HOST"),
      "instead of articles the captures of a URL, or of a host and its subdomains");
  add("near", po::value(&list.near)->value_name("DATE"),
      "with --captures URL: only the one nearest to then");
  return options;
}

po::options_description forget_options(Arguments& args, Raw& raw) {
  po::options_description options("What to keep (N may be unlimited)");
  auto add = options.add_options();
  add("keep-last", po::value(&raw.last)->value_name("N"), "the newest N snapshots");
  add("keep-hourly", po::value(&raw.hourly)->value_name("N"),
      "the newest snapshot of each of the last N hours that have one");
  add("keep-daily", po::value(&raw.daily)->value_name("N"), "the same for days (UTC)");
  add("keep-weekly", po::value(&raw.weekly)->value_name("N"), "for weeks, from Monday on");
  add("keep-monthly", po::value(&raw.monthly)->value_name("N"), "for months");
  add("keep-yearly", po::value(&raw.yearly)->value_name("N"), "for years");
  add("keep-within", po::value(&raw.within)->value_name("SPAN"),
      "all that are less than that older than the newest: 36h, 7d, 6m, 1y6m");
  add("all-versions", po::bool_switch(&args.forget.all_versions),
      "keep none: the articles named by ID go altogether");
  add("no-gc", po::bool_switch(&args.forget.no_gc), "leave it to halftone gc to free the space");
  return options;
}

po::options_description dry_run_options(Arguments& args) {
  po::options_description options("Caution");
  options.add_options()("dry-run,n", po::bool_switch(&args.dry_run),
                        "change nothing, only tell what would be done");
  return options;
}

po::options_description inspect_options(Arguments& args) {
  po::options_description options("What to make of it");
  InspectOptions& inspect = args.inspect;
  auto add = options.add_options();
  add("batch", po::bool_switch(&inspect.batch), "questions on standard input, a line each");
  add("type", po::value(&inspect.type)->value_name("TYPE"),
      "html, css, svg, markdown, feed, sitemap, hls, dash or auto (default)");
  add("base", po::value(&args.base)->value_name("URL"), "the document's own address");
  add("charset", po::value(&inspect.charset)->value_name("LABEL"), "as if HTTP had named it");
  add("content-type", po::value(&inspect.content_type)->value_name("VALUE"),
      "as if HTTP had sent it");
  add("agent", po::value(&inspect.agent)->value_name("NAME"), "for robots (default halftone)");
  add("map", po::value(&inspect.map_file)->value_name("FILE"),
      "for rewrite: lines of {\"url\": …, \"to\": …}");
  add("prefix", po::value(&inspect.prefix)->value_name("URL"),
      "for rewrite: a replay server, as https://web.example/");
  add("timestamp", po::value(&inspect.timestamp)->value_name("TS"),
      "for rewrite, with --prefix: 20260101000000");
  return options;
}

po::options_description verify_options(Arguments& args) {
  po::options_description options("What to check");
  VerifyArguments& verify = args.verify;
  auto add = options.add_options();
  add("sample", po::value(&verify.sample)->value_name("P%"),
      "read that part of the bodies; each time the next one, until all were read");
  add("since", po::value(&verify.since)->value_name("DATE"), "read bodies captured since then");
  add("article", po::value(&verify.article)->value_name("ID|URL"), "read what this article needs");
  add("repair", po::value(&verify.repair)->composing()->value_name("FROM"),
      "make damaged things whole again from an archive, a backup, a WARC file, or the web");
  add("log", po::bool_switch(&verify.log), "show the chain of earlier checks instead");
  return options;
}

po::options_description options_of(const std::string& command, Arguments& args, Raw& raw) {
  po::options_description options;
  if (command == "snapshot") options.add(snapshot_options(args));
  if (command == "export") options.add(export_options(args));
  if (command == "inspect") options.add(inspect_options(args));
  if (command == "list") options.add(list_options(args)).add(selection_options(args));
  if (command == "forget") {
    options.add(forget_options(args, raw)).add(selection_options(args));
  }
  if (command == "forget" || command == "gc" || command == "merge") {
    options.add(dry_run_options(args));
  }
  if (command == "verify") options.add(verify_options(args));
  if (command == "snapshot" || command == "verify") options.add(fetch_options(args, raw));
  if (command == "backup") options.add(backup_options(raw));
  if (command == "export" || command == "show" || command == "restore") {
    options.add(version_options(args));
  }
  options.add(global_options(args));
  return options;
}

void take_over(const Raw& raw, Arguments& args) {
  args.fetch.limit_rate = raw.limit_rate.bytes;
  args.fetch.max_size = raw.max_size.bytes;
  args.fetch.connect_timeout = std::chrono::seconds(raw.connect_timeout.value);
  args.fetch.stall_timeout = std::chrono::seconds(raw.timeout.value);
  args.fetch.max_time = std::chrono::seconds(raw.max_time.value);
  args.capture.retry_delay = std::chrono::milliseconds(static_cast<int64_t>(
      (std::isfinite(raw.retry_delay) ? std::clamp(raw.retry_delay, 0.0, 3600.0) : 1.0) * 1000));
  args.capture.retries = raw.retry.value;
  args.forget.keep = {.last = raw.last.count,
                      .hourly = raw.hourly.count,
                      .daily = raw.daily.count,
                      .weekly = raw.weekly.count,
                      .monthly = raw.monthly.count,
                      .yearly = raw.yearly.count,
                      .within = parse_span(raw.within)};
  args.keep_generations = raw.keep ? raw.keep->value : 0;
  args.archive_named = !args.archive.empty();
  if (!args.archive_named) {
    const char* named = std::getenv("HALFTONE_ARCHIVE");
    args.archive = named && *named ? named : "./archive";
  }
}

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

tl::unexpected<Error> unknown_option(const std::string& name,
                                     const po::options_description& options,
                                     const std::string& command) {
  std::vector<std::string> known;
  for (const auto& option : options.options()) known.push_back(option->long_name());
  const size_t dashes = std::min(name.find_first_not_of('-'), name.size());
  return fail(ErrorCode::kUsage, "{} has no option {}{} (see halftone {} --help)", command, name,
              nearest(std::string_view(name).substr(dashes), known, "--"), command);
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
  if (raw.keep && raw.keep->value == 0) {
    return fail(ErrorCode::kUsage, "--keep 0 would keep no backup; without --keep all stay");
  }
  if (!raw.within.empty() && !args.forget.keep.within) {
    return fail(ErrorCode::kUsage, "--keep-within {} is no span of time; 36h, 7d, 6m and 1y6m are",
                raw.within);
  }
  return {};
}

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

Result<void> check_operands(const Arguments& args) {
  const size_t count = args.operands.size();
  const auto usage = [&](const char* what) {
    return fail(ErrorCode::kUsage, "{} (see halftone {} --help)", what, args.command);
  };
  if (args.command == "snapshot" && count == 0 && args.seeds_file.empty()) {
    return usage("snapshot needs a URL or a file");
  }
  if (args.command == "snapshot" && !args.base.empty() && count != 1) {
    return usage("--base goes with exactly one FILE");
  }
  if (args.command == "show" && count != 1)
    return usage("show needs exactly one ID; halftone list tells them");
  if (args.command == "export") {
    if (args.format != "site" && args.format != "markdown") {
      return fail(ErrorCode::kUsage, "there is no format {}; site and markdown are", args.format);
    }
    if (args.all && count != 1) return usage("export --all needs exactly the folder to write to");
    if (!args.all && count < 2) return usage("export needs an ID and the folder to write to");
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

}  // namespace

std::optional<uint64_t> parse_size(std::string_view text) {
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc() || number < 0 || !std::isfinite(number)) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
  constexpr std::string_view kUnits = "kmgt";
  double factor = 1;
  if (!unit.empty()) {
    const char letter = static_cast<char>(std::tolower(static_cast<unsigned char>(unit[0])));
    const size_t power = kUnits.find(letter);
    if (power == std::string_view::npos || unit.size() > 1) return std::nullopt;
    factor = std::pow(1024.0, static_cast<double>(power + 1));
  }
  const double bytes = number * factor;
  if (bytes >= 9e18) return std::nullopt;
  return static_cast<uint64_t>(bytes);
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

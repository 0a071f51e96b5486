#include "tools/job_file.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>

#include "media/ascii.h"
#include "media/opml.h"
#include "media/url.h"
#include "store/files.h"
#include "tools/chosen_recipes.h"

namespace halftone {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kLargestJob = uint64_t{4} << 20;
constexpr uint64_t kLargestOpml = uint64_t{16} << 20;
constexpr size_t kLongestName = 64;

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= kLongestName &&
         std::ranges::all_of(name, [](unsigned char letter) {
           return std::isalnum(letter) || letter == '.' || letter == '_' || letter == '-';
         });
}

bool is_address(const std::string& text) {
  const auto url = Url::parse(text);
  return url && url->is_http() && !url->host().empty();
}

// Reading one file.
class JobReader {
 public:
  JobReader(std::string file, const Arguments& command, Plan& plan)
      : file_(std::move(file)), command_(command), plan_(plan) {}

  void read() {
    Job job{.name = fs::path(file_).stem().string(), .file = file_, .args = {}};
    if (!is_name(job.name)) {
      mistake(0, "", "a job's name has letters, digits, . _ and - and is no longer than 64");
    }
    const auto text = read_file(file_, kLargestJob);
    if (!text) return mistake(0, "", text.error().message);
    for (JobLine& line : job_lines(*text)) add(std::move(line));
    job.args = parse_job(command_.words, lines_, [&](const JobLine& line, const std::string& why) {
      mistake(line.number, line.key, why);
    });
    job.args.json = command_.json;
    job.args.quiet = command_.quiet;
    check(job.args);
    plan_.jobs.push_back(std::move(job));
  }

 private:
  void mistake(size_t line, std::string key, std::string text) {
    plan_.mistakes.push_back({file_, line, std::move(key), std::move(text)});
  }

  void add(JobLine line) {
    if (line.key.starts_with("--")) line.key.erase(0, 2);
    if (line.key.starts_with('[')) {
      return mistake(line.number, line.key, "job files have no sections");
    }
    static const std::vector<std::string> kPaths = {"archive",    "seeds",      "export",
                                                    "backup",     "metrics",    "cookie",
                                                    "cookie-jar", "netrc-file", "cacert"};
    const bool is_local = line.key == "opml" && line.value.find("://") == std::string::npos;
    if ((is_local || std::ranges::find(kPaths, line.key) != kPaths.end()) && !line.value.empty()) {
      line.value = (fs::path(file_).parent_path() / line.value).string();
    }
    lines_.push_back(std::move(line));
  }

  // The line on which a key, or a value of it, stands.
  size_t line_of(const std::string& key, const std::string& value = {}) const {
    for (const JobLine& line : lines_) {
      if (line.key == key && (value.empty() || line.value == value)) return line.number;
    }
    return 0;
  }

  void check(Arguments& args) {
    check_sources(args);
    check_rules(args);
    check_telling(args.nightly);
  }

  void check_sources(Arguments& args) {
    NightlyArguments& nightly = args.nightly;
    read_opml_files(nightly);
    const std::pair<const char*, const std::vector<std::string>*> kinds[] = {
        {"url", &nightly.urls},
        {"feed", &nightly.feeds},
        {"sitemap", &nightly.sitemaps},
        {"list", &nightly.lists},
        {"opml", &nightly.opml}};
    bool has_any = !args.seeds_file.empty();
    for (const auto& [key, urls] : kinds) {
      for (const std::string& url : *urls) {
        has_any = true;
        if (!is_address(url)) mistake(line_of(key, url), key, url + ": no http or https URL");
      }
    }
    if (!has_any) {
      mistake(0, "", "it names no source: url, feed, sitemap, list or opml");
    }
  }

  // A list on this machine stands for its feeds.
  void read_opml_files(NightlyArguments& nightly) {
    std::vector<std::string> remote;
    for (const std::string& named : nightly.opml) {
      if (named.find("://") != std::string::npos) {
        remote.push_back(named);
        continue;
      }
      const auto text = read_file(named, kLargestOpml);
      const auto feeds = text ? parse_opml(*text) : tl::unexpected(text.error());
      if (!feeds) {
        mistake(line_of("opml", named), "opml", feeds.error().message);
        continue;
      }
      for (const OpmlFeed& feed : *feeds) {
        if (is_address(feed.url)) nightly.feeds.push_back(feed.url);
      }
    }
    nightly.opml = std::move(remote);
  }

  void check_rules(const Arguments& args) {
    const MirrorArguments& mirror = args.mirror;
    if (!reach_named(mirror.reach)) {
      mistake(line_of("scope"), "scope", mirror.reach + ": page, dir, host, domain and any are");
    }
    if (mirror.robots != "obey" && mirror.robots != "ignore") {
      mistake(line_of("robots"), "robots", mirror.robots + ": obey and ignore are");
    }
    for (const char* key : {"include", "exclude"}) check_patterns(key, mirror.scope);
    const NightlyArguments& nightly = args.nightly;
    if (nightly.revisit.longest < nightly.revisit.shortest) {
      mistake(line_of("revisit-max"), "revisit-max", "it is shorter than revisit-min");
    }
    if (nightly.export_format != "site" && nightly.export_format != "markdown") {
      mistake(line_of("export-format"), "export-format",
              nightly.export_format + ": site and markdown are");
    }
    check_recipes(args);
  }

  void check_recipes(const Arguments& args) {
    RecipeBook book;
    for (const std::string& named : args.derive.recipes) {
      const auto chosen = chosen_recipes({named}, book);
      if (!chosen) mistake(line_of("recipe", named), "recipe", chosen.error().message);
    }
    if (!args.derive.recipes.empty() && !args.nightly.derive) {
      mistake(line_of("recipe"), "recipe", "it counts for derive, which is not asked for");
    }
  }

  void check_patterns(const std::string& key, const ScopeOptions& scope) {
    for (const std::string& pattern : key == "include" ? scope.include : scope.exclude) {
      ScopeOptions alone;
      (key == "include" ? alone.include : alone.exclude) = {pattern};
      const auto checked = check_scope_options(alone);
      if (!checked) mistake(line_of(key, pattern), key, checked.error().message);
    }
  }

  void check_telling(const NightlyArguments& nightly) {
    const auto one_of = [&](const char* key, const std::string& value,
                            const std::vector<std::string>& known, const char* said) {
      if (std::ranges::find(known, value) == known.end()) {
        mistake(line_of(key), key, value + ": " + said + " are");
      }
    };
    one_of("notify", nightly.notify, {"trouble", "always", "never"}, "trouble, always and never");
    if (!nightly.webhook.empty() && !is_address(nightly.webhook)) {
      mistake(line_of("webhook"), "webhook", nightly.webhook + ": no http or https URL");
    }
    if (!nightly.mail_to.empty() && nightly.mail_server.empty()) {
      mistake(line_of("mail-to"), "mail-to", "mail needs a mail-server, as smtp://localhost");
    }
    const bool is_smtp = nightly.mail_server.empty() ||
                         nightly.mail_server.starts_with("smtp://") ||
                         nightly.mail_server.starts_with("smtps://");
    if (!is_smtp) {
      mistake(line_of("mail-server"), "mail-server", "it begins with smtp:// or smtps://");
    }
    for (const std::string& address : nightly.mail_to) {
      if (address.find('@') == std::string::npos ||
          address.find_first_of(" \t\r\n<>") != std::string::npos) {
        mistake(line_of("mail-to", address), "mail-to", address + ": no mail address");
      }
    }
  }

  const std::string file_;
  const Arguments& command_;
  Plan& plan_;
  std::vector<JobLine> lines_;
};

// The job files that the command line means.
std::vector<std::string> files_of(const Arguments& command, Plan& plan) {
  std::vector<std::string> files;
  for (const std::string& named : command.operands) {
    std::error_code error;
    if (!fs::is_directory(named, error)) {
      files.push_back(named);
      continue;
    }
    const size_t before = files.size();
    const auto names = list_folder(named);
    for (const std::string& name : names.value_or(std::vector<std::string>())) {
      if (name.ends_with(".job") && name[0] != '.')
        files.push_back(fmt::format("{}/{}", named, name));
    }
    if (files.size() == before) {
      plan.mistakes.push_back({named, 0, "", "no file in this folder ends in .job"});
    }
  }
  return files;
}

}  // namespace

std::vector<JobLine> job_lines(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<JobLine> lines;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line[0] == '#') continue;
    const size_t equals = line.find('=');
    const auto key = trim(line.substr(0, equals));
    const auto value =
        equals == std::string_view::npos ? std::string_view() : trim(line.substr(equals + 1));
    lines.push_back({number, std::string(key), std::string(value)});
  }
  return lines;
}

Plan read_plan(const Arguments& command) {
  Plan plan;
  for (const std::string& file : files_of(command, plan)) {
    JobReader(file, command, plan).read();
  }
  std::map<std::string, std::string> seen;  // archive and name: what a job is remembered by
  for (const Job& job : plan.jobs) {
    const auto [other, is_first] = seen.try_emplace(
        fs::path(job.args.archive).lexically_normal().string() + "\n" + job.name, job.file);
    if (!is_first) {
      plan.mistakes.push_back(
          {job.file, 0, "", fmt::format("{} has the same name and archive", other->second)});
    }
  }
  return plan;
}

std::string describe(const JobMistake& mistake) {
  std::string text = mistake.file;
  if (mistake.line > 0) text += fmt::format(":{}", mistake.line);
  if (!mistake.key.empty()) text += ": " + mistake.key;
  return text + ": " + mistake.text;
}

}  // namespace halftone

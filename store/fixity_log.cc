#include "store/fixity_log.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "store/digest.h"
#include "store/files.h"

namespace halftone {

namespace {

using nlohmann::ordered_json;

constexpr uint64_t kLargest = uint64_t{256} << 20;  // a check an hour for sixty years

std::string path_of(const std::string& folder) { return fmt::format("{}/{}", folder, kFixityLog); }

std::string this_user() {
  char host[256] = "";
  (void)::gethostname(host, sizeof host - 1);
  const passwd* user = ::getpwuid(::geteuid());
  return fmt::format("{}@{}", user ? std::string(user->pw_name) : std::to_string(::geteuid()),
                     host[0] ? host : "?");
}

// What stands behind the body of a line.
std::string end_of(std::string_view body) {
  return fmt::format(",\"sha256\":\"{}\"}}", sha256(body).hex());
}

std::string to_line(const FixityEntry& entry, std::string_view previous) {
  const ordered_json value = {{"time", to_iso8601(entry.time)},
                              {"by", entry.by},
                              {"version", entry.version},
                              {"scope", entry.scope},
                              {"sealed", entry.sealed},
                              {"files", entry.files},
                              {"file_bytes", entry.file_bytes},
                              {"blobs", entry.blobs},
                              {"blob_bytes", entry.blob_bytes},
                              {"captures", entry.captures},
                              {"articles", entry.articles},
                              {"derivatives", entry.derivatives},
                              {"damaged", entry.damaged},
                              {"harmed_articles", entry.harmed_articles},
                              {"repaired", entry.repaired},
                              {"seconds", entry.seconds},
                              {"previous", previous}};
  std::string body = value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  body.pop_back();
  return body + end_of(body);
}

struct Line {
  FixityEntry entry;
  std::string previous;
};

Line read_members(const ordered_json& value) {
  Line line;
  FixityEntry& entry = line.entry;
  entry.time = parse_date(value.at("time").get<std::string>()).value();
  value.at("by").get_to(entry.by);
  value.at("version").get_to(entry.version);
  value.at("scope").get_to(entry.scope);
  value.at("sealed").get_to(entry.sealed);
  value.at("files").get_to(entry.files);
  value.at("file_bytes").get_to(entry.file_bytes);
  value.at("blobs").get_to(entry.blobs);
  value.at("blob_bytes").get_to(entry.blob_bytes);
  value.at("captures").get_to(entry.captures);
  value.at("articles").get_to(entry.articles);
  value.at("derivatives").get_to(entry.derivatives);
  value.at("damaged").get_to(entry.damaged);
  value.at("harmed_articles").get_to(entry.harmed_articles);
  value.at("repaired").get_to(entry.repaired);
  value.at("seconds").get_to(entry.seconds);
  value.at("previous").get_to(line.previous);
  return line;
}

bool has_own_digest(std::string_view text) {
  const size_t end = end_of({}).size();
  const std::string_view body = text.substr(0, text.size() - std::min(end, text.size()));
  return text.substr(body.size()) == end_of(body);
}

// An open log, under its lock until it is closed.
class OpenLog {
 public:
  explicit OpenLog(int file) : file_(file) {}
  OpenLog(const OpenLog&) = delete;
  OpenLog& operator=(const OpenLog&) = delete;
  ~OpenLog() {
    if (file_ >= 0) ::close(file_);
  }
  int get() const { return file_; }

 private:
  int file_;
};

std::string_view last_line(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return text.substr(text.rfind('\n') + 1);
}

std::string digest_of(std::string_view line) {
  return line.empty() ? std::string() : sha256(line).hex();
}

std::string scope_text(const VerifyScope& scope) {
  if (scope.sample) return fmt::format("sample {}/{}", scope.sample->part + 1, scope.sample->parts);
  if (scope.since) return "since " + to_iso8601(*scope.since);
  return scope.article.empty() ? "everything" : "article " + scope.article;
}

}  // namespace

FixityEntry fixity_entry(const VerifyResult& result) {
  FixityEntry entry;
  entry.scope = scope_text(result.scope);
  entry.sealed = result.is_sealed;
  entry.files = result.files;
  entry.file_bytes = result.file_bytes;
  entry.blobs = result.blobs;
  entry.blob_bytes = result.blob_bytes;
  entry.captures = result.captures;
  entry.articles = result.articles;
  entry.derivatives = result.derivatives;
  entry.damaged = result.damaged;
  entry.harmed_articles = result.harmed;
  entry.seconds = result.seconds;
  return entry;
}

Result<void> append_fixity(const std::string& folder, FixityEntry entry) {
  const std::string path = path_of(folder);
  const OpenLog log(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
  if (log.get() < 0) return tl::unexpected(system_error(errno, "cannot open", path));
  if (::flock(log.get(), LOCK_EX) != 0) {
    return tl::unexpected(system_error(errno, "cannot lock", path));
  }
  const auto text = read_file(path, kLargest);
  if (!text) return tl::unexpected(text.error());
  entry.time = std::chrono::floor<std::chrono::seconds>(now());
  entry.by = this_user();
  entry.version = "halftone " HALFTONE_VERSION;
  std::string line = to_line(entry, digest_of(last_line(*text))) + "\n";
  if (!text->empty() && !text->ends_with('\n')) line.insert(0, "\n");  // a line that was cut
  const ssize_t written = ::write(log.get(), line.data(), line.size());
  if (written != static_cast<ssize_t>(line.size()) || ::fsync(log.get()) != 0) {
    const int why = written < 0 || static_cast<size_t>(written) == line.size() ? errno : ENOSPC;
    (void)::ftruncate(log.get(), static_cast<off_t>(text->size()));
    return tl::unexpected(system_error(why, "cannot write", path));
  }
  return text->empty() ? sync_folder(folder) : Result<void>();
}

Result<void> read_fixity(
    const std::string& folder,
    const std::function<void(const FixityEntry& entry, const std::string& broken)>& visit) {
  const auto text = read_file(path_of(folder), kLargest);
  if (!text && text.error().code == ErrorCode::kNotFound) return {};
  if (!text) return tl::unexpected(text.error());
  std::string previous;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    Line read;
    std::string broken = has_own_digest(line) ? "" : "it was altered or cut";
    try {
      read = read_members(ordered_json::parse(line));
      if (broken.empty() && read.previous != previous) {
        broken = "the line before it was altered, or one is missing";
      }
    } catch (const std::exception&) {
      broken = "it was altered or cut";
    }
    visit(read.entry, broken);
    previous = digest_of(line);
  }
  return {};
}

uint32_t next_sample(const std::string& folder, uint32_t parts) {
  uint32_t next = 0;
  const std::string end = fmt::format("/{}", parts);
  const auto read = read_fixity(folder, [&](const FixityEntry& entry, const std::string& broken) {
    constexpr std::string_view kBegin = "sample ";
    if (!broken.empty() || !entry.scope.starts_with(kBegin) || !entry.scope.ends_with(end)) return;
    // Counted from one there, so it is the next one here.
    next = static_cast<uint32_t>(std::strtoul(entry.scope.c_str() + kBegin.size(), nullptr, 10));
  });
  return read ? next % parts : 0;
}

}  // namespace halftone

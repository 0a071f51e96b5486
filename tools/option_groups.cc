#include "tools/option_groups.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <boost/program_options.hpp>

namespace halftone {

namespace po = boost::program_options;

namespace {

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

// Of a command that crawls.
bool is_crawl(const Arguments& args) {
  return args.command == "mirror" || args.command == "nightly";
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
  const bool has_run = is_crawl(args);  // whose --max-time is the run's
  add(has_run ? "request-time" : "max-time", po::value(&raw.max_time)->value_name("SECONDS"),
      "for one request (default 7200)");
  add("retry", po::value(&raw.retry)->value_name("N"), "ask again what may go better (default 3)");
  add("retry-delay", po::value(&raw.retry_delay)->value_name("SECONDS"),
      has_run ? "before the first retry, doubled for each after it; what may go better later waits "
                "for 30 times that, and a host that does not answer for 60 times (default 1)"
              : "before the first retry, doubled for each after it (default 1)");
  return options;
}

bool is_crawl_of_jobs(const Arguments& args) { return args.command == "nightly"; }

po::options_description scope_options(Arguments& args, Raw& raw) {
  po::options_description options("What to take");
  auto add = options.add_options();
  ScopeOptions& scope = args.mirror.scope;
  add("seeds", po::value(&args.seeds_file)->value_name("FILE"),
      "more URLs, one a line; - is standard input");
  add("scope", po::value(&raw.scope)->value_name("REACH"),
      is_crawl_of_jobs(args)
          ? "where links are followed to: page (default: nowhere), dir, host, domain or any; what "
            "pages show is taken from any host"
          : "which pages: page, dir, host, domain (default: the site with its subdomains) or any; "
            "what they show is taken from any host");
  add("include", po::value(&scope.include)->composing()->value_name("PATTERN"),
      "only pages like this: */2026/*, example.org/news/");
  add("exclude", po::value(&scope.exclude)->composing()->value_name("PATTERN"),
      "no pages like this, whatever --include says");
  add("depth", po::value<Natural>()->value_name("N")->notifier([&](Natural n) { raw.depth = n; }),
      "so many links away from a seed at most");
  add("hops", po::value(&raw.hops)->value_name("N"), "so many links out of the scope (default 0)");
  add("no-sitemaps", po::bool_switch(&args.mirror.no_sitemaps),
      "do not look for pages in the sitemaps that robots.txt names");
  add("max-pages", po::value(&raw.max_pages)->value_name("N"), "stop after so many pages");
  add("max-host-pages", po::value(&raw.max_host_pages)->value_name("N"),
      "leave out further pages of a host that has so many");
  add("max-bytes", po::value(&raw.max_bytes)->value_name("SIZE"), "stop after so much: 500M, 20G");
  add("max-time", po::value(&raw.run_time)->value_name("TIME"), "stop after so long: 90s, 30m, 8h");
  add("restart", po::bool_switch(&args.mirror.restart),
      "begin anew instead of going on where an unfinished run stopped");
  return options;
}

po::options_description manners_options(Arguments& args, Raw& raw) {
  po::options_description options("Manners");
  auto add = options.add_options();
  add("per-host", po::value(&raw.per_host)->value_name("N"),
      "requests to one host at once, at most (default 6); fewer while it is slow");
  add("delay", po::value(&raw.delay)->value_name("SECONDS"),
      "between two requests to one host, at least (default 0)");
  add("parallel", po::value(&raw.parallel)->value_name("N"),
      "requests at once, all together (default 128)");
  add("robots", po::value(&args.mirror.robots)->value_name("HOW"),
      "obey (default) or ignore robots.txt; the report says which");
  add("obey-noarchive", po::bool_switch(&args.mirror.crawl.obey_noarchive),
      "leave out pages that say noarchive");
  add("min-free", po::value(&raw.min_free)->value_name("SIZE"),
      "pause while the disk has less room (default 256M)");
  return options;
}

po::options_description account_options(Arguments& args) {
  po::options_description options("Who asks");
  auto add = options.add_options();
  FetchOptions& fetch = args.fetch;
  add("contact", po::value(&fetch.contact)->value_name("URL|MAIL"),
      "where the owners of sites can reach you: part of the user agent");
  add("user,u", po::value(&fetch.user)->value_name("NAME:PASSWORD"),
      "log in to the hosts that you name");
  add("netrc-file", po::value(&fetch.netrc_file)->value_name("FILE"),
      "passwords of hosts, as curl reads them");
  add("cookie-jar", po::value(&fetch.cookie_jar)->value_name("FILE"),
      "write the cookies there at the end (Netscape format)");
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

void add_recipes(po::options_description& options, Arguments& args) {
  options.add_options()(
      "recipe", po::value(&args.derive.recipes)->composing()->value_name("NAME[=SIZE,…]"),
      "this and no other; may be given several times (default: thumb, header and poster)");
}

po::options_description derive_options(Arguments& args, Raw& raw) {
  po::options_description options("What to make");
  auto add = options.add_options();
  add_recipes(options, args);
  add("all", po::bool_switch(&args.derive.again),
      "also what is there already, and what failed before");
  add("jobs", po::value<Natural>()->value_name("N")->notifier([&](Natural n) { raw.jobs = n; }),
      "so many pictures at once (default: one for each processor)");
  return options;
}

po::options_description similar_options(Raw& raw) {
  po::options_description options("How much alike");
  options.add_options()("distance", po::value<Natural>()->value_name("N")->notifier([&](Natural n) {
    raw.distance = n;
  }),
                        "so many of the 64 bits may differ, 0 to 16 (default 8)");
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

po::options_description keep_options(Raw& raw) {
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
  return options;
}

po::options_description forget_options(Arguments& args) {
  po::options_description options("What else");
  auto add = options.add_options();
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

po::options_description source_options(Arguments& args) {
  po::options_description options("Sources (each may be given several times)");
  auto add = options.add_options();
  NightlyArguments& nightly = args.nightly;
  add("url", po::value(&nightly.urls)->composing()->value_name("URL"),
      "an article; with --scope a page whose links are looked through every night");
  add("feed", po::value(&nightly.feeds)->composing()->value_name("URL"),
      "the articles that an RSS, Atom or JSON feed lists");
  add("sitemap", po::value(&nightly.sitemaps)->composing()->value_name("URL"),
      "the pages of a sitemap, or of an index of sitemaps");
  add("list", po::value(&nightly.lists)->composing()->value_name("URL"),
      "the pages that a page links to, on its site; --include and --exclude choose");
  add("opml", po::value(&nightly.opml)->composing()->value_name("URL|FILE"),
      "the feeds of an OPML list, as feed readers write it");
  return options;
}

po::options_description revisit_options(Raw& raw) {
  po::options_description options("What is asked for again");
  auto add = options.add_options();
  add("revisit-min", po::value(&raw.revisit_min)->value_name("TIME"),
      "a page is left alone for so long at least (default 20h: it may come every night) …");
  add("revisit-max", po::value(&raw.revisit_max)->value_name("TIME"),
      "… and at most (default 90d); in between for a quarter of the time since it changed last");
  add("file-age", po::value(&raw.file_age)->value_name("TIME"),
      "pictures that are younger in the archive are not asked for, unless their page changed "
      "(default 90d)");
  add("missing-tries", po::value(&raw.missing_tries)->value_name("N"),
      "what is missing is asked for so often, after 1, 2, 4 … days; then it is given up (default "
      "8)");
  add("whole-every", po::value(&raw.whole_every)->value_name("N"),
      "when a server has said N times in a row that a page is as before, the page is fetched to "
      "see "
      "(default 8)");
  add("host-time", po::value(&raw.host_time)->value_name("TIME"),
      "so long for each host in a night (default 1h; 0: no limit); the rest is due the next night");
  add("host-bytes", po::value(&raw.host_bytes)->value_name("SIZE"),
      "so much from each host in a night");
  return options;
}

po::options_description afterwards_options(Arguments& args, Raw& raw) {
  po::options_description options("Afterwards");
  auto add = options.add_options();
  NightlyArguments& nightly = args.nightly;
  add("derive", po::bool_switch(&nightly.derive),
      "make thumbnails and header images of what is new");
  add_recipes(options, args);
  add("export", po::value(&nightly.export_folder)->value_name("DIR"),
      "write what is new there; files that are as before are not touched");
  add("export-format", po::value(&nightly.export_format)->value_name("FORMAT"),
      "site (default) or markdown");
  add("verify-nights", po::value(&raw.verify_nights)->value_name("N"),
      "check a part of the archive each night, so that all is read every N nights");
  add("backup", po::value(&nightly.backup)->value_name("DIR"), "add a generation there");
  add("backup-keep", po::value(&raw.backup_keep)->value_name("N"),
      "keep the newest N generations (default: all)");
  return options;
}

po::options_description telling_options(Arguments& args) {
  po::options_description options("Telling");
  auto add = options.add_options();
  NightlyArguments& nightly = args.nightly;
  add("metrics", po::value(&nightly.metrics)->value_name("FILE"),
      "write figures there for Prometheus (textfile collector)");
  add("webhook", po::value(&nightly.webhook)->value_name("URL"), "post the report there, as JSON");
  add("mail-to", po::value(&nightly.mail_to)->composing()->value_name("ADDRESS"),
      "mail the report there; may be given several times");
  add("mail-from", po::value(&nightly.mail_from)->value_name("ADDRESS"), "from whom");
  add("mail-server", po::value(&nightly.mail_server)->value_name("URL"),
      "by which server: smtp://localhost, smtps://NAME:PASSWORD@mail.example.org");
  add("notify", po::value(&nightly.notify)->value_name("WHEN"),
      "mail and webhook: trouble (default: when something needs a person), always, never");
  return options;
}

po::options_description plan_options(Arguments& args, Raw& raw) {
  po::options_description options("On the command line alone");
  auto add = options.add_options();
  add("check", po::bool_switch(&args.nightly.check),
      "tell what is wrong with the job files, by line and key");
  add("status", po::bool_switch(&args.nightly.status), "tell how the last nights went");
  add("jobs", po::value<Natural>()->value_name("N")->notifier([&](Natural n) { raw.jobs = n; }),
      "run so many jobs beside each other (default 1); a host is asked no more for that");
  add("log-format", po::value(&args.nightly.log_format)->value_name("FORMAT"),
      "text (default), or json: an object for each event, a line each, on standard error");
  return options;
}

}  // namespace

po::options_description options_of(const std::string& command, Arguments& args, Raw& raw) {
  po::options_description options;
  if (command == "snapshot") options.add(snapshot_options(args));
  if (command == "export") options.add(export_options(args));
  if (command == "derive") {
    options.add(derive_options(args, raw)).add(selection_options(args));
  }
  if (command == "similar") options.add(similar_options(raw));
  if (command == "inspect") options.add(inspect_options(args));
  if (command == "list") options.add(list_options(args)).add(selection_options(args));
  if (command == "forget") {
    options.add(keep_options(raw)).add(forget_options(args)).add(selection_options(args));
  }
  if (command == "forget" || command == "gc" || command == "merge") {
    options.add(dry_run_options(args));
  }
  if (command == "verify") options.add(verify_options(args));
  if (command == "nightly") {
    raw.scope = "page";
    options.add(plan_options(args, raw)).add(source_options(args)).add(revisit_options(raw));
  }
  const bool crawls = command == "mirror" || command == "nightly";
  if (crawls) options.add(scope_options(args, raw)).add(manners_options(args, raw));
  if (command == "nightly") {
    options.add(keep_options(raw)).add(afterwards_options(args, raw)).add(telling_options(args));
  }
  if (command == "snapshot" || crawls) options.add(account_options(args));
  if (command == "snapshot" || crawls || command == "verify") {
    options.add(fetch_options(args, raw));
  }
  if (command == "backup") options.add(backup_options(raw));
  if (command == "export" || command == "show" || command == "restore" || command == "similar") {
    options.add(version_options(args));
  }
  options.add(global_options(args));
  return options;
}

static std::chrono::milliseconds to_delay(double seconds, double otherwise) {
  const double sound = std::isfinite(seconds) ? std::clamp(seconds, 0.0, 3600.0) : otherwise;
  return std::chrono::milliseconds(static_cast<int64_t>(sound * 1000));
}

static void take_over_mirror(const Raw& raw, Arguments& args) {
  CrawlOptions& crawl = args.mirror.crawl;
  if (is_crawl(args)) {
    args.fetch.parallel = std::max(1U, raw.parallel.value);
    args.fetch.per_host = std::max(1U, raw.per_host.value);
    args.fetch.keep_cookies = true;
  }
  crawl.capture = args.capture;
  crawl.parallel = args.fetch.parallel;
  crawl.max_size = args.fetch.max_size;
  crawl.max_pages = raw.max_pages.value;
  crawl.max_bytes = raw.max_bytes.bytes;
  crawl.max_time = raw.run_time.seconds;
  crawl.min_free = raw.min_free.bytes;
  crawl.sitemaps = !args.mirror.no_sitemaps;
  crawl.manners.pace = {.most_at_once = args.fetch.per_host,
                        .delay = to_delay(raw.delay, 0),
                        .first_silence = 60 * args.capture.retry_delay};
  crawl.manners.ignore_robots = args.mirror.robots == "ignore";
  if (!args.fetch.user_agent.empty()) crawl.manners.agent = args.fetch.user_agent;
  args.mirror.scope.hops = raw.hops.value;
  args.mirror.scope.host_pages = raw.max_host_pages.value;
  if (raw.depth) args.mirror.scope.depth = raw.depth->value;
  args.mirror.reach = raw.scope;
  args.mirror.scope.reach = reach_named(raw.scope).value_or(Reach::kDomain);  // checked later
}

static void take_over_nightly(const Raw& raw, Arguments& args) {
  NightlyArguments& nightly = args.nightly;
  nightly.revisit = {.shortest = raw.revisit_min.seconds,
                     .longest = raw.revisit_max.seconds,
                     .most_tries = raw.missing_tries.value};
  nightly.file_age = raw.file_age.seconds;
  nightly.whole_every = raw.whole_every.value;
  nightly.host_time = raw.host_time.seconds;
  nightly.host_bytes = raw.host_bytes.bytes;
  nightly.verify_nights = raw.verify_nights.value;
  nightly.backup_keep = raw.backup_keep.value;
  nightly.at_once = raw.jobs ? raw.jobs->value : 1;
}

void take_over(const Raw& raw, Arguments& args) {
  args.fetch.limit_rate = raw.limit_rate.bytes;
  args.fetch.max_size = raw.max_size.bytes;
  args.fetch.connect_timeout = std::chrono::seconds(raw.connect_timeout.value);
  args.fetch.stall_timeout = std::chrono::seconds(raw.timeout.value);
  args.fetch.max_time = std::chrono::seconds(raw.max_time.value);
  args.capture.retry_delay = to_delay(raw.retry_delay, 1);
  args.capture.retries = raw.retry.value;
  take_over_mirror(raw, args);
  take_over_nightly(raw, args);
  args.forget.keep = {.last = raw.last.count,
                      .hourly = raw.hourly.count,
                      .daily = raw.daily.count,
                      .weekly = raw.weekly.count,
                      .monthly = raw.monthly.count,
                      .yearly = raw.yearly.count,
                      .within = parse_span(raw.within)};
  if (raw.distance) args.distance = raw.distance->value;
  args.derive.jobs = raw.jobs ? raw.jobs->value : 0;
  args.keep_generations = raw.keep ? raw.keep->value : 0;
  args.archive_named = !args.archive.empty();
  if (!args.archive_named) {
    const char* named = std::getenv("HALFTONE_ARCHIVE");
    args.archive = named && *named ? named : "./archive";
  }
}

}  // namespace halftone

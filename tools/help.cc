#include "tools/help.h"

namespace halftone {
namespace {

constexpr const char* kOverview = R"(halftone archives articles and the pictures in them.

Usage: halftone COMMAND [options] …

Commands:
  snapshot URL|FILE…     take an article with everything it shows, now
  mirror URL…            take a site, page by page, and go on where that was interrupted
  nightly JOB…           run jobs from a timer: feeds, sitemaps and articles, only what is new
  why URL                tell why something is archived or not: which rule, which answer
  list                   tell which articles are archived, and how completely
  show ID                tell all about one article: facts, every reference, what became of it
  derive [ID…]           make thumbnails, header images and posters, where they are missing
  similar IMAGE|ID       find pictures that look like one
  export ID… DIR         write archived copies that open with the network off
  stats                  count what the archive holds
  verify                 check that nothing in the archive was lost or altered; repair it
  backup DIR             add a generation to a backup, also while a crawl writes
  restore BACKUP         make an archive from a backup
  merge OTHER…           take over what other archives have and this one has not
  forget                 let old snapshots go, by rules
  gc                     free the space of what nothing leads to
  upgrade                bring an archive of an older version up to this one's format
  inspect PART FILE…     what the scanner, the rewriter and other parts make of a file
  demo [DIR]             try it all on a small newsroom that halftone brings along

`halftone COMMAND --help` tells its options. An ID may be cut short as long as it is unique.

Examples:
  halftone snapshot https://example.org/article.html
  halftone list
  halftone export 3f9c --format site copy/      then open copy/index.html

Exit status: 0 all archived; 1 failed; 2 usage; 3 finished, but something is missing; 4 damage found;
75 the archive is in use; 130 interrupted, and the same command goes on.
)";

constexpr const char* kSnapshotHelp = R"(Usage: halftone snapshot [options] URL|FILE…

Fetches each article with every picture, style sheet, font and media file that it shows, from whatever
host they are on, keeps each body once, makes thumbnails and a header image, and tells what is missing and
why. FILE is HTML or Markdown with front matter. A feed stands for the articles that it lists. Taking an
article again stores only what is new and tells what changed.

Examples:
  halftone snapshot https://example.org/article.html
  halftone snapshot notes/article.md --base https://example.org/article
  halftone snapshot --seeds urls.txt --archive /srv/archive
)";

constexpr const char* kMirrorHelp = R"(Usage: halftone mirror [options] URL…
       halftone mirror [options]              goes on with what is unfinished

Walks a site from the given pages on: takes every page in scope as an article with everything it shows, from
whatever host that is on. Keeps to robots.txt, asks each host gently, and slows down where it suffers. It may be
interrupted, killed or lose its power at any time: the same command goes on where it stopped. When all is
done, the next run looks at everything again and stores only what is new. A report is left in the archive.

Examples:
  halftone mirror https://example.org/
  halftone mirror https://example.org/news/ --scope dir --depth 3
  halftone mirror https://example.org/ --exclude '*/tag/*' --delay 1 --per-host 2
  halftone mirror --seeds sites.txt --archive /srv/archive --max-time 8h --json

Exit status: 0 all archived; 3 finished, but something is missing (the report lists it); 130 interrupted.
)";

constexpr const char* kNightlyHelp = R"(Usage: halftone nightly [options] JOB…
       halftone nightly --check JOB…          tells what is wrong with job files
       halftone nightly --status [JOB…]       tells how the last nights went

Runs jobs, one after the other or beside each other: asks feeds, sitemaps and lists for what is new, takes it, looks again at
articles that may have changed, the less often the longer they stayed as they are, and looks for pictures that
were missing. JOB is a file, or a folder of files that end in .job. A line of it is one of the options
below, without dashes; those on the command line count before it. A night that was interrupted is gone on with the
next night. Mail and webhook are for when something needs a person.

A job file:
  # /etc/halftone/papers.job
  archive = /srv/archive
  feed = https://example.org/feed.xml
  sitemap = https://example.net/sitemap.xml
  max-time = 4h
  keep-monthly = 12
  derive
  verify-nights = 30
  backup = /mnt/backup
  mail-server = smtp://localhost
  mail-to = archivist@example.org

Exit status: 0 all archived; 1 failed; 2 a job file is wrong; 3 something is missing (the report lists it); 4 damage
found; 75 the archive is in use; 130 interrupted.
)";

constexpr const char* kWhyHelp = R"(Usage: halftone why [options] URL

Tells why the URL is archived, or why not: which answer came, which rule left it out, whether it is still owed.
Works beside a running crawl. With --json one object.

Examples:
  halftone why https://example.org/picture.jpg
  halftone why 'https://example.org/calendar?month=2031-04'
)";

constexpr const char* kListHelp = R"(Usage: halftone list [options]

One line for each archived article: its ID, date, title and completeness, as of its newest snapshot of
those asked about. With --json one object a line.

Examples:
  halftone list --since 2026-01-01 --site example.org
  halftone list --source https://example.org/feed.xml --sort date
  halftone list --until 2025-12-31              what the archive held then
  halftone list --captures https://example.org/logo.png --near 2026-01-09
  halftone list --captures example.org          every answer of a host and its subdomains
)";

constexpr const char* kShowHelp = R"(Usage: halftone show [options] ID|URL

All about one article: its facts, each reference with what became of it, its earlier snapshots.
With --json one object.
)";

constexpr const char* kDeriveHelp = R"(Usage: halftone derive [options] [ID|URL…]

Makes what is missing of what articles show: facts, thumbnails, header images, posters. Works on
everything in the archive, on the articles named, or on those of --site and --source. Each content is
decoded once, wherever it is shown: pictures that lead articles first, then the rest, those of new
articles before those of old ones. Decoders run in processes that reach neither files nor the network;
a picture that crashes or stops them is named with its digest, costs nothing else, and is left alone
from then on, until --all. May be interrupted at any time: the same command goes on. With --json one
object at the end.

Recipes:
  thumb      320 pixels wide; what moves goes on moving, for 60 frames
  thumb@2x   the same, 640 wide; only when asked for
  header     1200x630 around the subject, of the picture that leads an article
  lead       1200 wide, whole, of the picture that leads an article; only when asked for
  poster     1280 wide, of a video
None scales a picture up. A recipe of your own is NAME=SIZE and, after commas, what else you want: crop (fill
the box around the subject), jpeg, png or webp, and the quality from 1 to 100. SIZE is WxH, or a width alone.
Written differently it is another recipe; a job's configuration has it as recipe = NAME = SIZE, ….

Examples:
  halftone derive                               after halftone mirror
  halftone derive --recipe thumb@2x --site example.org
  halftone derive --recipe thumb --recipe card=600x400,crop,webp,80
  halftone derive --all --recipe header 3f9c

Exit status: 0 nothing failed that had not failed before; 3 something did; 4 a file in the archive is
damaged; 130 interrupted.
)";

constexpr const char* kSimilarHelp = R"(Usage: halftone similar [options] IMAGE|ID…

Finds the archived pictures that look like one, whatever their sizes and formats, the nearest first, and
tells which articles show them. IMAGE is a file, the address of an archived picture, or a SHA-256 as `show`
tells it; an ID (or the address of an article) stands for every picture of the article.

Each picture has a hash of 64 bits for its rough shapes of light and dark. The distance is the number of bits
that differ: 0 to 4 for sizes and formats of one picture, up to 8 for light edits, about 32 for two that have
nothing in common. Every picture within --distance is found. Pictures get their hash with their thumbnail:
after halftone mirror run halftone derive. With --json one object a line.

Examples:
  halftone similar photo.jpg
  halftone similar --distance 10 https://example.org/picture.jpg
  halftone similar 3f9c                         is there another copy of what this article shows?
)";

constexpr const char* kExportHelp = R"(Usage: halftone export [options] ID|URL… DIR
       halftone export [options] --all DIR

Writes archived copies into DIR, which must be new, empty, or an earlier export. With one ID the copy
stands in DIR itself, with several in a folder each.

Formats:
  site       index.html and its files: opens in a browser, offline, and runs no script;
             gallery.html shows the thumbnails
  markdown   Markdown with front matter and local pictures
)";

constexpr const char* kStatsHelp = R"(Usage: halftone stats [options]

Counts articles, captures, blobs, derivatives and bytes. With --json one object.
)";

constexpr const char* kForgetHelp = R"(Usage: halftone forget [options] --keep-… [ID|URL…]
       halftone forget [options] --all-versions ID|URL…

Lets old snapshots of articles go. A snapshot stays if any rule keeps it; rules look at each article by
itself, and the newest snapshot of an article always stays, unless --all-versions says otherwise. Without
ID, --site and --source the rules are for every article. With a snapshot go the captures that only it saw,
and then (unless --no-gc) every file that nothing else leads to; what other articles show stays. It cannot
be undone: ask with --dry-run first, which tells what would go, why the rest stays, and how many bytes
return. Captures of pages that are no article are never touched.

Examples:
  halftone forget --keep-daily 7 --keep-weekly 5 --keep-monthly 12 --keep-yearly unlimited --dry-run
  halftone forget --keep-last 1 --site example.org
  halftone forget --keep-within 6m --source https://example.org/feed.xml
  halftone forget --all-versions 3f9c
)";

constexpr const char* kGcHelp = R"(Usage: halftone gc [options]

Takes away every file that no article and no capture leads to, what interrupted writes left, and thumbnails
of files that are gone; then gives the space back to the disk. What anything leads to is never touched, and
nothing at all where the archive is damaged. It may be killed at any instant and run again.

Examples:
  halftone gc --dry-run
  halftone gc --archive /srv/archive --json
)";

constexpr const char* kUpgradeHelp = R"(Usage: halftone upgrade [options]

Brings an archive that an older halftone made up to the format of this one, once. From format 1 to 2: an
index of the articles is added; nothing else is rewritten but halftone-archive.json, at the end. It may be
interrupted at any time and begun again. Older versions of halftone cannot read the archive any more.

Example:
  halftone upgrade --archive /srv/archive
)";

constexpr const char* kVerifyHelp = R"(Usage: halftone verify [options]

Reads the archive and checks that nothing was lost or altered: every file of its database against its
checksum, every archived body against its SHA-256, every row that it leads somewhere. Tells what is
damaged and which articles are harmed. Writes nothing but a line in the log of checks (--log); works
beside a run that is writing.

--repair FROM takes damaged and missing bodies from another archive or a backup (its folder), from an
exported WARC file, or from the web again, and only where the SHA-256 matches. It may be given several times.

Examples:
  halftone verify
  halftone verify --sample 5%                  each night another twentieth
  halftone verify --repair /backup/archive --repair web
  halftone verify --log

Exit status: 0 nothing is damaged, or all was repaired; 4 damage is left.
)";

constexpr const char* kBackupHelp = R"(Usage: halftone backup [options] DIR

Adds a generation to the backup in DIR: the whole archive as it is now, also while a crawl writes to it. Each
generation is an archive of its own, in a folder named by its time; it shares the files that did not change
with the one before it (hard links), so it costs what is new. What is copied is checked; a damaged
file ends the backup with status 4 and gets into none. DIR is best on another disk.

With --keep the oldest generations go once the new one is whole.

Examples:
  halftone backup /mnt/backup
  halftone backup --keep 30 /mnt/backup --archive /srv/archive
  halftone list --archive /mnt/backup/20261127T093000Z
)";

constexpr const char* kRestoreHelp = R"(Usage: halftone restore [options] BACKUP

Makes the archive that --archive names, where nothing stands yet, from the newest generation of the backup in
the folder BACKUP, or from that of --at. BACKUP may also be the folder of a generation. What is copied is
checked. Interrupted, the same command begins again.

Examples:
  halftone restore /mnt/backup --archive /srv/archive
  halftone restore /mnt/backup --at 2026-11-27 --archive /srv/archive
  halftone restore /mnt/backup/20261127T093000Z --archive /srv/archive
)";

constexpr const char* kMergeHelp = R"(Usage: halftone merge [options] OTHER…

Takes over what other archives have and --archive has not: files, captures, articles, thumbnails. OTHER is
an archive, which may be in use, or a backup (its newest generation). Each file is checked against its digest;
what is damaged is named and left out, with all that needs it, and the status is 4. Where both have the same
thing and differ, this archive's own stays. Again, or after an interruption, only what is still missing is taken.

Examples:
  halftone merge /srv/other-archive
  halftone merge --dry-run /mnt/backup
  halftone merge a b --archive joined
)";

constexpr const char* kInspectHelp = R"(Usage: halftone inspect [options] PART FILE…
       halftone inspect PART --batch

What each part of halftone makes of a file, as lines of JSON, without archive or network: how to find out
why a picture is missing. FILE may be - for standard input. With --batch each line of standard input
is one JSON object that asks, each line of standard output answers one (docs/inspect.md).

Parts:
  links FILE…      every reference: URL, kind, where it stands      (--type, --base, --charset)
  article FILE…    title, author, date, pictures, text              (--type, --base)
  feed FILE…       the entries of a feed                            (--base)
  sitemap FILE…    the pages of a sitemap                           (--base)
  rewrite FILE     the document with other links on standard output
                   (--base, --type, and --map or --prefix with --timestamp)
  url TEXT…        what a browser makes of a URL                    (--base, --charset)
  srcset TEXT…     the candidates of a srcset                       (--base)
  mime TEXT…       a Content-Type value
  type FILE…       the media type of a body                         (--content-type)
  encoding FILE…   the encoding of a document                       (--charset)
  image FILE…      format, size, frames, profile, EXIF, XMP, IPTC, hash of pictures
  media FILE…      container, duration, codecs, dimensions of videos and sounds
  robots FILE URL… whether a robots.txt lets --agent fetch the URL, by which line
  warc FILE…       the records of a WARC file, its digests checked

Examples:
  halftone inspect links --base https://example.org/a page.html
  halftone inspect rewrite --base https://example.org/a --map map.ndjson page.html > copy.html
)";

constexpr const char* kDemoHelp = R"(Usage: halftone demo [options] [DIR]

Serves a small newsroom of halftone's own on loopback (four articles in Chinese and English, a feed,
pictures on a second host that refuses strangers), takes a snapshot of it and exports it into DIR
(default ./halftone-demo). Needs no network.
)";

struct CommandHelp {
  const char* name;
  const char* text;
};

constexpr CommandHelp kCommands[] = {{"snapshot", kSnapshotHelp}, {"mirror", kMirrorHelp},
                                     {"nightly", kNightlyHelp},   {"why", kWhyHelp},
                                     {"list", kListHelp},         {"show", kShowHelp},
                                     {"derive", kDeriveHelp},     {"similar", kSimilarHelp},
                                     {"export", kExportHelp},     {"stats", kStatsHelp},
                                     {"verify", kVerifyHelp},     {"backup", kBackupHelp},
                                     {"restore", kRestoreHelp},   {"merge", kMergeHelp},
                                     {"forget", kForgetHelp},     {"gc", kGcHelp},
                                     {"upgrade", kUpgradeHelp},   {"demo", kDemoHelp},
                                     {"inspect", kInspectHelp}};

}  // namespace

const char* help_on(const std::string& command) {
  if (command.empty()) return kOverview;
  for (const CommandHelp& known : kCommands) {
    if (command == known.name) return known.text;
  }
  return nullptr;
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const CommandHelp& known : kCommands) names.emplace_back(known.name);
  return names;
}

}  // namespace halftone

// The files of a database as they are at one instant, taken while another process may write.
//
// A snapshot is what the database's folder would hold if the writer had been killed at one instant,
// so whatever survives kill -9 is in it: everything that was acknowledged before it was taken. The
// writer need not help, for all its files either never change or only grow:
//
//   - Table files never change. They are deleted once a MANIFEST that no longer names them is on
//     the disk.
//   - MANIFEST, which names the table files and the first log that is still needed, only grows.
//     Should RocksDB begin another one, CURRENT is replaced and names that.
//   - Logs only grow, one after the other, and are deleted once MANIFEST says that all they hold is
//     in table files.
//
// So we note how long MANIFEST is; then we look at the folder and note how long each log is; then
// we look at MANIFEST again. Where it has grown, or is another one, we begin again. Where it has
// not, nothing that it named became unneeded meanwhile, hence every table file and log that it
// needs was there when we looked, and the logs reach as far as the table files do. Logs that are
// created while we look could leave a gap, so we look twice and want to see the same ones.
//
// What was noted stays only if it is kept: with a folder for links, each file gets a second name
// there (a hard link), which the writer's deleting does not reach. That takes no time and no space,
// and since links are kept from one attempt to the next, the writer is overtaken soon. Without,
// the files are read where they are, and still_stands() tells afterwards whether that went well.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "media/error.h"

namespace halftone {

class DatabaseSnapshot {
 public:
  // Of the database in `folder`. `links` is an existing folder of the same file system, or empty.
  // kCorrupt: no sound database; kInUse: the writer never paused for an instant; kIo, and with
  // kRefused: hard links cannot be made there.
  static Result<DatabaseSnapshot> take(const std::string& folder, const std::string& links);

  // Where a table file's bytes are.
  std::string table_path(const std::string& name) const;

  // A log, by its name in the database and how much of it counts.
  struct Log {
    std::string name, path;
    uint64_t size = 0;
  };
  const std::vector<Log>& logs() const { return logs_; }

  // The MANIFEST's name, where its bytes are, and how many of them count.
  Log manifest() const;

  // False: files may have been deleted since, and what was read is of no use. Always true with a
  // folder for links.
  bool still_stands() const;

 private:
  DatabaseSnapshot(std::string folder, std::string links)
      : folder_(std::move(folder)), links_(std::move(links)) {}
  struct Moment;
  Result<std::string> read_current() const;
  Result<Moment> look_at_manifest() const;
  Result<bool> try_to_take();
  Result<void> note_files(const Moment& moment);
  Result<void> link(const std::string& name, uint64_t file);
  std::string where() const { return links_.empty() ? folder_ : links_; }

  std::string folder_, links_;
  std::string manifest_;
  uint64_t manifest_size_ = 0, manifest_file_ = 0;
  std::map<std::string, uint64_t> linked_;  // names in `links_`, and the inodes they lead to
  std::vector<Log> logs_;
};

}  // namespace halftone

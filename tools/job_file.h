// Job files of `halftone nightly`: a line for each option, as on the command line without dashes.
//
//   # The papers
//   archive = /srv/archive
//   feed = https://example.org/feed.xml
//   derive
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/options.h"

namespace halftone {

struct JobMistake {
  std::string file;
  size_t line = 0;   // 0: the file as a whole
  std::string key;   // may be empty
  std::string text;  // for people
};

struct Job {
  std::string name;  // its file's, without what follows the last dot
  std::string file;
  Arguments args;
};

struct Plan {
  std::vector<Job> jobs;  // in order; those of a folder by name
  std::vector<JobMistake> mistakes;
};

// Reads the files and folders (of their files, those that end in ".job") that the command line
// names. Its options count before those of the files. Paths in a file are relative to its folder.
// Every mistake is told, not the first alone.
Plan read_plan(const Arguments& command);

// The lines of a job file that say something, as they stand there.
std::vector<JobLine> job_lines(std::string_view text);

// "papers.job:7: fed: there is no such key; did you mean feed?"
std::string describe(const JobMistake& mistake);

}  // namespace halftone

// What `list --json` and `show --json` print: fields that scripts rely on.
#pragma once

#include <string>
#include <vector>

#include "store/archive.h"
#include "store/article.h"
#include "store/formats/export.h"

namespace halftone {

// One line: id, url, title, date, captured_at, source, references, archived, missing, images,
// bytes.
std::string list_entry(const ArticleSummary& article);

// One line: url, time, status, type, size, digest, revisit, remote_address.
std::string capture_entry(const Capture& capture);

// The same and more: facts, every reference with its outcome, derivatives, earlier snapshots.
Result<std::string> show_entry(Archive& archive, const Article& article,
                               const std::vector<Article>& history);

std::string stats_entry(const ArchiveStats& stats);

std::string export_entry(const ExportResult& result);

}  // namespace halftone

// Where a copy's references lead when somebody else serves it.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "media/error.h"
#include "media/reference.h"
#include "store/rewrite.h"

namespace halftone {

// By a table: URL → what stands in its place. A URL's fragment is kept where the table has the URL
// without it.
class TableLinks : public LinkMap {
 public:
  // Lines of JSON: {"url": …, "to": …}. kInvalid, with the line's number.
  static Result<TableLinks> from_json_lines(std::string_view lines);

  std::optional<std::string> link(const Reference& reference) const override;
  bool is_blank(const Reference&) const override { return false; }

 private:
  std::map<std::string, std::string, std::less<>> table_;  // by URLs as the standard writes them
};

// To a replay server: PREFIX TIMESTAMP MODIFIER / URL, where the modifier tells what is asked for:
// im_ images, cs_ style sheets, js_ scripts, if_ frames, oe_ other parts of a page, none for
// pages. What leads there already stays.
class ReplayLinks : public LinkMap {
 public:
  // "/web/", "20260101000000"
  ReplayLinks(std::string prefix, std::string timestamp)
      : prefix_(std::move(prefix)), timestamp_(std::move(timestamp)) {}

  std::optional<std::string> link(const Reference& reference) const override;
  bool is_blank(const Reference&) const override { return false; }

 private:
  const std::string prefix_, timestamp_;
};

}  // namespace halftone

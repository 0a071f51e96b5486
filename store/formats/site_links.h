// What stands for each reference in a static copy: files beside the page.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "store/archive.h"
#include "store/formats/copy_files.h"
#include "store/formats/export.h"
#include "store/rewrite.h"

namespace halftone {

// Resolves references of an article, writing the files they lead to as it goes; style sheets are
// written by write_sheets(), after the page. The first failure to write is kept in error(), and
// references resolve to nothing from then on. Everything given must outlive it.
class SiteLinks : public LinkMap {
 public:
  SiteLinks(Archive& archive, const Article& article, const Neighbours& neighbours,
            CopyFiles& files);

  std::optional<std::string> link(const Reference& reference) const override;
  bool is_blank(const Reference& reference) const override;
  std::optional<std::string> poster(const Reference& reference) const override;

  // Every style sheet that was referred to, and those that they import.
  Result<void> write_sheets() const;

  const std::optional<Error>& error() const { return error_; }

 private:
  std::optional<std::string> link_from(const Reference& reference, const std::string& up) const;
  std::optional<std::string> page_link(const Reference& reference) const;
  std::optional<std::string> path_of(const ArchivedReference& archived) const;
  std::optional<std::string> path_of_sheet(const ArchivedReference& archived) const;
  Result<void> write_sheet(const ArchivedReference& archived) const;

  friend class SheetLinks;

  Archive& archive_;
  const Neighbours& neighbours_;
  CopyFiles& files_;
  ArchivedUrls urls_;
  mutable std::map<std::string, std::string> sheets_;  // URL to file name
  mutable std::deque<const ArchivedReference*> waiting_sheets_;
  mutable std::optional<Error> error_;
};

// The URL of a grey field with a few words in it, in place of a picture that is missing.
std::string missing_picture(std::string_view reason);

}  // namespace halftone

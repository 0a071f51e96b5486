// What stands for each reference in a static copy: files beside the page.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "store/archive.h"
#include "store/formats/copy_files.h"
#include "store/formats/export.h"
#include "store/rewrite.h"

namespace halftone {

// Resolves references of an article and, writing them as it goes, of its style sheets. The first
// failure to write is kept in error(), and references resolve to nothing from then on.
// Everything given must outlive it.
class SiteLinks : public LinkMap {
 public:
  SiteLinks(Archive& archive, const Article& article, const Neighbours& neighbours,
            CopyFiles& files);

  std::optional<std::string> link(const Reference& reference) const override;
  bool is_blank(const Reference& reference) const override;

  const std::optional<Error>& error() const { return error_; }

 private:
  std::optional<std::string> link_from(const Reference& reference, const std::string& up) const;
  std::optional<std::string> page_link(const Reference& reference) const;
  std::optional<std::string> path_of(const ArchivedReference& archived) const;
  Result<std::string> add_style_sheet(const ArchivedReference& archived) const;

  friend class SheetLinks;

  Archive& archive_;
  const Neighbours& neighbours_;
  CopyFiles& files_;
  ArchivedUrls urls_;
  mutable std::map<std::string, std::string> sheets_;  // URL to path
  mutable std::optional<Error> error_;
};

// The URL of a grey field with a few words in it, in place of a picture that is missing.
std::string missing_picture(std::string_view reason);

}  // namespace halftone

#include "store/formats/site_links.h"

#include <algorithm>

#include "media/ascii.h"
#include "media/url.h"
#include "media/utf8.h"
#include "store/digest.h"
#include "store/limits.h"

namespace halftone {
namespace {

std::string fragment_of(const std::string& url) {
  const size_t hash = url.find('#');
  return hash == std::string::npos ? "" : url.substr(hash);
}

bool is_picture(Kind kind) {
  switch (kind) {
    case Kind::kImage:
    case Kind::kImageCandidate:
    case Kind::kLazyImage:
    case Kind::kPoster:
      return true;
    default:
      return false;
  }
}

std::string percent_encoded(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || byte == '-' || byte == '.' || byte == '/' || byte == ':' ||
        byte == '=') {
      result += c;
    } else {
      result += fmt::format("%{:02X}", byte);
    }
  }
  return result;
}

// A few words of it, fit for XML.
std::string legible(std::string_view text) {
  std::string words = to_valid_utf8(utf8_head(text, 80));
  std::replace_if(words.begin(), words.end(), is_control, ' ');
  return words;
}

std::string escape_xml(std::string_view text) {
  return escaped(text, {Escape::kXmlText, Escape::kNone, Escape::kNone});
}

}  // namespace

std::string missing_picture(std::string_view reason) {
  const std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640\" height=\"120\" viewBox=\"0 0 640 "
      "120\">"
      "<rect width=\"640\" height=\"120\" fill=\"#e4e2de\"/><text x=\"320\" y=\"66\" "
      "fill=\"#5c5852\" "
      "font-family=\"sans-serif\" font-size=\"18\" text-anchor=\"middle\">missing: {}</text></svg>",
      escape_xml(legible(reason)));
  return "data:image/svg+xml," + percent_encoded(svg);
}

// The same links, seen from a style sheet in styles/.
class SheetLinks : public LinkMap {
 public:
  explicit SheetLinks(const SiteLinks& site) : site_(site) {}
  std::optional<std::string> link(const Reference& reference) const override {
    return site_.link_from(reference, "../");
  }
  bool is_blank(const Reference& reference) const override { return site_.is_blank(reference); }

 private:
  const SiteLinks& site_;
};

SiteLinks::SiteLinks(Archive& archive, const Article& article, const Neighbours& neighbours,
                     CopyFiles& files)
    : archive_(archive), neighbours_(neighbours), files_(files), urls_(article) {}

std::optional<std::string> SiteLinks::link(const Reference& reference) const {
  return link_from(reference, "");
}

std::optional<std::string> SiteLinks::link_from(const Reference& reference,
                                                const std::string& up) const {
  if (reference.url.empty() || reference.kind == Kind::kData) return std::nullopt;
  if (!is_requisite(reference.kind)) return page_link(reference);
  const ArchivedReference* archived = urls_.find(reference.url);
  if (archived && archived->outcome == Outcome::kArchived) {
    const auto path = path_of(*archived);
    return path ? up + *path + fragment_of(reference.url) : "data:,";
  }
  if (!is_picture(reference.kind)) return "data:,";
  return missing_picture(archived ? archived->reason : "not archived");
}

// To a neighbour's copy, else to the live web; a place within the page stays.
std::optional<std::string> SiteLinks::page_link(const Reference& reference) const {
  if (reference.raw.starts_with('#')) return std::nullopt;
  const std::string fragment = fragment_of(reference.url);
  const auto neighbour =
      neighbours_.find(reference.url.substr(0, reference.url.size() - fragment.size()));
  if (reference.kind == Kind::kPage && neighbour != neighbours_.end()) {
    return neighbour->second + fragment;
  }
  return reference.raw == reference.url ? std::nullopt : std::optional(reference.url);
}

bool SiteLinks::is_blank(const Reference& reference) const {
  const ArchivedReference* archived = urls_.find(reference.url);
  if (!archived || archived->outcome != Outcome::kArchived || !archived->digest) return true;
  const auto record = archive_.derivatives().facts(*archived->digest);
  return record && *record && (*record)->error.empty() && is_spacer((*record)->facts);
}

std::optional<std::string> SiteLinks::poster(const Reference& reference) const {
  const ArchivedReference* archived = urls_.find(reference.url);
  const Recipe* recipe = find_recipe("poster");
  if (error_ || !archived || !archived->digest || !recipe) return std::nullopt;
  const auto path = write_derivative(archive_, files_, *archived->digest, *recipe);
  if (!path) error_ = path.error();
  return path && !path->empty() ? std::optional(*path) : std::nullopt;
}

std::optional<std::string> SiteLinks::path_of(const ArchivedReference& archived) const {
  if (error_ || !archived.digest) return std::nullopt;
  if (archived.type == "text/css") return path_of_sheet(archived);
  const auto path = files_.add(*archived.digest, archived.type);
  if (path) return *path;
  error_ = path.error();
  return std::nullopt;
}

// The name is known before the content: sheets wait for write_sheets(), since they import each
// other.
std::optional<std::string> SiteLinks::path_of_sheet(const ArchivedReference& archived) const {
  if (archived.size > kLargestSheet) return std::nullopt;  // it cannot be rewritten
  const auto [sheet, is_new] = sheets_.emplace(
      archived.url, fmt::format("{}.css", sha256(archived.url).hex().substr(0, 16)));
  if (is_new) waiting_sheets_.push_back(&archived);
  return "styles/" + sheet->second;
}

Result<void> SiteLinks::write_sheets() const {
  while (!waiting_sheets_.empty() && !error_) {
    const ArchivedReference& sheet = *waiting_sheets_.front();
    waiting_sheets_.pop_front();
    auto written = write_sheet(sheet);
    if (!written) return written;
  }
  if (error_) return tl::unexpected(*error_);
  return {};
}

Result<void> SiteLinks::write_sheet(const ArchivedReference& archived) const {
  const auto css = archive_.blobs().get(*archived.digest, kLargestSheet);
  if (!css) return tl::unexpected(css.error());
  const bool redirected = !archived.final_url.empty();
  const auto url = Url::parse(redirected ? archived.final_url : archived.url);
  if (!url) bug("an archived reference has a URL that does not parse");
  const auto scan = scan_document(*css, DocumentType::kCss, *url);
  const auto added =
      files_.add("styles", sheets_.at(archived.url),
                 rewrite_document(*css, DocumentType::kCss, scan, SheetLinks(*this)));
  if (!added) return tl::unexpected(added.error());
  return {};
}

}  // namespace halftone

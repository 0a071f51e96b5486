#include "store/article_pictures.h"

#include <algorithm>
#include <cmath>

#include "media/article_pictures.h"
#include "media/image_header.h"
#include "media/perceptual_hash.h"

namespace halftone {

namespace {

// Renditions of one picture, as resizing and encoders leave them, are this close: those of the
// newsroom's pictures differ by 2 bits at most. Blurred stand-ins of a few pixels have lost more.
constexpr int kSamePicture = 6, kSameStandIn = 12;
constexpr uint32_t kStandIn = 64;  // no side above it
constexpr uint32_t kNamedSpacer = 160;

// What decides by itself is not read: no ornament has so many bytes.
constexpr uint64_t kLargestOrnament = 16 * 1024;

bool is_tiny(const ImageFacts& facts) { return std::max(facts.width, facts.height) <= kStandIn; }

// One pixel of rounding at either size.
bool have_same_proportions(const ImageFacts& a, const ImageFacts& b) {
  if (a.width == 0 || a.height == 0 || b.width == 0 || b.height == 0) return false;
  const auto& [small, large] = a.width < b.width ? std::pair(a, b) : std::pair(b, a);
  const double height = double(large.height) * small.width / large.width;
  return std::abs(height - small.height) <= 1.5;
}

bool is_icon_type(std::string_view type) { return type == "image/x-icon" || type == "image/icns"; }

// A spacer by its name and of one colour, or small: some are large.
bool is_named_spacer(const ArchivedReference& reference, const ImageRecord& record) {
  const bool says_nothing = record.hash && *record.hash == 0;
  const bool is_small = std::max(record.facts.width, record.facts.height) <= kNamedSpacer;
  return (says_nothing || is_small) && is_ornament_url(reference.url);
}

PictureRole role_of(const ArchivedReference& reference, const std::optional<ImageRecord>& record) {
  if (reference.kind == Kind::kIcon) return PictureRole::kIcon;
  if (!record || record->facts.width == 0 || record->facts.height == 0)
    return PictureRole::kContent;
  const ImageFacts& facts = record->facts;
  if (is_spacer(facts) || std::min(facts.width, facts.height) < 16) return PictureRole::kSpacer;
  if (is_named_spacer(reference, *record)) return PictureRole::kPlaceholder;
  const bool is_small = is_decorative(facts.width, facts.height, is_icon_type(facts.type));
  return is_small ? PictureRole::kIcon : PictureRole::kContent;
}

uint64_t area_of(const ArticlePicture& picture) {
  return picture.record ? uint64_t{picture.record->facts.width} * picture.record->facts.height : 0;
}

// Adds the picture to one that it is a rendition of. A tiny one is no picture of its own then.
bool join(std::vector<ArticlePicture>& pictures, const ArticlePicture& picture) {
  if (!picture.record) return false;
  for (ArticlePicture& known : pictures) {
    if (!known.record || !are_renditions(*known.record, *picture.record)) continue;
    known.renditions.insert(known.renditions.end(), picture.renditions.begin(),
                            picture.renditions.end());
    if (known.alt.empty()) known.alt = picture.alt;
    if (area_of(picture) <= area_of(known)) return true;
    known.reference = picture.reference;
    known.record = picture.record;
    known.role = picture.role;
    return true;
  }
  return false;
}

enum class Fitness : uint8_t { kUnknown, kOrnament, kSmall, kGood };

// Whether the archived picture at that address may lead. Unknown: there is none.
Result<Fitness> fitness_of(Archive& archive, const Article& article, const std::string& url) {
  for (const ArchivedReference& reference : article.references) {
    if (reference.url != url || !reference.digest) continue;
    if (!reference.type.starts_with("image/")) return Fitness::kUnknown;
    if (reference.size > kLargestOrnament) return Fitness::kGood;
    const auto bytes = archive.blobs().get(*reference.digest, kLargestOrnament);
    if (!bytes) return tl::unexpected(bytes.error());
    ImageRecord record;
    if (!read_header(FileView(*bytes), record)) return Fitness::kUnknown;
    if (role_of(reference, record) != PictureRole::kContent) return Fitness::kOrnament;
    const uint32_t larger = std::max(record.facts.width, record.facts.height);
    return larger > 0 && larger <= kNamedSpacer ? Fitness::kSmall : Fitness::kGood;
  }
  return Fitness::kUnknown;
}

// The same picture by its address, in a size that is no stand-in's; empty where there is none.
std::string larger_rendition(const Article& article, const std::string& url) {
  const auto found = std::find_if(
      article.references.begin(), article.references.end(), [&](const ArchivedReference& other) {
        return other.digest && other.type.starts_with("image/") && other.size > kLargestOrnament &&
               other.origin_of.empty() && is_same_picture(other.url, url);
      });
  return found == article.references.end() ? "" : found->url;
}

}  // namespace

std::string_view to_string(PictureRole role) {
  constexpr std::string_view kNames[] = {"content", "spacer", "icon", "placeholder"};
  return kNames[static_cast<size_t>(role)];
}

bool are_renditions(const ImageRecord& a, const ImageRecord& b) {
  if (!a.hash || !b.hash || !is_telling(*a.hash) || !is_telling(*b.hash)) return false;
  if (!have_same_proportions(a.facts, b.facts)) return false;
  const bool is_same_size = a.facts.width == b.facts.width && a.facts.height == b.facts.height;
  if (is_same_size && a.facts.type == b.facts.type) return false;
  const bool is_stand_in = is_tiny(a.facts) != is_tiny(b.facts);
  return hash_distance(*a.hash, *b.hash) <= (is_stand_in ? kSameStandIn : kSamePicture);
}

Result<std::vector<ArticlePicture>> pictures_of(Archive& archive, const Article& article) {
  std::vector<ArticlePicture> pictures;
  std::vector<Digest> seen;
  for (const ArchivedReference& reference : article.references) {
    if (!reference.digest || !reference.type.starts_with("image/")) continue;
    if (!reference.origin_of.empty()) continue;
    if (std::find(seen.begin(), seen.end(), *reference.digest) != seen.end()) continue;
    seen.push_back(*reference.digest);
    auto record = archive.derivatives().facts(*reference.digest);
    if (!record) return tl::unexpected(record.error());
    ArticlePicture picture{.reference = &reference,
                           .record = *std::move(record),
                           .alt = reference.alt,
                           .renditions = {*reference.digest}};
    picture.role = role_of(reference, picture.record);
    if (!join(pictures, picture)) pictures.push_back(std::move(picture));
  }
  return pictures;
}

std::vector<ArticlePicture> gallery_of(std::vector<ArticlePicture> pictures) {
  const auto is = [](PictureRole role) {
    return [role](const ArticlePicture& picture) { return picture.role == role; };
  };
  const bool has_content = std::any_of(pictures.begin(), pictures.end(), is(PictureRole::kContent));
  std::vector<ArticlePicture> shown;
  std::copy_if(pictures.begin(), pictures.end(), std::back_inserter(shown),
               [&](const ArticlePicture& picture) {
                 const bool is_icon =
                     picture.role == PictureRole::kIcon && picture.reference->kind != Kind::kIcon;
                 return picture.role == PictureRole::kContent || (!has_content && is_icon);
               });
  return shown;
}

Result<std::string> lead_image_of(Archive& archive, const Article& article) {
  constexpr size_t kMostTried = 20;
  const std::string& named = article.facts.lead_image;
  const auto fitness = fitness_of(archive, article, named);
  if (!fitness) return tl::unexpected(fitness.error());
  const std::string larger = *fitness == Fitness::kSmall || *fitness == Fitness::kOrnament
                                 ? larger_rendition(article, named)
                                 : "";
  if (!larger.empty()) return larger;
  if (*fitness != Fitness::kOrnament)
    return named;  // what is not archived may be the best there is
  size_t tried = 0;
  for (const ArticleImage& image : article.facts.images) {
    if (++tried > kMostTried) break;
    const auto other = fitness_of(archive, article, image.url);
    if (!other) return tl::unexpected(other.error());
    if (*other == Fitness::kGood || *other == Fitness::kSmall) return image.url;
  }
  return std::string();
}

}  // namespace halftone

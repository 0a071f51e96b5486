#include "store/derive.h"

#include <set>

namespace halftone {
namespace {

constexpr uint64_t kLargestPicture = uint64_t{128} << 20;

class Deriving {
 public:
  Deriving(Archive& archive, ImageWorker& worker) : archive_(archive), worker_(worker) {}

  // Facts first; derivatives only of what could be read.
  Result<void> picture(const Digest& digest, const std::vector<const Recipe*>& recipes) {
    const auto record = facts(digest);
    if (!record) return tl::unexpected(record.error());
    if (!record->error.empty()) {
      result.failures.emplace_back(digest, record->error);
      return {};
    }
    if (is_spacer(record->facts)) return {};
    for (const Recipe* recipe : recipes) {
      const auto done = derivative(digest, *recipe);
      if (!done) return done;
    }
    return {};
  }

  DeriveResult result;

 private:
  Result<ImageRecord> facts(const Digest& digest) {
    const auto known = archive_.derivatives().facts(digest);
    if (!known) return tl::unexpected(known.error());
    if (*known) return **known;

    const auto bytes = archive_.blobs().get(digest, kLargestPicture);
    if (!bytes && bytes.error().code != ErrorCode::kTooLarge) return tl::unexpected(bytes.error());
    ImageRecord record;
    if (!bytes) {
      record.error = bytes.error().message;
    } else if (const auto read = worker_.facts(*bytes)) {
      record.facts = *read;
    } else {
      record.error = read.error().message;
    }
    const auto kept = archive_.derivatives().put_facts(digest, record);
    if (!kept) return tl::unexpected(kept.error());
    return record;
  }

  Result<void> derivative(const Digest& digest, const Recipe& recipe) {
    const auto known = archive_.derivatives().get(digest, recipe);
    if (!known) return tl::unexpected(known.error());
    if (*known) {
      ++result.known;
      return {};
    }
    const auto bytes = archive_.blobs().get(digest, kLargestPicture);
    if (!bytes) return tl::unexpected(bytes.error());
    const auto made = worker_.derive(*bytes, recipe);
    if (!made) {
      result.failures.emplace_back(digest, made.error().message);
      return {};
    }
    ++result.made;
    return archive_.derivatives().put(digest, recipe, *made);
  }

  Archive& archive_;
  ImageWorker& worker_;
};

}  // namespace

Result<DeriveResult> derive_images(Archive& archive, const Article& article, ImageWorker& worker,
                                   const std::function<bool()>& keep_going) {
  const Recipe* thumb = find_recipe("thumb");
  const Recipe* header = find_recipe("header");
  if (!thumb || !header) bug("the recipe table lacks thumb or header");

  Deriving deriving(archive, worker);
  std::set<Digest> seen;
  for (const ArchivedReference& reference : article.references) {
    if (!reference.digest || !reference.type.starts_with("image/")) continue;
    if (!seen.insert(*reference.digest).second) continue;
    if (!keep_going()) return fail(ErrorCode::kInterrupted, "interrupted while making thumbnails");
    std::vector<const Recipe*> recipes = {thumb};
    if (reference.url == article.facts.lead_image) recipes.push_back(header);
    const auto done = deriving.picture(*reference.digest, recipes);
    if (!done) return tl::unexpected(done.error());
  }
  return std::move(deriving.result);
}

}  // namespace halftone

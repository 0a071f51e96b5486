#include <algorithm>

#include <nlohmann/json.hpp>

#include "store/article.h"
#include "store/blob_format.h"
#include "store/byte_order.h"
#include "store/capture.h"
#include "store/frontier_rows.h"
#include "store/index_articles.h"
#include "store/verify_parts.h"

namespace halftone::verifying {

namespace {

using nlohmann::json;

constexpr size_t kDigestSize = sizeof(Digest::bytes);

// The text of keys, which may hold any bytes.
std::string printable_key(std::string_view key) {
  std::string text;
  for (const char c : key.substr(0, 200)) {
    const bool is_plain = c >= ' ' && c <= '~';
    text += is_plain ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<uint8_t>(c));
  }
  return text;
}

std::string_view name_of(Table table) {
  constexpr std::string_view kNames[] = {"meta",  "digest",     "blob", "capture", "article",
                                         "image", "derivative", "run",  "index"};
  return kNames[static_cast<size_t>(table)];
}

std::string why_not(bool is_missing, const Digest& digest) {
  return fmt::format("the blob {} that it names {}", digest.hex(),
                     is_missing ? "is missing" : "has another size");
}

}  // namespace

RowCheck::Found RowCheck::look_up(const Digest& digest, std::optional<uint64_t> size) const {
  const auto value = database_.get(Table::kDigest, digest.view());
  if (!value || !*value) return Found::kMissing;
  const auto entry = blob_format::read_entry(**value);
  if (!entry) return Found::kMissing;
  if (bad_.contains(entry->number)) return Found::kBad;
  return size && *size != entry->size ? Found::kOtherSize : Found::kSound;
}

void RowCheck::scan(
    Table table, std::string_view prefix,
    const std::function<void(std::string_view key, std::string_view value)>& visit) {
  database_.scan_past_damage(
      table, prefix,
      [&](auto key, auto value) {
        visit(key, value);
        findings_.advance(0);
        return !findings_.stopped();
      },
      [&](const Database::Lost& lost) {
        findings_.damage(
            fmt::format("the {} table", name_of(table)),
            fmt::format("rows behind \"{}\"{} cannot be read: {}", printable_key(lost.after),
                        lost.before.empty()
                            ? std::string()
                            : fmt::format(" and before \"{}\"", printable_key(lost.before)),
                        lost.why));
      });
}

void RowCheck::check_captures() {
  findings_.stage("captures");
  scan(Table::kCapture, {}, [&](auto key, auto value) {
    ++findings_.result().captures;
    const auto capture = Captures::read_row(key, value);
    if (!capture) {
      return findings_.damage(fmt::format("capture {}", printable_key(key)),
                              capture.error().message);
    }
    if (capture->digest == Digest{}) return;  // an answer without a body
    const Found found = look_up(capture->digest, capture->size);
    if (found == Found::kSound) return;
    findings_.harm_capture(capture->url);
    if (found == Found::kBad) return;  // the blob was named
    findings_.damage(fmt::format("capture {} of {}", capture->url, to_iso8601(capture->time)),
                     why_not(found == Found::kMissing, capture->digest));
    if (found == Found::kMissing) findings_.bad_blob(capture->digest);
  });
}

void RowCheck::check_articles(std::string_view prefix) {
  findings_.stage("articles");
  scan(Table::kArticle, prefix, [&](auto key, auto value) {
    ++findings_.result().articles;
    const auto article = Articles::read_row(key, value);
    if (!article) {
      findings_.damage(fmt::format("article {}", printable_key(key)), article.error().message);
      return findings_.harm(
          {.id = std::string(key.substr(0, key.find(' '))), .lacks_document = true});
    }
    HarmedArticle harmed{.id = article->id, .url = article->url, .title = article->facts.title};
    const auto check = [&](const Digest& digest, uint64_t size) {
      const Found found = look_up(digest, size);
      if (found == Found::kMissing || found == Found::kOtherSize) {
        findings_.damage(
            fmt::format("article {} of {}", article->id, to_iso8601(article->captured_at)),
            why_not(found == Found::kMissing, digest));
      }
      if (found == Found::kMissing) findings_.bad_blob(digest);
      return found != Found::kSound;
    };
    if (article->digest != Digest{}) harmed.lacks_document = check(article->digest, article->size);
    for (const ArchivedReference& reference : article->references) {
      if (!reference.digest || !check(*reference.digest, reference.size)) continue;
      harmed.urls.push_back(reference.url);
    }
    if (harmed.lacks_document || !harmed.urls.empty()) findings_.harm(std::move(harmed));
  });
}

// Image facts and derivatives: all of it can be made again.
void RowCheck::check_pictures() {
  findings_.stage("pictures");
  const auto bad = [&](std::string_view key, std::string why) {
    const std::string recipe(key.substr(std::min(kDigestSize, key.size())));
    const auto digest = Digest::from_view(key.substr(0, kDigestSize));
    findings_.damage(fmt::format("{} of blob {}",
                                 recipe.empty() ? "the image facts" : "the derivative " + recipe,
                                 digest ? digest->hex() : printable_key(key)),
                     std::move(why));
    auto& list = findings_.result().bad_derivatives;
    if (list.size() < VerifyResult::kMostTracked) list.emplace_back(key);
  };
  scan(Table::kImage, {}, [&](auto key, auto value) {
    const auto digest = Digest::from_view(key.substr(0, kDigestSize));
    const json facts = json::parse(value, nullptr, false);
    if (!digest || !facts.is_object()) return bad(key, "its row is damaged");
    if (look_up(*digest, std::nullopt) == Found::kMissing) return bad(key, "there is no such blob");
    if (key.size() == kDigestSize) return;
    ++findings_.result().derivatives;
    const auto bytes = database_.get(Table::kDerivative, key);
    if (!bytes) return bad(key, bytes.error().message);
    if (!*bytes) return bad(key, "its bytes are missing");
    const auto size = facts.find("size");
    if (size == facts.end() || !size->is_number_unsigned() ||
        size->template get<uint64_t>() != (*bytes)->size()) {
      bad(key, "its bytes have another size");
    }
  });
  scan(Table::kDerivative, {}, [&](auto key, auto) {
    const auto facts = database_.get(Table::kImage, key);
    if (facts && !*facts) bad(key, "nothing tells what its bytes are");
  });
}

void RowCheck::check_small_tables() {
  scan(Table::kMeta, {}, [&](auto key, auto value) {
    if (key == "next_blob" && value.size() != 8) {
      findings_.damage("the meta table", "the counter of blobs is damaged");
    }
  });
  scan(Table::kRun, {}, [&](auto key, auto value) {
    if (key.starts_with(frontier_rows::kPrefix)) return check_frontier_row(key, value);
    if (key.starts_with("traps ")) return;  // what cannot be read of them counts for nothing
    if (key.starts_with("crawl ") || key.starts_with("nightly ")) {
      if (!nlohmann::json::accept(value)) {
        findings_.damage(fmt::format("the {}", printable_key(key)), "it is no JSON");
      }
      return;
    }
    if (!from_digits(value)) {
      findings_.damage(fmt::format("the run of {}", printable_key(key)), "its time is damaged");
    }
  });
}

void RowCheck::check_frontier_row(std::string_view key, std::string_view value) {
  const std::string_view why = frontier_rows::check(key, value);
  if (why.empty()) return;
  const std::string_view run = frontier_rows::run_of(key);
  findings_.damage(fmt::format("the frontier row \"{}\"", printable_key(key)), std::string(why));
  auto& runs = findings_.result().bad_frontiers;
  if (!run.empty() && runs.size() < VerifyResult::kMostTracked) runs.emplace(run);
}

void RowCheck::check_index() {
  halftone::check_index(database_, [&](auto key, auto why) {
    findings_.damage(fmt::format("the index row \"{}\"", printable_key(key)), std::string(why));
  });
}

void RowCheck::insert(NumberSet& numbers, const Digest& digest) const {
  const auto value = database_.get(Table::kDigest, digest.view());
  if (!value || !*value) return;
  if (const auto entry = blob_format::read_entry(**value)) numbers.insert(entry->number);
}

NumberSet RowCheck::since(Time time) const {
  NumberSet numbers;
  database_.scan_past_damage(
      Table::kCapture, {},
      [&](auto key, auto value) {
        const auto capture = Captures::read_row(key, value);
        if (!capture || capture->time < time) return !findings_.stopped();
        insert(numbers, capture->digest);
        return !findings_.stopped();
      },
      [](const Database::Lost&) {});
  return numbers;
}

NumberSet RowCheck::of_article(std::string_view id) const {
  NumberSet numbers;
  database_.scan_past_damage(
      Table::kArticle, fmt::format("{} ", id),
      [&](auto key, auto value) {
        const auto article = Articles::read_row(key, value);
        if (!article) return true;
        insert(numbers, article->digest);
        for (const auto& reference : article->references) {
          if (reference.digest) insert(numbers, *reference.digest);
        }
        return true;
      },
      [](const Database::Lost&) {});
  return numbers;
}

}  // namespace halftone::verifying

#include "tools/verify_report.h"

#include <nlohmann/json.hpp>

#include "store/formats/describe.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

using nlohmann::json;

json to_json(const HarmedArticle& article) {
  return {{"id", article.id},       {"url", article.url},
          {"title", article.title}, {"lacks_document", article.lacks_document},
          {"urls", article.urls},   {"more_urls", article.more_urls}};
}

json to_json(const RepairResult& repaired) {
  json restored = json::array();
  for (const auto& blob : repaired.restored) {
    restored.push_back({{"digest", blob.digest.hex()}, {"from", blob.from}});
  }
  return {{"damaged_before", repaired.before.damaged},
          {"restored", restored},
          {"files_replaced", repaired.files_replaced},
          {"rows_restored", repaired.rows_restored},
          {"entries_rebuilt", repaired.entries_rebuilt},
          {"derivatives_dropped", repaired.derivatives_dropped},
          {"frontiers_dropped", repaired.frontiers_dropped},
          {"notes", repaired.notes}};
}

std::string plural(uint64_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

}  // namespace

std::string verify_entry(const VerifyResult& result, const RepairResult* repaired) {
  json damages = json::array(), articles = json::array();
  for (const Damage& damage : result.damages) {
    damages.push_back({{"object", damage.object}, {"why", damage.why}});
  }
  for (const HarmedArticle& article : result.harmed_articles) articles.push_back(to_json(article));
  const FixityEntry entry = fixity_entry(result);
  json value = {{"scope", entry.scope},
                {"sealed", result.is_sealed},
                {"files", result.files},
                {"file_bytes", result.file_bytes},
                {"blobs", result.blobs},
                {"blob_bytes", result.blob_bytes},
                {"captures", result.captures},
                {"articles", result.articles},
                {"derivatives", result.derivatives},
                {"seconds", result.seconds},
                {"damaged", result.damaged},
                {"damages", damages},
                {"more_damages", result.damaged - result.damages.size()},
                {"harmed", result.harmed},
                {"harmed_articles", articles},
                {"more_harmed_articles", result.harmed - result.harmed_articles.size()},
                {"harmed_captures", result.harmed_captures},
                {"harmed_urls", result.harmed_urls}};
  if (repaired) value["repair"] = to_json(*repaired);
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string fixity_line_entry(const FixityEntry& entry, const std::string& broken) {
  json value = {{"time", to_iso8601(entry.time)}, {"by", entry.by},
                {"version", entry.version},       {"scope", entry.scope},
                {"sealed", entry.sealed},         {"files", entry.files},
                {"file_bytes", entry.file_bytes}, {"blobs", entry.blobs},
                {"blob_bytes", entry.blob_bytes}, {"captures", entry.captures},
                {"articles", entry.articles},     {"derivatives", entry.derivatives},
                {"damaged", entry.damaged},       {"harmed_articles", entry.harmed_articles},
                {"repaired", entry.repaired},     {"seconds", entry.seconds}};
  if (!broken.empty()) value["broken"] = broken;
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

void say_repairs(const RepairResult& repaired) {
  for (const auto& blob : repaired.restored) {
    say("repaired: blob {} from {}\n", blob.digest.hex(), blob.from);
  }
  const std::pair<uint64_t, const char*> counts[] = {
      {repaired.files_replaced, "damaged files of the database were replaced"},
      {repaired.rows_restored, "rows were taken from a copy"},
      {repaired.entries_rebuilt, "blobs that nothing named any more were found again"},
      {repaired.derivatives_dropped, "thumbnails and the like were dropped; they are made again"},
      {repaired.frontiers_dropped, "runs lost what they still owed, and begin anew"}};
  for (const auto& [count, what] : counts) {
    if (count > 0) say("repaired: {} {}\n", count, what);
  }
  for (const std::string& note : repaired.notes) say("note: {}\n", note);
}

void say_damages(const VerifyResult& result) {
  for (const Damage& damage : result.damages) say("damaged: {}: {}\n", damage.object, damage.why);
  if (result.damaged > result.damages.size()) {
    say("damaged: {} more\n", result.damaged - result.damages.size());
  }
  for (const HarmedArticle& article : result.harmed_articles) {
    say("harmed: article {}  {}  {}{}\n", article.id, article.title, article.url,
        article.lacks_document ? "  (its document)" : "");
    for (const std::string& url : article.urls) say("          {}\n", url);
    if (article.more_urls > 0) say("          and {} more\n", article.more_urls);
  }
  if (result.harmed_articles.empty()) {
    for (const std::string& url : result.harmed_urls) say("harmed: the capture of {}\n", url);
  }
}

void tell_summary(const VerifyResult& result, const RepairResult* repaired) {
  const std::string checked =
      fmt::format("{}, {} of {}, {}, {} checked in {:.1f} s", plural(result.files, "file"),
                  plural(result.blobs, "blob"), describe_bytes(result.blob_bytes),
                  plural(result.captures, "capture"), plural(result.articles, "article version"),
                  result.seconds);
  std::string text = result.is_sound()
                         ? "sound"
                         : fmt::format("damaged: {}, {} harmed", plural(result.damaged, "finding"),
                                       plural(result.harmed, "article"));
  if (repaired) text += fmt::format(", {} repaired", repaired->count());
  tell("{}: {}\n", text, checked);
}

}  // namespace halftone

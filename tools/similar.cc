// halftone similar: the archived pictures that look like one.
#include <filesystem>
#include <map>

#include <nlohmann/json.hpp>

#include "media/perceptual_hash.h"
#include "store/article_pictures.h"
#include "store/files.h"
#include "store/formats/describe.h"
#include "store/image_workers.h"
#include "tools/commands.h"
#include "tools/find_article.h"
#include "tools/picture_json.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

using Json = nlohmann::ordered_json;
using likeness_index::Neighbour;

constexpr uint64_t kLargestPicture = uint64_t{128} << 20;
constexpr const char* kThisProgram = "/proc/self/exe";

// A picture that is asked about.
struct Query {
  std::string name;  // for people
  uint64_t hash = 0;
  std::vector<Digest> own;  // itself, and its renditions: no answers
};

Result<uint64_t> hash_of_bytes(std::string_view bytes, const std::string& name) {
  static ImageWorker worker(kThisProgram);
  const auto made = worker.derive(bytes, *find_recipe("thumb"));
  if (!made) return tl::unexpected(made.error().during(name));
  if (!made->hash) return fail(ErrorCode::kInvalid, "{}: its pixels cannot be read", name);
  return *made->hash;
}

// Of a picture that has none yet, from its bytes.
Result<uint64_t> hash_of_blob(Archive& archive, const Digest& digest, const std::string& name) {
  const auto record = archive.derivatives().facts(digest);
  if (!record) return tl::unexpected(record.error());
  if (*record && (*record)->hash) return *(*record)->hash;
  const auto bytes = archive.blobs().get(digest, kLargestPicture);
  if (!bytes) return tl::unexpected(bytes.error().during(name));
  return hash_of_bytes(*bytes, name);
}

Result<std::vector<Query>> query_of_blob(Archive& archive, const Digest& digest,
                                         const std::string& name) {
  const auto hash = hash_of_blob(archive, digest, name);
  if (!hash) return tl::unexpected(hash.error());
  return std::vector<Query>{{name, *hash, {digest}}};
}

Result<std::vector<Query>> queries_of_article(Archive& archive, const Article& article) {
  const auto pictures = pictures_of(archive, article);
  if (!pictures) return tl::unexpected(pictures.error());
  std::vector<Query> queries;
  for (const ArticlePicture& picture : gallery_of(*pictures)) {
    if (picture.record && picture.record->hash)
      queries.push_back({picture.reference->url, *picture.record->hash, picture.renditions});
  }
  if (queries.empty()) {
    return fail(ErrorCode::kNotFound,
                "{}: no picture of this article has a hash; halftone derive makes them",
                article.id);
  }
  return queries;
}

Result<std::vector<Query>> queries_of(Archive& archive, const std::string& named,
                                      const Arguments& args) {
  if (const auto digest = Digest::from_hex(named)) return query_of_blob(archive, *digest, named);
  if (named.starts_with("http://") || named.starts_with("https://")) {
    const auto capture = archive.captures().latest(named);
    if (!capture) return tl::unexpected(capture.error());
    if (*capture && (*capture)->digest != Digest{}) {
      const auto info = archive.blobs().info((*capture)->digest);
      if (!info) return tl::unexpected(info.error());
      if (info->type.starts_with("image/")) return query_of_blob(archive, info->digest, named);
    }
  } else if (std::error_code error; std::filesystem::is_regular_file(named, error)) {
    const auto bytes = read_file(named, kLargestPicture);
    if (!bytes) return tl::unexpected(bytes.error());
    const auto hash = hash_of_bytes(*bytes, named);
    if (!hash) return tl::unexpected(hash.error());
    return std::vector<Query>{{named, *hash, {}}};
  }
  const auto article = find_article(archive, named, args);
  if (!article) return tl::unexpected(article.error());
  return queries_of_article(archive, *article);
}

struct Answer {
  const Query* query;
  Neighbour neighbour;
};

struct Place {
  std::string article, url;

  friend auto operator<=>(const Place&, const Place&) = default;
};
using Places = std::map<Digest, std::vector<Place>>;

// Where the answers are shown, by the newest versions of the articles.
Result<Places> places_of(Archive& archive, const std::vector<Answer>& answers) {
  constexpr size_t kMostPlaces = 100;  // of one picture
  Places places;
  for (const Answer& answer : answers) places[answer.neighbour.digest];
  if (places.empty()) return places;
  const auto visited = archive.articles().for_each([&](const Article& article) {
    for (const ArchivedReference& reference : article.references) {
      const auto found = reference.digest ? places.find(*reference.digest) : places.end();
      if (found == places.end() || found->second.size() >= kMostPlaces) continue;
      const Place place{article.id, reference.url};
      auto& known = found->second;
      if (std::find(known.begin(), known.end(), place) == known.end()) known.push_back(place);
    }
    return true;
  });
  if (!visited) return tl::unexpected(visited.error());
  return places;
}

Result<void> say_as_json(Archive& archive, const Answer& answer, const std::vector<Place>& places) {
  const Digest& digest = answer.neighbour.digest;
  Json line = {{"of", answer.query->name},
               {"distance", answer.neighbour.distance},
               {"digest", digest.hex()}};
  const auto info = archive.blobs().info(digest);
  if (!info) return tl::unexpected(info.error());
  line["type"] = info->type;
  line["size"] = info->size;
  const auto facts = picture_facts(archive, digest);
  if (!facts) return tl::unexpected(facts.error());
  line.update(Json::parse(*facts));
  line["shown"] = Json::array();
  for (const Place& place : places)
    line["shown"].push_back({{"article", place.article}, {"url", place.url}});
  say_json(line.dump(-1, ' ', false, Json::error_handler_t::replace));
  return {};
}

Result<void> say_to_people(Archive& archive, const Answer& answer,
                           const std::vector<Place>& places) {
  const Digest& digest = answer.neighbour.digest;
  const auto info = archive.blobs().info(digest);
  if (!info) return tl::unexpected(info.error());
  const auto record = archive.derivatives().facts(digest);
  if (!record) return tl::unexpected(record.error());
  say("{:>2}  {}×{} {} {}  {}\n", answer.neighbour.distance, *record ? (*record)->facts.width : 0,
      *record ? (*record)->facts.height : 0, info->type, describe_bytes(info->size), digest.hex());
  for (const Place& place : places) say("      {}  {}\n", place.article, place.url);
  return {};
}

Result<std::vector<Answer>> answers_to(Archive& archive, const Query& query, int distance) {
  const auto found = archive.derivatives().neighbours(query.hash, distance);
  if (!found) return tl::unexpected(found.error());
  std::vector<Answer> answers;
  for (const Neighbour& neighbour : *found) {
    const auto& own = query.own;
    if (std::find(own.begin(), own.end(), neighbour.digest) == own.end())
      answers.push_back({&query, neighbour});
  }
  return answers;
}

}  // namespace

Result<ExitCode> run_similar(const Arguments& args) {
  const auto archive = Archive::open_for_reading(args.archive);
  if (!archive) return tl::unexpected(archive.error());
  std::vector<Query> queries;
  for (const std::string& named : args.operands) {
    auto some = queries_of(**archive, named, args);
    if (!some) return tl::unexpected(some.error());
    std::move(some->begin(), some->end(), std::back_inserter(queries));
  }
  std::vector<Answer> answers;
  for (const Query& query : queries) {
    if (!is_telling(query.hash))
      tell("{}: too plain to be known again; nothing is like it\n", query.name);
    const auto some = answers_to(**archive, query, static_cast<int>(args.distance));
    if (!some) return tl::unexpected(some.error());
    answers.insert(answers.end(), some->begin(), some->end());
  }
  const auto places = places_of(**archive, answers);
  if (!places) return tl::unexpected(places.error());
  const Query* told = nullptr;
  for (const Answer& answer : answers) {
    if (!args.json && queries.size() > 1 && answer.query != told) say("{}\n", answer.query->name);
    told = answer.query;
    const auto& where = places->at(answer.neighbour.digest);
    const auto said =
        args.json ? say_as_json(**archive, answer, where) : say_to_people(**archive, answer, where);
    if (!said) return tl::unexpected(said.error());
  }
  if (answers.empty() && !args.quiet) tell("nothing looks like it\n");
  return ExitCode::kOk;
}

}  // namespace halftone

#include "tests/bench/site/prose.h"

#include <span>
#include <string_view>

namespace halftone::bench {
namespace {

constexpr std::string_view kNouns[] = {
    "harbour", "council",  "bridge",  "archive", "festival", "museum",  "railway", "orchard",
    "river",   "library",  "market",  "theatre", "election", "school",  "factory", "coast",
    "weather", "budget",   "gallery", "station", "village",  "inquiry", "harvest", "stadium",
    "painter", "engineer", "teacher", "mayor",   "witness",  "judge",   "doctor",  "farmer"};
constexpr std::string_view kVerbs[] = {
    "opens",     "delays",   "remembers", "rebuilds", "questions", "welcomes",
    "measures",  "paints",   "protects",  "supports", "describes", "replaces",
    "discovers", "promises", "restores",  "refuses",  "explains",  "connects",
    "borrows",   "finishes", "studies",   "counts",   "defends",   "crosses"};
constexpr std::string_view kQualities[] = {
    "old",    "quiet",   "crowded", "northern", "unfinished", "famous", "public", "narrow",
    "bright", "distant", "local",   "costly",   "forgotten",  "modern", "wooden", "rainy"};
constexpr std::string_view kJoints[] = {
    "while",  "because", "although", "before",      "after",   "as",    "until", "so that",
    "during", "beside",  "and then", "in spite of", "without", "under", "near",  "according to"};
constexpr std::string_view kFirstNames[] = {"Ada",  "Jonas", "Mira",  "Tomas",  "Elif",
                                            "Noor", "Ivo",   "Clara", "Samuel", "Yuki"};
constexpr std::string_view kLastNames[] = {"Aalto",  "Brandt", "Castell", "Dumont", "Eriksen",
                                           "Farkas", "Greene", "Horvat",  "Ito",    "Kowalski"};

std::string_view one_of(Noise& noise, std::span<const std::string_view> words) {
  return words[noise.below(words.size())];
}

void append(std::string& out, std::string_view word) {
  if (!out.empty()) out += ' ';
  out += word;
}

std::string thing(Noise& noise) {
  std::string out = noise.below(3) == 0 ? "a" : "the";
  if (noise.below(2) == 0) append(out, one_of(noise, kQualities));
  append(out, one_of(noise, kNouns));
  return out;
}

std::string clause(Noise& noise) {
  std::string out = thing(noise);
  append(out, one_of(noise, kVerbs));
  append(out, thing(noise));
  return out;
}

std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(text[0] & ~0x20);
  return text;
}

}  // namespace

std::string title(Noise& noise) {
  std::string out(one_of(noise, kQualities));
  append(out, one_of(noise, kNouns));
  append(out, one_of(noise, kVerbs));
  append(out, thing(noise));
  return capitalised(out);
}

std::string author(Noise& noise) {
  std::string out(one_of(noise, kFirstNames));
  append(out, one_of(noise, kLastNames));
  return out;
}

std::string paragraph(Noise& noise, size_t size) {
  std::string out;
  while (out.size() < size) {
    std::string sentence = clause(noise);
    for (uint64_t more = noise.below(3); more > 0; --more) {
      append(sentence, one_of(noise, kJoints));
      append(sentence, clause(noise));
    }
    append(out, capitalised(sentence) + ".");
  }
  return out;
}

}  // namespace halftone::bench

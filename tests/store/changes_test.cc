#include "store/changes.h"

#include "tests/support/catch.h"

using namespace halftone;

namespace {

ArchivedReference picture(const std::string& url, const std::string& bytes) {
  ArchivedReference reference;
  reference.url = url;
  reference.kind = Kind::kImage;
  reference.outcome = bytes.empty() ? Outcome::kMissing : Outcome::kArchived;
  if (!bytes.empty()) reference.digest = sha256(bytes);
  return reference;
}

Article article(const std::string& text, std::vector<ArchivedReference> references) {
  Article result;
  result.facts.title = "Tea on the slope";
  result.facts.text = text;
  result.digest = sha256(text);
  result.references = std::move(references);
  return result;
}

}  // namespace

TEST_CASE("two versions of an article are compared", "[store]") {
  const Article before = article("old", {picture("a", "1"), picture("b", "2"), picture("c", "")});

  SECTION("the same") {
    CHECK(compare(before, before).none());
    CHECK(compare(before, before).summary() == "nothing changed");
  }
  SECTION("everything at once") {
    const Article after = article("new", {picture("a", "9"), picture("c", "3"), picture("d", "4")});
    const ArticleChanges changes = compare(before, after);
    CHECK(changes.text);
    CHECK_FALSE(changes.title);
    CHECK(changes.images_added == std::vector<std::string>{"d"});
    CHECK(changes.images_removed == std::vector<std::string>{"b"});
    CHECK(changes.images_replaced == std::vector<std::string>{"a"});
    CHECK(changes.found == std::vector<std::string>{"c"});
    CHECK(changes.summary() ==
          "text changed, 1 image added, 1 image removed, 1 image replaced, 1 image found that had "
          "been missing");
  }
  SECTION("a picture that is gone from the web") {
    const Article after = article("old", {picture("a", ""), picture("b", "2"), picture("c", "")});
    CHECK(compare(before, after).lost == std::vector<std::string>{"a"});
  }
  SECTION("a URL that stands there twice, once archived") {
    const Article after =
        article("old", {picture("a", ""), picture("a", "1"), picture("b", "2"), picture("c", "")});
    CHECK(compare(before, after).none());
  }
  SECTION("other bytes around the same text") {
    Article after = before;
    after.digest = sha256("another banner");
    CHECK(compare(before, after).summary() == "page changed around the same text");
  }
}

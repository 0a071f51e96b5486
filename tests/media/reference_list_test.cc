#include "media/reference_list.h"

#include "media/xml_tokenizer.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

const Url kBase = *Url::parse("https://news.test/a/feed.xml");
constexpr Escapes kText = {Escape::kXmlText};

}  // namespace

TEST_CASE("a reference is resolved and classified as it is added", "[media]") {
  struct Row {
    std::string_view raw, url;
    Kind kind;
  };
  const Row rows[] = {
      {"b.png", "https://news.test/a/b.png", Kind::kImage},
      {"//cdn.test/b", "https://cdn.test/b", Kind::kImage},
      {"http://[", "", Kind::kImage},
      {"#here", "https://news.test/a/feed.xml#here", Kind::kOther},
      {"data:,x", "data:,x", Kind::kData},
      {"java\nscript:x", "javascript:x", Kind::kOther},
      {"MailTo:a@b.test", "mailto:a@b.test", Kind::kOther},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.raw) {
      ReferenceList list(kBase, "UTF-8");
      const Reference* added = list.add(Kind::kImage, row.raw, {3, 7}, kText);
      REQUIRE(added);
      CHECK(added->url == row.url);
      CHECK(added->kind == row.kind);
      CHECK(added->raw == row.raw);
      CHECK(added->span == Span{3, 7});
      CHECK(added->escapes == kText);
    }
  }
}

TEST_CASE("queries are in the document's encoding, a base of its own counts", "[media]") {
  ReferenceList list(kBase, "GBK");
  CHECK(list.add(Kind::kPage, "?\xE4\xB8\xAD", {}, kText)->url ==
        "https://news.test/a/feed.xml?%D6%D0");
  const Url other = *Url::parse("https://else.test/x/");
  CHECK(list.add(Kind::kPage, "y", {}, kText, &other)->url == "https://else.test/x/y");
}

TEST_CASE("blanks around a value are left out, an empty one is no reference", "[media]") {
  ReferenceList list(kBase, "UTF-8");
  const Reference* added = list.add(Kind::kPage, decode_xml(" \n&#x61;&amp;b\t", 10), kText);
  REQUIRE(added);
  CHECK(added->raw == "a&b");
  CHECK(added->span == Span{12, 24});
  CHECK(list.add(Kind::kPage, decode_xml(" &#10; ", 0), kText) == nullptr);
  CHECK(list.add(Kind::kPage, "", {}, kText) == nullptr);
  CHECK(std::move(list).take().size() == 1);
}

TEST_CASE("a full list takes no more", "[media]") {
  ReferenceList list(kBase, "UTF-8");
  list.append(std::vector<Reference>(kMostReferences - 1));
  CHECK_FALSE(list.is_full());
  REQUIRE(list.add(Kind::kPage, "x", {}, kText));
  CHECK(list.is_full());
  CHECK(list.add(Kind::kPage, "y", {}, kText) == nullptr);
  list.append(std::vector<Reference>(2));
  const auto all = std::move(list).take();
  CHECK(all.size() == kMostReferences);
  CHECK(all.back().raw == "x");
}

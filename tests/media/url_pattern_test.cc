#include "media/url_pattern.h"

#include "tests/support/catch.h"

using namespace halftone;

TEST_CASE("patterns find their place in a path", "[media]") {
  struct Row {
    const char* name;
    std::string_view pattern, path, to, result;  // result: the path with `to` in its place
  };
  const Row rows[] = {
      {"a segment anywhere", "/size/w#/", "/content/size/w600/a.jpg", "/", "/content/a.jpg"},
      {"digits must be there", "/size/w#/", "/size/w/a.jpg", "/", ""},
      {"a name at the end", "/*-#x#.%", "/x/a-b-300x200.jpg", "/$1.$2", "/x/a-b.jpg"},
      {"as little as will do", "/*-#x#.%", "/a-10x20-30x40.png", "/$1.$2", "/a-10x20.png"},
      {"a folder is no name", "/*-#x#.%", "/a-10x20.jpg/b.jpg", "/$1.$2", ""},
      {"only an image's extension", "/*-#x#.%", "/a-10x20.html", "/$1.$2", ""},
      {"the extension as a whole", "/*.%!*", "/a.jpgx!b", "/$1.$2", ""},
      {"behind an extension", "/*.%!*", "/a.b.JPG!w600", "/$1.$2", "/a.b.JPG"},
      {"a run is not empty", "/*.%!*", "/a.jpg!", "/$1.$2", ""},
      {"a run stays in its segment", "/a/*/c/", "/a/b/b/c/d", "/", ""},
      {"the rest", "/v1/**", "/m/v1/a/b", "", "/m"},
      {"the rest may be empty", "/v1/**", "/m/v1/", "", "/m"},
      {"options", "/upload/&", "/x/upload/w_1,c_fill/e_blur:3/v12/a.jpg", "/upload/",
       "/x/upload/v12/a.jpg"},
      {"no options", "/upload/&", "/upload/my_images/a.jpg", "/upload/", ""},
      {"one byte each", "/?/\?\?/*", "/x/a/ab/n", "/$1", "/x/n"},
      {"the path is too short", "/a/b/c", "/c", "/", ""},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      PatternMatch match;
      const bool found = find_pattern(row.pattern, row.path, match);
      REQUIRE(found == !row.result.empty());
      if (!found) continue;
      std::string path(row.path);
      CHECK(path.replace(match.from, match.to - match.from, match.expanded(row.to)) == row.result);
    }
  }
}

TEST_CASE("patterns match whole texts", "[media]") {
  CHECK(matches("i#.wp.com", "i0.wp.com"));
  CHECK_FALSE(matches("i#.wp.com", "i0.wp.com.example"));
  CHECK_FALSE(matches("i#.wp.com", "xi0.wp.com"));
  CHECK_FALSE(matches("*", ""));
}

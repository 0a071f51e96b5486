#include "crawler/requisites.h"

#include "crawler/curl_fetcher.h"
#include "media/document.h"
#include "tests/support/catch.h"
#include "tests/support/fetching.h"
#include "tests/support/pictures.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_server.h"

using namespace halftone;

TEST_CASE("originals behind renditions are asked for last, and owed by nobody", "[crawler]") {
  TestServer server;
  const auto picture = [](uint32_t width) {
    return whole({.fields = {{"Content-Type", "image/png"}}, .body = make_png(width, 60)});
  };
  server.on("/a-30x20.png", picture(30));
  server.on("/a.png", picture(60));
  server.on("/b.png!w1", picture(31));  // its original is not there
  server.on("/c-3x2.png", picture(32));
  server.on("/c.png", text("<p>this is no picture"));

  TemporaryDirectory folder;
  const auto archive = Archive::open_for_writing(folder.file("archive"));
  REQUIRE(archive);
  const auto fetcher = make_curl_fetcher(loopback_options());
  REQUIRE(fetcher);
  OpenGate gate;
  Recorder recorder(**archive, **fetcher);
  Capturer capturer(**archive, recorder, **fetcher, gate, {});
  CapturerSource source(capturer);
  SheetReader sheets(**archive);
  Requisites requisites(**archive, source, sheets, std::nullopt, 1'000'000, [](auto&, auto&) {});

  const Url page = *Url::parse(server.url("/page"));
  const auto scan =
      scan_document(R"(<img src="/a-30x20.png"><img src="/b.png!w1"><img src="/c-3x2.png">)",
                    DocumentType::kHtml, page);
  requisites.want(scan.references, page, ReferrerPolicy::kUnset);
  (*fetcher)->run(go_on);

  CHECK(requisites.missing() == 0);
  CHECK(server.requests("/a.png").size() == 1);
  Article article;
  article.references = requisites.records(scan.references);
  REQUIRE(article.references.size() == 6);
  const Outcome expected[] = {Outcome::kArchived, Outcome::kArchived, Outcome::kArchived,
                              Outcome::kAbsent,   Outcome::kArchived, Outcome::kAbsent};
  for (size_t i = 0; i < 6; ++i) {
    CAPTURE(i, article.references[i].url);
    CHECK(article.references[i].outcome == expected[i]);
    CHECK(article.references[i].origin_of == (i % 2 ? article.references[i - 1].url : ""));
    CHECK(article.references[i].reason.empty() == (expected[i] == Outcome::kArchived));
  }
  const Completeness complete = article.completeness();
  CHECK(complete.references == 3);
  CHECK(complete.archived == 3);
  CHECK(complete.missing == 0);
}

// Archives with articles, pictures and captures, made as a snapshot makes them.
#pragma once

#include <string>
#include <vector>

#include "store/archive.h"
#include "store/byte_order.h"
#include "tests/store/blob_store_contract.h"
#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"

namespace halftone {

inline Time at_second(int64_t second) { return Time(std::chrono::seconds(second)); }

// Blob, then capture. `location`: where it redirects to.
inline Capture keep_capture(Archive& archive, const std::string& url, int64_t second,
                            std::string_view body, const std::string& location = {}) {
  const auto put = archive.blobs().put(body);
  REQUIRE(put);
  Capture capture;
  capture.url = url;
  capture.time = at_second(second);
  capture.status = location.empty() ? 200 : 302;
  if (!location.empty()) {
    capture.response_headers = "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\n\r\n";
  }
  capture.digest = put->info.digest;
  capture.size = put->info.size;
  REQUIRE(archive.captures().add(capture));
  return capture;
}

struct Shown {
  std::string url, body, final_url;
};

// A snapshot that began ten seconds before `second`: its page and what it shows were captured in
// between, then the article was stored.
inline Article keep_article(Archive& archive, const std::string& url, int64_t second,
                            const std::string& page, const std::vector<Shown>& pictures,
                            const std::string& source = {}) {
  Article article;
  article.url = url;
  article.base = url;
  article.id = article_id(url);
  article.begun_at = at_second(second - 10);
  article.captured_at = at_second(second);
  article.facts.title = page.substr(0, 20);
  article.source = source;
  article.digest = keep_capture(archive, url, second - 9, page).digest;
  article.size = page.size();
  for (const Shown& picture : pictures) {
    ArchivedReference reference;
    reference.url = picture.url;
    reference.kind = Kind::kImage;
    reference.outcome = Outcome::kArchived;
    const std::string& from = picture.final_url.empty() ? picture.url : picture.final_url;
    reference.digest = keep_capture(archive, from, second - 5, picture.body).digest;
    reference.final_url = picture.final_url;
    reference.size = picture.body.size();
    reference.type = "image/png";
    article.references.push_back(reference);
  }
  REQUIRE(archive.articles().add(article));
  return article;
}

inline bool has_blob(Archive& archive, std::string_view body) {
  const auto digest = sha256(body);
  if (!archive.blobs().info(digest)) return false;
  const auto got = archive.blobs().get(digest);
  REQUIRE(got);
  CHECK((*got == body));
  return true;
}

// The numbers under which the blob table holds a body.
inline std::vector<uint64_t> body_numbers(const Archive& archive) {
  std::vector<uint64_t> numbers;
  REQUIRE(const_cast<Archive&>(archive).database().scan(Table::kBlob, {}, [&](auto key, auto) {
    numbers.push_back(*read_be64(key));
    return true;
  }));
  return numbers;
}

}  // namespace halftone

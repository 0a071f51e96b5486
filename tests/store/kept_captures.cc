#include "tests/store/kept_captures.h"

#include <sched.h>
#include <sys/mount.h>

#include "tests/store/blob_store_contract.h"
#include "tests/support/catch.h"
#include "tests/support/test_child.h"

namespace halftone {

std::string url_of(uint64_t number) { return fmt::format("https://example.com/{}", number); }

std::string body_of(uint64_t number) {
  return noise(number % 8 == 7 ? (9 << 20) : 1 + number * 997 % 100'000, number);
}

Result<void> keep(Archive& archive, uint64_t number) {
  return keep(archive, number, body_of(number));
}

Result<void> keep(Archive& archive, uint64_t number, const std::string& body) {
  const auto put = archive.blobs().put(body);
  if (!put) return tl::unexpected(put.error());
  Capture capture;
  capture.url = url_of(number);
  capture.time = now();
  capture.digest = put->info.digest;
  capture.size = put->info.size;
  return archive.captures().add(capture);
}

void check_kept(Archive& archive, uint64_t number) { check_kept(archive, number, body_of(number)); }

void check_kept(Archive& archive, uint64_t number, const std::string& body) {
  CAPTURE(number);
  const auto capture = archive.captures().latest(url_of(number));
  REQUIRE(capture);
  REQUIRE(*capture);
  CHECK((*capture)->digest == sha256(body));
  CHECK((archive.blobs().get((*capture)->digest) == body));
}

void check_all_blobs(Archive& archive) {
  REQUIRE(archive.blobs().for_each([&](const BlobInfo& blob) {
    const auto bytes = archive.blobs().get(blob.digest);
    REQUIRE(bytes);
    CHECK(bytes->size() == blob.size);
    return true;
  }));
}

std::map<std::string, std::string> contents(Archive& archive) {
  check_all_blobs(archive);
  std::map<std::string, std::string> all;
  REQUIRE(archive.blobs().for_each([&](const BlobInfo& blob) {
    all["blob " + blob.digest.hex()] = fmt::format("{} {}", blob.size, blob.type);
    return true;
  }));
  const std::pair<Table, std::string> tables[] = {{Table::kCapture, "capture "},
                                                  {Table::kArticle, "article "},
                                                  {Table::kImage, "image "},
                                                  {Table::kDerivative, "derivative "}};
  for (const auto& [table, name] : tables) {
    REQUIRE(archive.database().scan(table, {}, [&, prefix = name](auto key, auto value) {
      all[prefix + std::string(key)] = value;
      return true;
    }));
  }
  return all;
}

std::map<std::string, std::string> contents(const std::string& folder) {
  const auto archive = Archive::open_for_reading(folder);
  if (!archive) FAIL(archive.error().message);
  return contents(**archive);
}

bool get_own_mounts() {
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

bool mount_read_only(const std::string& folder) {
  const char* path = folder.c_str();
  return ::mount(path, path, nullptr, MS_BIND, nullptr) == 0 &&
         ::mount(nullptr, path, nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) == 0;
}

void run_in_own_mounts(const std::string& child_name, const std::string& folder) {
  TestChild child(child_name, {{"HALFTONE_TEST_ARCHIVE", folder}});
  const auto line = child.read_line();
  const int status = child.finish();
  if (line == "may not mount") {
    WARN("skipped: this process may not mount file systems");
    return;
  }
  INFO(child.output());
  CHECK(status == 0);
}

}  // namespace halftone

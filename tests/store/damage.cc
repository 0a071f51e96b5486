#include "tests/store/damage.h"

#include <filesystem>
#include <fstream>
#include <set>

#include "store/files.h"
#include "store/seal.h"
#include "tests/store/blob_store_contract.h"
#include "tests/support/catch.h"

namespace halftone {

namespace fs = std::filesystem;

namespace {

const std::vector<std::vector<std::string>> kPictures = {
    {"a.jpg", "shared.png"}, {"b.jpg", "shared.png", "film.mp4"}, {"c.jpg", "d.jpg"}};

size_t size_of(const std::string& name) {
  if (name == "film.mp4") return (9 << 20) + 12'345;
  return name == "shared.png" ? 60'000 : 20'000 + static_cast<size_t>(name[0]) * 997;
}

std::string address(const std::string& name) { return "https://example.org/pictures/" + name; }

BlobInfo keep(Archive& archive, const std::string& url, const std::string& bytes,
              const std::string& type) {
  const auto put = archive.blobs().put(bytes, type);
  REQUIRE(put);
  Capture capture;
  capture.url = url;
  capture.time = now();
  capture.status = 200;
  capture.digest = put->info.digest;
  capture.size = put->info.size;
  capture.type = type;
  REQUIRE(archive.captures().add(capture));
  return put->info;
}

std::string page(int number, uint64_t seed) {
  std::string text = fmt::format("<title>Article {} of {}</title>", number, seed);
  for (int i = 0; i < 300; ++i) text += fmt::format("<p>Line {} of a long story.\n", i * number);
  return text;
}

}  // namespace

std::string picture_bytes(const std::string& name, uint64_t seed) {
  uint64_t own = seed;
  for (const char c : name) own = own * 131 + static_cast<uint8_t>(c);
  return noise(size_of(name), own);
}

std::string article_url(int number) { return fmt::format("https://example.org/{}", number); }

void fill(Archive& archive, uint64_t seed) {
  for (size_t i = 0; i < kPictures.size(); ++i) {
    const int number = static_cast<int>(i) + 1;
    Article article;
    article.url = article_url(number);
    article.id = article_id(article.url);
    article.captured_at = now();
    article.facts.title = fmt::format("Article {}", number);
    const BlobInfo document = keep(archive, article.url, page(number, seed), "text/html");
    article.digest = document.digest;
    article.size = document.size;
    for (const std::string& name : kPictures[i]) {
      const BlobInfo blob = keep(archive, address(name), picture_bytes(name, seed), "image/jpeg");
      ArchivedReference reference;
      reference.url = address(name);
      reference.kind = Kind::kImage;
      reference.outcome = Outcome::kArchived;
      reference.digest = blob.digest;
      reference.size = blob.size;
      reference.type = "image/jpeg";
      article.references.push_back(reference);
      if (name.ends_with("mp4")) continue;
      REQUIRE(archive.derivatives().put_facts(
          blob.digest, {ImageFacts{.type = "image/jpeg", .width = 4, .height = 3}, ""}));
      REQUIRE(archive.derivatives().put(blob.digest, {"thumb", 1, 320, 0, false},
                                        {noise(5000, seed + size_of(name)), "image/jpeg", 4, 3}));
    }
    REQUIRE(archive.articles().add(article));
  }
}

std::vector<std::string> sealed_paths(const std::string& folder) {
  std::vector<std::string> paths;
  const auto names = files_to_seal(folder);
  REQUIRE(names);
  for (const std::string& name : *names) paths.push_back(folder + "/" + name);
  const std::string seal = folder + "/" + Seal::kName;
  if (fs::exists(seal)) paths.push_back(seal);
  return paths;
}

void flip_bit(const std::string& path, uint64_t offset, int bit) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  char byte = 0;
  file.get(byte);
  file.seekp(static_cast<std::streamoff>(offset));
  file.put(static_cast<char>(byte ^ 1 << bit));
  REQUIRE(file.flush());
}

Place find_bytes(const std::string& folder, const std::string& bytes) {
  for (const std::string& path : sealed_paths(folder)) {
    const size_t at = read_file(path, UINT64_MAX)->find(bytes);
    if (at != std::string::npos) return {path, at};
  }
  FAIL("the bytes stand nowhere in " << folder);
  return {};
}

}  // namespace halftone

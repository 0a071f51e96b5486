#include "tests/store/blob_store_contract.h"

#include <random>
#include <thread>

#include "tests/support/catch.h"

namespace halftone {

namespace {

constexpr size_t kMiB = size_t{1} << 20;

size_t count(const BlobStore& blobs) {
  size_t count = 0;
  REQUIRE(blobs.for_each([&](const BlobInfo&) { return ++count > 0; }));
  return count;
}

void check_sizes(BlobStore& blobs) {
  // Around the size at which bodies are cut into chunks, and far from it.
  for (const size_t size : {size_t{0}, size_t{1}, 4 * kMiB - 1, 4 * kMiB, 4 * kMiB + 1, 9 * kMiB}) {
    CAPTURE(size);
    const std::string bytes = noise(size, size);
    const auto put = blobs.put(bytes);
    REQUIRE(put);
    CHECK(put->info.digest == sha256(bytes));
    CHECK(put->info.size == size);
    CHECK(put->is_new);
    CHECK((blobs.get(put->info.digest) == bytes));  // not printed where it fails
  }
}

void check_streaming(BlobStore& blobs) {
  const size_t kSize = 64 * kMiB;
  const std::string piece = noise(65'536, 1);
  const auto stream = [&] {
    const auto writer = blobs.writer();
    for (size_t size = 0; size < kSize; size += piece.size()) REQUIRE(writer->write(piece));
    return writer->commit({});
  };
  const auto first = stream();
  REQUIRE(first);
  CHECK(first->is_new);
  CHECK(first->info.size == kSize);

  const auto second = stream();
  REQUIRE(second);
  CHECK_FALSE(second->is_new);
  CHECK(second->info.digest == first->info.digest);
  CHECK(count(blobs) == 1);

  Sha256 hash;
  size_t longest = 0;
  REQUIRE(blobs.read(first->info.digest, [&](std::string_view bytes) -> Result<void> {
    hash.update(bytes);
    longest = std::max(longest, bytes.size());
    return {};
  }));
  CHECK(hash.finish() == first->info.digest);
  CHECK(longest <= 4 * kMiB);
}

void check_concurrent_puts(BlobStore& blobs) {
  constexpr int kThreads = 4, kBodies = 20;
  std::atomic<int> fresh = 0, failed = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int body = 0; body < kBodies; ++body) {
        const auto put = blobs.put(noise(body == 0 ? 5 * kMiB : 10'000, body));
        if (!put) ++failed;
        if (put && put->is_new) ++fresh;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(failed == 0);
  CHECK(fresh == kBodies);
  CHECK(count(blobs) == kBodies);
  for (int body = 0; body < kBodies; ++body) {
    const std::string bytes = noise(body == 0 ? 5 * kMiB : 10'000, body);
    CHECK((blobs.get(sha256(bytes)) == bytes));
  }
}

void check_damage(BlobStore& blobs, const std::function<void(const Digest&)>& damage) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += fmt::format("<p>paragraph {}</p>\n", i);
  for (const std::string& bytes : {noise(10'000, 1), text, noise(9 * kMiB, 2)}) {
    const Digest digest = blobs.put(bytes)->info.digest;
    damage(digest);
    const auto got = blobs.get(digest);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == ErrorCode::kCorrupt);
    CHECK(got.error().message.find(digest.hex()) != std::string::npos);
  }
}

}  // namespace

std::string noise(size_t size, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; i += 8) {
    uint64_t word = random();
    for (size_t j = i; j < std::min(i + 8, size); ++j, word >>= 8) {
      bytes[j] = static_cast<char>(word & 0xFF);
    }
  }
  return bytes;
}

void check_contract(BlobStore& blobs, const std::function<void(const Digest&)>& damage) {
  SECTION("bodies of every size come back") { check_sizes(blobs); }
  SECTION("a long body streams in and out in pieces, once") { check_streaming(blobs); }
  SECTION("the same content put by several threads is one blob") { check_concurrent_puts(blobs); }
  SECTION("altered bytes are kCorrupt, and the blob is named") { check_damage(blobs, damage); }

  SECTION("putting again changes nothing") {
    const auto first = blobs.put("body { color: red }", "text/css");
    const auto again = blobs.put("body { color: red }", "text/plain");
    REQUIRE(again);
    CHECK(first->is_new);
    CHECK(first->info.type == "text/css");
    CHECK_FALSE(again->is_new);
    CHECK(again->info.type == "text/css");
    CHECK(blobs.info(first->info.digest)->type == "text/css");
  }
  SECTION("the bytes tell the type before the header does") {
    CHECK(blobs.put("\x89PNG\r\n\x1A\n rest", "text/html")->info.type == "image/png");
    CHECK(blobs.put(noise(5 * kMiB, 3).replace(0, 8, "\x89PNG\r\n\x1A\n"))->info.type ==
          "image/png");
  }
  SECTION("an unknown digest is kNotFound") {
    const Digest digest = sha256("never put");
    CHECK(blobs.info(digest).error().code == ErrorCode::kNotFound);
    CHECK(blobs.get(digest).error().code == ErrorCode::kNotFound);
  }
  SECTION("a writer that is dropped leaves nothing visible") {
    const std::string bytes = noise(9 * kMiB, 4);
    {
      const auto writer = blobs.writer();
      REQUIRE(writer->write(bytes));
    }
    CHECK(blobs.info(sha256(bytes)).error().code == ErrorCode::kNotFound);
    CHECK(count(blobs) == 0);
    CHECK(blobs.put(bytes)->is_new);
    CHECK((blobs.get(sha256(bytes)) == bytes));
  }
  SECTION("more than wanted is kTooLarge") {
    const Digest digest = blobs.put("12345")->info.digest;
    CHECK(blobs.get(digest, 4).error().code == ErrorCode::kTooLarge);
    CHECK(blobs.get(digest, 5) == "12345");
  }
  SECTION("a visitor that refuses ends the reading with its own error") {
    const Digest digest = blobs.put(noise(9 * kMiB, 5))->info.digest;
    int visits = 0;
    const auto read = blobs.read(digest, [&](std::string_view) -> Result<void> {
      ++visits;
      return fail(ErrorCode::kInterrupted, "enough");
    });
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::kInterrupted);
    CHECK(read.error().message == "enough");
    CHECK(visits == 1);
  }
  SECTION("blobs are listed in order of digest") {
    for (const char* text : {"one", "two", "three"}) REQUIRE(blobs.put(text));
    std::vector<Digest> digests;
    REQUIRE(blobs.for_each([&](const BlobInfo& blob) {
      digests.push_back(blob.digest);
      return true;
    }));
    CHECK(digests.size() == 3);
    CHECK(std::is_sorted(digests.begin(), digests.end()));
  }
}

}  // namespace halftone

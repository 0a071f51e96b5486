// ISO 28500:2017 (WARC 1.1); numbers in names are its sections.
#include "store/formats/warc_reader.h"

#include <filesystem>
#include <set>

#include "store/digest.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_server.h"

using namespace halftone;

namespace {

using Check = WarcRecord::Check;

struct Reading {
  std::vector<WarcRecord> records;
  bool damaged = false;

  std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (const WarcRecord& record : records) {
      if (record.errors.empty()) ids.push_back(record.id);
    }
    return ids;
  }
};

class Files {
 public:
  Reading read(const std::string& bytes) {
    const auto reader = WarcReader::open(folder_.write("a.warc", bytes));
    REQUIRE(reader);
    Reading reading;
    for (size_t most = bytes.size() + 2; most > 0; --most) {  // each record takes bytes
      auto record = (*reader)->next();
      REQUIRE(record);
      if (!*record) {
        reading.damaged = (*reader)->is_damaged();
        return reading;
      }
      reading.records.push_back(**record);
    }
    FAIL("the file has no end");
    return reading;
  }

  const TemporaryDirectory& folder() const { return folder_; }

 private:
  TemporaryDirectory folder_;
};

std::string record(const std::string& id, const std::string& fields, const std::string& block) {
  return "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <" + id +
         ">\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n" + fields +
         "Content-Length: " + std::to_string(block.size()) + "\r\n\r\n" + block + "\r\n\r\n";
}

std::string digest_of(const std::string& bytes) { return "sha256:" + sha256(bytes).hex(); }

std::string http_record(const std::string& http, const std::string& payload) {
  return record("urn:r",
                "Content-Type: application/http; msgtype=response\r\nWARC-Block-Digest: " +
                    digest_of(http) + "\r\nWARC-Payload-Digest: " + digest_of(payload) + "\r\n",
                http);
}

// Three records, each with a digest over its block.
std::vector<std::string> three_records() {
  std::vector<std::string> records;
  for (const char* id : {"one", "two", "three"}) {
    const std::string block = std::string("the block of ") + id + "\r\n\r\nwith lines\n";
    records.push_back(record(id, "WARC-Block-Digest: " + digest_of(block) + "\r\n", block));
  }
  return records;
}

enum class Packing { kPlain, kMembers, kWhole };

std::vector<std::string> packed(Packing packing) {
  std::vector<std::string> pieces = three_records();
  if (packing == Packing::kWhole) return {gzip(pieces[0] + pieces[1] + pieces[2])};
  if (packing == Packing::kMembers) {
    for (std::string& piece : pieces) piece = gzip(piece);
  }
  return pieces;
}

std::string joined(const std::vector<std::string>& pieces) {
  std::string all;
  for (const std::string& piece : pieces) all += piece;
  return all;
}

const std::vector<std::string> kAll = {"<one>", "<two>", "<three>"};

}  // namespace

TEST_CASE_METHOD(Files, "records are read however they are packed", "[warc]") {
  for (const auto packing : {Packing::kPlain, Packing::kMembers, Packing::kWhole}) {
    CAPTURE(static_cast<int>(packing));
    const auto pieces = packed(packing);
    const Reading reading = read(joined(pieces));
    CHECK(reading.ids() == kAll);
    CHECK_FALSE(reading.damaged);
    REQUIRE(reading.records.size() == 3);
    for (const WarcRecord& each : reading.records) CHECK(each.block_digest == Check::kOk);
    if (packing == Packing::kWhole) continue;
    CHECK(reading.records[1].offset == pieces[0].size());
    CHECK(reading.records[2].offset == pieces[0].size() + pieces[1].size());
  }
}

TEST_CASE_METHOD(Files, "a record's fields", "[warc]") {
  const Reading reading = read(
      "WARC/1.0\r\nwarc-type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
      "WARC-Date:2026-01-01T00:00:00Z\r\nWARC-Target-URI: <https://www.test/\r\n a>\r\n"
      "Content-Type: application/http\r\nContent-Length: 59\r\n\r\n"
      "HTTP/1.1 404 Not Found\r\nContent-Type: Text/HTML; a=b\r\n\r\nabc\r\n\r\n\r\n");
  REQUIRE(reading.records.size() == 1);
  const WarcRecord& one = reading.records[0];
  CHECK(one.errors == std::vector<std::string>{});
  CHECK(one.type == "response");
  CHECK(one.id == "<urn:uuid:1>");
  CHECK(one.date == "2026-01-01T00:00:00Z");
  CHECK(one.uri == "https://www.test/ a");
  CHECK(one.content_length == 59);
  CHECK(one.status == 404);
  CHECK(one.mime == "text/html");
  CHECK(one.block_digest == Check::kNone);
}

TEST_CASE_METHOD(Files, "digests", "[warc]") {
  struct Row {
    const char* name;
    std::string digest;  // of "abc"
    Check check;
  };
  const Row rows[] = {
      {"sha1, base32", "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5", Check::kOk},
      {"sha1, base32, small", "SHA1:vgmt4nsha2awvor6evyxqugcnsonbwe5", Check::kOk},
      {"sha1, hexadecimal", "sha1:a9993e364706816aba3e25717850c26c9cd0d89d", Check::kOk},
      {"md5", "md5:900150983cd24fb0d6963f7d28e17f72", Check::kOk},
      {"md5, base32", "md5:SAAVBGB42JH3BVUWH56SRYL7OI======", Check::kOk},
      {"sha256", "sha-256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
       Check::kOk},
      {"sha512",
       "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
       "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
       Check::kOk},
      {"sha384",
       "sha384:cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"
       "1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
       Check::kOk},
      {"sha1, base64", "sha1:qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", Check::kOk},
      {"sha1, base64 for URLs", "sha1:qZk-NkcGgWq6PiVxeFDCbJzQ2J0", Check::kOk},
      {"sha1, another's base64", "sha1:rZk+NkcGgWq6PiVxeFDCbJzQ2J0=", Check::kBad},
      {"another's", "sha1:AGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5", Check::kBad},
      {"no digits", "sha1:!", Check::kBad},
      {"cut", "sha1:a9993e36", Check::kBad},
      {"unknown", "blake3:00", Check::kNone},
      {"no label", "a9993e364706816aba3e25717850c26c9cd0d89d", Check::kNone},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const Reading reading = read(record(
          "a",
          "WARC-Block-Digest: " + row.digest + "\r\nWARC-Payload-Digest: " + row.digest + "\r\n",
          "abc"));
      REQUIRE(reading.records.size() == 1);
      CHECK(reading.records[0].block_digest == row.check);
      CHECK(reading.records[0].payload_digest == row.check);
      CHECK(reading.damaged == (row.check == Check::kBad));
    }
  }
}

TEST_CASE_METHOD(Files, "6.3.2 the payload of an HTTP answer", "[warc]") {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n";
  const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
  const std::string chunks = "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  struct Row {
    const char* name;
    std::string http, payload;
    Check check;
  };
  const Row rows[] = {
      {"its body", head + "\r\nabc", "abc", Check::kOk},
      {"an empty body", head + "\r\n", "", Check::kOk},
      {"not the head", head + "\r\nabc", head + "\r\nabc", Check::kBad},
      {"with its chunks", chunked + chunks, chunks, Check::kOk},
      {"without its chunks", chunked + chunks, "abcde", Check::kOk},
      {"chunks that are none", chunked + "abc", "abc", Check::kOk},
      {"chunks of another", chunked + chunks, "abcdf", Check::kBad},
      {"lines of LF", "HTTP/1.0 200\nA: b\n\nabc", "abc", Check::kOk},
      {"no end of the head", "HTTP/1.1 200 OK\r\nA: b", "x", Check::kNone},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const Reading reading = read(http_record(row.http, row.payload));
      REQUIRE(reading.records.size() == 1);
      CHECK(reading.records[0].errors == std::vector<std::string>{});
      CHECK(reading.records[0].block_digest == Check::kOk);
      CHECK(reading.records[0].payload_digest == row.check);
    }
  }
  std::string revisit = http_record(head + "\r\n", "abc");
  revisit.replace(revisit.find("resource"), 8, "revisit");
  const Reading reading = read(revisit);
  REQUIRE(reading.records.size() == 1);
  CHECK(reading.records[0].payload_digest == Check::kNone);
  CHECK(reading.records[0].status == 200);
}

TEST_CASE_METHOD(Files, "damage hides no sound record", "[warc]") {
  const auto pieces = three_records();
  const std::string length =
      "Content-Length: " +
      std::to_string(std::string("the block of two\r\n\r\nwith lines\n").size());
  const auto with = [&](const std::string& in_place) {
    std::string two = pieces[1];
    two.replace(two.find(length), length.size(), in_place);
    return pieces[0] + two + pieces[2];
  };
  std::string lf = pieces[1];
  std::erase(lf, '\r');
  const std::string long_line(200'000, 'x');
  struct Row {
    const char* name;
    std::string bytes;
  };
  const Row rows[] = {
      {"too short a length", with("Content-Length: 3")},
      {"too long a length", with("Content-Length: 100")},
      {"beyond the file", with("Content-Length: 100000000")},
      {"an overflow", with("Content-Length: 99999999999999999999")},
      {"a negative length", with("Content-Length: -1")},
      {"no length", with("X: y")},
      {"no colon", with("x\r\n" + length)},
      {"a long line", with("X: " + long_line + "\r\n" + length)},
      {"LF alone", pieces[0] + lf + pieces[2]},
      {"NULs between", pieces[0] + std::string(1000, '\0') + "\n" + pieces[2]},
      {"garbage between", pieces[0] + long_line + "\n" + pieces[2]},
      {"members: one broken", gzip(pieces[0]) + gzip(pieces[1]).substr(0, 50) + gzip(pieces[2])},
      {"members: garbage between", gzip(pieces[0]) + "garbage" + gzip(pieces[2])},
      {"members: NULs between", gzip(pieces[0]) + std::string(100'000, '\0') + gzip(pieces[2])},
      {"members: too long a length",
       gzip(pieces[0]) +
           gzip(with("Content-Length: 100").substr(pieces[0].size(), pieces[1].size() + 1)) +
           gzip(pieces[2])},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const Reading reading = read(row.bytes);
      CHECK(reading.ids() == std::vector<std::string>{"<one>", "<three>"});
      CHECK(reading.damaged);
    }
  }
}

// By some bytes, into the next record or over it: what is swallowed is listed after all.
TEST_CASE_METHOD(Files, "a length that is too long by up to two records hides none", "[warc]") {
  auto pieces = three_records();
  const std::string block = "the block of four";
  pieces.push_back(record("four", "WARC-Block-Digest: " + digest_of(block) + "\r\n", block));
  const size_t length = std::string("the block of one\r\n\r\nwith lines\n").size();
  const std::string field = "Content-Length: ";
  for (size_t more = 1; more <= pieces[1].size() + pieces[2].size(); ++more) {
    CAPTURE(more);
    std::string one = pieces[0];
    one.replace(one.find(field), field.size() + 2, field + std::to_string(length + more));
    const Reading reading = read(one + pieces[1] + pieces[2] + pieces[3]);
    CHECK(reading.ids() == std::vector<std::string>{"<two>", "<three>", "<four>"});
    CHECK(reading.damaged);
    REQUIRE(reading.records.size() == 4);
    CHECK(reading.records[2].offset == one.size() + pieces[1].size());
  }
}

TEST_CASE_METHOD(Files, "a block that quotes a record stays whole", "[warc]") {
  const std::string quoted = record("inner", "", "x");
  const std::string digest = "WARC-Block-Digest: " + digest_of(quoted) + "\r\n";
  CHECK(read(record("outer", digest, quoted)).ids() == std::vector<std::string>{"<outer>"});
  CHECK(read(record("outer", "", quoted)).ids() == std::vector<std::string>{"<outer>"});
}

TEST_CASE_METHOD(Files, "5.4 a date that is none is told, and no damage", "[warc]") {
  const std::pair<const char*, size_t> rows[] = {{"2026-01-01T00:00:00Z", 0},
                                                 {"2026", 0},
                                                 {"2026-01-01T00:00:00.123456Z", 0},
                                                 {"yesterday", 1},
                                                 {"26", 1}};
  for (const auto& [date, errors] : rows) {
    CAPTURE(date);
    std::string bytes = record("a", "", "x");
    const std::string known = "2026-01-01T00:00:00Z";
    bytes.replace(bytes.find(known), known.size(), date);
    const Reading reading = read(bytes);
    REQUIRE(reading.records.size() == 1);
    CHECK(reading.records[0].errors.size() == errors);
    CHECK_FALSE(reading.damaged);
  }
}

TEST_CASE_METHOD(Files, "what is odd but whole is read", "[warc]") {
  const auto pieces = three_records();
  struct Row {
    const char* name;
    std::string bytes;
  };
  const Row rows[] = {
      {"blank lines between", pieces[0] + "\r\n\r\n" + pieces[1] + "\n" + pieces[2]},
      {"empty members",
       gzip("") + gzip(pieces[0]) + gzip("") + gzip(pieces[1]) + gzip(pieces[2]) + gzip("")},
      {"a record of several members",
       gzip(pieces[0].substr(0, 40)) + gzip(pieces[0].substr(40)) + gzip(pieces[1] + pieces[2])},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const Reading reading = read(row.bytes);
      CHECK(reading.ids() == kAll);
      CHECK_FALSE(reading.damaged);
    }
  }
  CHECK(read("").records.empty());
  const std::string large(300'000, 'x');
  const std::string inner = pieces[0] + large + "\n" + pieces[1];
  const Reading nested =
      read(record("outer", "WARC-Block-Digest: " + digest_of(inner) + "\r\n", inner) + pieces[2]);
  CHECK(nested.ids() == std::vector<std::string>{"<outer>", "<three>"});
}

TEST_CASE_METHOD(Files, "a file cut anywhere keeps what came before", "[warc]") {
  for (const auto packing : {Packing::kPlain, Packing::kMembers, Packing::kWhole}) {
    const auto pieces = packed(packing);
    const std::string whole = joined(pieces);
    for (size_t size = 0; size < whole.size(); ++size) {
      CAPTURE(static_cast<int>(packing), size);
      const Reading reading = read(whole.substr(0, size));
      size_t sound = 0;
      for (size_t end = 0; packing != Packing::kWhole && sound < 3; ++sound) {
        end += pieces[sound].size();
        if (end > size) break;
      }
      const auto ids = reading.ids();
      REQUIRE(ids.size() >= sound);
      for (size_t i = 0; i < sound; ++i) REQUIRE(ids[i] == kAll[i]);
    }
  }
}

TEST_CASE_METHOD(Files, "a flipped bit hides no other record", "[warc]") {
  for (const auto packing : {Packing::kPlain, Packing::kMembers, Packing::kWhole}) {
    const auto pieces = packed(packing);
    const std::string whole = joined(pieces);
    for (size_t at = 0; at < whole.size(); at += 7) {
      for (const int bit : {1, 0x10, 0x80}) {
        std::string bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ bit);
        CAPTURE(static_cast<int>(packing), at, bit);
        const Reading reading = read(bytes);
        if (packing == Packing::kWhole) continue;
        const auto ids = reading.ids();
        const std::set<std::string> sound(ids.begin(), ids.end());
        size_t end = 0;
        for (size_t i = 0; i < 3; ++i) {
          const bool hit = at >= end && at < end + pieces[i].size();
          end += pieces[i].size();
          if (!hit) REQUIRE(sound.count(kAll[i]) == 1);
        }
      }
    }
  }
}

TEST_CASE_METHOD(Files, "hostile files have an end, in both sizes", "[warc]") {
  for (const size_t count : {2'000, 4'000}) {
    std::string magic, lengths, names, blanks = gzip("WARC/1.1\r\n");
    const std::string far = "WARC/1.1\r\nContent-Length: 99999999\r\n\r\n", blank = gzip("\r\n");
    for (size_t i = 0; i < count; ++i) {
      magic += "\x1F\x8B\x08";
      lengths += far;
      names += "WARC/1";
      blanks += blank;
    }
    CHECK(read(gzip("WARC/1.1\r\n") + magic).records.size() <= 3);
    CHECK(read(lengths).records.size() == count);
    CHECK(read(blanks).records.size() == 1);
    CHECK(read(names).records.size() == 1);
  }
  // Each swallows all that follow: not each is read again.
  for (const size_t count : {100, 200}) {
    std::string bytes;
    for (size_t i = 0; i < count; ++i) {
      bytes = "WARC/1.1\r\nWARC-Block-Digest: md5:00\r\nContent-Length: " +
              std::to_string(bytes.size()) + "\r\n\r\n" + bytes + "\r\n\r\n";
    }
    CHECK(read(bytes).records.size() < 20);
  }
  std::string header = "WARC/1.1\r\n";
  for (int i = 0; i < 5000; ++i) header += "X: y\r\n";
  const Reading reading = read(header);
  REQUIRE(reading.records.size() == 1);
  CHECK(reading.records[0].errors.size() == 1);
}

TEST_CASE("a file that is not there, or none", "[warc]") {
  TemporaryDirectory folder;
  CHECK(WarcReader::open(folder.file("none")).error().code == ErrorCode::kNotFound);
  CHECK(WarcReader::open(folder.path()).error().code == ErrorCode::kIo);
}

TEST_CASE("what wget writes is read and found right", "[warc]") {
  if (!is_program_there("/usr/bin/wget")) {
    WARN("wget is not there: nothing was tested");
    return;
  }
  TestServer server;
  server.on("/", text("<p>hello"));
  server.on("/chunked",
            whole({.fields = {{"Content-Type", "text/plain"}}, .body = "abc", .chunked = true}));
  TemporaryDirectory folder;
  for (const char* compression : {"--warc-compression", "--no-warc-compression"}) {
    const bool compressed = std::string(compression).starts_with("--warc");
    const std::string name = compressed ? "a" : "b";
    std::vector<std::string> arguments = {"/usr/bin/wget", "-q", "-O", folder.file("out"),
                                          "--warc-file=" + folder.file(name)};
    if (!compressed) arguments.push_back(compression);
    arguments.push_back(server.url("/"));
    arguments.push_back(server.url("/chunked"));
    arguments.push_back(server.url("/none"));
    run_program(arguments);
    const auto reader = WarcReader::open(folder.file(name + (compressed ? ".warc.gz" : ".warc")));
    REQUIRE(reader);
    std::vector<int> statuses;
    for (auto record = (*reader)->next(); record && *record; record = (*reader)->next()) {
      const WarcRecord& each = **record;
      CAPTURE(each.id, each.type, each.uri);
      CHECK(each.errors == std::vector<std::string>{});
      CHECK(each.block_digest != Check::kBad);
      CHECK(each.payload_digest != Check::kBad);
      if (each.type != "response") continue;
      statuses.push_back(each.status.value_or(0));
      CHECK(each.payload_digest == Check::kOk);
    }
    CHECK(statuses == std::vector<int>{200, 200, 404});
    CHECK_FALSE((*reader)->is_damaged());
  }
}

#include "store/log_check.h"

#include "store/crc32c.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

constexpr size_t kBlock = 32768;

std::string little_endian(uint64_t number, int size) {
  std::string bytes;
  for (; size-- > 0; number >>= 8) bytes += static_cast<char>(number & 0xFF);
  return bytes;
}

std::string piece(char type, std::string_view payload) {
  const size_t number = type >= 5 && type <= 8 ? 4 : 0;  // of the log: its length does not count
  return little_endian(masked_crc32c(crc32c(type + std::string(payload))), 4) +
         little_endian(payload.size() - number, 2) + type + std::string(payload);
}

// Records in blocks, as RocksDB writes them.
std::string make_log(const std::vector<std::string>& records) {
  std::string log;
  for (std::string_view record : records) {
    bool is_first = true;
    do {
      size_t room = kBlock - log.size() % kBlock;
      if (room < 7) {
        log.append(room, '\0');
        room = kBlock;
      }
      const auto part = record.substr(0, room - 7);
      record.remove_prefix(part.size());
      log += piece(record.empty() ? (is_first ? 1 : 4) : (is_first ? 2 : 3), part);
      is_first = false;
    } while (!record.empty());
  }
  return log;
}

// Different in each place, so that no part looks like another.
std::string text(size_t size) {
  std::string bytes;
  for (size_t i = 0; bytes.size() < size; ++i) bytes += std::to_string(i * 7919) + ' ';
  return bytes.substr(0, size);
}

}  // namespace

// RFC 3720, B.4, and the example of every implementation.
TEST_CASE("CRC-32C is that of the standard", "[store]") {
  CHECK(crc32c("123456789") == 0xE3069283U);
  CHECK(crc32c(std::string(32, '\0')) == 0x8A9136AAU);
  CHECK(crc32c(std::string(32, '\xFF')) == 0x62A8AB43U);
  CHECK(crc32c("56789", crc32c("1234")) == 0xE3069283U);
  CHECK(crc32c("") == 0);
}

TEST_CASE("logs are sound, cut or damaged", "[store]") {
  const std::string whole = make_log({text(100), text(200), text(50)});
  const std::string long_log = make_log({text(100), text(90'000), text(kBlock), text(50)});
  const std::string recycled = piece(5, little_endian(7, 4) + "new");
  std::string two_logs =
      piece(5, little_endian(7, 4) + "new") + piece(5, little_endian(6, 4) + "old");
  std::string wrong_length = whole, trailer = make_log({text(kBlock - 12), text(50)});
  wrong_length[107 + 207 + 4] = 51;  // the last record seems to go on
  trailer[kBlock - 3] = 1;

  struct Row {
    const char* name;
    std::string log;
    uint64_t records, damaged;
    bool is_cut;
  };
  const Row rows[] = {
      {"empty", "", 0, 0, false},
      {"whole", whole, 3, 0, false},
      {"in several blocks", long_log, 7, 0, false},
      {"cut in a record", whole.substr(0, 200), 1, 0, true},
      {"cut in a header", whole.substr(0, 110), 1, 0, true},
      {"cut between the pieces of a record", long_log.substr(0, kBlock), 2, 0, true},
      {"zeros at the end", whole + std::string(3000, '\0'), 3, 0, true},
      {"a length that looks like a cut", wrong_length, 2, 1, false},
      {"rubbish where no record fits", trailer, 2, 1, false},
      {"a middle piece without its first", piece(3, "x") + piece(4, "y"), 2, 1, false},
      {"a first piece within a record", piece(2, "x") + piece(1, "y"), 2, 1, false},
      {"of recycled files", recycled, 1, 0, false},
      {"the rest is of the file's earlier use", two_logs, 1, 0, false},
      {"compression is announced", piece(9, "zstd") + piece(1, "x"), 2, 0, false},
      {"a record of nothing", piece(1, ""), 1, 0, false},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const LogCheck check = check_log(row.log);
      CHECK(check.records == row.records);
      CHECK(check.damaged == row.damaged);
      CHECK(check.offsets.size() == row.damaged);
      CHECK(check.cut_at.has_value() == row.is_cut);
      LogChecker in_pieces;
      for (size_t at = 0; at < row.log.size(); at += 777) in_pieces.add(row.log.substr(at, 777));
      CHECK(in_pieces.finish().records == row.records);
    }
  }
}

TEST_CASE("damage is told with its place", "[store]") {
  std::string log = make_log({text(100), text(90'000), text(50)});
  log[40'000] ^= 1;
  CHECK(check_log(log).offsets == std::vector<uint64_t>{kBlock});
}

TEST_CASE("every flipped bit of a log is found", "[store]") {
  std::string log = make_log({text(30), text(7), "", text(kBlock - 90), text(60), text(20)});
  REQUIRE(check_log(log).damaged == 0);
  REQUIRE(log.size() > kBlock);
  const auto flips_in = [&](size_t begin, size_t end) {
    for (size_t bit = 8 * begin; bit < 8 * end; ++bit) {
      log[bit / 8] = static_cast<char>(log[bit / 8] ^ 1 << bit % 8);
      if (check_log(log).damaged == 0) FAIL_CHECK("bit " << bit << " of " << 8 * log.size());
      log[bit / 8] = static_cast<char>(log[bit / 8] ^ 1 << bit % 8);
    }
  };
  flips_in(0, 100);
  flips_in(kBlock - 60, log.size());
}

TEST_CASE("a log that is cut anywhere is cut, not damaged", "[store]") {
  const std::string log = make_log({text(30), text(7), text(kBlock), text(60)});
  for (size_t size = 0; size <= log.size(); size += size < 200 || size > kBlock - 50 ? 1 : 500) {
    CAPTURE(size);
    CHECK(check_log(std::string_view(log).substr(0, size)).damaged == 0);
  }
}

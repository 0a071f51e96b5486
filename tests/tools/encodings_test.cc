// Encodings as a real browser has them.
#include <random>

#include <fmt/format.h>

#include "media/ascii.h"
#include "media/charset.h"
#include "media/query_encoding.h"
#include "media/utf8.h"
#include "tests/support/catch.h"
#include "tests/tools/browser.h"

using namespace halftone;
using nlohmann::json;

namespace {

const std::vector<std::string> kSingleByte = {
    "IBM866",       "ISO-8859-2",   "ISO-8859-3",     "ISO-8859-4",    "ISO-8859-5",
    "ISO-8859-6",   "ISO-8859-7",   "ISO-8859-8",     "ISO-8859-8-I",  "ISO-8859-10",
    "ISO-8859-13",  "ISO-8859-14",  "ISO-8859-15",    "ISO-8859-16",   "KOI8-R",
    "KOI8-U",       "macintosh",    "windows-874",    "windows-1250",  "windows-1251",
    "windows-1252", "windows-1253", "windows-1254",   "windows-1255",  "windows-1256",
    "windows-1257", "windows-1258", "x-mac-cyrillic", "x-user-defined"};
const std::vector<std::string> kMultiByte = {"GBK",         "gb18030",   "Big5",  "EUC-JP",
                                             "ISO-2022-JP", "Shift_JIS", "EUC-KR"};

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

std::string bytes_of(std::initializer_list<unsigned> values) {
  std::string out;
  for (const unsigned value : values) out += static_cast<char>(value);
  return out;
}

// The next answer of a text in which U+10FFFF ends each.
std::string_view take_answer(std::string_view& answers) {
  const size_t end = answers.find("\U0010FFFF");
  const std::string_view answer = answers.substr(0, end);
  answers.remove_prefix(std::min(answers.size(), end + 4));
  return answer;
}

// Where Chromium 156 does not follow the standard.
bool chromium_is_wrong(const std::string& encoding, const std::string& bytes) {
  // "Big5 decoder", step 3.3: letters with marks. Chromium has U+0093 and half a character.
  if (encoding == "Big5") {
    for (const char* const pair : {"\x88\x62", "\x88\x64", "\x88\xA3", "\x88\xA5"}) {
      if (bytes.find(pair) != bytes.npos) return true;
    }
  }
  // "ISO-2022-JP decoder", "escape", step 7: both bytes count again. Chromium drops the second one.
  if (encoding != "ISO-2022-JP") return false;
  for (size_t i = 0; i + 2 < bytes.size(); ++i) {
    const bool begins = bytes[i] == '\x1B' && (bytes[i + 1] == '(' || bytes[i + 1] == '$');
    if (begins && static_cast<unsigned char>(bytes[i + 2]) >= 0x80) return true;
  }
  return false;
}

void check_answer(const std::string& encoding, const std::string& bytes, std::string_view answer) {
  if (chromium_is_wrong(encoding, bytes)) return;
  const SourceText text = decode(bytes, encoding);
  if (text.text() == answer) return;
  FAIL_CHECK(encoding << " " << hex(bytes) << ": " << text.text() << ", and not " << answer);
}

// Short texts of bytes that matter to decoders, the same in each run.
std::vector<std::string> hostile_texts() {
  static constexpr std::string_view kBytes =
      "\x1B\x1B$(BJI@0919<a\"&~"
      "\x7F\x80\x81\x82\x84\x8E\x8F\xA0\xA1\xA4\xB0\xC8\xDF\xE3\xF4\xFC\xFE\xFF";
  std::mt19937 random(2022);
  std::vector<std::string> texts;
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (size_t size = 1 + random() % 9; size > 0; --size) text += kBytes[random() % kBytes.size()];
    texts.push_back(text);
  }
  return texts;
}

// All that gb18030 writes with four bytes, but for most of the planes above the first.
std::vector<std::string> gb18030_long_texts() {
  std::string text;
  for (unsigned pointer = 0; pointer < 1260 * 1260; ++pointer) {
    const bool is_border = pointer % 12600 < 3 || (pointer > 1237570 && pointer < 1237580) ||
                           (pointer > 188995 && pointer < 189010);
    if (pointer > 39500 && !is_border) continue;
    text += bytes_of({pointer / 12600 + 0x81, pointer / 1260 % 10 + '0', pointer / 10 % 126 + 0x81,
                      pointer % 10 + '0'});
  }
  return {text};
}

std::vector<std::string> euc_jp_long_texts() {
  std::vector<std::string> texts;
  for (unsigned second = 0x80; second < 0x100; ++second) {
    std::string text;
    for (unsigned third = 0; third < 0x100; ++third) text += bytes_of({0x8F, second, third, '\n'});
    texts.push_back(text);
  }
  return texts;
}

std::vector<std::string> iso_2022_jp_long_texts() {
  std::vector<std::string> texts = {"\x1B(I", "\x1B(J"};
  for (char c = 0x20; c < 0x7F; ++c) {
    texts[0] += c;
    texts[1] += c;
  }
  std::string all = "\x1B$B";
  for (unsigned lead = 0x21; lead < 0x7F; ++lead) {
    for (unsigned trail = 0x21; trail < 0x7F; ++trail) all += bytes_of({lead, trail});
  }
  texts.push_back(all);
  return texts;
}

std::vector<int> rows(int from, int to) {
  std::vector<int> all;
  for (int row = from; row < to; ++row) all.push_back(row);
  return all;
}

// What a query says for each character of a row, without references to what the encoding lacks.
std::string query_of(int row, const std::string& encoding) {
  std::string text;
  for (char32_t c = row * 256; c < static_cast<char32_t>(row * 256 + 256); ++c) {
    const bool is_own =
        c < 0x80 &&
        std::string_view("\x0E\x0F\x1B\\~").find(static_cast<char>(c)) == std::string_view::npos;
    if (is_own || (c >= 0xD800 && c <= 0xDFFF)) continue;
    text += ' ';
    append_utf8(text, c);
  }
  std::string query;
  append_encoded_query(query, text + " .", encoding);
  std::string out = "?";
  for (size_t i = 0; i < query.size();) {
    size_t end = i + 6;
    while (end < query.size() && is_digit(query[end])) ++end;
    const bool is_reference =
        query.compare(i, 6, "%26%23") == 0 && end > i + 6 && query.compare(end, 3, "%3B") == 0;
    if (is_reference) {
      i = end + 3;
    } else {
      out += query[i++];
    }
  }
  return out;
}

}  // namespace

TEST_CASE("bytes mean in every encoding what Chromium reads", "[tools][browser]") {
  const std::vector<std::string> utf16 = {"UTF-16LE", "UTF-16BE"};
  json questions = {{"single", kSingleByte}, {"pairs", kMultiByte}, {"decode", json::array()}};
  std::vector<std::pair<std::string, std::vector<std::string>>> texts = {
      {"gb18030", gb18030_long_texts()},
      {"EUC-JP", euc_jp_long_texts()},
      {"ISO-2022-JP", iso_2022_jp_long_texts()}};
  for (const auto* encodings : {&kMultiByte, &utf16}) {
    for (const std::string& encoding : *encodings) texts.emplace_back(encoding, hostile_texts());
  }
  for (const auto& [encoding, each] : texts) {
    json in_hex = json::array();
    for (const std::string& text : each) in_hex.push_back(hex(text));
    questions["decode"].push_back({encoding, in_hex});
  }
  const auto answers = ask_about_encodings(questions);
  if (!answers) return;

  for (size_t k = 0; k < kSingleByte.size(); ++k) {
    const std::string all = answers->at("single").at(k);
    std::string_view left = all;
    for (unsigned i = 0; i < 256; ++i) {
      check_answer(kSingleByte[k], bytes_of({i}), take_answer(left));
    }
  }
  for (size_t k = 0; k < kMultiByte.size(); ++k) {
    const std::string all = answers->at("pairs").at(k);
    std::string_view left = all;
    for (unsigned i = 0; i < 65536; ++i) {
      check_answer(kMultiByte[k], bytes_of({i >> 8, i & 255}), take_answer(left));
    }
  }
  for (size_t k = 0; k < texts.size(); ++k) {
    const auto& [encoding, each] = texts[k];
    for (size_t i = 0; i < each.size(); ++i) {
      check_answer(encoding, each[i], answers->at("decode").at(k).at(i).get<std::string>());
    }
  }
}

TEST_CASE("characters are written into queries as Chromium writes them", "[tools][browser]") {
  std::vector<int> all = rows(0, 0x100);
  all.insert(all.end(), {0x100, 0x1F6, 0x200, 0x221, 0x2A1, 0x2F8});
  std::vector<int> few = rows(0, 0x34);
  few.insert(few.end(), {0x4E, 0xE0, 0xF7, 0xF8, 0xFB, 0xFF, 0x1F6});
  std::vector<std::pair<std::string, std::vector<int>>> wanted;
  for (const std::string& encoding : kSingleByte) wanted.emplace_back(encoding, few);
  for (const std::string& encoding : kMultiByte) wanted.emplace_back(encoding, all);
  const auto answers = ask_about_encodings({{"query", wanted}});
  if (!answers) return;
  for (size_t k = 0; k < wanted.size(); ++k) {
    for (size_t i = 0; i < wanted[k].second.size(); ++i) {
      const int row = wanted[k].second[i];
      const std::string query = query_of(row, wanted[k].first);
      const std::string answer = answers->at("query").at(k).at(i);
      if (query != answer)
        FAIL_CHECK(wanted[k].first << ", row " << row << ": " << query << ", and not " << answer);
    }
  }
}

// WHATWG HTML, "prescan a byte stream to determine its encoding".
TEST_CASE("documents say their encoding as Chromium hears it", "[tools][browser]") {
  struct Row {
    std::string html;
    // Where the standard has something else than Chromium.
    std::string_view by_the_standard = {};
  };
  const std::vector<Row> table = {
      {"<meta charset=gbk>"},
      {"<meta charset='big5'>"},
      {"<META\nCHARSET = \"euc-kr\" >"},
      {"<meta/charset=gbk>"},
      // Says nothing: ASCII without a word is UTF-8 here.
      {"<meta charset=gbk", "UTF-8"},
      {"<meta charset=nonsense><meta charset=gbk>"},
      {"<meta charset=utf-16><p>"},
      {"<meta charset=x-user-defined>"},
      {"<meta http-equiv=content-type content='text/html; charset=shift_jis'>"},
      {"<meta content='text/html; charset=shift_jis' http-equiv=Content-Type>"},
      {"<meta content='text/html; charset=\"koi8-r\"' http-equiv=Content-Type>"},
      {"<meta content=\"charset = 'koi8-r'\" http-equiv=Content-Type>"},
      {"<meta content='charsetcharset=koi8-r' http-equiv=Content-Type>"},
      {"<meta content='charset=koi8-r;x' http-equiv=Content-Type>"},
      {"<!-- <meta charset=gbk> --><meta charset=big5>"},
      {"<!--><meta charset=gbk>"},
      {"<!doctype html><html lang=zh><head><title>x</title><meta charset=gbk>"},
      {"<a title='<meta charset=gbk>'><meta charset=big5>"},
      {"<?x <meta charset=gbk> ?><meta charset=big5>"},
      {"</p a='>'><meta charset=gbk>"},
      // "If the attribute's name is already in attribute list": the first one counts.
      {"<meta charset=gbk charset=big5>", "GBK"},
      {"<metacharset=gbk><meta charset=big5>"},
      {"<meta name=x content='charset=gbk'><meta charset=big5>"},
      {std::string(1000, ' ') + "<meta charset=gbk>"},
      {"\xEF\xBB\xBF<meta charset=gbk>"},
  };
  json questions = {{"prescan", json::array()}};
  for (const Row& row : table) questions["prescan"].push_back(hex(row.html));
  const auto answers = ask_about_encodings(questions);
  if (!answers) return;
  for (size_t i = 0; i < table.size(); ++i) {
    CAPTURE(table[i].html);
    const std::string seen = answers->at("prescan").at(i);
    const std::string_view name = detect_encoding(table[i].html, "", true).name;
    CHECK(name == (table[i].by_the_standard.empty() ? seen : table[i].by_the_standard));
  }
}

#include "media/charset.h"

#include "media/query_encoding.h"
#include "tests/support/catch.h"

using namespace halftone;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

// Where the first `part` of the decoded text came from.
Span source_of(const SourceText& text, std::string_view part) {
  const size_t at = text.text().find(part);
  REQUIRE(at != std::string_view::npos);
  return text.source(at, at + part.size());
}

}  // namespace

// WHATWG Encoding, 4.2 "Names and labels".
TEST_CASE("labels name encodings", "[media][charset]") {
  struct Row {
    std::string_view label, name;
  };
  const Row rows[] = {{"utf8", "UTF-8"},
                      {" UTF-8\n", "UTF-8"},
                      {"gb2312", "GBK"},
                      {"x-gbk", "GBK"},
                      {"GB18030", "gb18030"},
                      {"latin1", "windows-1252"},
                      {"ascii", "windows-1252"},
                      {"ISO-8859-9", "windows-1254"},
                      {"sjis", "Shift_JIS"},
                      {"ks_c_5601-1987", "EUC-KR"},
                      {"utf-16", "UTF-16LE"},
                      {"iso-2022-kr", "replacement"},
                      {"big5-hkscs", "Big5"},
                      {"", ""},
                      {" ", ""},
                      {"utf-8 utf8", ""},
                      {"utf-7", ""}};
  for (const Row& row : rows) {
    DYNAMIC_SECTION("'" << row.label << "'") { CHECK(encoding_for_label(row.label) == row.name); }
  }
}

// The whole of the rows that have most labels, or that documents use most.
TEST_CASE("every label of an encoding names it", "[media][charset]") {
  struct Row {
    std::string_view name;
    std::vector<std::string> labels;
  };
  const Row rows[] = {
      {"UTF-8",
       {"unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "utf-8", "utf8", "x-unicode20utf8"}},
      {"KOI8-R", {"cskoi8r", "koi", "koi8", "koi8-r", "koi8_r"}},
      {"windows-874",
       {"dos-874", "iso-8859-11", "iso8859-11", "iso885911", "tis-620", "windows-874"}},
      {"windows-1252",
       {"ansi_x3.4-1968", "ascii", "cp1252", "cp819", "csisolatin1", "ibm819", "iso-8859-1",
        "iso-ir-100", "iso8859-1", "iso88591", "iso_8859-1", "iso_8859-1:1987", "l1", "latin1",
        "us-ascii", "windows-1252", "x-cp1252"}},
      {"windows-1254",
       {"cp1254", "csisolatin5", "iso-8859-9", "iso-ir-148", "iso8859-9", "iso88599", "iso_8859-9",
        "iso_8859-9:1989", "l5", "latin5", "windows-1254", "x-cp1254"}},
      {"GBK",
       {"chinese", "csgb2312", "csiso58gb231280", "gb2312", "gb_2312", "gb_2312-80", "gbk",
        "iso-ir-58", "x-gbk"}},
      {"Big5", {"big5", "big5-hkscs", "cn-big5", "csbig5", "x-x-big5"}},
      {"Shift_JIS",
       {"csshiftjis", "ms932", "ms_kanji", "shift-jis", "shift_jis", "sjis", "windows-31j",
        "x-sjis"}},
      {"EUC-KR",
       {"cseuckr", "csksc56011987", "euc-kr", "iso-ir-149", "korean", "ks_c_5601-1987",
        "ks_c_5601-1989", "ksc5601", "ksc_5601", "windows-949"}},
      {"replacement",
       {"csiso2022kr", "hz-gb-2312", "iso-2022-cn", "iso-2022-cn-ext", "iso-2022-kr",
        "replacement"}},
      {"UTF-16LE",
       {"csunicode", "iso-10646-ucs-2", "ucs-2", "unicode", "unicodefeff", "utf-16", "utf-16le"}},
  };
  for (const Row& row : rows) {
    for (const std::string& label : row.labels) {
      CAPTURE(label);
      CHECK(encoding_for_label(label) == row.name);
    }
  }
}

// WHATWG HTML, 13.2.3.2 "Determining the character encoding".
TEST_CASE("a document's encoding is found where the standard says", "[media][charset]") {
  struct Row {
    const char* name;
    std::string bytes, header;
    std::string_view encoding, by;
  };
  const std::string russian =
      "\xCF\xF0\xE8\xE2\xE5\xF2, \xFD\xF2\xEE \xF1\xF2\xE0\xF2\xFC\xFF \xEE \xF2\xEE\xEC, "
      "\xEA\xE0\xEA \xEC\xFB \xEF\xE8\xF8\xE5\xEC \xEF\xF0\xEE\xE3\xF0\xE0\xEC\xEC\xFB";
  const std::string chinese =
      "<p>\xB1\xBE\xCE\xC4\xC0\xB4\xD7\xD4\xCE\xA2\xD0\xC5\xB9\xAB\xD6\xDA\xBA\xC5\xA3\xAC\xD7\xF7"
      "\xD5\xDF\xA3\xBA\xB8\xDB\xB9\xC9\xD1\xD0\xBE\xBF\xC9\xE7</p>";
  const Row rows[] = {
      {"a byte order mark wins over the header",
       "\xEF\xBB\xBF"s
       "a",
       "gbk", "UTF-8", "bom"},
      {"UTF-16BE mark", "\xFE\xFF\0a"s, "", "UTF-16BE", "bom"},
      {"UTF-16LE mark",
       "\xFF\xFE"s
       "a\0"s,
       "", "UTF-16LE", "bom"},
      {"the header wins over meta", "<meta charset=big5>", "gb2312", "GBK", "header"},
      {"an unknown header is passed over", "<meta charset=big5>", "nonsense", "Big5", "meta"},
      {"meta charset", "<html><head><meta charset=\"gb2312\">", "", "GBK", "meta"},
      {"meta http-equiv", "<meta http-equiv=Content-Type content=\"text/html; charset=Shift_JIS\">",
       "", "Shift_JIS", "meta"},
      {"content alone is no pragma", "<meta content='text/html; charset=gbk'>", "", "UTF-8",
       "detected"},
      {"a meta in a comment does not count", "<!-- <meta charset=gbk> --><meta charset=euc-kr>", "",
       "EUC-KR", "meta"},
      {"<!--> is a whole comment", "<!--><meta charset=gbk>", "", "GBK", "meta"},
      {"a meta in an attribute does not count", "<a title='<meta charset=gbk>'>", "", "UTF-8",
       "detected"},
      {"a meta in a processing instruction does not count", "<?x <meta charset=gbk>", "", "UTF-8",
       "detected"},
      {"after an end tag", "</p a='>'><meta charset=gbk>", "", "GBK", "meta"},
      {"the first of two attributes counts", "<meta charset=gbk charset=big5>", "", "GBK", "meta"},
      {"UTF-16 in meta means UTF-8", "<meta charset=utf-16le>", "", "UTF-8", "meta"},
      {"x-user-defined in meta", "<meta charset=x-user-defined>", "", "windows-1252", "meta"},
      {"meta behind 1024 bytes", std::string(1024, ' ') + "<meta charset=gbk>", "", "GBK", "meta"},
      {"the same, as a pragma, behind Chinese",
       "<title>\xE4\xBD\xA0</title>" + std::string(1024, ' ') +
           "<META http-equiv=content-type content='text/html; charset=&#103;bk'>",
       "", "GBK", "meta"},
      {"behind 1024 bytes, in a comment and in a script",
       std::string(1024, ' ') + "<!--<meta charset=gbk>--><script>'<meta charset=gbk>'</script>",
       "", "UTF-8", "detected"},
      {"behind 1024 bytes, in the body", std::string(1024, ' ') + "<body><meta charset=gbk>", "",
       "UTF-8", "detected"},
      {"behind a mebibyte", std::string(1024 * 1024, ' ') + "<meta charset=gbk>", "", "UTF-8",
       "detected"},
      {"a meta that is cut off in a quoted value", "<meta charset='gbk", "", "UTF-8", "detected"},
      {"a meta that is cut off in a value", "<meta charset=gbk", "", "UTF-8", "detected"},
      {"a meta that is cut off behind a value", "<meta charset=gbk ", "", "UTF-8", "detected"},
      {"a meta that the 1024th byte cuts off", std::string(1010, ' ') + "<meta charset=gbk>", "",
       "GBK", "meta"},
      {"XML declaration", "<?xml version='1.0' encoding='big5'?>", "", "Big5", "meta"},
      {"UTF-16LE XML declaration", "<\0?\0x\0m\0l\0"s, "", "UTF-16LE", "meta"},
      {"valid UTF-8", "\xE4\xBD\xA0\xE5\xA5\xBD", "", "UTF-8", "detected"},
      {"empty", "", "", "UTF-8", "default"},
      {"Chinese without a word about it", chinese, "", "GBK", "detected"},
      {"Russian without a word about it", russian, "", "windows-1251", "detected"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const Encoding encoding = detect_encoding(row.bytes, row.header, true);
      CHECK(encoding.name == row.encoding);
      CHECK(encoding.by == row.by);
    }
  }
}

// Bytes of a few words, as people write them, with nothing that names their encoding.
TEST_CASE("a sentence betrays its encoding", "[media][charset]") {
  struct Row {
    std::string_view encoding, text;
  };
  const Row rows[] = {
      {"GBK", "春天的花园里开满了红色的花，孩子们在树下唱歌。"},
      {"GBK", "本报记者今天从市政府获悉，地铁三号线将于明年通车。"},
      {"GBK", "首页新闻"},
      {"GBK", "<title>首页新闻</title><p>首页新闻</p>"},
      {"GBK", "北京是中国的首都"},
      {"gb18030", "㐀是中国的一个汉字，在字典的第一页上。"},
      {"Big5", "臺北市是中華民國的首都"},
      {"EUC-JP", "東京は日本の首都です"},
      {"Shift_JIS", "東京は日本の首都です"},
      {"EUC-KR", "서울은 대한민국의 수도이다"},
      {"windows-874", "นี่คือข้อความภาษาไทยสำหรับทดสอบการตรวจจับการเข้ารหัส ประเทศไทยเป็นประเทศในเอเชีย"},
      {"IBM866", "Москва - столица России, город федерального значения."},
      {"ISO-8859-5", "Москва - столица России, город федерального значения."},
      {"windows-1257", "Vilnius yra Lietuvos sostinė ir didžiausias šalies miestas, įsikūręs"},
      {"windows-1255", "ירושלים היא עיר הבירה של מדינת ישראל והעיר הגדולה ביותר בישראל"},
      {"windows-1250",
       "Budapest Magyarország fővárosa, legnagyobb és legnépesebb városa. Árvíztűrő"},
      {"ISO-8859-2", "Warszawa jest stolicą Polski i największym miastem. Zażółć gęślą jaźń."},
      {"windows-1252", "It’s what you don’t see: “Halftone”"},
      {"GBK", "<title>最新文章</title><p>欢迎来到我们的网站</p>"},
      {"Big5", "春天的花園裡開滿了紅色的花，孩子們在樹下唱歌。"},
      {"Big5", "記者今天從市政府獲悉，捷運三號線將於明年通車。"},
      {"Shift_JIS", "春の庭には赤い花が咲いて、子どもたちが木の下で歌っています。"},
      {"Shift_JIS", "<title>お知らせ</title><p>このページは移転しました。</p>"},
      {"EUC-JP", "春の庭には赤い花が咲いて、子どもたちが木の下で歌っています。"},
      {"EUC-JP", "<title>お知らせ</title><p>このページは移転しました。</p>"},
      {"EUC-KR", "봄날의 정원에는 붉은 꽃이 피었고 아이들은 나무 아래에서 노래를 부른다."},
      {"EUC-KR", "<title>공지사항</title><p>홈페이지에 오신 것을 환영합니다</p>"},
      {"windows-1251", "Весной в саду цветут красные цветы, и дети поют под деревом."},
      {"KOI8-R", "Весной в саду цветут красные цветы, и дети поют под деревом."},
      {"windows-1252", "Les élèves ont été très étonnés : le café où ils dînaient a brûlé."},
      {"windows-1252", "Die Mädchen hören schöne Lieder über die große Stadt."},
      {"ISO-2022-JP", "春の庭には赤い花が咲いています。"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.encoding << " " << row.text) {
      const std::string bytes = encode(row.text, row.encoding);
      const Encoding found = detect_encoding(bytes, "", true);
      CHECK(found.name == row.encoding);
      CHECK(decode(bytes, found.name).text() == row.text);
    }
  }
}

// Unicode 15, table 3-7: what is one byte away from UTF-8 is not UTF-8.
TEST_CASE("ill-formed UTF-8 is not taken for UTF-8", "[media][charset]") {
  for (const std::string_view bytes :
       {"\xC0\x80"sv, "\xE0\x80\x80"sv, "\xED\xA0\x80"sv, "\xF4\x90\x80\x80"sv,
        "\xF5\x80\x80\x80"sv, "\xE4\xBD"sv, "\x80"sv, "\xE4\xBD ."sv}) {
    CAPTURE(std::string(bytes));
    CHECK(detect_encoding(bytes, "", true).name != "UTF-8");
  }
}

// CSS Syntax 3, 3.2 "The input byte stream".
TEST_CASE("@charset decides for CSS, and meta does not", "[media][charset]") {
  CHECK(detect_encoding("@charset \"gb2312\"; a{}", "", false).name == "GBK");
  CHECK(detect_encoding("@charset 'gb2312'; a{}", "", false).name == "UTF-8");
  CHECK(detect_encoding("@charset \"utf-16\";", "", false).name == "UTF-8");
  CHECK(detect_encoding("<meta charset=gbk>", "", false).name == "UTF-8");
}

TEST_CASE("every character knows the bytes it was decoded from", "[media][charset]") {
  struct Row {
    const char* name;
    std::string_view encoding, bytes, text, part;
    Span span;
  };
  const Row rows[] = {
      {"GBK", "GBK", "a\xC4\xE3\xBA\xC3z", "a你好z", "好", {3, 5}},
      {"GBK, run", "GBK", "a\xC4\xE3\xBA\xC3z", "a你好z", "你好z", {1, 6}},
      {"GBK euro", "GBK", "\x80z", "€z", "z", {1, 2}},
      {"GBK cut off before markup", "GBK", "\xC4<a", "\uFFFD<a", "<", {1, 2}},
      {"gb18030, four bytes", "gb18030", "\x81\x39\xEE\x39z", "㐀z", "㐀", {0, 4}},
      {"Big5", "Big5", "\xA4\xA4\xA4\xE5", "中文", "文", {2, 4}},
      {"Shift_JIS, unmapped with an ASCII trail",
       "Shift_JIS",
       "\x85\x40z",
       "\uFFFD@z",
       "z",
       {2, 3}},
      {"Shift_JIS", "Shift_JIS", "\\\x83\x5C\xB1", "\\ソｱ", "ｱ", {3, 4}},
      {"EUC-JP", "EUC-JP", "\xA4\xA2\xAD\xA1", "あ①", "①", {2, 4}},
      {"ISO-2022-JP", "ISO-2022-JP", "a\x1B$B$\"$$\x1B(Bb", "aあいb", "あ", {4, 6}},
      {"ISO-2022-JP, back to ASCII", "ISO-2022-JP", "a\x1B$B$\"\x1B(Bb", "aあb", "あb", {4, 10}},
      {"ISO-2022-JP, before an escape", "ISO-2022-JP", "a\x1B$B$\"\x1B(B", "aあ", "a", {0, 1}},
      {"EUC-KR", "EUC-KR", "\xB0\xA1\x81\x41", "가갂", "갂", {2, 4}},
      {"windows-1252", "windows-1252", "\x80\x81\xE9", "€\u0081é", "é", {2, 3}},
      {"windows-1251", "windows-1251", "\xC0\xE0", "Аа", "а", {1, 2}},
      {"KOI8-U", "KOI8-U", "\xA4", "є", "є", {0, 1}},
      {"ISO-8859-2", "ISO-8859-2", "\xA1", "Ą", "Ą", {0, 1}},
      {"ISO-8859-16", "ISO-8859-16", "x\xA4", "x€", "€", {1, 2}},
      {"x-user-defined", "x-user-defined", "\x80", "\uF780", "\uF780", {0, 1}},
      {"UTF-16LE", "UTF-16LE", "\xFF\xFE\x60\x4F\x3D\xD8\x00\xDE"sv, "你😀", "😀", {4, 8}},
      {"UTF-16BE", "UTF-16BE", "\0a\x4F\x60"sv, "a你", "你", {2, 4}},
      {"UTF-16LE, lone half", "UTF-16LE", "\x3D\xD8\x61\x00"sv, "\uFFFDa", "a", {2, 4}},
      {"UTF-8 mark", "UTF-8", "\xEF\xBB\xBFok", "ok", "ok", {3, 5}},
      {"Big5, Hong Kong's letter with a mark", "Big5", "\x88\x62z", "Ê\u0304z", "Ê\u0304", {0, 2}},
      {"Big5, Hong Kong's extension", "Big5", "\x88\x40z", "\u31C0z", "z", {2, 3}},
      {"gb18030, digits that make no four", "gb18030", "\x81\x30<a", "\uFFFD0<a", "0<", {1, 3}},
      {"gb18030, cut off", "gb18030", "\x81\x30\x81", "\uFFFD", "\uFFFD", {0, 3}},
      {"gb18030 of 2022", "gb18030", "\xA6\xD9", "\uFE10", "\uFE10", {0, 2}},
      {"EUC-JP, three bytes", "EUC-JP", "\x8F\xB0\xA1z", "丂z", "丂", {0, 3}},
      {"EUC-JP, three bytes cut off by markup", "EUC-JP", "\x8F\xB0<", "\uFFFD<", "<", {2, 3}},
      {"ISO-2022-JP, an escape for nothing",
       "ISO-2022-JP",
       "\x1B(B\x1B(Ba",
       "\uFFFDa",
       "a",
       {6, 7}},
      {"UTF-16LE, half a unit", "UTF-16LE", "a\0b"sv, "a\uFFFD", "\uFFFD", {2, 3}},
      {"windows-1253, a byte without meaning", "windows-1253", "\xAAz", "\uFFFDz", "z", {1, 2}},
      {"replacement", "replacement", "abc", "\uFFFD", "\uFFFD", {0, 3}},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const SourceText text = decode(row.bytes, row.encoding);
      CHECK(text.text() == row.text);
      CHECK(source_of(text, row.part) == row.span);
    }
  }
}

TEST_CASE("spans hold where the converter's buffers end", "[media][charset]") {
  // 4096 units a call: the pair falls on the border for one of these lengths.
  for (size_t before = 4090; before < 4100; ++before) {
    CAPTURE(before);
    std::string bytes(before, 'a');
    bytes += "\x94\x39\xFC\x36z";  // U+1F600 in gb18030
    const SourceText text = decode(bytes, "gb18030");
    CHECK(text.text() == std::string(before, 'a') + "😀z");
    CHECK(source_of(text, "😀") == Span{before, before + 4});
    CHECK(source_of(text, "z") == Span{before + 4, before + 5});
  }
}

TEST_CASE("UTF-8 is not copied", "[media][charset]") {
  const std::string bytes = "plain";
  CHECK(decode(bytes, "UTF-8").text().data() == bytes.data());
}

TEST_CASE("decoded text maps back piece by piece", "[media][charset]") {
  SourceText text = SourceText::decoded();
  text.append("ab", {10, 12});
  text.append("&", {12, 17});
  text.append("&", {17, 22});
  text.append("", {22, 24});
  text.append("cd", {24, 26});
  CHECK(text.text() == "ab&&cd");
  CHECK(text.source(0, 2) == Span{10, 12});
  CHECK(text.source(1, 3) == Span{11, 17});
  CHECK(text.source(3, 5) == Span{17, 25});
  CHECK(text.source(4, 4) == Span{24, 24});
  CHECK(text.source(6, 6) == Span{26, 26});
  CHECK(text.source(0, 6) == Span{10, 26});

  const SourceText part = text.slice(1, 5);
  CHECK(part.text() == "b&&c");
  CHECK(part.source(0, 1) == Span{11, 12});
  CHECK(part.source(1, 3) == Span{12, 22});
  CHECK(part.source(3, 4) == Span{24, 25});
  CHECK(text.slice(2, 2).source(0, 0) == Span{12, 12});
}

TEST_CASE("a slice of plain text keeps its place", "[media][charset]") {
  const SourceText text("abcdef", 100);
  CHECK(text.slice(2, 4).text() == "cd");
  CHECK(text.slice(2, 4).source(0, 1) == Span{102, 103});
}

// WHATWG Encoding, 4.1 "encode or fail" with the "html" error mode.
TEST_CASE("text is encoded, and what an encoding lacks becomes a reference", "[media][charset]") {
  struct Row {
    std::string_view encoding, text, bytes;
  };
  const Row rows[] = {{"UTF-8", "你", "你"},
                      {"UTF-16LE", "你", "你"},
                      {"GBK", "a你€😀", "a\xC4\xE3\x80&#128512;"},
                      {"gb18030", "😀", "\x94\x39\xFC\x36"},
                      {"Big5", "中", "\xA4\xA4"},
                      {"Shift_JIS", "あ’é", "\x82\xA0\x81\x66&#233;"},
                      {"ISO-2022-JP", "あ", "\x1B$B$\"\x1B(B"},
                      {"EUC-KR", "가", "\xB0\xA1"},
                      {"windows-1252", "é’你", "\xE9\x92&#20320;"},
                      {"ISO-8859-16", "€你", "\xA4&#20320;"},
                      {"x-user-defined", "a\uF7FF", "a\xFF"},
                      {"GBK", "\uE5E5\U00020000", "&#58853;&#131072;"},
                      {"gb18030", "\uE78D\uFE10\uE7C7", "\xA6\xD9\xA6\xD9\x81\x35\xF4\x37"},
                      {"Big5", "十\u31C0", "\xA4\x51&#12736;"},
                      {"EUC-JP", "¥‾ｱ−丂", "\x5C\x7E\x8E\xB1\xA1\xDD&#19970;"},
                      {"ISO-2022-JP", "¥ｱ\x0E", "\x1B(J\x5C\x1B$B%\"\x1B(B&#65533;"},
                      {"UTF-8", "\xFF", "\xFF"}};
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.encoding) { CHECK(encode(row.text, row.encoding) == row.bytes); }
  }
}

// URL Standard, "percent-encode after encoding": the whole query is encoded at once.
TEST_CASE("a query keeps the encoder's state over its separators", "[media][charset]") {
  std::string query;
  append_encoded_query(query, "¥&¥あ&é", "ISO-2022-JP");
  CHECK(query == "%1B(J\\&\\%1B$B$%22%1B(B&%26%23233%3B");
}

TEST_CASE("long texts of broken characters are decoded in full", "[media][charset]") {
  for (const size_t count : {100'000u, 200'000u}) {
    const auto repeated = [&](std::string_view bytes) {
      std::string text;
      for (size_t i = 0; i < count; ++i) text += bytes;
      return text;
    };
    CHECK(decode(repeated("\x81\x30\x81"), "gb18030").text().size() == count * 4 + 3);
    CHECK(decode(repeated("\x8F\xA1"), "EUC-JP").text().size() >= count * 3 / 2);
    CHECK(decode(repeated("\x1B"), "ISO-2022-JP").text().size() == count * 3);
    CHECK(decode(repeated("\x88\x62"), "Big5").text().size() == count * 4);
    CHECK(decode(repeated("\x00\xD8"sv), "UTF-16LE").text().size() == count * 3);
  }
}

TEST_CASE("a piece of a document in UTF-16 is written in it", "[media][charset]") {
  CHECK(encode_piece("a😀", "UTF-16LE") == "a\0\x3D\xD8\x00\xDE"s);
  CHECK(encode_piece("a😀", "UTF-16BE") == "\0a\xD8\x3D\xDE\x00"s);
  CHECK(encode_piece("你", "GBK") == "\xC4\xE3");
}

TEST_CASE("a text decoded from a decoded text knows the bytes of the first", "[media]") {
  // <p>&amp;lt;中x in GBK, its references undone twice.
  const std::string gbk = "<p>&amp;lt;\xD6\xD0x";
  const SourceText document = decode(gbk, "GBK");
  SourceText once = SourceText::decoded();
  once.append("<p>", {0, 3});
  once.append("&", {3, 8});
  once.append("lt;", {8, 11});
  once.append("\xE4\xB8\xADx", {11, 15});
  SourceText twice = SourceText::decoded();
  twice.append("<p>", {0, 3});
  twice.append("<", {3, 7});
  twice.append("\xE4\xB8\xADx", {7, 11});

  const SourceText flat = twice.through(once).through(document);
  REQUIRE(flat.text() == "<p><\xE4\xB8\xADx");
  CHECK(flat.source(0, 3) == Span{0, 3});
  CHECK(flat.source(3, 4) == Span{3, 11});
  CHECK(flat.source(4, 7) == Span{11, 13});
  CHECK(flat.source(7, 8) == Span{13, 14});
  CHECK(flat.source(0, 8) == Span{0, 14});
}

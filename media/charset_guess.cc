#include "media/charset_guess.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <string>

#include "media/ascii.h"
#include "media/charset.h"
#include "media/charset_index.h"

namespace halftone {
namespace {

uint8_t byte_at(std::string_view bytes, size_t at) {
  return at < bytes.size() ? static_cast<uint8_t>(bytes[at]) : 0;
}

bool is_within(uint8_t byte, uint8_t first, uint8_t last) { return byte >= first && byte <= last; }

bool is_high(char c) { return static_cast<uint8_t>(c) >= 0x80; }

// Without tags; with them where all that is not ASCII stands in tags.
std::string text_of(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (size_t at = 0; at < bytes.size();) {
    const char next = at + 1 < bytes.size() ? bytes[at + 1] : '\0';
    if (bytes[at] == '<' && (is_alpha(next) || next == '/' || next == '!')) {
      at = std::min(bytes.find('>', at), bytes.size() - 1) + 1;
      text += ' ';
    } else {
      text += bytes[at++];
    }
  }
  return std::any_of(text.begin(), text.end(), is_high) ? text : std::string(bytes);
}

// What stands at one place in an encoding of several bytes a character.
struct Unit {
  enum class Use { kWrong, kRare, kSign, kCommon };
  size_t size;
  Use use;
};

using Reader = Unit (*)(std::string_view text, size_t at);

bool is_gbk_trail(uint8_t c) { return c >= 0x40 && c != 0x7F && c != 0xFF; }

bool is_four_bytes(std::string_view text, size_t at) {
  return is_digit(static_cast<char>(byte_at(text, at + 1))) &&
         is_within(byte_at(text, at + 2), 0x81, 0xFE) &&
         is_digit(static_cast<char>(byte_at(text, at + 3)));
}

// GB 2312's rows: signs, and the 3,755 characters of the first level.
Unit read_gbk(std::string_view text, size_t at) {
  const uint8_t lead = byte_at(text, at), trail = byte_at(text, at + 1);
  if (!is_within(lead, 0x81, 0xFE)) return {1, Unit::Use::kWrong};
  if (is_four_bytes(text, at)) return {4, Unit::Use::kRare};
  if (!is_gbk_trail(trail)) return {1, Unit::Use::kWrong};
  if (trail >= 0xA1 && (lead == 0xA1 || lead == 0xA3)) return {2, Unit::Use::kSign};
  const bool is_common = trail >= 0xA1 && is_within(lead, 0xB0, 0xD7);
  return {2, is_common ? Unit::Use::kCommon : Unit::Use::kRare};
}

// The 5,401 characters of the first level: A440 to C67E.
Unit read_big5(std::string_view text, size_t at) {
  const uint8_t lead = byte_at(text, at), trail = byte_at(text, at + 1);
  const bool is_trail = is_within(trail, 0x40, 0x7E) || is_within(trail, 0xA1, 0xFE);
  if (!is_within(lead, 0x81, 0xFE) || !is_trail) return {1, Unit::Use::kWrong};
  if (is_within(lead, 0xA1, 0xA3)) return {2, Unit::Use::kSign};
  const bool is_common = is_within(lead, 0xA4, 0xC5) || (lead == 0xC6 && trail < 0x7F);
  return {2, is_common ? Unit::Use::kCommon : Unit::Use::kRare};
}

// KS X 1001's rows of Hangul.
Unit read_euc_kr(std::string_view text, size_t at) {
  const uint8_t lead = byte_at(text, at), trail = byte_at(text, at + 1);
  const bool is_trail = trail >= 0x81 ? trail != 0xFF : is_alpha(static_cast<char>(trail));
  if (!is_within(lead, 0x81, 0xFE) || !is_trail) return {1, Unit::Use::kWrong};
  if (trail >= 0xA1 && (lead == 0xA1 || lead == 0xA3)) return {2, Unit::Use::kSign};
  const bool is_common = trail >= 0xA1 && is_within(lead, 0xB0, 0xC8);
  return {2, is_common ? Unit::Use::kCommon : Unit::Use::kRare};
}

// JIS X 0208's rows: signs, kana, and the 2,965 characters of the first level.
Unit read_euc_jp(std::string_view text, size_t at) {
  const uint8_t lead = byte_at(text, at), trail = byte_at(text, at + 1);
  if (lead == 0x8E && is_within(trail, 0xA1, 0xDF)) return {2, Unit::Use::kRare};
  if (lead == 0x8F && trail >= 0xA1 && byte_at(text, at + 2) >= 0xA1) return {3, Unit::Use::kRare};
  if (!is_within(lead, 0xA1, 0xFE) || !is_within(trail, 0xA1, 0xFE)) return {1, Unit::Use::kWrong};
  if (lead == 0xA1 || lead == 0xA3) return {2, Unit::Use::kSign};
  const bool is_common = (lead == 0xA4 && trail <= 0xF3) || (lead == 0xA5 && trail <= 0xF6) ||
                         is_within(lead, 0xB0, 0xCF);
  return {2, is_common ? Unit::Use::kCommon : Unit::Use::kRare};
}

Unit read_shift_jis(std::string_view text, size_t at) {
  const uint8_t lead = byte_at(text, at), trail = byte_at(text, at + 1);
  if (is_within(lead, 0xA1, 0xDF)) return {1, Unit::Use::kRare};
  const bool is_lead = is_within(lead, 0x81, 0x9F) || is_within(lead, 0xE0, 0xFC);
  if (!is_lead || !is_gbk_trail(trail) || trail > 0xFC) return {1, Unit::Use::kWrong};
  if (lead == 0x81 || (lead == 0x82 && trail < 0x9F)) return {2, Unit::Use::kSign};
  const bool is_kana = (lead == 0x82 && trail <= 0xF1) || (lead == 0x83 && trail <= 0x96);
  const bool is_common = is_kana || (lead == 0x88 && trail >= 0x9F) ||
                         is_within(lead, 0x89, 0x97) || (lead == 0x98 && trail <= 0x72);
  return {2, is_common ? Unit::Use::kCommon : Unit::Use::kRare};
}

struct Candidate {
  std::string_view name;
  Reader read;
  std::string_view frequent;  // what every sentence has some of
};

constexpr Candidate kCandidates[] = {
    {"GBK", read_gbk,
     "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过"
     "发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前"
     "开但因只从想实日新闻首页网站文章图片关于联系我们北京市公司产品信息"},
    {"Big5", read_big5,
     "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過"
     "發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心本前"
     "開但因只從想實日新聞首頁網站文章圖片關聯絡臺北市公司產品資訊"},
    {"EUC-JP", read_euc_jp,
     "のにはをたがでてとしれさいあるなかこもらりくうっきせおよまそーンス日本"},
    {"Shift_JIS", read_shift_jis,
     "のにはをたがでてとしれさいあるなかこもらりくうっきせおよまそーンス日本"},
    {"EUC-KR", read_euc_kr,
     "이다는의을에가하고지기사은로를한대도서어자리해인나아시라들정수원과그일만구전우장부보요주스니"
     "성으있공제습합동중여국"},
};

// How well a text reads in one of them.
struct Reading {
  size_t characters = 0, common = 0, frequent = 0, wrong = 0;
  bool has_four_bytes = false;

  // Pairs of one script with hardly another between them.
  bool is_likely() const {
    return common >= 2 && wrong * 100 <= characters && common * 100 >= (characters - wrong) * 85;
  }
  double score() const {
    return static_cast<double>(common + 2 * frequent) / static_cast<double>(characters + 1);
  }
};

using Pairs = std::bitset<65536>;

// The pairs of bytes that its frequent characters are.
Pairs frequent_pairs(const Candidate& candidate) {
  Pairs pairs;
  const std::string bytes = encode(candidate.frequent, candidate.name);
  for (size_t at = 0; at + 1 < bytes.size(); at += 2) {
    pairs.set(static_cast<size_t>(byte_at(bytes, at)) << 8 | byte_at(bytes, at + 1));
  }
  return pairs;
}

// A pair between letters of ASCII is none: "It\x92s". What the end cuts off is not counted, and
// neither are signs, which say nothing.
Reading read(const Candidate& candidate, std::string_view text, const Pairs& frequent) {
  Reading reading;
  bool after_pair = false;
  for (size_t at = 0; at < text.size();) {
    if (!is_high(text[at])) {
      after_pair = false;
      ++at;
      continue;
    }
    const Unit unit = candidate.read(text, at);
    const bool is_cut = at + std::max<size_t>(unit.size, 2) > text.size();
    if (is_cut && unit.use == Unit::Use::kWrong) break;
    const bool is_alone = !after_pair && byte_at(text, at + unit.size) < 0x80;
    after_pair = unit.use != Unit::Use::kWrong;
    reading.has_four_bytes = reading.has_four_bytes || unit.size == 4;
    reading.wrong += unit.use == Unit::Use::kWrong;
    if (unit.use != Unit::Use::kSign) ++reading.characters;
    if (unit.use == Unit::Use::kCommon && !is_alone) {
      ++reading.common;
      reading.frequent +=
          frequent.test(static_cast<size_t>(byte_at(text, at)) << 8 | byte_at(text, at + 1));
    }
    at += unit.size;
  }
  return reading;
}

struct PairsGuess {
  std::string_view name;  // empty for none
  bool is_sure = false;   // a quarter are characters of every sentence
};

PairsGuess guess_of_pairs(std::string_view text) {
  static const auto kFrequent = [] {
    std::array<Pairs, std::size(kCandidates)> pairs;
    for (size_t i = 0; i < pairs.size(); ++i) pairs[i] = frequent_pairs(kCandidates[i]);
    return pairs;
  }();
  PairsGuess best;
  double best_score = 0;
  for (size_t i = 0; i < std::size(kCandidates); ++i) {
    const Reading reading = read(kCandidates[i], text, kFrequent[i]);
    if (!reading.is_likely() || reading.score() <= best_score) continue;
    best_score = reading.score();
    best.name = reading.has_four_bytes ? "gb18030" : kCandidates[i].name;
    best.is_sure = reading.frequent * 4 >= reading.characters;
  }
  return best;
}

// Thai writes vowels and tones above, below and behind consonants, in an order that nothing else
// looks like (TIS 620-2533, WTT 2.0).
class ThaiReading {
 public:
  void add(char c) {
    const auto byte = static_cast<uint8_t>(c);
    const bool is_mark = is_above_or_below(byte);
    const bool follows = is_mark || is_within(byte, 0xD0, 0xD3);
    if (byte >= 0x80) {
      const bool is_known =
          is_within(byte, 0xA0, 0xDA) || is_within(byte, 0xDF, 0xEE) || is_within(byte, 0x91, 0x97);
      const bool is_bare =
          follows && !is_consonant(before_) && !is_above_or_below(before_) && before_ != 0xD2;
      const bool leads_nothing = leads(before_) && !is_consonant(byte);
      ++letters_;
      marks_ += is_mark;
      vowels_ += follows || leads(byte);
      wrong_ += !is_known || is_bare || leads_nothing || is_alpha(static_cast<char>(before_));
    } else {
      wrong_ += is_alpha(c) && before_ >= 0x80;
    }
    before_ = byte;
  }

  bool is_thai() const {
    return letters_ >= 6 && marks_ * 10 >= letters_ && vowels_ * 4 >= letters_ &&
           wrong_ * 50 <= letters_;
  }

 private:
  static bool is_consonant(uint8_t byte) { return is_within(byte, 0xA1, 0xCF); }
  static bool leads(uint8_t byte) { return is_within(byte, 0xE0, 0xE4); }
  static bool is_above_or_below(uint8_t byte) {
    return byte == 0xD1 || is_within(byte, 0xD4, 0xDA) || is_within(byte, 0xE7, 0xEE);
  }

  size_t letters_ = 0, marks_ = 0, vowels_ = 0, wrong_ = 0;
  uint8_t before_ = 0;
};

bool is_thai(std::string_view text) {
  ThaiReading reading;
  for (const char c : text) reading.add(c);
  return reading.is_thai();
}

constexpr std::string_view kRussianEncodings[] = {"windows-1251", "KOI8-R", "ISO-8859-5", "IBM866"};

// The letters that make up two thirds of Russian text.
bool is_frequent_in_russian(char16_t letter) {
  constexpr std::u16string_view kFrequent = u"оеаинтсрвлОЕАИНТСРВЛ";
  return kFrequent.find(letter) != kFrequent.npos;
}

// True where nearly all is Russian letters, most of them frequent ones, and no capital follows a
// small letter, nor a letter one of ASCII.
bool is_russian(std::string_view text, const ByteIndex& index) {
  enum class Class { kOther, kLatin, kForeign, kSmall, kCapital };
  const auto is_letter = [](Class c) { return c == Class::kSmall || c == Class::kCapital; };
  size_t bytes = 0, letters = 0, frequent = 0, wrong = 0;
  Class before = Class::kOther, before_that = Class::kOther;
  for (const char c : text) {
    const char16_t letter = is_high(c) ? index[static_cast<uint8_t>(c) - 0x80] : char16_t{0};
    const bool is_small = (letter >= u'а' && letter <= u'я') || letter == u'ё';
    const bool is_capital = (letter >= u'А' && letter <= u'Я') || letter == u'Ё';
    const Class here = is_small      ? Class::kSmall
                       : is_capital  ? Class::kCapital
                       : is_high(c)  ? Class::kForeign
                       : is_alpha(c) ? Class::kLatin
                                     : Class::kOther;
    bytes += is_high(c);
    letters += is_letter(here);
    frequent += is_frequent_in_russian(letter);
    wrong += (is_capital && before == Class::kSmall) ||
             (is_letter(here) && before == Class::kLatin) ||
             (here == Class::kLatin && is_letter(before)) ||
             (is_letter(here) && before == Class::kForeign && is_letter(before_that));
    before_that = before;
    before = here;
  }
  return letters >= 4 && letters * 100 >= bytes * 85 && frequent * 2 >= letters &&
         wrong * 50 <= letters;
}

std::string_view guess_of_russian(std::string_view text) {
  for (const std::string_view name : kRussianEncodings) {
    const ByteIndex* index = byte_index(name);
    if (index && is_russian(text, *index)) return name;
  }
  return {};
}

// Letters of the Baltic languages, where windows-1252 has those of Iceland and France; `telling`
// are the ones among them that French and Danish lack.
bool is_made_of(std::string_view text, std::string_view letters, std::string_view telling) {
  std::bitset<256> seen;
  bool tells = false;
  for (const char c : text) {
    if (static_cast<uint8_t>(c) < 0xC0) continue;
    if (letters.find(c) == letters.npos) return false;
    seen.set(static_cast<uint8_t>(c));
    tells = tells || telling.find(c) != telling.npos;
  }
  return tells && seen.count() >= 4;
}

bool is_baltic(std::string_view text) {
  constexpr std::string_view kLithuanian =
      "\xE0\xE8\xE6\xEB\xE1\xF0\xF8\xFB\xFE\xC0\xC8\xC6\xCB\xC1\xD0\xD8\xDB\xDE";
  constexpr std::string_view kLatvian =
      "\xE2\xE8\xE7\xEC\xEE\xED\xEF\xF2\xF0\xFB\xFE\xC2\xC8\xC7\xCC\xCE\xCD\xCF\xD2\xD0\xDB\xDE";
  constexpr std::string_view kTelling = "\xF0\xFE\xD0\xDE";  // š, ž
  return is_made_of(text, kLithuanian, kTelling) || is_made_of(text, kLatvian, kTelling);
}

// True where ISO-8859-2 and windows-1250 read the text alike.
bool is_alike_in_central_europe(std::string_view text) {
  constexpr std::string_view kDifferent =
      "\xA1\xA5\xA6\xA9\xAB\xAC\xAE\xB1\xB5\xB6\xB7\xB9\xBB\xBC\xBE";
  return text.find_first_of(kDifferent) == text.npos;
}

}  // namespace

std::string_view guess_encoding(std::string_view bytes) {
  const std::string text = text_of(bytes);
  if (const auto russian = guess_of_russian(text); !russian.empty()) return russian;
  const PairsGuess pairs = guess_of_pairs(text);
  return !pairs.is_sure && is_thai(text) ? "windows-874" : pairs.name;
}

std::string_view refined_guess(std::string_view guess, std::string_view bytes) {
  if (guess == "gb18030") return has_four_byte_characters(bytes) ? guess : "GBK";
  if (guess == "ISO-8859-8-I") return "windows-1255";
  const std::string text = text_of(bytes);
  if (guess == "ISO-8859-2" && is_alike_in_central_europe(text)) return "windows-1250";
  if (guess == "windows-1252" && is_baltic(text)) return "windows-1257";
  return guess;
}

bool has_four_byte_characters(std::string_view bytes) {
  for (size_t at = 0; at < bytes.size();) {
    const Unit unit = is_high(bytes[at]) ? read_gbk(bytes, at) : Unit{1, Unit::Use::kSign};
    if (unit.size == 4) return true;
    at += unit.size;
  }
  return false;
}

}  // namespace halftone

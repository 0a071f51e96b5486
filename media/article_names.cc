// Titles without the name of their site, and names of authors.
#include <algorithm>
#include <iterator>

#include "media/article_html.h"
#include "media/article_text.h"
#include "media/ascii.h"

namespace halftone {
namespace {

constexpr size_t kLongestSite = 80;  // bytes of what may be a site's name in a title
constexpr size_t kLongestByline = 300;
constexpr size_t kLongestAuthor = 120;
constexpr int kMostParts = 6;  // of a title

// What stands between a title and the name of its site. Hyphens count with blanks around them, in
// Chinese without, too.
constexpr std::string_view kSeparators[] = {" | ",
                                            " - ",
                                            " \xE2\x80\x93 ",
                                            " \xE2\x80\x94 ",
                                            " \xC2\xB7 ",
                                            " \xE2\x80\xA2 ",
                                            " \xC2\xBB ",  // »
                                            " \xC2\xAB ",  // «
                                            " :: ",
                                            ": ",
                                            " / ",
                                            " ~ ",
                                            "_",
                                            "|",
                                            "\xEF\xBD\x9C",  // ｜
                                            "\xEF\xBC\x8D",  // －
                                            "\xE2\x80\x94\xE2\x80\x94",
                                            "\xE2\x80\x94",
                                            "-"};

// Letters and digits alone, in lower case: "The News!" and "the-news" are the same.
std::string essence(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_alnum(c) || static_cast<unsigned char>(c) >= 0x80) out += to_lower(c);
  }
  return out;
}

bool is_site(std::string_view part, const std::vector<std::string>& sites) {
  const std::string name = essence(part);
  return !name.empty() && std::any_of(sites.begin(), sites.end(), [&](const std::string& site) {
    return essence(site) == name;
  });
}

struct Cut {
  size_t at = std::string_view::npos;  // where the separator begins
  size_t size = 0;
};

// The last separator before `end`.
Cut last_separator(std::string_view title, size_t end) {
  Cut best;
  for (const std::string_view separator : kSeparators) {
    if (end < separator.size()) continue;
    const size_t at = title.rfind(separator, end - separator.size());
    if (at == title.npos) continue;
    const bool later = best.at == title.npos || at + separator.size() > best.at + best.size;
    const bool longer = best.at != title.npos && at + separator.size() == best.at + best.size &&
                        separator.size() > best.size;
    if (later || longer) best = {at, separator.size()};
  }
  return best;
}

// `title` up to where one of the sites is named at its end.
std::string_view without_site_after(std::string_view title, const std::vector<std::string>& sites) {
  size_t end = title.size();
  for (int i = 0; i < kMostParts; ++i) {
    const Cut cut = last_separator(title, end);
    if (cut.at == title.npos || cut.at == 0 || title.size() - cut.at > 2 * kLongestSite) break;
    const std::string_view tail = title.substr(cut.at + cut.size);
    const std::string_view part = title.substr(cut.at + cut.size, end - cut.at - cut.size);
    if (is_site(tail, sites) || is_site(part, sites)) {
      return without_site_after(trim_blanks(title.substr(0, cut.at)), sites);
    }
    end = cut.at;
  }
  return title;
}

std::string_view without_site_before(std::string_view title,
                                     const std::vector<std::string>& sites) {
  for (const std::string_view separator : kSeparators) {
    const size_t at = title.substr(0, kLongestSite).find(separator);
    if (at == title.npos || at == 0 || !is_site(title.substr(0, at), sites)) continue;
    const std::string_view rest = trim_blanks(title.substr(at + separator.size()));
    if (!rest.empty()) return rest;
  }
  return title;
}

bool begins_with_separator(std::string_view text) {
  return std::any_of(std::begin(kSeparators), std::end(kSeparators), [&](std::string_view mark) {
    return mark != ": " && (text.starts_with(mark) || text.starts_with(trim(mark)));
  });
}

bool ends_with_separator(std::string_view text) {
  return std::any_of(std::begin(kSeparators), std::end(kSeparators),
                     [&](std::string_view mark) { return text.ends_with(mark); });
}

// A heading that `title` begins with, before a separator, is the title without the site. One that
// it ends with is only where a `property` says so: an <h1> there may well be the site's name.
std::string_view as_heading(std::string_view title, const std::vector<std::string>& headings,
                            const std::vector<std::string>& properties) {
  const auto fits = [&](const std::string& heading) {
    return heading.size() >= 2 && heading.size() < title.size() &&
           title.size() - heading.size() <= kLongestSite + 10;
  };
  for (const std::string& name : properties) {
    const size_t rest = title.size() - std::min(name.size(), title.size());
    if (fits(name) && title.ends_with(name) && ends_with_separator(title.substr(0, rest))) {
      return title.substr(rest);
    }
  }
  for (const std::string& heading : headings) {
    if (fits(heading) && title.starts_with(heading) &&
        begins_with_separator(title.substr(heading.size()))) {
      return title.substr(0, heading.size());
    }
  }
  return title;
}

// What of a title an <h2> repeats, where the rest of it is an <h1>: "Big story - The Site".
std::string_view as_second_heading(std::string_view title, const std::vector<std::string>& first,
                                   const std::vector<std::string>& second) {
  for (const std::string& heading : second) {
    const bool begins = heading.size() >= 2 && heading.size() < title.size() &&
                        title.starts_with(heading) &&
                        begins_with_separator(title.substr(heading.size()));
    if (begins && is_site(title.substr(heading.size()), first)) {
      return title.substr(0, heading.size());
    }
  }
  return title;
}

// The name itself: what comes before the part that tells what it is.
constexpr std::string_view kBylineBegins[] = {
    "By ",       "by ",      "BY ",       "Written by ", "Posted by ", "Published by ", "Author: ",
    "Author:",   "Text: ",   "Words by ", "Story by ",   "作者：",     "作者:",         "作者 ",
    "作者丨",    "作者｜",   "作者/",     "文/",         "文／",       "文｜",          "文丨",
    "文|",       "文：",     "文 | ",     "文 / ",       "撰文：",     "撰文:",         "撰文/",
    "撰文｜",    "撰稿：",   "撰稿:",     "记者 ",       "记者：",     "記者：",        "記者",
    "本报记者 ", "本报记者", "筆者：",    "著者：",      "執筆：",     "取材・文：",    "文＝",
    "文・",      "Von ",     "von ",      "Par ",        "par ",       "Por ",          "por ",
    "Автор: ",   "Автор:",   "Автор — ",  "Текст: ",     "Текст:",     "بقلم: ",        "بقلم:",
    "بقلم ",     "كتب: ",    "الكاتب: ",  "글 ",         "글=",        "기자 "};

// Where a name ends in a byline.
constexpr std::string_view kBylineEnds[] = {
    " | ",  "|",    "｜",   " · ",  " • ",    " – ",  " — ",        " - ",      "\n",
    "\t",   "；",   ";",    "　",   "。",     "来源", "來源",       "编辑",     "編輯",
    "责编", "发布", "時間", "时间", "发表于", " on ", " Published", " Updated", " Posted",
    " at ", "摄影", "攝影", "图/",  "图｜",   "校对", ", Staff",    " in "};

bool is_address(std::string_view text) {
  return text.find("://") != text.npos || starts_with_ignoring_case(text, "www.");
}

// "jane@news.test (Jane Doe)" of RSS.
std::string_view without_mail(std::string_view text) {
  const size_t at = text.find('@');
  if (at == text.npos || at == 0) return text;
  const size_t open = text.find('('), close = text.rfind(')');
  if (open != text.npos && close != text.npos && open > at && close > open) {
    return text.substr(open + 1, close - open - 1);
  }
  const size_t angle = text.find('<');
  return angle != text.npos && angle < at ? trim_blanks(text.substr(0, angle)) : std::string_view();
}

}  // namespace

std::string page_title(const PageFacts& facts, std::string_view host) {
  const std::vector<std::string> told = facts.all(Fact::kSite);
  std::vector<std::string> sites = told;
  if (host.starts_with("www.")) host.remove_prefix(4);
  sites.emplace_back(host);
  sites.emplace_back(host.substr(0, host.find('.')));
  std::vector<std::string> properties = facts.from("itemprop:headline");
  for (std::string& name : facts.from("itemprop:name")) properties.push_back(std::move(name));
  const std::vector<std::string> headings = facts.from("h1");
  const std::vector<std::string> second = facts.from("h2");
  std::string fallback;  // no more than the site's name
  for (const std::string& said : facts.all(Fact::kTitle)) {
    std::string_view title = as_heading(said, headings, properties);
    title = as_second_heading(title, headings, second);
    title = without_site_after(title, sites);
    title = without_site_before(title, sites);
    if (title.empty()) continue;
    if (!is_site(title, told)) return std::string(title);
    if (fallback.empty()) fallback = title;
  }
  return fallback;
}

std::string clean_author(std::string_view text) {
  text = trim_blanks(text);
  if (text.size() > kLongestByline) return {};
  for (const std::string_view begin : kBylineBegins) {
    if (begin != "记者" && begin != "記者" && text.starts_with(begin)) {
      text = trim_blanks(text.substr(begin.size()));
      break;
    }
  }
  text = without_mail(text);
  for (const std::string_view mark : {" | ", " \xC2\xB7 ", " \xE2\x80\xA2 ", " - ", "\n"}) {
    text = text.substr(0, text.find(mark));
  }
  for (const char mark : {',', '@', ':'}) {
    while (!text.empty() && text.back() == mark) text.remove_suffix(1);
  }
  if (text.starts_with('@')) text.remove_prefix(1);
  const bool number = std::all_of(text.begin(), text.end(), [](char c) {
    return !is_alpha(c) && static_cast<unsigned char>(c) < 0x80;
  });
  if (is_address(text) || number || text.size() > kLongestAuthor) return {};
  return std::string(trim_blanks(text));
}

std::string byline_in(std::string_view line) {
  if (line.size() > kLongestByline) return {};
  for (const std::string_view begin : kBylineBegins) {
    size_t at = line.find(begin);
    const auto within_word = [&] {
      return is_alpha(begin[0]) && at > 0 && !is_space(line[at - 1]) && line[at - 1] != '|';
    };
    while (at != line.npos && within_word()) {
      at = line.find(begin, at + 1);
    }
    if (at == line.npos) continue;
    // "by " within a line is anything but a byline.
    const bool plain = is_ascii(begin) && !begin.starts_with("Author");
    if (at > 0 && plain && line[at - 1] != '\n' && line.find('|') == line.npos) continue;
    std::string_view name = line.substr(at + begin.size());
    for (const std::string_view end : kBylineEnds) name = name.substr(0, name.find(end));
    // A date may follow at once.
    name = name.substr(0, name.find_first_of("0123456789"));
    name = trim_blanks(name);
    if (name.ends_with(',')) name.remove_suffix(1);
    if (!name.empty() && name.size() <= kLongestAuthor && !has_sentence_marks(name)) {
      return clean_author(name);
    }
  }
  return {};
}

}  // namespace halftone

#include "media/article_phrases.h"

#include <algorithm>
#include <iterator>

#include "media/ascii.h"

namespace halftone {
namespace {

constexpr size_t kLongestHeading = 60;  // bytes

// The begin of a line that sends the reader elsewhere, and of what follows an article.
constexpr std::string_view kSendingOn[] = {"Read more",
                                           "Read also",
                                           "Read next",
                                           "See also",
                                           "Related",
                                           "Also read",
                                           "More from",
                                           "Recommended",
                                           "You may also like",
                                           "You might also like",
                                           "Share this",
                                           "Share on",
                                           "Follow us",
                                           "Sign up",
                                           "Subscribe",
                                           "Filed under",
                                           "Tags:",
                                           "Leave a comment",
                                           "Leave a reply",
                                           "Comments",
                                           "Advertisement",
                                           "Skip to",
                                           "Copyright ©",
                                           "©",
                                           "All rights reserved",
                                           "Don't miss",
                                           "相关阅读",
                                           "相关文章",
                                           "相关新闻",
                                           "推荐阅读",
                                           "延伸阅读",
                                           "更多阅读",
                                           "热门推荐",
                                           "猜你喜欢",
                                           "上一篇",
                                           "下一篇",
                                           "责任编辑",
                                           "分享到",
                                           "扫描二维码",
                                           "扫一扫",
                                           "返回搜狐",
                                           "版权声明",
                                           "相關閱讀",
                                           "相關新聞",
                                           "延伸閱讀",
                                           "推薦閱讀",
                                           "関連記事",
                                           "あわせて読みたい",
                                           "おすすめ記事",
                                           "この記事をシェア",
                                           "Читайте также",
                                           "Читать также",
                                           "По теме",
                                           "Поделиться",
                                           "Подписывайтесь",
                                           "اقرأ أيضا",
                                           "اقرأ أيضًا",
                                           "مواضيع ذات صلة",
                                           "شارك",
                                           "Lesen Sie auch",
                                           "Mehr zum Thema",
                                           "Lire aussi",
                                           "À lire aussi",
                                           "Lea también",
                                           "Te puede interesar",
                                           "관련기사",
                                           "관련 기사"};

// Headings and lines after which only what follows an article comes.
constexpr std::string_view kAfterwards[] = {"Related",
                                            "Related articles",
                                            "Related posts",
                                            "Related stories",
                                            "Recommended",
                                            "Comments",
                                            "Leave a comment",
                                            "Leave a reply",
                                            "You may also like",
                                            "You might also like",
                                            "Read next",
                                            "More from",
                                            "More stories",
                                            "More news",
                                            "Share this",
                                            "Share this:",
                                            "Latest news",
                                            "Most read",
                                            "Popular posts",
                                            "相关阅读",
                                            "相关文章",
                                            "相关新闻",
                                            "相关推荐",
                                            "推荐阅读",
                                            "延伸阅读",
                                            "热门推荐",
                                            "热门文章",
                                            "猜你喜欢",
                                            "评论",
                                            "网友评论",
                                            "最新评论",
                                            "相關閱讀",
                                            "相關新聞",
                                            "延伸閱讀",
                                            "推薦閱讀",
                                            "留言",
                                            "関連記事",
                                            "おすすめ記事",
                                            "コメント",
                                            "人気記事",
                                            "Читайте также",
                                            "Похожие статьи",
                                            "Комментарии",
                                            "Новости по теме",
                                            "اقرأ أيضا",
                                            "مواضيع ذات صلة",
                                            "التعليقات",
                                            "Mehr zum Thema",
                                            "Kommentare",
                                            "Commentaires",
                                            "À lire aussi",
                                            "Comentarios",
                                            "Noticias relacionadas",
                                            "관련기사",
                                            "댓글"};

// Headings of lists of links within an article that are no part of it.
constexpr std::string_view kContents[] = {"Contents",
                                          "Table of contents",
                                          "In this article",
                                          "On this page",
                                          "More",
                                          "Share",
                                          "Tags",
                                          "目录",
                                          "目錄",
                                          "目次",
                                          "Содержание",
                                          "Оглавление",
                                          "Inhalt",
                                          "Sommaire",
                                          "Índice",
                                          "목차"};

// What the links of a share bar say.
constexpr std::string_view kShareButtons[] = {
    "Share",    "Tweet",     "Facebook", "Twitter", "X",      "LinkedIn",  "Pinterest", "WhatsApp",
    "Telegram", "Reddit",    "Email",    "E-mail",  "Print",  "Instagram", "YouTube",   "RSS",
    "Mastodon", "Copy link", "微博",     "微信",    "QQ空间", "LINE",      "ВКонтакте", "Pocket"};

std::string_view without_mark(std::string_view text) {
  for (const std::string_view mark : {":", "：", "…", "»"}) {
    if (text.ends_with(mark)) text.remove_suffix(mark.size());
  }
  return trim(text);
}

}  // namespace

bool begins_by_sending_on(std::string_view line) {
  return std::any_of(std::begin(kSendingOn), std::end(kSendingOn), [&](std::string_view begin) {
    return starts_with_ignoring_case(line, begin);
  });
}

bool is_heading_of_afterwards(std::string_view line) {
  if (line.size() > kLongestHeading) return false;
  const std::string_view text = without_mark(line);
  return std::any_of(std::begin(kAfterwards), std::end(kAfterwards),
                     [&](std::string_view heading) { return equals_ignoring_case(text, heading); });
}

bool announces_links(std::string_view line) {
  if (line.size() > kLongestHeading) return false;
  const std::string_view text = without_mark(line);
  return is_heading_of_afterwards(line) || begins_by_sending_on(line) ||
         std::any_of(std::begin(kContents), std::end(kContents),
                     [&](std::string_view heading) { return equals_ignoring_case(text, heading); });
}

bool is_share_button(std::string_view text) {
  return std::any_of(std::begin(kShareButtons), std::end(kShareButtons),
                     [&](std::string_view name) { return equals_ignoring_case(text, name); });
}

bool begins_caption(std::string_view text) {
  for (const std::string_view begin :
       {"图：",    "图:",    "图/",      "图｜",         "图源",     "图片来源",     "图注",
        "▲",       "△",      "圖：",     "圖／",         "圖片來源", "写真：",       "写真＝",
        "（写真",  "Photo:", "Photo by", "Photo credit", "Image:",   "Image credit", "Picture:",
        "Credit:", "Фото:",  "Foto:",    "Photo :"}) {
    if (text.starts_with(begin)) return true;
  }
  return (text.starts_with("（") && text.ends_with("）")) ||
         (text.starts_with("(") && text.ends_with(")"));
}

}  // namespace halftone

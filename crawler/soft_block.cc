#include "crawler/soft_block.h"

#include <algorithm>

#include <fmt/format.h>

#include "crawler/page_sketch.h"
#include "media/ascii.h"
#include "media/mime.h"

namespace halftone {
namespace {

using Kind = SoftBlock::Kind;

constexpr uint64_t kLargestPage = 256 * 1024;  // bytes; stand-ins carry their code with them
constexpr size_t kLittleText = 1500;           // bytes of a page's own text
constexpr size_t kHardlyText = 400;
constexpr size_t kShortLine = 200;
constexpr size_t kMostLogos = 3;  // pictures of a page that says that there is none

struct HeaderMarker {
  std::string_view name, value, who;  // the value begins so, in lower case
};

// Only on answers that are no answer: Cloudflare, "Detect a Challenge Page response"; AWS WAF
// Developer Guide, "How the Challenge and CAPTCHA actions work".
constexpr HeaderMarker kHeaders[] = {
    {"cf-mitigated", "challenge", "Cloudflare"},
    {"x-amzn-waf-action", "challenge", "AWS WAF"},
    {"x-amzn-waf-action", "captcha", "AWS WAF"},
};

enum class Where : uint8_t { kTitle, kText, kCode };

struct Marker {
  Where where;
  std::string_view text;  // lower case; kTitle: its beginning; else somewhere
  Kind kind;
  std::string_view who;
  size_t most_text = kLittleText;
  size_t most_scripts = ~size_t{0};
};

// What the pages of the vendors have and those that they let through have not.
constexpr Marker kMarkers[] = {
    {Where::kCode, "_cf_chl_opt", Kind::kChallenge, "Cloudflare"},
    {Where::kCode, "/orchestrate/chl_page", Kind::kChallenge, "Cloudflare"},
    {Where::kCode, "/orchestrate/jsch", Kind::kChallenge, "Cloudflare"},
    {Where::kCode, "cf-browser-verification", Kind::kChallenge, "Cloudflare"},
    {Where::kCode, "jschl-answer", Kind::kChallenge, "Cloudflare"},
    {Where::kTitle, "attention required! | cloudflare", Kind::kRefusal, "Cloudflare"},
    {Where::kCode, "sec-if-cpt-container", Kind::kChallenge, "Akamai"},
    {Where::kText, "errors.edgesuite.net", Kind::kRefusal, "Akamai", kHardlyText},
    {Where::kCode, " px-captcha ", Kind::kChallenge, "HUMAN"},
    {Where::kTitle, "access to this page has been denied", Kind::kChallenge, "HUMAN"},
    {Where::kCode, "captcha-delivery.com", Kind::kChallenge, "DataDome"},
    {Where::kCode, "_incapsula_resource?cwudnsai", Kind::kChallenge, "Imperva"},
    {Where::kCode, "/_incapsula_resource?", Kind::kChallenge, "Imperva", 0, 1},
    {Where::kTitle, "pardon our interruption", Kind::kChallenge, "Imperva"},
    {Where::kCode, "awswafcookiedomainlist", Kind::kChallenge, "AWS WAF", kHardlyText},
    {Where::kTitle, "error: the request could not be satisfied", Kind::kRefusal, "CloudFront"},
    {Where::kCode, "sucuri_cloudproxy_js", Kind::kChallenge, "Sucuri"},
    {Where::kTitle, "sucuri website firewall", Kind::kRefusal, "Sucuri"},
    {Where::kCode, "/.well-known/ddos-guard/js-challenge", Kind::kChallenge, "DDoS-Guard"},
    {Where::kCode, "ddg-captcha-page", Kind::kChallenge, "DDoS-Guard"},
    {Where::kTitle, "ddos-guard", Kind::kChallenge, "DDoS-Guard", kHardlyText},
    {Where::kCode, "/.well-known/sgcaptcha/", Kind::kChallenge, "SiteGround"},
    {Where::kCode, "acw_sc__v2", Kind::kChallenge, "Aliyun"},
    {Where::kCode, "aliyun_waf_aa", Kind::kChallenge, "Aliyun"},
    {Where::kText, "由于您访问的url有可能对网站造成安全威胁", Kind::kRefusal, "Aliyun",
     kHardlyText},
    {Where::kText, "您提交的请求可能对网站造成威胁", Kind::kRefusal, "Tencent", kHardlyText},
    {Where::kText, "完成验证后即可继续访问", Kind::kChallenge, "WeChat", kShortLine},
    {Where::kTitle, "百度安全验证", Kind::kChallenge, "Baidu"},
    {Where::kTitle, "sina visitor system", Kind::kLogin, "Weibo"},
    {Where::kTitle, "新浪访客系统", Kind::kLogin, "Weibo"},
    {Where::kText, "our systems have detected unusual traffic", Kind::kChallenge, "Google",
     kHardlyText},
    {Where::kCode, "consent.google.com/save", Kind::kConsent, "Google"},
    {Where::kCode, "/v2/collectconsent", Kind::kConsent, "Yahoo"},
    {Where::kTitle, "dpg media privacy gate", Kind::kConsent, "DPG Media"},
};

// Widgets of forms, too; only where a page has nothing but the question.
constexpr std::string_view kCaptchas[] = {
    "hcaptcha.com/1/api.js",     "google.com/recaptcha/", "recaptcha.net/recaptcha/",
    "gstatic.com/recaptcha/",    "/turnstile/v0/api.js",  "tencentcaptcha",
    "captcha.qcloud.com",        "captcha.gtimg.com",     "aliyuncaptcha",
    "client-api.arkoselabs.com", "static.geetest.com/"};
constexpr std::string_view kQuestions[] = {"robot",
                                           "are human",
                                           "a human",
                                           "unusual",
                                           "security check",
                                           "before you continue",
                                           "verify you",
                                           "checking your browser",
                                           "bot oder",
                                           "roboter",
                                           "humain",
                                           "humano",
                                           "安全验证",
                                           "请完成验证",
                                           "人机",
                                           "机器人",
                                           "访问验证",
                                           "ロボット",
                                           "로봇"};

struct Phrase {
  std::string_view text;  // lower case
  Kind kind;
};

// A whole part of a title, under status 2xx.
constexpr Phrase kTitles[] = {
    {"access denied", Kind::kRefusal},
    {"403 forbidden", Kind::kRefusal},
    {"forbidden", Kind::kRefusal},
    {"429 too many requests", Kind::kRefusal},
    {"too many requests", Kind::kRefusal},
    {"request blocked", Kind::kRefusal},
    {"访问被拒绝", Kind::kRefusal},
    {"访问过于频繁", Kind::kRefusal},
    {"500 internal server error", Kind::kError},
    {"internal server error", Kind::kError},
    {"502 bad gateway", Kind::kError},
    {"bad gateway", Kind::kError},
    {"503 service unavailable", Kind::kError},
    {"503 service temporarily unavailable", Kind::kError},
    {"service unavailable", Kind::kError},
    {"database error", Kind::kError},
    {"maintenance mode", Kind::kError},
    {"site maintenance", Kind::kError},
    {"系统维护", Kind::kError},
    {"404 not found", Kind::kNotFound},
    {"not found", Kind::kNotFound},
    {"404 error", Kind::kNotFound},
    {"error 404", Kind::kNotFound},
    {"page not found", Kind::kNotFound},
    {"404 page not found", Kind::kNotFound},
    {"this page could not be found", Kind::kNotFound},
    {"404: this page could not be found", Kind::kNotFound},
    {"seite nicht gefunden", Kind::kNotFound},
    {"page non trouvée", Kind::kNotFound},
    {"page introuvable", Kind::kNotFound},
    {"página no encontrada", Kind::kNotFound},
    {"página não encontrada", Kind::kNotFound},
    {"pagina non trovata", Kind::kNotFound},
    {"pagina niet gevonden", Kind::kNotFound},
    {"страница не найдена", Kind::kNotFound},
    {"页面不存在", Kind::kNotFound},
    {"页面未找到", Kind::kNotFound},
    {"找不到页面", Kind::kNotFound},
    {"找不到頁面", Kind::kNotFound},
    {"404页面", Kind::kNotFound},
    {"ページが見つかりません", Kind::kNotFound},
    {"페이지를 찾을 수 없습니다", Kind::kNotFound},
    {"log in", Kind::kLogin},
    {"login", Kind::kLogin},
    {"sign in", Kind::kLogin},
    {"anmelden", Kind::kLogin},
    {"connexion", Kind::kLogin},
    {"iniciar sesión", Kind::kLogin},
    {"вход", Kind::kLogin},
    {"登录", Kind::kLogin},
    {"用户登录", Kind::kLogin},
    {"登錄", Kind::kLogin},
    {"ログイン", Kind::kLogin},
    {"로그인", Kind::kLogin},
    {"before you continue", Kind::kConsent},
};

// The beginning of all the text that a page or a file has, under status 2xx.
constexpr Phrase kTexts[] = {
    {"access denied", Kind::kRefusal},
    {"403 forbidden", Kind::kRefusal},
    {"too many requests", Kind::kRefusal},
    {"rate limit exceeded", Kind::kRefusal},
    {"访问过于频繁", Kind::kRefusal},
    {"您的访问过于频繁", Kind::kRefusal},
    {"操作过于频繁", Kind::kRefusal},
    {"error establishing a database connection", Kind::kError},
    {"404 page not found", Kind::kNotFound},
    {"404 not found", Kind::kNotFound},
};

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::kChallenge:
      return "a challenge page";
    case Kind::kRefusal:
      return "a refusal";
    case Kind::kLogin:
      return "a login page";
    case Kind::kConsent:
      return "a consent page";
    case Kind::kError:
      return "an error page";
    case Kind::kNotFound:
      return "a page that says it was not found";
    case Kind::kLeadsOn:
      return "a page that only leads on";
  }
  return {};
}

SoftBlock block_of(Kind kind, std::string_view who) {
  return {kind, fmt::format("{} ({})", name_of(kind), who)};
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

bool has_any(std::string_view text, const auto& parts) {
  return std::ranges::any_of(parts, [text](std::string_view part) { return has(text, part); });
}

std::optional<SoftBlock> judge_headers(std::string_view block) {
  while (!block.empty()) {
    const size_t end = std::min(block.find('\n'), block.size());
    const std::string_view line = trim(block.substr(0, end));
    block.remove_prefix(std::min(end + 1, block.size()));
    for (const HeaderMarker& marker : kHeaders) {
      if (!starts_with_ignoring_case(line, marker.name)) continue;
      std::string_view value = trim(line.substr(marker.name.size()));
      if (!value.starts_with(':')) continue;
      value = trim(value.substr(1));
      if (starts_with_ignoring_case(value, marker.value)) {
        return block_of(Kind::kChallenge, marker.who);
      }
    }
  }
  return std::nullopt;
}

// `wanted_page`: only then is a page with much text what was asked for.
bool fits(const Marker& marker, const PageSketch& page, bool wanted_page) {
  if (wanted_page && page.text_size > marker.most_text) return false;
  if (page.scripts > marker.most_scripts) return false;
  switch (marker.where) {
    case Where::kTitle:
      return page.title.starts_with(marker.text);
    case Where::kText:
      return has(page.text, marker.text);
    case Where::kCode:
      return has(page.code, marker.text);
  }
  return false;
}

std::optional<SoftBlock> judge_vendors(const PageSketch& page, bool wanted_page) {
  for (const Marker& marker : kMarkers) {
    if (fits(marker, page, wanted_page)) return block_of(marker.kind, marker.who);
  }
  // Cloudflare's title is anybody's words without its code.
  if (page.title.starts_with("just a moment") && has(page.code, "/cdn-cgi/challenge-platform/")) {
    return block_of(Kind::kChallenge, "Cloudflare");
  }
  const bool asks = has_any(page.text, kQuestions) || has_any(page.title, kQuestions);
  if (asks && page.text_size < kHardlyText && page.images == 0 && has_any(page.code, kCaptchas)) {
    return block_of(Kind::kChallenge, "a captcha");
  }
  return std::nullopt;
}

// Calls visit(part) for the parts of a title, "page not found | example", until it returns true.
bool any_part(std::string_view title, const auto& visit) {
  constexpr std::string_view kMarks[] = {" | ", " - ", " – ", " — ", " · ", " » ", ": ", "_", "-"};
  if (visit(trim(title))) return true;
  return std::ranges::any_of(kMarks, [&](std::string_view mark) {
    if (!has(title, mark)) return false;
    std::string_view rest = title;
    for (size_t at = rest.find(mark); at != rest.npos; at = rest.find(mark)) {
      if (visit(trim(rest.substr(0, at)))) return true;
      rest.remove_prefix(at + mark.size());
    }
    return visit(trim(rest));
  });
}

std::optional<SoftBlock> judge_title(const PageSketch& page) {
  for (const Phrase& phrase : kTitles) {
    if (phrase.kind == Kind::kLogin && !page.has_password) continue;
    // Of refusals and errors there is little to say, and nothing to show.
    const bool may_be_long = phrase.kind == Kind::kNotFound || phrase.kind == Kind::kLogin;
    if (page.text_size > (may_be_long ? kLittleText : kHardlyText)) continue;
    if (page.images > (may_be_long ? kMostLogos : 0)) continue;
    if (any_part(page.title, [&](std::string_view part) { return part == phrase.text; })) {
      return block_of(phrase.kind, fmt::format("its title says “{}”", phrase.text));
    }
  }
  return std::nullopt;
}

// `text`: in lower case.
std::optional<SoftBlock> judge_text(std::string_view text) {
  text = trim(text);
  for (const Phrase& phrase : kTexts) {
    if (text.starts_with(phrase.text)) {
      return block_of(phrase.kind, fmt::format("it says “{}”", phrase.text));
    }
  }
  return std::nullopt;
}

std::optional<SoftBlock> judge_page(const Look& look) {
  if (look.size > kLargestPage) return std::nullopt;
  const auto type = parse_mime_type(look.content_type);
  const std::string charset = type ? type->charset : std::string();
  const PageSketch page = look.wanted_page ? sketch_page(look.body_head, charset, kLittleText)
                                           : sketch_page(look.body_head, charset);
  if (auto block = judge_vendors(page, look.wanted_page)) return block;
  if (look.status / 100 != 2) return std::nullopt;
  if (auto block = judge_title(page)) return block;
  if (page.text_size > kHardlyText || page.images > 0) return std::nullopt;
  if (auto block = judge_text(page.text)) return block;
  if (page.has_refresh && page.text_size < kShortLine) {
    return block_of(Kind::kLeadsOn, "meta refresh");
  }
  return std::nullopt;
}

}  // namespace

std::optional<SoftBlock> soft_block(const Look& look) {
  if (auto block = judge_headers(look.response_headers)) return block;
  if (effective_type(look.body_head, look.content_type) == "text/html") return judge_page(look);
  const bool is_line = look.size <= kShortLine && look.body_head.size() <= kShortLine;
  const bool is_ok = look.status / 100 == 2;
  return is_line && is_ok ? judge_text(lower_case(look.body_head)) : std::nullopt;
}

}  // namespace halftone

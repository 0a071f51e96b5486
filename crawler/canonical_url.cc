#include "crawler/canonical_url.h"

#include <algorithm>
#include <string_view>

#include "media/ascii.h"
#include "media/html_tag.h"

namespace halftone {
namespace {

// Lower case. Chinese: chksm, isappinstalled, nsukey, sharer_* of WeChat; spm of Alibaba;
// share_*, spm_id_from, unique_k, vd_source of bilibili.
constexpr std::string_view kTracking =
    "__hsfp __hssc __hstc __s __twitter_impression _branch_match_id _branch_referrer _ga _gl "
    "_hsenc _hsmi _ke _kx _openstat action_object_map action_ref_map action_type_map "
    "at_campaign at_medium chksm dclid dm_i ef_id elqtrack elqtrackid epik fb_action_ids "
    "fb_action_types fb_comment_id fb_ref fb_source fbclid gad_campaignid gad_source gbraid "
    "gclid gclsrc guccounter guce_referrer guce_referrer_sig hsctatracking igsh igshid "
    "irclickid isappinstalled itm_campaign itm_content itm_medium itm_source itm_term li_fat_id "
    "mc_cid mc_eid mc_tc mkt_tok ml_subscriber ml_subscriber_hash msclkid mtm_campaign mtm_cid "
    "mtm_content mtm_group mtm_keyword mtm_kwd mtm_medium mtm_placement mtm_source ns_campaign "
    "ns_fee ns_linkname ns_mchannel ns_source nsukey oft_c oft_ck oft_d oft_id oft_ids oft_k "
    "oft_lk oft_sk oly_anon_id oly_enc_id piwik_campaign piwik_keyword piwik_kwd pk_campaign "
    "pk_cid pk_content pk_keyword pk_kwd pk_medium pk_source rb_clickid s_cid s_kwcid sccid "
    "share_medium share_plat share_session_id share_source share_tag share_token sharer_shareid "
    "sharer_shareinfo sharer_shareinfo_first sharer_sharetime spm spm_id_from srsltid "
    "trk_contact trk_module trk_msg trk_sid ttclid twclid unique_k vd_source vero_conv vero_id "
    "wbraid wickedid wt.mc_id wt_mc wtrid xtor yclid ymclid ysclid";

// Google Analytics, HubSpot's ads, Blueshift.
constexpr std::string_view kTrackingPrefixes[] = {"utm_", "hsa_", "bsft_"};

// What WeChat notes in "from" when a page is shared.
constexpr std::string_view kSharedFrom[] = {"singlemessage", "timeline", "groupmessage"};

// Names that mean nothing but a session: PHP, Java, ColdFusion, osCommerce, Zen Cart.
constexpr std::string_view kSessions[] = {"phpsessid", "jsessionid", "cftoken", "oscsid", "zenid"};
// Names that say so, but may have to do with the sessions of a conference.
constexpr std::string_view kLikelySessions[] = {"sessid", "sessionid", "session_id"};
// Of phpBB and vBulletin; of other sites, stories and songs.
constexpr std::string_view kPossibleSessions[] = {"sid", "s"};

constexpr size_t kShortSession = 16;  // characters
constexpr size_t kPhpSession = 26;    // PHP's own, at 5 bits a character: the shortest in use

// Letters and digits mixed without a break, hexadecimal or base64. No UUID: those name things.
bool looks_drawn(std::string_view value, size_t at_least) {
  const auto fits = [](char c) {
    return is_alnum(c) || std::string_view("+/=%").find(c) != std::string_view::npos;
  };
  return value.size() >= at_least && std::ranges::all_of(value, fits) &&
         std::ranges::any_of(value, is_digit) && std::ranges::any_of(value, is_alpha);
}

bool is_one_of(std::string_view name, const auto& names) {
  return std::ranges::find(names, name) != std::end(names);
}

// `name` in lower case.
bool is_session(std::string_view name, std::string_view value) {
  if (is_one_of(name, kSessions) || name.starts_with("aspsessionid")) return true;
  if (is_one_of(name, kLikelySessions)) return looks_drawn(value, kShortSession);
  return is_one_of(name, kPossibleSessions) && looks_drawn(value, kPhpSession);
}

bool is_tracking(std::string_view name, std::string_view value) {
  const auto begins = [name](std::string_view prefix) { return name.starts_with(prefix); };
  return has_word(kTracking, name) || std::ranges::any_of(kTrackingPrefixes, begins) ||
         (name == "from" && is_one_of(value, kSharedFrom));
}

struct Parameter {
  std::string name;  // lower case, escapes read
  std::string_view value;
};

Parameter parameter_of(std::string_view text) {
  const size_t mark = std::min(text.find('='), text.size());
  return {lower_case(percent_decode(text.substr(0, mark))),
          text.substr(std::min(mark + 1, text.size()))};
}

// `search`: with its question mark, or empty.
bool has_parameter(std::string_view search, std::string_view wanted) {
  for (size_t at = 0; at < search.size();) {
    const size_t end = std::min(search.find('&', at + 1), search.size());
    if (parameter_of(search.substr(at + 1, end - at - 1)).name == wanted) return true;
    at = end;
  }
  return false;
}

std::string canonical_search(std::string_view search) {
  const bool is_cold_fusion = has_parameter(search, "cftoken");  // then cfid is no id of the page
  std::string out;
  for (size_t at = 0; at < search.size();) {
    const size_t end = std::min(search.find('&', at + 1), search.size());
    const std::string_view piece = search.substr(at + 1, end - at - 1);
    at = end;
    const auto [name, value] = parameter_of(piece);
    const bool is_session_id = is_session(name, value) || (is_cold_fusion && name == "cfid");
    if (is_session_id || is_tracking(name, value)) continue;
    out += out.empty() ? '?' : '&';
    out += piece;
  }
  return out.find_first_not_of("?&") == out.npos ? std::string() : out;
}

// "(S(lit3py55t21z5v55vlm25s55))", with A and F for other cookies that ASP.NET keeps in the path.
bool is_session_folder(std::string_view segment) {
  if (!segment.starts_with('(') || !segment.ends_with("))") || segment.size() < 3) return false;
  segment = segment.substr(1, segment.size() - 2);
  while (!segment.empty()) {
    const size_t close = segment.find(')');
    const bool is_cookie = close != segment.npos && close >= 2 && segment[1] == '(' &&
                           std::string_view("SAFsaf").find(segment[0]) != std::string_view::npos &&
                           looks_drawn(segment.substr(2, close - 2), kShortSession);
    if (!is_cookie) return false;
    segment.remove_prefix(close + 1);
  }
  return true;
}

std::string canonical_segment(std::string_view segment) {
  const size_t name = std::min(segment.find(';'), segment.size());
  std::string out(segment.substr(0, name));
  for (size_t at = name; at < segment.size();) {
    const size_t end = std::min(segment.find(';', at + 1), segment.size());
    const Parameter parameter = parameter_of(segment.substr(at + 1, end - at - 1));
    if (!is_session(parameter.name, parameter.value)) out += segment.substr(at, end - at);
    at = end;
  }
  return out;
}

std::string canonical_path(std::string_view path) {
  if (path.find_first_of(";(") == path.npos) return std::string(path);
  std::string out;
  for (size_t at = 0; at < path.size();) {
    const size_t end = std::min(path.find('/', at + 1), path.size());
    const std::string segment = canonical_segment(path.substr(at + 1, end - at - 1));
    at = end;
    if (end < path.size() && is_session_folder(segment)) continue;
    out.append("/").append(segment);
  }
  return out;
}

}  // namespace

Url canonical_page_url(const Url& url) {
  if (!url.is_http()) return Url::parse(url.href_without_fragment()).value_or(url);
  const std::string canonical =
      url.origin() + canonical_path(url.pathname()) + canonical_search(url.search());
  if (canonical == url.href()) return url;
  // What a session id stood behind may be dots.
  return Url::parse(canonical).value_or(url.without_credentials());
}

std::string page_key(const Url& url) {
  std::string key = canonical_page_url(url).href();
  if (url.is_http()) key.erase(0, key.find(':') + 1);
  return key;
}

std::string requisite_key(const Url& url) { return url.href_without_fragment(); }

}  // namespace halftone

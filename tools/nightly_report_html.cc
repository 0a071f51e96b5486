#include "tools/nightly_report_html.h"

#include <fmt/format.h>

namespace halftone {

const std::string_view kNightStyle = R"(
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--bad:#c33;--good:#2a6}
body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;line-height:1.2;margin:0}h2{font-size:1.2rem;margin:2.2rem 0 .4rem}
.sub{opacity:.7;margin:.3rem 0 1.2rem}a{overflow-wrap:anywhere}
.calm,.trouble{border-left:4px solid var(--good);background:#2a61;padding:.6rem 1rem;margin:1rem 0}
.trouble{border-color:var(--bad);background:#c331}.trouble ul{margin:.2rem 0 0;padding-left:1.2rem}
.counts{display:flex;flex-wrap:wrap;gap:.6rem;margin:1rem 0;padding:0;list-style:none}
.counts li{flex:1 1 7rem;background:var(--soft);border-radius:6px;padding:.5rem .8rem}
.counts b{display:block;font-size:1.5rem;line-height:1.3}.counts span{opacity:.75;font-size:.9rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.2rem;margin:1rem 0}dt{opacity:.7}dd{margin:0}
.growth{width:100%;height:72px;background:var(--soft);border-radius:6px}
.growth polyline{fill:none;stroke:var(--good);stroke-width:2;vector-effect:non-scaling-stroke}
table{border-collapse:collapse;width:100%;font-size:.95rem}
td,th{border-bottom:1px solid var(--line);padding:.35rem .6rem .35rem 0;text-align:left;vertical-align:top}
td{overflow-wrap:anywhere;min-width:5rem}th{opacity:.7;font-weight:600}summary{cursor:pointer;margin:1rem 0 .4rem}
article{display:flex;gap:1.2rem;border-bottom:1px solid var(--line);padding:1rem 0}
article>div:last-child{flex:1;min-width:0}article h3{font-size:1.05rem;line-height:1.3;margin:0}
article p{margin:.3rem 0;overflow-wrap:anywhere}img{display:block;border-radius:4px;max-width:100%}
.thumb{flex:none;width:140px}.thumb img{width:140px;max-height:140px;object-fit:cover}
.none{height:80px;background:var(--soft);border-radius:4px}
.pictures{display:flex;flex-wrap:wrap;gap:1rem;margin:.4rem 0 .8rem}
figure{margin:0;padding:.6rem;background:var(--soft);border-radius:6px;max-width:100%;box-sizing:border-box}
.sides{display:flex;flex-wrap:wrap;gap:.6rem}.sides div{text-align:center}.sides img{max-width:240px;max-height:240px}
.sides .gone img{opacity:.8;outline:2px solid var(--bad)}.sides .new img{outline:2px solid var(--good)}
figcaption{font-size:.85rem;margin-top:.4rem;max-width:500px}
.diff{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);padding:.6rem .9rem;border-radius:6px}
del{background:#c333;text-decoration-color:var(--bad)}ins{background:#2a63;text-decoration:none}
small{opacity:.7}@media(max-width:34rem){article{display:block}.thumb{margin-bottom:.5rem}})";

std::string html_escaped(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += letter;
    }
  }
  return out;
}

std::string html_link(const std::string& url, const std::string& text) {
  const bool is_web = url.starts_with("https://") || url.starts_with("http://");
  if (!is_web) return html_escaped(text);
  return fmt::format("<a href=\"{}\" rel=\"noreferrer noopener\">{}</a>", html_escaped(url),
                     html_escaped(text));
}

}  // namespace halftone

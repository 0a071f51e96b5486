// How halftone's own pages look: a style sheet and mustache templates. For page.cc alone.
#pragma once

namespace halftone {

inline constexpr char kPageStyle[] = R"css(
:root {
  color-scheme: light dark;
  --paper: #fbf8f1; --panel: #f2ecdf; --ink: #22252d; --quiet: #6d6a62; --rule: #ddd5c3; --accent: #b3401f;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Noto Serif", Georgia, "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif;
  --sans: system-ui, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --dots: radial-gradient(circle at center, var(--accent) 32%, transparent 38%) 0 0 / 9px 9px,
          radial-gradient(circle at center, var(--accent) 32%, transparent 38%) 4.5px 4.5px / 9px 9px;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #16181d; --panel: #20242c; --ink: #dcd8ce; --quiet: #98958d; --rule: #353a44; --accent: #f0855f }
}
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100% }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.125rem/1.65 var(--serif); overflow-wrap: break-word }
img, video { max-width: 100%; height: auto }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .2em }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance }
h1 { font-size: clamp(1.8rem, 4.5vw, 2.5rem); margin: .4rem 0 .6rem; letter-spacing: -.01em }
.measure { max-width: 38em; margin: 0 auto; padding: 0 1.25rem }
.wide { max-width: 72rem; margin: 0 auto; padding: 1.4rem 1.25rem 0 }
.small { font: .875rem/1.5 var(--sans); color: var(--quiet) }
.small a { color: inherit }
.bar { height: 1.1rem; background: var(--dots); -webkit-mask-image: linear-gradient(#000, transparent); mask-image: linear-gradient(#000, transparent) }
.headimg { display: block; width: 100%; max-width: 60rem; max-height: 32rem; margin: 0 auto; object-fit: cover }
/* Quotation marks borrowed from a Chinese font, at Latin width. */
:lang(en), :lang(de), :lang(es), :lang(fr), :lang(it), :lang(nl), :lang(pt) { font-feature-settings: "pwid" }
:lang(zh) em, :lang(ja) em { font-style: normal; -webkit-text-emphasis: dot; text-emphasis: dot; text-emphasis-position: under right }

.categories { display: flex; flex-wrap: wrap; gap: .4rem .9rem; margin: 2.4rem 0 0; padding: 0; list-style: none; font: 600 .8rem/1.5 var(--sans); letter-spacing: .06em; color: var(--accent) }
.byline { margin: 0 0 2.2rem }
.body > :first-child { margin-top: 0 }
.body p { margin: 0 0 1.1em; hanging-punctuation: allow-end }
:lang(zh) .body p, :lang(ja) .body p { line-height: 1.85; text-align: justify }
.body h2 { margin: 2.2em 0 .5em; font-size: 1.45rem }
.body h3 { margin: 1.8em 0 .4em; font-size: 1.2rem }
.body img { display: block; margin: 1.8em auto }
.body figure { margin: 2em 0 }
.body figure img { margin: 0 auto }
.body figcaption { padding-top: .5em; font: .875rem/1.5 var(--sans); color: var(--quiet) }
.body blockquote { margin: 1.6em 0; padding: 0 0 0 1.2em; border-left: 3px solid var(--accent); color: var(--quiet) }
.body pre { padding: 1em 1.2em; overflow-x: auto; background: var(--panel); border-radius: 4px; line-height: 1.5 }
.body code, .body pre { font-family: var(--mono); font-size: .875em }
.body pre code { font-size: 1em }
.body table { display: block; max-width: 100%; overflow-x: auto; border-collapse: collapse; margin: 1.6em 0; font: .95rem/1.5 var(--sans) }
.body th, .body td { padding: .4em .9em .4em 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule) }
.body hr { width: 4.5rem; height: 9px; margin: 2.4em auto; border: 0; background: var(--dots) }

.report dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.4rem; margin: 1.4rem 0 2rem }
.report dd { margin: 0 }
.report h2 { margin: 2.4rem 0 .5rem; font-size: 1.3rem }
.report table { width: 100%; border-collapse: collapse; margin: 0 0 2rem; font: .875rem/1.5 var(--sans) }
.report th, .report td { padding: .35em .9em .35em 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); overflow-wrap: anywhere }

.provenance { margin: 3.5rem auto 3rem; padding: 0 1.25rem; max-width: 42.75rem }
.provenance div { padding: 1.1rem 1.3rem; background: var(--panel); border-top: 3px solid var(--accent) }
.provenance h2 { margin: 0 0 .6rem; font: 600 .8rem/1.5 var(--sans); letter-spacing: .06em; color: var(--ink) }
.provenance dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.1rem; margin: 0 }
.provenance dd { margin: 0; min-width: 0; overflow-wrap: anywhere; color: var(--ink) }
.provenance code { font: .8rem/1.6 var(--mono) }

.opening { display: grid; grid-template-columns: 3fr 2fr; align-items: end; gap: 1rem 2.2rem; padding-bottom: 1.4rem; border-bottom: 1px solid var(--rule) }
.opening.plain { display: block }
.opening img { display: block; width: 100%; border-radius: 3px }
.opening p { margin: 0 }
.gallery, .cards { display: grid; gap: 2rem 1.6rem; margin: 2rem 0 4rem; padding: 0; list-style: none }
.gallery { grid-template-columns: repeat(auto-fill, minmax(min(16rem, 100%), 1fr)) }
.gallery figure { margin: 0 }
.gallery a.picture { display: flex; align-items: center; justify-content: center; aspect-ratio: 4 / 3; padding: .7rem; background: var(--panel); border-radius: 3px }
.gallery a.picture img { max-width: 100%; max-height: 100%; object-fit: contain; box-shadow: 0 1px 5px #0004 }
.gallery figcaption p { margin: .45rem 0 0 }
.gallery .alt { color: var(--ink); font: 1rem/1.4 var(--serif) }
.gallery .url { overflow-wrap: anywhere; font-size: .75rem }
.gallery .url a { text-decoration: none }
.gallery .url a:hover { text-decoration: underline }
.cards { grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)) }
.cards .thumb { display: block; aspect-ratio: 40 / 21; overflow: hidden; background: var(--panel); border-radius: 3px }
.cards .thumb.none { background: var(--dots); -webkit-mask-image: linear-gradient(115deg, #0009, #0000 75%); mask-image: linear-gradient(115deg, #0009, #0000 75%) }
.cards .thumb img { display: block; width: 100%; height: 100%; object-fit: cover }
.cards h2 { margin: .8rem 0 .25rem; font-size: 1.25rem }
.cards h2 a { color: inherit; text-decoration: none }
.cards h2 a:hover { color: var(--accent) }
.cards p { margin: 0 0 .35rem; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; line-clamp: 4; overflow: hidden; line-height: 1.5; font-size: 1rem }
.cards .small { font-size: .8125rem }
.incomplete { color: var(--accent); font-weight: 600 }

@media (prefers-color-scheme: dark) {
  img { background: #efeadd }
}
@media (max-width: 44rem) {
  .opening { display: block }
}
@media (max-width: 30rem) {
  .provenance dl { grid-template-columns: 1fr }
  .provenance dd { margin-bottom: .5rem }
}
@media print {
  :root { --paper: #fff; --panel: #fff; --ink: #000; --quiet: #444; --rule: #999; --accent: #000; color-scheme: light }
  body { font-size: 11pt }
  .bar, .screen { display: none }
  figure, img, tr, pre, .provenance div { break-inside: avoid }
  h1, h2, h3 { break-after: avoid }
  .provenance div { border: 1px solid #999 }
  a { color: inherit }
}
)css";

// No script runs on these pages and nothing is asked of any other host.
inline constexpr char kPageHead[] = R"html(<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' data: file:; media-src 'self' data: file:; font-src 'self' data: file:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="halftone">
<title>{{title}}</title>
<style>{{{style}}}</style>
)html";

inline constexpr char kArticleTemplate[] = R"html(<!doctype html>
<html{{#language}} lang="{{language}}"{{/language}}>
<head>
{{>head}}
{{#author}}<meta name="author" content="{{author}}">
{{/author}}
{{#thumbnail}}<meta property="og:image" content="{{thumbnail}}">
{{/thumbnail}}
</head>
<body>
{{#headimg}}<img class="headimg" src="{{headimg}}" alt="">{{/headimg}}
{{^headimg}}<div class="bar"></div>{{/headimg}}
<main class="measure">
{{#has_categories}}<ul class="categories">{{#categories}}<li>{{.}}</li>{{/categories}}</ul>{{/has_categories}}
<h1>{{title}}</h1>
<p class="byline small">{{author}}{{#author_and_date}} · {{/author_and_date}}{{#date}}<time>{{date}}</time>{{/date}}</p>
<article class="body">
{{{body}}}
</article>
</main>
<footer class="provenance small" lang="en"><div>
<h2>Archived copy</h2>
<dl>
{{#source}}<dt>Source</dt><dd>{{>source_link}}</dd>{{/source}}
{{#captured_at}}<dt>Captured</dt><dd>{{captured_at}}</dd>{{/captured_at}}
{{#digest}}<dt>SHA-256</dt><dd><code>{{digest}}</code></dd>{{/digest}}
{{#completeness}}<dt>Completeness</dt><dd>{{completeness}}</dd>{{/completeness}}
{{#gallery}}<dt class="screen">Pictures</dt><dd class="screen"><a href="{{gallery}}">Gallery</a></dd>{{/gallery}}
</dl>
</div></footer>
</body>
</html>
)html";

// What is not an address on the web stays text.
inline constexpr char kSourceLink[] =
    R"html({{#on_the_web}}<a href="{{source}}" rel="noopener noreferrer">{{source}}</a>{{/on_the_web}}{{^on_the_web}}{{source}}{{/on_the_web}})html";

inline constexpr char kGalleryTemplate[] = R"html(<!doctype html>
<html{{#language}} lang="{{language}}"{{/language}}>
<head>
{{>head}}
</head>
<body>
<div class="bar"></div>
<main class="wide">
<header class="opening{{^header_image}} plain{{/header_image}}">
{{#header_image}}<img src="{{header_image}}" alt="">{{/header_image}}
<div>
<h1>{{title}}</h1>
<p class="small" lang="en">{{count}}{{#article}}<span class="screen"> · <a href="{{article}}">Read the article</a></span>{{/article}}</p>
</div>
</header>
<ul class="gallery">
{{#items}}<li><figure>
<a class="picture" href="{{full}}"><img src="{{shown}}"{{#twice}} srcset="{{twice}} 2x"{{/twice}} alt="{{alt}}" loading="lazy"></a>
<figcaption class="small">
{{#alt}}<p class="alt">{{alt}}</p>{{/alt}}
{{#caption}}<p>{{caption}}</p>{{/caption}}
{{#source}}<p class="url">{{>source_link}}</p>{{/source}}
</figcaption>
</figure></li>
{{/items}}
</ul>
</main>
</body>
</html>
)html";

inline constexpr char kIndexTemplate[] = R"html(<!doctype html>
<html>
<head>
{{>head}}
</head>
<body>
<div class="bar"></div>
<main class="wide">
<header class="opening plain">
<h1>{{title}}</h1>
<p class="small" lang="en">{{count}}</p>
</header>
<ul class="cards">
{{#items}}<li{{#language}} lang="{{language}}"{{/language}}>
{{#thumb}}<a class="thumb" href="{{path}}" tabindex="-1"><img src="{{thumb}}"{{#twice}} srcset="{{twice}} 2x"{{/twice}} alt="" loading="lazy"></a>{{/thumb}}
{{^thumb}}<a class="thumb none" href="{{path}}" tabindex="-1"></a>{{/thumb}}
<h2><a href="{{path}}">{{title}}</a></h2>
{{#excerpt}}<p>{{excerpt}}</p>{{/excerpt}}
<p class="small">{{date}}{{#date_and_completeness}} · {{/date_and_completeness}}{{#completeness}}<span{{#incomplete}} class="incomplete"{{/incomplete}} lang="en">{{completeness}}</span>{{/completeness}}</p>
</li>
{{/items}}
</ul>
</main>
</body>
</html>
)html";

inline constexpr char kReportTemplate[] = R"html(<!doctype html>
<html lang="en">
<head>
{{> head}}
</head>
<body>
<div class="bar"></div>
<main class="wide report">
<h1>{{title}}</h1>
<p class="small">{{subtitle}}</p>
<dl>{{#facts}}<dt>{{name}}</dt><dd>{{value}}</dd>{{/facts}}</dl>
{{#tables}}<h2>{{title}}</h2>
{{#note}}<p class="small">{{note}}</p>
{{/note}}<table>
<thead><tr>{{#columns}}<th>{{.}}</th>{{/columns}}</tr></thead>
<tbody>
{{#rows}}<tr>{{#cells}}<td>{{#link}}<a href="{{text}}" rel="noreferrer">{{text}}</a>{{/link}}{{^link}}{{text}}{{/link}}</td>{{/cells}}</tr>
{{/rows}}</tbody>
</table>
{{/tables}}</main>
</body>
</html>
)html";

}  // namespace halftone

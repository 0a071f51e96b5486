// What Chromium asks for when it shows a page is what the scanner said it would ask for.
#include <map>
#include <set>

#include "media/html_references.h"
#include "tests/support/catch.h"
#include "tests/support/test_server.h"
#include "tests/tools/browser.h"

using namespace halftone;

namespace {

// Every construct that makes a browser ask for something, and many that look as if they did.
constexpr std::string_view kPage =
    R"html(<!DOCTYPE html><html manifest=cache.appcache><head><title><img src=title1></title>
<link rel=icon href=icon1.png><link rel="shortcut icon" href=icon2.png>
<link rel=apple-touch-icon href=apple1><link rel=mask-icon href=mask1.svg>
<link rel=apple-touch-startup-image href=startup1>
<link rel=stylesheet href=s1.css><link rel="alternate stylesheet" title=x href=s2.css>
<link rel=stylesheet disabled href=s3.css><link rel=stylesheet media=print href=s4.css>
<link rel=stylesheet type=text/x href=s5.css><link rel="STYLESHEET" href=s6.css>
<link rel=preload as=image href=pre1.png>
<link rel=preload as=image imagesrcset="pre2.png 1x, pre3.png 2x" href=pre4.png>
<link rel=preload as=fetch crossorigin href=pre5><link rel=preload href=pre6>
<link rel=preload as=document href=pre7><link rel=preload as=video href=pre8.mp4>
<link rel=preload as=font crossorigin href=pre9.woff><link rel=preload as=style href=pre10.css>
<link rel=preload as=script href=pre11.js><link rel=preload as=track href=pre12.vtt>
<link rel=preload as=audio href=pre13>
<link rel=modulepreload href=mod1.js><link rel=prefetch href=fetch1><link rel=manifest href=man1>
<link rel=alternate type=application/rss+xml href=feed1><link rel=canonical href=canon1>
<link rel=next href=next1><link rel=prerender href=prer1><link rel=dns-prefetch href=//d.test>
<link rel=preconnect href=//e.test><link rel=search href=search1>
<link imagesrcset="nopre1 1x" rel=icon><link rel=pingback href=ping1>
<link itemprop=image href=itemp1>
<meta property=og:image content=og1><meta name=twitter:image content=tw1>
<style>@import "i1.css";
@import url(i2.css) layer(x);
@import 'i3.css' print;
@import url(i4.css) supports(display:grid);
@import 'i5.css' supports(display:foo);
@namespace x url(ns1);
@font-face{font-family:F;src:url(font1.woff),url('font2.woff')}
.b1{background:url(bg1.png)}
.b2{background:url("bg2.png"),url(bg3.png)}
.b3{background:image-set("is1.png" 1x, url(is2.png) 2x)}
.b4{--x:url(cp1.png);background:var(--x)}
.b5{list-style-image:url(ls1.png)}
.b6{content:url(ct1.png)}
.b7{cursor:url(cur1.png),auto}
.b8{mask-image:url(mask2.png)}
.b9{border-image:url(bi1.png) 1}
.b10{background:image-set("is3.avif" type("image/avif"), "is4.png" type("image/png"))}
.b11{filter:url(f1.svg#a)}
.b12{clip-path:url(cl1.svg#a)}
.b13{background:src("srcf.png")}
.b14{shape-outside:url(shape1.png);float:left}
.b15{background:-webkit-cross-fade(url(cf1.png),url(cf2.png),50%)}
.b16::before{content:"";background:url(bf1.png)} /* url(comment.png) */ .b17{background:u\72l(esc1.png)}
.b18{background:url(bad url.png)}
.b19{background:url(ok\ 1.png)}</style>
<style media=print>@import "pi1.css"; .b1{background:url(pbg.png)}</style>
<style type=text/x>@import "tx.css";</style>
<noscript><link rel=stylesheet href=ns1.css><base href=/nsbase/></noscript>
<script src=sc1.js></script><script type=module src=sc2.js></script><script nomodule src=sc3.js>
</script><script type=text/template src=sc4.js></script><script async src=sc5.js></script>
<script type=application/json src=sc6.js></script><script language=vbscript src=sc7.js></script>
</head><body background=bodybg.png><div class=b1>x</div><div class=b2>x</div>
<div class=b3>x</div><div class=b4>x</div><ul><li class=b5>x</ul><div class=b6>x</div>
<div class=b7>x</div><div class=b8>x</div><div class=b9 style="border:3px solid">x</div>
<div class=b10>x</div><div class=b11>x</div><div class=b12>x</div><div class=b13>x</div>
<div class=b14>x</div><div class=b15>x</div><div class=b16>x</div><div class=b17>x</div>
<div class=b18>x</div><div class=b19>x</div><p style="font-family:F">text</p>
<div style="background:url(st1.png)">x</div><div style='background:url("st2.png")'>x</div>
<div style="background:url(&quot;st3.png&quot;)">x</div>
<img src=img1.png><img src=" img2.png "><img srcset="ss1.png 1x, ss2.png 2x" src=img3.png>
<img srcset="w1.png 100w, w2.png 2000w" sizes=100vw src=img4.png>
<img srcset="bad1.png 1q" src=img5.png><img lowsrc=low1.png><img dynsrc=dyn1.png>
<image src=im1.png><image href=im2.png><img loading=lazy src=lazy1.png>
<img src=img6.png longdesc=ld1 referrerpolicy=no-referrer>
<picture><source srcset=ps1.webp type=image/webp>
<source srcset=ps2.png media="(min-width:100px)"><img src=pi1.png></picture><picture>
<source srcset=ps3.foo type=image/foo><img src=pi2.png></picture><picture>
<source srcset="ps4.png" ><img src=pi3.png loading=lazy></picture><picture>
<source srcset="ps5.png" referrerpolicy=origin><img src=pi4.png referrerpolicy=no-referrer>
</picture><source srcset=orphan.png src=orphan2>
<img data-src=ds1.png><img data-original="http://127.0.0.1/do1.png"><noscript><img src=nsimg.png>
<picture><source srcset=nss.png></picture></noscript>
<input type=image src=in1.png><input type=text src=in2.png><object data=obj1.png type=image/png>
</object><object data=obj2.svg></object><object classid=cls1 codebase=/cb/ data=obj3.png>
</object><embed src=emb1.svg><embed src=emb2.png type=image/png><applet code=app1 archive=app2>
</applet>
<video src=vid1.mp4 poster=post1.png></video><video poster=post2.png preload=none src=vid2.mp4>
</video><audio src=aud1.mp4></audio><audio preload=none src=aud2.mp4></audio><video>
<source src=vs1.mp4><source src=vs2.mp4 type=video/foo><track src=tr1.vtt>
<track default src=tr2.vtt kind=subtitles></video><bgsound src=bgs1>
<table background=tab1.png><thead background=th0.png><tr background=tr3.png>
<td background=td1.png>x</td><th background=th1.png>x</th></tr></thead><tbody background=tb1.png>
<tr><td>x</table>
<a href=a1 ping=pg1>x</a><map name=m><area href=ar1></map><blockquote cite=c1>x</blockquote>
<q cite=c2>x</q><form action=fo1><button formaction=fo2>x</button></form>
<iframe src=frame1></iframe><iframe loading=lazy src=frame2></iframe>
<iframe src=frame3 srcdoc="<base href='/sd/'><img src='sd1.png'>
<style>body{background:url(sd2.png)}</style><iframe srcdoc='<img src=sd3.png>'></iframe>">
</iframe><iframe srcdoc="<img src=sd4.png>"></iframe>
<svg width=50 height=50><image href=svg1.png width=9 height=9 />
<image xlink:href=svg2.png width=9 height=9 />
<image href=svg3.png xlink:href=svg4.png width=9 height=9 /><image src=svg5.png />
<use href=use1.svg#a /><use xlink:href=use2.svg#a /><filter id=f><feImage href=fe1.png />
</filter><rect filter=url(#f) width=9 height=9 /><a href=sva1><text>x</text></a>
<style>.s{fill:url(sf1.svg#a)} rect{background:url(sb1.png)}</style>
<rect class=s width=5 height=5 /><rect fill="url(pf1.svg#a)" width=5 height=5 />
<rect mask="url(pm1.svg#a)" width=5 height=5 /><rect filter="url(pff1.svg#a)" width=5 height=5 />
<rect clip-path="url(pc1.svg#a)" width=5 height=5 /><script href=svs1.js></script>
<script xlink:href=svs2.js></script><script src=svs3.js></script><title><img src=svt1.png>
</title><foreignObject width=9 height=9><img src=fo1.png></foreignObject><video src=svv.mp4>
</video><base href=/svgbase/><iframe src=svframe></iframe><link rel=stylesheet href=svl.css></svg>
<math><mi href=ma1>x</mi><annotation-xml encoding=text/html><img src=ann1.png></annotation-xml>
</math>
<template><img src=tpl1.png><base href=/tplbase/></template><div><template shadowrootmode=open>
<img src=shadow1.png><style>p{background:url(shadow2.png)}</style><p>x</p>
<link rel=stylesheet href=shadow3.css></template></div>
<script type=text/template><img src=scripttpl.png></script><amp-img src=amp1.png></amp-img>
<x-y src=cust1.png></x-y><portal src=portal1></portal><textarea><img src=ta1.png></textarea><xmp>
<img src=xmp1.png></xmp><noembed><img src=ne1.png></noembed><noframes><img src=nf1.png>
</noframes><iframe><img src=iff.png></iframe><select><option><img src=sel1.png></option></select>
<div><svg><path d=x></div><img src=aftersvg.png><iframe src=frame9></iframe><title>
<img src=title2.png></title>
<!-- <img src=com1.png> --><![CDATA[ <img src=cd1.png> ]]><svg><![CDATA[<img src=cd2.png>]]>
</svg><plaintext><img src=plain1.png>)html";

// Images and style sheets that Chromium may ask for at once and does not, with its reason.
const std::map<std::string, std::string> kPassedOver = {
    {"pre3.png", "another candidate of the preload fits"},
    {"pre4.png", "a candidate of the preload's imagesrcset fits"},
    {"i5.css", "its supports() condition does not hold"},
    {"is2.png", "another candidate of the image-set fits"},
    {"is4.png", "an earlier candidate of the image-set has a type it knows"},
    {"bi1.png", "a later border-style takes the image's place"},
    {"srcf.png", "it does not know src()"},
    {"pbg.png", "the style element is for print"},
    {"ss2.png", "another candidate fits"},
    {"img3.png", "a candidate of its srcset fits"},
    {"w1.png", "another candidate fits"},
    {"img4.png", "a candidate of its srcset fits"},
    {"ps2.png", "an earlier source fits"},
    {"pi1.png", "a source fits"},
    {"ps3.foo", "its type is unknown"},
    {"pi4.png", "a source fits"},
};

bool is_image_or_sheet(Kind kind) {
  return kind == Kind::kImage || kind == Kind::kImageCandidate || kind == Kind::kStylesheet ||
         kind == Kind::kCssString;
}

}  // namespace

TEST_CASE("Chromium asks for no reference that the scanner did not foresee", "[tools][browser]") {
  TestServer server;
  server.on("/dir/page.html", text(std::string(kPage), "text/html; charset=utf-8"));
  const std::string url = server.url("/dir/page.html");
  if (!visit(url)) return;

  std::set<std::string> asked;
  for (const SeenRequest& request : server.requests()) asked.insert(server.url(request.target));
  REQUIRE(asked.erase(url) == 1);

  const Url base = *Url::parse(url);
  const auto found = find_html_references(SourceText(kPage, 0), base, "UTF-8");
  std::set<std::string> foreseen;
  for (const Reference& reference : found.references) {
    const auto target = Url::parse(reference.url);
    if (!target) continue;
    const std::string without_fragment = target->href_without_fragment();
    const bool soon =
        reference.loading == Loading::kAtOnce || reference.loading == Loading::kNearView;
    if (!soon || reference.rejected) continue;
    foreseen.insert(without_fragment);
    if (reference.loading != Loading::kAtOnce || !is_image_or_sheet(reference.kind)) continue;
    CAPTURE(reference.raw);
    CHECK(asked.count(without_fragment) + kPassedOver.count(reference.raw) == 1);
  }
  CHECK(asked.size() > 90);
  for (const std::string& target : asked) {
    if (foreseen.count(target) == 0) FAIL_CHECK("not foreseen: " << target);
  }
}

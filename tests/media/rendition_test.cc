#include "media/rendition.h"

#include <algorithm>

#include "media/document.h"
#include "media/http_url_parts.h"
#include "media/rendition_index.h"
#include "media/rendition_rules.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

struct Row {
  const char* source;  // whose URLs look so, and where they say it
  std::string_view url;
  std::vector<std::string> originals;
};

std::vector<std::string> originals(std::string_view text) {
  const auto url = Url::parse(text);
  REQUIRE(url);
  return originals_of(*url);
}

template <size_t size>
void check(const Row (&rows)[size]) {
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.source << " " << row.url) { CHECK(originals(row.url) == row.originals); }
  }
}

const Url kPage = *Url::parse("https://news.test/article");

std::vector<Reference> references_of(std::string_view html) {
  auto scan = scan_document(html, DocumentType::kHtml, kPage);
  return std::move(scan.references);
}

}  // namespace

TEST_CASE("originals behind object stores and news sites of China", "[media]") {
  const Row rows[] = {
      {"Alibaba OSS, \"Image Processing: parameters\"",
       "https://image-demo.oss-cn-hangzhou.aliyuncs.com/example.jpg?x-oss-process=image/"
       "resize,w_600/quality,q_80",
       {"https://image-demo.oss-cn-hangzhou.aliyuncs.com/example.jpg"}},
      {"OSS: other parameters stay",
       "https://img.test/a.jpg?versionId=7&x-oss-process=style/small",
       {"https://img.test/a.jpg?versionId=7"}},
      {"OSS, \"Styles\": custom separators",
       "https://img.test/a.jpg!w600",
       {"https://img.test/a.jpg"}},
      {"OSS, styles of the older service",
       "https://img.test/a.jpg@!style",
       {"https://img.test/a.jpg"}},
      {"OSS, parameters of the older service",
       "https://img.test/a.jpg@600w_1l.jpg",
       {"https://img.test/a.jpg"}},
      {"bilibili",
       "https://i0.hdslb.com/bfs/archive/0a1b.jpg@672w_378h_1c.webp",
       {"https://i0.hdslb.com/bfs/archive/0a1b.jpg"}},
      {"Alibaba's shops",
       "https://img.alicdn.com/imgextra/i1/6000/O1CN01.jpg_400x400q90.jpg_.webp",
       {"https://img.alicdn.com/imgextra/i1/6000/O1CN01.jpg"}},
      {"Tencent Cloud Infinite, \"imageMogr2 thumbnail\"",
       "https://examples-1251000004.cos.ap-shanghai.myqcloud.com/sample.jpeg?imageMogr2/thumbnail/"
       "!50p",
       {"https://examples-1251000004.cos.ap-shanghai.myqcloud.com/sample.jpeg"}},
      {"Tencent Cloud Infinite, \"imageView2\"",
       "https://img.test/sample.jpeg?imageView2/1/w/400/h/600/q/85",
       {"https://img.test/sample.jpeg"}},
      {"Tencent: signed", "https://img.test/s.jpeg?q-signature=ab&imageMogr2/thumbnail/!50p", {}},
      {"Qiniu, \"imageMogr2\", as Jianshu writes it",
       "https://upload-images.jianshu.io/upload_images/1-a.png?imageMogr2/auto-orient/"
       "strip%7CimageView2/2/w/1240",
       {"https://upload-images.jianshu.io/upload_images/1-a.png"}},
      {"Qiniu, \"image styles\"", "https://img.test/a.jpg-w600", {"https://img.test/a.jpg"}},
      {"Huawei OBS, \"Image Processing\"",
       "https://image-demo.obs.example/a.jpg?x-image-process=image/resize,m_lfit,h_100",
       {"https://image-demo.obs.example/a.jpg"}},
      {"UPYUN, \"thumbnail versions\"",
       "https://p.upaiyun.com/docs/cloud/demo.jpg!small/fw/200",
       {}},
      {"UPYUN, one version",
       "https://p.upaiyun.com/demo.jpg!w600",
       {"https://p.upaiyun.com/demo.jpg"}},
      {"ByteDance veImageX, templates",
       "https://p3-juejin.byteimg.com/tos-cn-i-k3u1fbpfcp/"
       "8f~tplv-k3u1fbpfcp-zoom-in-crop-mark:1512:0:0:0.awebp?",
       {"https://p3-juejin.byteimg.com/tos-cn-i-k3u1fbpfcp/8f"}},
      {"ByteDance: signed",
       "https://p3-sign.toutiaoimg.com/tos-cn-i-x/8f~tplv-tt-large.image?x-expires=1&x-signature=a",
       {}},
      {"WeChat",
       "https://mmbiz.qpic.cn/mmbiz_jpg/AbC/640?wx_fmt=jpeg&tp=webp&wxfrom=5&wx_lazy=1",
       {"https://mmbiz.qpic.cn/mmbiz_jpg/AbC/0?wx_fmt=jpeg"}},
      {"WeChat: the original", "https://mmbiz.qpic.cn/mmbiz_jpg/AbC/0?wx_fmt=jpeg", {}},
      {"WeChat avatars",
       "https://thirdwx.qlogo.cn/mmopen/vi_32/abc/132",
       {"https://thirdwx.qlogo.cn/mmopen/vi_32/abc/0"}},
      {"Tencent News",
       "https://inews.gtimg.com/newsapp_bt/0/12345/641",
       {"https://inews.gtimg.com/newsapp_bt/0/12345/0"}},
      {"Weibo",
       "https://wx1.sinaimg.cn/orj360/008abc.jpg",
       {"https://wx1.sinaimg.cn/large/008abc.jpg"}},
      {"Weibo",
       "https://wx1.sinaimg.cn/thumb150/008abc.jpg",
       {"https://wx1.sinaimg.cn/large/008abc.jpg"}},
      {"Weibo",
       "https://wx1.sinaimg.cn/mw690/008abc.jpg",
       {"https://wx1.sinaimg.cn/large/008abc.jpg"}},
      {"Weibo",
       "https://wx1.sinaimg.cn/bmiddle/008abc.jpg",
       {"https://wx1.sinaimg.cn/large/008abc.jpg"}},
      {"Weibo: the original", "https://wx1.sinaimg.cn/large/008abc.jpg", {}},
      {"Zhihu",
       "https://pic1.zhimg.com/80/v2-0a_720w.webp?source=1940ef5c",
       {"https://pic1.zhimg.com/80/v2-0a_r.webp", "https://pic1.zhimg.com/80/v2-0a.webp"}},
      {"Zhihu",
       "https://pic1.zhimg.com/v2-0a_b.jpg",
       {"https://pic1.zhimg.com/v2-0a_r.jpg", "https://pic1.zhimg.com/v2-0a.jpg"}},
      {"Zhihu: the original", "https://pic1.zhimg.com/v2-0a_r.jpg", {}},
      {"Douban",
       "https://img9.doubanio.com/view/photo/m/public/p2.jpg",
       {"https://img9.doubanio.com/view/photo/raw/public/p2.jpg",
        "https://img9.doubanio.com/view/photo/l/public/p2.jpg"}},
      {"Douban, covers",
       "https://img1.doubanio.com/view/subject/s/public/s3.jpg",
       {"https://img1.doubanio.com/view/subject/l/public/s3.jpg"}},
      {"NetEase News",
       "https://nimg.ws.126.net/"
       "?url=http%3A%2F%2Fdingyue.ws.126.net%2F2022%2Fa.jpg&thumbnail=660x2147483647&quality=80&"
       "type=jpg",
       {"http://dingyue.ws.126.net/2022/a.jpg"}},
      {"NetEase NOS, \"image processing\"",
       "https://nos.netease.127.net/b/a.jpg?imageView&thumbnail=200x200&quality=85",
       {"https://nos.netease.127.net/b/a.jpg"}},
      {"Sohu",
       "https://5b.cdn.sohucs.com/q_70,c_lfill,w_300,h_200/images/2020/a.jpeg",
       {"https://5b.cdn.sohucs.com/images/2020/a.jpeg"}},
  };
  check(rows);
}

TEST_CASE("originals behind proxies", "[media]") {
  const Row rows[] = {
      {"Jetpack Photon, developer.wordpress.com \"Photon\"",
       "https://i0.wp.com/blog.test/wp/a.jpg?resize=600%2C400&ssl=1",
       {"https://blog.test/wp/a.jpg"}},
      {"Photon: the server and a port is no rendition of a page",
       "https://i0.wp.com/a.jpg?w=1",
       {}},
      {"weserv, images.weserv.nl/docs",
       "https://images.weserv.nl/?url=blog.test/a.jpg&w=300",
       {"https://blog.test/a.jpg"}},
      {"weserv", "https://wsrv.nl/?url=ssl:blog.test/a.jpg", {"https://blog.test/a.jpg"}},
      {"Next.js, \"next/image\" loader",
       "https://www.test/_next/image?url=https%3A%2F%2Fimg.test%2Fa.png%3Fv%3D2&w=640&q=75",
       {"https://img.test/a.png?v=2"}},
      {"Next.js: of its own server",
       "https://www.test/_next/image?url=%2Fa.png&w=640&q=75",
       {"https://www.test/a.png"}},
      {"Vercel", "https://www.test/_vercel/image?url=%2Fa.png&w=640", {"https://www.test/a.png"}},
      {"Netlify Image CDN",
       "https://www.test/.netlify/images?url=/a.png&w=50",
       {"https://www.test/a.png"}},
      {"Astro",
       "https://www.test/_image?href=%2F_astro%2Fa.png&w=50",
       {"https://www.test/_astro/a.png"}},
      {"Nuxt, ipx",
       "https://www.test/_ipx/w_600/uploads/a.png",
       {"https://www.test/uploads/a.png"}},
      {"Nuxt, ipx",
       "https://www.test/_ipx/w_600/https://img.test/a.png",
       {"https://img.test/a.png"}},
      {"Cloudflare, \"Transform via URL\"",
       "https://www.test/cdn-cgi/image/width=80,quality=75/uploads/a.jpg",
       {"https://www.test/uploads/a.jpg"}},
      {"Cloudflare",
       "https://www.test/cdn-cgi/image/width=80/https://img.test/a.jpg?v=1",
       {"https://img.test/a.jpg?v=1"}},
      {"Cloudinary, \"fetch\"",
       "https://res.cloudinary.com/demo/image/fetch/w_300/https://img.test/a.jpg",
       {"https://img.test/a.jpg"}},
      {"Substack",
       "https://substackcdn.com/image/fetch/$s_!k!,w_1456,c_limit,f_auto/"
       "https%3A%2F%2Fs3.test%2Fpublic%2Fa.png",
       {"https://s3.test/public/a.png"}},
      {"thumbor, \"URL\"",
       "https://thumbor.test/unsafe/300x200/smart/https://img.test/a.jpg",
       {"https://img.test/a.jpg"}},
      {"Daum",
       "https://img1.daumcdn.net/thumb/R720x0.q80/?fname=http%3A%2F%2Fimg.test%2Fa.jpg",
       {"http://img.test/a.jpg"}},
      {"a rendition of a rendition, the original first",
       "https://i1.wp.com/blog.test/a-300x200.jpg?w=100",
       {"https://blog.test/a.jpg", "https://blog.test/a-300x200.jpg"}},
      {"what stands inside must be http",
       "https://www.test/_next/image?url=file%3A%2F%2F%2Fetc%2Fpasswd",
       {}},
      {"a script inside", "https://www.test/_next/image?url=javascript%3Aalert(1)", {}},
      {"itself inside", "https://www.test/cdn-cgi/image/", {}},
  };
  check(rows);
}

TEST_CASE("originals behind large hosts", "[media]") {
  const Row rows[] = {
      {"Google, sizes",
       "https://lh3.googleusercontent.com/abc=w600-h400",
       {"https://lh3.googleusercontent.com/abc=s0"}},
      {"Google, sizes",
       "https://lh3.googleusercontent.com/abc=s1600",
       {"https://lh3.googleusercontent.com/abc=s0"}},
      {"Google: the original", "https://lh3.googleusercontent.com/abc=s0", {}},
      {"YouTube avatars", "https://yt3.ggpht.com/abc=s88-c-k", {"https://yt3.ggpht.com/abc=s0"}},
      {"Blogger",
       "https://1.bp.blogspot.com/-a/X/I/s320/a.jpg",
       {"https://1.bp.blogspot.com/-a/X/I/s0/a.jpg"}},
      {"Blogger",
       "https://1.bp.blogspot.com/-a/X/I/s1600-h/a.jpg",
       {"https://1.bp.blogspot.com/-a/X/I/s0/a.jpg"}},
      {"Blogger",
       "https://blogger.googleusercontent.com/img/b/R/A/w640-h480/a.jpg",
       {"https://blogger.googleusercontent.com/img/b/R/A/s0/a.jpg"}},
      {"Twitter",
       "https://pbs.twimg.com/media/Ab?format=jpg&name=small",
       {"https://pbs.twimg.com/media/Ab?format=jpg&name=orig"}},
      {"Twitter",
       "https://pbs.twimg.com/media/Ab.jpg:large",
       {"https://pbs.twimg.com/media/Ab.jpg:orig"}},
      {"Twitter, \"Profile images\"",
       "https://pbs.twimg.com/profile_images/1/a_normal.png",
       {"https://pbs.twimg.com/profile_images/1/a.png"}},
      {"YouTube",
       "https://i.ytimg.com/vi/abc/hqdefault.jpg?sqp=x&rs=y",
       {"https://i.ytimg.com/vi/abc/maxresdefault.jpg"}},
      {"Medium", "https://miro.medium.com/max/800/1*a.png", {"https://miro.medium.com/1*a.png"}},
      {"Medium",
       "https://miro.medium.com/fit/c/150/150/1*a.png",
       {"https://miro.medium.com/1*a.png"}},
      {"Medium",
       "https://miro.medium.com/v2/resize:fit:1400/format:webp/1*a.png",
       {"https://miro.medium.com/v2/1*a.png"}},
      {"Medium",
       "https://miro.medium.com/v2/resize:fill:80:80/1*a.png",
       {"https://miro.medium.com/v2/1*a.png"}},
      {"Pinterest",
       "https://i.pinimg.com/236x/0a/b.jpg",
       {"https://i.pinimg.com/originals/0a/b.jpg"}},
      {"GitHub",
       "https://avatars.githubusercontent.com/u/1?s=40&v=4",
       {"https://avatars.githubusercontent.com/u/1?v=4"}},
      {"Amazon",
       "https://m.media-amazon.com/images/I/71a._AC_SX300_.jpg",
       {"https://m.media-amazon.com/images/I/71a.jpg"}},
      {"BBC",
       "https://ichef.bbci.co.uk/ace/standard/240/cpsprodpb/a.jpg",
       {"https://ichef.bbci.co.uk/ace/standard/2048/cpsprodpb/a.jpg"}},
      {"Fandom",
       "https://static.wikia.nocookie.net/x/images/a/ab/X.png/revision/latest/scale-to-width-down/"
       "300?cb=1",
       {"https://static.wikia.nocookie.net/x/images/a/ab/X.png/revision/latest?cb=1"}},
      {"Wikimedia, \"Thumbnails\"",
       "https://upload.wikimedia.org/wikipedia/commons/thumb/a/ab/X.jpg/320px-X.jpg",
       {"https://upload.wikimedia.org/wikipedia/commons/a/ab/X.jpg"}},
      {"MediaWiki, drawings",
       "https://wiki.test/images/thumb/a/ab/X.svg/langde-320px-X.svg.png",
       {"https://wiki.test/images/a/ab/X.svg"}},
  };
  check(rows);
}

TEST_CASE("originals behind image servers and publishing systems", "[media]") {
  const Row rows[] = {
      {"Cloudinary, \"Transformation URL API\"",
       "https://res.cloudinary.com/demo/image/upload/w_600,c_fill/e_sepia/v1312461204/a.jpg",
       {"https://res.cloudinary.com/demo/image/upload/v1312461204/a.jpg"}},
      {"Cloudinary: signed",
       "https://res.cloudinary.com/demo/image/upload/s--Ab12--/w_600/a.jpg",
       {}},
      {"imgix, \"Rendering API\"",
       "https://assets.imgix.net/a.jpg?w=600&h=300&fit=crop&auto=format",
       {"https://assets.imgix.net/a.jpg"}},
      {"imgix: signed",
       "https://assets.imgix.net/a.jpg?w=600&s=0123456789abcdef0123456789abcdef",
       {}},
      {"?w= means nothing elsewhere", "https://img.test/a.jpg?w=600&h=300", {}},
      {"Unsplash, \"Dynamically resizable images\"",
       "https://images.unsplash.com/photo-1?ixid=x&w=1080&q=80&fm=jpg",
       {"https://images.unsplash.com/photo-1?ixid=x"}},
      {"Contentful, \"Images API\"",
       "https://images.ctfassets.net/s/a/t/x.png?w=100&fm=webp",
       {"https://images.ctfassets.net/s/a/t/x.png"}},
      {"Sanity, \"Image transformations\"",
       "https://cdn.sanity.io/images/p/d/a-200x300.png?w=100",
       {"https://cdn.sanity.io/images/p/d/a.png",
        "https://cdn.sanity.io/images/p/d/a-200x300.png"}},
      {"Storyblok, \"Image Service\"",
       "https://a.storyblok.com/f/1/2/a.jpg/m/600x400",
       {"https://a.storyblok.com/f/1/2/a.jpg"}},
      {"Akamai, Image & Video Manager",
       "https://www.test/a.jpg?imwidth=640",
       {"https://www.test/a.jpg"}},
      {"resizers", "https://img.test/resize/600x400/2020/a.jpg", {"https://img.test/2020/a.jpg"}},
      {"WordPress, add_image_size()",
       "https://blog.test/wp-content/uploads/2020/01/a-300x200.jpg",
       {"https://blog.test/wp-content/uploads/2020/01/a.jpg"}},
      {"WordPress 5.3, big_image_size_threshold",
       "https://blog.test/wp-content/uploads/a-scaled.jpg",
       {"https://blog.test/wp-content/uploads/a.jpg"}},
      {"WordPress, Jetpack",
       "https://blog.test/wp-content/uploads/a.jpg?resize=300%2C200&v=1",
       {"https://blog.test/wp-content/uploads/a.jpg?v=1"}},
      {"WordPress.com",
       "https://x.files.wordpress.com/2020/01/a.jpg?w=640",
       {"https://x.files.wordpress.com/2020/01/a.jpg"}},
      {"WebP Express", "https://blog.test/a.jpg.webp", {"https://blog.test/a.jpg"}},
      {"Drupal, \"Image styles\"",
       "https://www.test/sites/default/files/styles/large/public/2020-01/a.jpg?itok=Ab",
       {"https://www.test/sites/default/files/2020-01/a.jpg"}},
      {"Ghost, \"Responsive images\"",
       "https://blog.test/content/images/size/w600/2020/a.jpg",
       {"https://blog.test/content/images/2020/a.jpg"}},
      {"Ghost",
       "https://blog.test/content/images/size/w600/format/webp/2020/a.jpg",
       {"https://blog.test/content/images/2020/a.jpg"}},
      {"Hugo, \"Image processing\"",
       "https://blog.test/p/a_hu0a1b_1234_600x0_resize_q75_box.jpg",
       {"https://blog.test/p/a.jpg"}},
      {"Hugo, since 0.139",
       "https://blog.test/p/a_hu_0123456789abcdef.jpg",
       {"https://blog.test/p/a.jpg"}},
      {"Discourse",
       "https://forum.test/uploads/default/optimized/2X/a/ab12_2_690x388.jpeg",
       {"https://forum.test/uploads/default/original/2X/a/ab12.jpeg"}},
      {"Discourse, 3X",
       "https://forum.test/uploads/default/optimized/3X/a/b/ab12_2_690x388.jpeg",
       {"https://forum.test/uploads/default/original/3X/a/b/ab12.jpeg"}},
      {"Shopify, img_url",
       "https://cdn.shopify.com/s/files/1/a_300x300.jpg?v=1",
       {"https://cdn.shopify.com/s/files/1/a.jpg?v=1"}},
      {"Shopify, image_url",
       "https://shop.test/cdn/shop/files/a.jpg?v=1&width=533",
       {"https://shop.test/cdn/shop/files/a.jpg?v=1"}},
      {"Squarespace",
       "https://images.squarespace-cdn.com/content/v1/a/b.jpg?format=300w",
       {"https://images.squarespace-cdn.com/content/v1/a/b.jpg?format=original"}},
      {"Wix",
       "https://static.wixstatic.com/media/a~mv2.jpg/v1/fill/w_600,h_400/b.jpg",
       {"https://static.wixstatic.com/media/a~mv2.jpg"}},
      {"no rendition", "https://www.test/images/a.jpg?v=2", {}},
      {"Guardian: signed, no rule", "https://i.guim.co.uk/img/media/a/b.jpg?width=620&s=0a", {}},
      {"a page of a file", "file:///home/a-300x200.jpg", {}},
  };
  check(rows);
}

TEST_CASE("each rule is one that a URL can meet", "[media]") {
  for (const RenditionRule& rule : rendition_rules()) {
    CAPTURE(rule.host, rule.path, rule.query);
    CHECK((rule.path.empty() || rule.path.starts_with('/')));
    CHECK_FALSE((rule.path.empty() && rule.query.empty()));
  }
}

TEST_CASE("what is kept of the URL before changes no answer", "[media]") {
  const std::string_view urls[] = {
      "https://pic.zhimg.com/v2-a_720w.jpg",   "https://pic.zhimg.com/80/v2-a_hd.jpg",
      "https://zhimg.com/v2-a_b.jpg?source=1", "https://static3.squarespace.com/a.jpg?format=300w",
      "https://img.test/a-300x200.jpg",        "https://img.test/b/c/resize/3x2/a.jpg#f",
      "http://user@img.test:8080/a.jpg!w1",    "https://img.test/",
      "https://img.test/?imwidth=3",
  };
  RenditionIndex kept;
  for (const std::string_view first : urls) {
    for (const std::string_view second : urls) {
      CAPTURE(first, second);
      kept.rules_for(first);
      const auto rules = kept.rules_for(second);
      RenditionIndex fresh;
      const auto expected = fresh.rules_for(second);
      CHECK(std::equal(rules.begin(), rules.end(), expected.begin(), expected.end()));
    }
  }
}

// WHATWG URL, 6.1 "URL class": the members of the same names.
TEST_CASE("the parts of a serialised URL are those that its parser tells", "[media][url]") {
  for (const char* text : {"https://a.test", "http://a.test:81/b/c?d=/e?f#g?h",
                           "https://u:p@a.test/@b", "https://[::1]:8443/x:y", "https://[::1]/",
                           "http://a.test/?", "http://a.test/#", "https://a.test?b@c:1/d"}) {
    CAPTURE(text);
    const auto url = Url::parse(text);
    REQUIRE(url);
    const HttpUrlParts parts(url->href());
    CHECK(parts.host == url->hostname());
    CHECK(parts.authority == url->host());
    CHECK(parts.path == url->pathname());
    CHECK(parts.search == url->search());
    CHECK(parts.whole == url->href_without_fragment());
    CHECK(std::string(parts.scheme) == url->protocol() + "//");
  }
}

TEST_CASE("a long URL is not looked at, and hostile ones are bounded", "[media]") {
  const std::string name(5000, 'a');
  CHECK(originals("https://img.test/" + name + "-300x200.jpg").empty());
  for (const std::string_view piece :
       {"-1x1", "/w_1", ".jpg", "http:/", "/cdn-cgi/image/", "/s1-"}) {
    std::string url = "https://img.test";
    while (url.size() + piece.size() < 4000) url += piece;
    CAPTURE(piece);
    CHECK(originals(url).size() <= 6);
  }
}

TEST_CASE("a document's renditions bring their originals", "[media]") {
  const auto found = references_of(
      R"(<img src="/a-300x200.jpg" alt=A data-src='https://news.test/b.jpg!w600'><a href="/c-1x1.jpg">x</a>)"
      R"(<img src="/a-300x200.jpg"><img src="/a-30x20.jpg"><img src="/d.jpg"><img src="/d-2x2.jpg">)");
  std::vector<std::string> told;
  for (const Reference& reference : found) {
    if (!reference.origin_of.empty()) told.push_back(reference.url + " of " + reference.origin_of);
  }
  CHECK(told ==
        std::vector<std::string>{"https://news.test/a.jpg of https://news.test/a-300x200.jpg",
                                 "https://news.test/b.jpg of https://news.test/b.jpg!w600"});
  REQUIRE(found.size() > 2);
  CHECK(found[1].origin_of == found[0].url);
  CHECK(found[1].kind == Kind::kImageCandidate);
  CHECK(found[1].span.from == found[0].span.from);
  CHECK(found[1].raw == "/a-300x200.jpg");
  CHECK(found[1].element == "img");
  CHECK(found[1].attribute == "src");
  CHECK(found[1].loading == Loading::kNever);
}

TEST_CASE("originals do not go beyond the most references", "[media]") {
  for (const size_t most : {0, 2, 3, 4, 9}) {
    auto references = references_of(R"(<img src="/a"><img src="/b">)");
    for (Reference& reference : references) reference.url += "-1x1.jpg";
    add_originals(references, most);
    CHECK(references.size() == std::min<size_t>(4, std::max<size_t>(2, most)));
    CHECK(references[0].url == "https://news.test/a-1x1.jpg");
  }
}

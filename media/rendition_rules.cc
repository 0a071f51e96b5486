#include "media/rendition_rules.h"

namespace halftone {
namespace {

// Parameters of image servers that change sizes and formats, for hosts where that is all they do.
constexpr std::string_view kSizes =
    "w h width height fit resize crop q quality auto fm format dpr strip ssl rect max-w max-h "
    "min-w "
    "min-h cs usm sharp blur ar";

// tests/media/rendition_test.cc names where each is documented.
constexpr RenditionRule kRules[] = {
    // Proxies: the URL of the original stands in theirs.
    {"nimg.ws.126.net", "", "", "<url"},
    {"images.weserv.nl", "", "", "<url"},
    {"wsrv.nl", "", "", "<url"},
    {".daumcdn.net", "/thumb/**", "", "<fname"},
    {"any", "/_next/image", "", "<url"},
    {"any", "/_vercel/image", "", "<url"},
    {"any", "/.netlify/images", "", "<url"},
    {"any", "/_image", "", "<href"},  // Astro
    {"i#.wp.com", "/**", "<host", ""},
    {"any", "/cdn-cgi/image/**", "<", ""},
    {"any", "/cdn-cgi/image/*/", "/", ""},
    {"any", "/image/fetch/**", "<", ""},  // Cloudinary, Substack
    {"any", "/_ipx/**", "<", ""},
    {"any", "/_ipx/*/", "/", ""},
    {"any", "/unsafe/**", "<", ""},  // thumbor

    // China's object stores and news sites
    {".zhimg.com", "/*_#w.%", "/$1_r.$2?|/$1.$2?", ""},
    {".zhimg.com", "/*_b.%", "/$1_r.$2?|/$1.$2?", ""},
    {".zhimg.com", "/*_hd.%", "/$1_r.$2?|/$1.$2?", ""},
    {".zhimg.com", "/*_xl.%", "/$1_r.$2?|/$1.$2?", ""},
    {".zhimg.com", "/*_l.%", "/$1_r.$2?|/$1.$2?", ""},
    {".qpic.cn", "/#", "/0", "tp wxfrom wx_lazy wx_co usePicPrefetch"},
    {".qlogo.cn", "/#", "/0", ""},
    {"inews.gtimg.com", "/#", "/0", ""},
    {".sinaimg.cn", "/mw#/", "/large/", ""},
    {".sinaimg.cn", "/orj#/", "/large/", ""},
    {".sinaimg.cn", "/thumb#/", "/large/", ""},
    {".sinaimg.cn", "/wap#/", "/large/", ""},
    {".sinaimg.cn", "/webp#/", "/large/", ""},
    {".sinaimg.cn", "/bmiddle/", "/large/", ""},
    {".sinaimg.cn", "/thumbnail/", "/large/", ""},
    {".sinaimg.cn", "/small/", "/large/", ""},
    {".sinaimg.cn", "/square/", "/large/", ""},
    {".doubanio.com", "/view/photo/*/public/", "/view/photo/raw/public/|/view/photo/l/public/", ""},
    {".doubanio.com", "/view/subject/*/public/", "/view/subject/l/public/", ""},
    {".127.net", "", "", "imageView* thumbnail quality type stripmeta interlace"},
    {".126.net", "", "", "imageView* thumbnail quality type stripmeta interlace"},
    {".sohucs.com", "/&", "/", ""},
    {".alicdn.com", "/*.%_*", "/$1.$2", ""},
    {"any", "/*~tplv-*", "/$1?", ""},  // ByteDance
    {"any", "", "", "x-oss-process x-image-process"},
    {"any", "", "", "imageMogr2* imageView2* imageslim*"},
    {"any", "/*.%!*", "/$1.$2", ""},
    {"any", "/*.%@*", "/$1.$2", ""},
    {"any", "/*.%-*", "/$1.$2", ""},

    // The large hosts
    {".googleusercontent.com", "/*=*", "/$1=s0", ""},
    {".ggpht.com", "/*=*", "/$1=s0", ""},
    {".googleusercontent.com", "/s#/", "/s0/", ""},
    {".googleusercontent.com", "/s#-*/", "/s0/", ""},
    {".googleusercontent.com", "/w#-h#/", "/s0/", ""},
    {".googleusercontent.com", "/w#-h#-*/", "/s0/", ""},
    {".blogspot.com", "/s#/", "/s0/", ""},
    {".blogspot.com", "/s#-*/", "/s0/", ""},
    {".blogspot.com", "/w#-h#/", "/s0/", ""},
    {".blogspot.com", "/w#-h#-*/", "/s0/", ""},
    {"pbs.twimg.com", "", "", "name=orig"},
    {"pbs.twimg.com", "/media/*.%:*", "/media/$1.$2:orig", ""},
    {"pbs.twimg.com", "/profile_images/*/*_normal.%", "/profile_images/$1/$2.$3", ""},
    {"pbs.twimg.com", "/profile_images/*/*_bigger.%", "/profile_images/$1/$2.$3", ""},
    {"pbs.twimg.com", "/profile_images/*/*_#x#.%", "/profile_images/$1/$2.$3", ""},
    {"i.ytimg.com", "/vi/*/*.jpg", "/vi/$1/maxresdefault.jpg?", ""},
    {"miro.medium.com", "/max/#/", "/", ""},
    {"miro.medium.com", "/fit/c/#/#/", "/", ""},
    {"miro.medium.com", "/v2/resize:*/format:*/", "/v2/", ""},
    {"miro.medium.com", "/v2/format:*/", "/v2/", ""},
    {"miro.medium.com", "/v2/resize:*/", "/v2/", ""},
    {"i.pinimg.com", "/#x/", "/originals/", ""},
    {"i.pinimg.com", "/#x#/", "/originals/", ""},
    {"i.pinimg.com", "/#x#_RS/", "/originals/", ""},
    {"avatars.githubusercontent.com", "", "", "s size"},
    {".media-amazon.com", "/images/I/*._*_.%", "/images/I/$1.$3", ""},
    {"ichef.bbci.co.uk", "/ace/standard/#/", "/ace/standard/2048/", ""},  // the largest there is
    {".nocookie.net", "/revision/latest/**", "/revision/latest", ""},     // Fandom
    {"any", "/thumb/*/*/*/*px-*", "/$1/$2/$3", ""},                       // MediaWiki

    // Image servers
    {"any", "/image/upload/&", "/image/upload/", ""},  // Cloudinary
    {".imgix.net", "", "", kSizes},
    {"images.unsplash.com", "", "", kSizes},
    {"images.pexels.com", "", "", kSizes},
    {"cdn.sanity.io", "", "", kSizes},
    {"images.ctfassets.net", "", "", kSizes},
    {"images.prismic.io", "", "", kSizes},
    {"www.datocms-assets.com", "", "", kSizes},
    {"a.storyblok.com", "/m/**", "", ""},
    {"any", "", "", "imwidth imdensity impolicy"},  // Akamai
    {"any", "/resize/#x#/", "/", ""},

    // What articles and shops are written with
    {".files.wordpress.com", "", "", kSizes},
    {"any", "/wp-content/**", "/wp-content/$1", kSizes},
    {"any", "/*-#x#.%", "/$1.$2", ""},
    {"any", "/*-scaled.%", "/$1.$2", ""},
    {"any", "/*.%.webp", "/$1.$2", ""},
    {"any", "/*.%.avif", "/$1.$2", ""},
    {"any", "/styles/*/public/", "/", "itok h"},  // Drupal
    {"any", "/content/images/size/w#/format/*/", "/content/images/", ""},
    {"any", "/content/images/size/w#/", "/content/images/", ""},
    {"any", "/content/images/size/w#h#/", "/content/images/", ""},
    {"any", "/*_hu*_#_#x#_*.%", "/$1.$4", ""},  // Hugo
    {"any", "/*_hu_????????????????.%", "/$1.$2", ""},
    {"any", "/optimized/*/*/*_#_#x#.%", "/original/$1/$2/$3.$4", ""},  // Discourse
    {"any", "/optimized/*/*/*/*_#_#x#.%", "/original/$1/$2/$3/$4.$5", ""},
    {"cdn.shopify.com", "/*_#x#.%", "/$1.$2", "width height crop"},
    {"cdn.shopify.com", "/*_#x.%", "/$1.$2", "width height crop"},
    {"cdn.shopify.com", "/*_x#.%", "/$1.$2", "width height crop"},
    {"cdn.shopify.com", "/*_#x#_crop_*.%", "/$1.$3", "width height crop"},
    {"cdn.shopify.com", "/*_grande.%", "/$1.$2", "width height crop"},
    {"cdn.shopify.com", "/*_large.%", "/$1.$2", "width height crop"},
    {"cdn.shopify.com", "/*_medium.%", "/$1.$2", "width height crop"},
    {"cdn.shopify.com", "/*_small.%", "/$1.$2", "width height crop"},
    {"cdn.shopify.com", "", "", "width height crop"},
    {"any", "/cdn/shop/*/*_#x#.%", "/cdn/shop/$1/$2.$3", "width height crop"},
    {"any", "/cdn/shop/*/*_#x.%", "/cdn/shop/$1/$2.$3", "width height crop"},
    {"any", "/cdn/shop/**", "/cdn/shop/$1", "width height crop"},
    {".squarespace-cdn.com", "", "", "format=original"},
    {"static#.squarespace.com", "", "", "format=original"},
    {"static.wixstatic.com", "/media/*/v1/**", "/media/$1", ""},
};

}  // namespace

std::span<const RenditionRule> rendition_rules() { return kRules; }

}  // namespace halftone

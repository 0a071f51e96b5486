#include "media/mime.h"

#include "tests/support/catch.h"

using namespace halftone;
using namespace std::string_view_literals;

// WHATWG MIME Sniffing, "parse a MIME type", "serialize a MIME type".
TEST_CASE("Content-Type values parse", "[media]") {
  struct Row {
    std::string_view header, serialized, charset;
  };
  const Row rows[] = {
      {"text/html", "text/html", ""},
      {" \t\r\nText/HTML \t\r\n", "text/html", ""},
      {"text/html;charset=gbk", "text/html;charset=gbk", "gbk"},
      {"TEXT/HTML;CHARSET=GBK", "text/html;charset=GBK", "GBK"},
      {"text/html ; charset=gbk ", "text/html;charset=gbk", "gbk"},
      {"text/html;charset=\"gbk\"", "text/html;charset=gbk", "gbk"},
      {"text/html;charset=\"gbk", "text/html;charset=gbk", "gbk"},
      {"text/html;charset=gbk(", "text/html;charset=\"gbk(\"", "gbk("},
      {"text/html;x=(;charset=gbk", "text/html;x=\"(\";charset=gbk", "gbk"},
      {"text/html;charset=gbk;charset=windows-1255", "text/html;charset=gbk", "gbk"},
      {"text/html;charset=();charset=GBK", "text/html;charset=\"()\"", "()"},
      {"text/html;charset =gbk", "text/html", ""},
      {"text/html;charset= gbk", "text/html;charset=\" gbk\"", " gbk"},
      {"text/html;charset=", "text/html", ""},
      {"text/html;charset;charset=gbk", "text/html;charset=gbk", "gbk"},
      {"text/html;;;;charset=gbk", "text/html;charset=gbk", "gbk"},
      {"text/html;charset=\"\\ gbk\"", "text/html;charset=\" gbk\"", " gbk"},
      {"text/html;charset=\"\\\"gbk\\", "text/html;charset=\"\\\"gbk\\\\\"", "\"gbk\\"},
      {"text/html;charset=\"\"", "text/html;charset=\"\"", ""},
      {"text/html;charset=\"a;b\"junk;x=y", "text/html;charset=\"a;b\";x=y", "a;b"},
      {"text/html;test=\xFF;charset=gbk", "text/html;test=\"\xFF\";charset=gbk", "gbk"},
      {"x/x;x=\xC4\x80", "x/x", ""},
      {"x/x;x=\"\xC4\x80\";x=y", "x/x;x=y", ""},
      {"x/x;test=\xEF\xBF\xBD;x=x", "x/x;x=x", ""},
      {"x/x;x=\xC3\xBF", "x/x;x=\"\xC3\xBF\"", ""},
      {"x/x;x=\xC4\xE3", "x/x;x=\"\xC4\xE3\"", ""},  // Latin-1, as HTTP has it
      {"text/html;test=a\x7F;charset=gbk", "text/html;charset=gbk", "gbk"},
      {"!#$%&'*+-.^_`|~/x", "!#$%&'*+-.^_`|~/x", ""},
  };
  for (const Row& row : rows) {
    INFO(row.header);
    const auto type = parse_mime_type(row.header);
    REQUIRE(type);
    CHECK(type->serialized() == row.serialized);
    CHECK(type->charset == row.charset);
  }
  const std::string_view refused[] = {"",
                                      "/",
                                      "text",
                                      "text/",
                                      "/html",
                                      "te xt/html",
                                      "text/ html",
                                      "text/html/x",
                                      "text /html",
                                      "bogus;charset=gbk",
                                      "text/html\0"sv,
                                      "\xC3\xA4/b"sv,
                                      "(/)"sv};
  for (const auto header : refused) {
    INFO(header);
    CHECK_FALSE(parse_mime_type(header));
  }
  CHECK(parse_mime_type("a/b" + std::string(1 << 20, ';')));
}

TEST_CASE("the first bytes decide the type", "[media]") {
  struct Row {
    const char* name;
    std::string_view head, type;
  };
  const Row rows[] = {
      // WHATWG MIME Sniffing, 6.1: images
      {"JPEG", "\xFF\xD8\xFF\xE0", "image/jpeg"},
      {"PNG", "\x89PNG\r\n\x1A\n", "image/png"},
      {"GIF 87a", "GIF87a", "image/gif"},
      {"GIF 89a", "GIF89a\1\0\1\0"sv, "image/gif"},
      {"WebP", "RIFFsizeWEBPVP8 ", "image/webp"},
      {"BMP", "BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"sv, "image/bmp"},
      {"a car is no bitmap", "BMW builds cars in Munich", "text/plain"},
      {"icon", "\0\0\1\0\1\0"sv, "image/x-icon"},
      {"cursor", "\0\0\2\0\1\0"sv, "image/x-icon"},
      // images that it lacks
      {"TIFF, little", "II*\0\x08"sv, "image/tiff"},
      {"TIFF, big", "MM\0*\0"sv, "image/tiff"},
      {"BigTIFF", "II+\0\x08"sv, "image/tiff"},
      {"AVIF",
       "\0\0\0\x1C"
       "ftypavif\0\0\0\0"sv,
       "image/avif"},
      {"AVIF among its brands",
       "\0\0\0\x18"
       "ftypmif1\0\0\0\0miafavif"sv,
       "image/avif"},
      {"a brand behind the box does not count",
       "\0\0\0\x14"
       "ftypmif1\0\0\0\0miafavif"sv,
       "image/heif"},
      {"HEIC",
       "\0\0\0\x18"
       "ftypheic\0\0\0\0mif1heic"sv,
       "image/heic"},
      {"HEIC among its brands",
       "\0\0\0\x18"
       "ftypmif1\0\0\0\0mif1heic"sv,
       "image/heic"},
      {"JPEG XL codestream", "\xFF\x0A\x01", "image/jxl"},
      {"JPEG XL container", "\0\0\0\x0CJXL \r\n\x87\n"sv, "image/jxl"},
      {"JPEG 2000",
       "\0\0\0\x0CjP  \r\n\x87\n\0\0\0\x14"
       "ftypjp2 "sv,
       "image/jp2"},
      {"JPEG 2000, extended",
       "\0\0\0\x0CjP  \r\n\x87\n\0\0\0\x14"
       "ftypjpx "sv,
       "image/jpx"},
      {"JPEG 2000 codestream", "\xFF\x4F\xFF\x51\0"sv, "image/j2c"},
      {"Photoshop", "8BPS\0\1"sv, "image/vnd.adobe.photoshop"},
      {"QOI", "qoif\0\0\0\1"sv, "image/qoi"},
      {"ICNS", "icns\0\0\x12\x34"sv, "image/icns"},
      {"PPM", "P6\n# made by hand\n3 2\n255\n", "image/x-portable-pixmap"},
      {"PPM, a comment behind its letters", "P6#x\n2#y\n 2 255\n", "image/x-portable-pixmap"},
      {"PGM", "P2 3 2 15 1 2", "image/x-portable-graymap"},
      {"PBM", "P4\n8 8\n", "image/x-portable-bitmap"},
      {"PAM", "P7\nWIDTH 3\n", "image/x-portable-arbitrarymap"},
      {"a heading is no pixmap", "P1 is the first point", "text/plain"},
      // 6.2: audio and video
      {"MP4",
       "\0\0\0\x18"
       "ftypisom\0\0\2\0isomiso2"sv,
       "video/mp4"},
      {"MP4, its first version",
       "\0\0\0\x10"
       "ftypmp42\0\0\0\0"sv,
       "video/mp4"},
      {"QuickTime",
       "\0\0\0\x14"
       "ftypqt  \0\0\0\0"sv,
       "video/quicktime"},
      {"M4A",
       "\0\0\0\x14"
       "ftypM4A \0\0\0\0"sv,
       "audio/mp4"},
      {"WebM", "\x1A\x45\xDF\xA3\x9F\x42\x82\x84webm", "video/webm"},
      {"Matroska", "\x1A\x45\xDF\xA3\x9F\x42\x82\x88matroska", "video/x-matroska"},
      {"Ogg", "OggS\0\2"sv, "application/ogg"},
      {"MP3 with ID3", "ID3\4\0"sv, "audio/mpeg"},
      {"WAV", "RIFFsizeWAVEfmt ", "audio/wave"},
      {"AVI", "RIFFsizeAVI LIST", "video/avi"},
      {"RIFF alone", "RIFFsizeWORDS", "text/plain"},
      {"FLAC", "fLaC\0\0\0\x22"sv, "audio/flac"},
      {"HLS playlist", "#EXTM3U\n#EXT-X-VERSION:3\n", "application/vnd.apple.mpegurl"},
      // 6.3, 6.4: fonts and archives
      {"WOFF", "wOFF\0\1\0\0"sv, "font/woff"},
      {"WOFF 2", "wOF2OTTO", "font/woff2"},
      {"TrueType", "\0\1\0\0\0\x0F"sv, "font/ttf"},
      {"OpenType", "OTTO\0\x0F"sv, "font/otf"},
      {"gzip", "\x1F\x8B\x08\0"sv, "application/gzip"},
      {"zip", "PK\3\4\x14", "application/zip"},
      {"PDF", "%PDF-1.7\n%\xE2\xE3", "application/pdf"},
      // 7.1: markup
      {"HTML", "<!DOCTYPE html><html>", "text/html"},
      {"HTML after blanks", " \r\n\t<HTML lang=en>", "text/html"},
      {"HTML after a mark", "\xEF\xBB\xBF<html>", "text/html"},
      {"HTML in UTF-16", "\xFF\xFE<\0h\0t\0m\0l\0>\0"sv, "text/html"},
      {"HTML after a comment", "<!-- hello --><body>", "text/html"},
      {"a comment", "<!-- hello", "text/html"},
      {"a piece of a page", "<div class=x>", "text/html"},
      {"an unknown tag", "<divx>", "text/plain"},
      {"old doctype", "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">", "text/html"},
      {"XHTML", "<?xml version='1.0'?><!DOCTYPE html PUBLIC \"a\" \"b\"><html xmlns='c'>",
       "application/xhtml+xml"},
      {"XML", "<?xml version='1.0'?><thing/>", "text/xml"},
      {"XML without prolog", "<thing xmlns='urn:x'/>", "text/xml"},
      {"SVG", "<svg xmlns='http://www.w3.org/2000/svg'>", "image/svg+xml"},
      {"SVG with all before it",
       "\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- by > hand -->\n<?xml-stylesheet href='a'?>\n"
       "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"svg11.dtd\" [ <!ENTITY a \"b>\"> ]>\n"
       "<!-- again -->\n<svg:svg width='1'>",
       "image/svg+xml"},
      {"SVG inside HTML", "<html><svg>", "text/html"},
      {"RSS", "<?xml version='1.0'?>\n<rss version='2.0'>", "application/rss+xml"},
      {"RSS without prolog", "<rss version='2.0'>", "application/rss+xml"},
      {"RSS 1.0", "<rdf:RDF xmlns='http://purl.org/rss/1.0/'>", "application/rss+xml"},
      {"RDF", "<rdf:RDF xmlns:rdf='x'>", "application/rdf+xml"},
      {"Atom", "<?xml version='1.0'?><feed xmlns='x'>", "application/atom+xml"},
      {"DASH", "<?xml version='1.0'?><MPD xmlns='x'>", "application/dash+xml"},
      // 7.2: text or binary
      {"nothing", "", ""},
      {"text", "hello, world", "text/plain"},
      {"Chinese in GBK", "\xC4\xE3\xBA\xC3", "text/plain"},
      {"text in UTF-16", "\xFE\xFF\0h\0i"sv, "text/plain"},
      {"ISO-2022-JP", "\x1B$B$3$s\x1B(B", "text/plain"},
      {"binary", "hello\0world"sv, "application/octet-stream"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(sniff_type(row.head) == row.type);
  }
}

TEST_CASE("an MP3 without ID3 is known by two frames", "[media]") {
  // MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes
  std::string mp3(1000, '\0');
  mp3.replace(0, 4, "\xFF\xFB\x90\x64");
  CHECK(sniff_type(mp3) == "application/octet-stream");
  mp3.replace(417, 4, "\xFF\xFB\x90\x64");
  CHECK(sniff_type(mp3) == "audio/mpeg");
}

TEST_CASE("bytes and Content-Type decide together", "[media]") {
  constexpr std::string_view kPng = "\x89PNG\r\n\x1A\n", kPage = "<!DOCTYPE html><p>Not found";
  struct Row {
    const char* name;
    std::string_view head, header, type;
  };
  const Row rows[] = {
      {"an image that is a page", kPage, "image/jpeg", "text/html"},
      {"an image of another type", kPng, "image/jpeg", "image/png"},
      {"an image sent as a page", kPng, "text/html; charset=utf-8", "image/png"},
      {"an image sent as bytes", kPng, "application/octet-stream", "image/png"},
      {"an image that is text", "Forbidden", "image/png", "text/plain"},
      {"SVG that is text", "Forbidden", "image/svg+xml", "text/plain"},
      {"an unknown image", "\1\2\3", "image/x-new", "image/x-new"},
      {"CSS", "body { color: red }", "text/css;charset=gbk", "text/css"},
      {"CSS behind a comment of HTML", "<!-- body { color: red } -->", "text/css", "text/css"},
      {"CSS that is a page", kPage, "text/css", "text/html"},
      {"JavaScript", "let x = 1;", "application/javascript", "application/javascript"},
      {"JSON", "{\"a\": 1}", "application/json", "application/json"},
      {"JSON that begins as a page", kPage, "application/json", "application/json"},
      {"XML that begins as a page", kPage, "text/xml", "text/xml"},
      {"a drawing that is a page", kPage, "image/svg+xml", "text/html"},
      {"JSON Feed", "{\"a\": 1}", "application/feed+json", "application/feed+json"},
      {"Markdown", "# Hello", "text/markdown", "text/markdown"},
      {"Markdown that begins with a tag", "<div align=center>", "text/markdown", "text/markdown"},
      {"the source of a page", kPage, "text/plain", "text/plain"},
      {"SVG sent as text", "<svg xmlns='a'>", "text/plain", "text/plain"},
      {"bytes sent as text", "\1\2\3", "text/plain", "application/octet-stream"},
      {"a page with a NUL", "hello\0"sv, "text/html", "text/html"},
      {"a page without tags", "hello", "text/html", "text/html"},
      {"a feed sent as a page", "<rss>", "text/html", "application/rss+xml"},
      {"a feed sent as XML", "<rss>", "application/xml", "application/rss+xml"},
      {"a feed that is a page", kPage, "application/rss+xml", "text/html"},
      {"XHTML sent as HTML", "<?xml version='1.0'?><html>", "text/html", "text/html"},
      {"XHTML without prolog", "<html xmlns='x'>", "application/xhtml+xml",
       "application/xhtml+xml"},
      {"XML of a kind", "<?xml version='1.0'?><urlset>", "application/xml", "application/xml"},
      {"a zip with a name", "PK\3\4", "application/epub+zip", "application/epub+zip"},
      {"Ogg with a name", "OggS\0"sv, "audio/ogg", "audio/ogg"},
      {"no header", "hello", "", "text/plain"},
      {"a broken header", "hello", "nonsense", "text/plain"},
      {"no bytes", "", "text/css", "text/css"},
      {"nothing at all", "", "", "application/octet-stream"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(effective_type(row.head, row.header) == row.type);
  }
}

TEST_CASE("sniffing reads 4 KiB, whatever there is", "[media]") {
  std::string comment = "<!--";
  comment.resize(1 << 20, '<');
  CHECK(sniff_type(comment) == "text/html");
  CHECK(sniff_type(std::string(1 << 20, ' ')) == "text/plain");
  CHECK(sniff_type("P6\n" + std::string(1 << 20, '#')) == "text/plain");
  std::string late(5000, 'a');
  late += '\0';
  CHECK(sniff_type(late) == "text/plain");
}

TEST_CASE("types have extensions", "[media]") {
  CHECK(extension_for("image/jpeg") == ".jpg");
  CHECK(extension_for("text/html") == ".html");
  CHECK(extension_for("application/x-unheard-of") == ".bin");
  CHECK(is_image_type("image/avif"));
  CHECK_FALSE(is_image_type("text/html"));
  CHECK(is_text_type("image/svg+xml"));
  CHECK(is_text_type("application/ld+json"));
  CHECK_FALSE(is_text_type("image/png"));
}

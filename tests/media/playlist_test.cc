#include "media/playlist.h"

#include "media/dash_template.h"
#include "media/reference_list.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

const Url kBase = *Url::parse("https://v.test/a/index.m3u8?t=x%20y&u");

// "kind url-below-the-host [bytes of the span] descriptor", joined by " | ".
std::string listing(const std::vector<Reference>& references, std::string_view text) {
  std::string out;
  for (const Reference& r : references) {
    if (!out.empty()) out += " | ";
    constexpr std::string_view kHost = "https://v.test/";
    const bool own = r.url.starts_with(kHost);
    out += std::string(to_string(r.kind)) + ' ' + (own ? r.url.substr(kHost.size()) : r.url) +
           " [" + std::string(text.substr(r.span.from, r.span.size())) + "]" +
           (r.descriptor.empty() ? "" : " " + r.descriptor);
  }
  return out;
}

std::string hls(std::string_view text) {
  return listing(find_hls_references(SourceText(text, 0), kBase, "UTF-8"), text);
}

std::vector<Reference> scan_dash(std::string_view text, std::vector<std::string>& warnings) {
  return find_dash_references(SourceText(text, 0), kBase, "UTF-8", warnings);
}

std::string dash(std::string_view text) {
  std::vector<std::string> warnings;
  return listing(scan_dash(text, warnings), text);
}

}  // namespace

// RFC 8216, section numbers; "bis": draft-pantos-hls-rfc8216bis.
TEST_CASE("references of an HLS playlist", "[media][playlist]") {
  struct Row {
    const char* rule;
    std::string_view text, references;
  };
  const Row rows[] = {
      {"4.1 lines", "#EXTM3U\n#EXTINF:4,\na.ts\r\n\r\n# comment a.ts\n b.ts \rc.ts",
       "media a/a.ts [a.ts] | media a/b.ts [b.ts] | media a/c.ts [c.ts]"},
      {"4.3.4.2 variants", "#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS=\"a,b\"\nlow/i.m3u8",
       "media a/low/i.m3u8 [low/i.m3u8]"},
      {"4.3.4.3 I-frames", "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI=\"i,f.m3u8\"",
       "media a/i,f.m3u8 [i,f.m3u8]"},
      {"4.3.4.1 renditions",
       "#EXT-X-MEDIA:TYPE=AUDIO,NAME=\"URI=x\",URI=\"a.m3u8\"\n"
       "#EXT-X-MEDIA:TYPE=SUBTITLES,URI=\"s.m3u8\",NAME=\"a, b\"\n#EXT-X-MEDIA:TYPE=VIDEO",
       "media a/a.m3u8 [a.m3u8] | track a/s.m3u8 [s.m3u8]"},
      {"4.3.2.5 init segments", "#EXT-X-MAP:URI=\"i.mp4\",BYTERANGE=\"720@0\"\n#EXT-X-MAP:URI=i",
       "media a/i.mp4 [i.mp4] bytes 0-719 | media a/i [i]"},
      {"4.3.2.4 keys",
       "#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\n#EXT-X-KEY:METHOD=NONE\n"
       "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"skd://k\"",
       "media a/k [k] | other skd://k [skd://k]"},
      {"4.3.4.5 session keys", "#EXT-X-SESSION-KEY:URI=\"data:,x\"", "data data:,x [data:,x]"},
      {"4.3.4.4 session data", "#EXT-X-SESSION-DATA:DATA-ID=\"x\",URI=\"d.json\"",
       "media a/d.json [d.json]"},
      {"4.3.2.2 byte ranges",
       "#EXT-X-BYTERANGE:10@5\na\n#EXT-X-BYTERANGE:20\na\n#EXT-X-BYTERANGE:20\nb\na",
       "media a/a [a] bytes 5-14 | media a/a [a] bytes 15-34 | media a/b [b] | media a/a [a]"},
      {"byte ranges beyond 64 bits", "#EXT-X-BYTERANGE:2@18446744073709551615\na", "media a/a [a]"},
      {"bis 4.4.4.9 parts",
       "#EXT-X-PART:DURATION=1,URI=\"p\",BYTERANGE=\"5@0\"\n"
       "#EXT-X-PART:DURATION=1,URI=\"p\",BYTERANGE=\"6\"",
       "media a/p [p] bytes 0-4 | media a/p [p] bytes 5-10"},
      {"bis 4.4.5.3 hints",
       "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"p\",BYTERANGE-START=11\n"
       "#EXT-X-PRELOAD-HINT:TYPE=MAP,URI=\"m\",BYTERANGE-LENGTH=3",
       "media a/p [p] bytes 11- | media a/m [m] bytes 0-2"},
      {"bis 4.4.5.4 reports", "#EXT-X-RENDITION-REPORT:URI=\"../r.m3u8\"",
       "media r.m3u8 [../r.m3u8]"},
      {"bis D.2 interstitials", "#EXT-X-DATERANGE:ID=\"1\",X-ASSET-URI=\"i\",X-ASSET-LIST=\"l\"",
       "media a/l [l] | media a/i [i]"},
      {"bis 4.4.2.3 variables",
       "#EXT-X-DEFINE:NAME=\"h\",VALUE=\"https://w.test\"\n{$h}/a{$no}{$h\n"
       "#EXT-X-KEY:URI=\"{$h}/k\"\n{$h}/b",
       "other https://w.test/a{$no}{$h [{$h}/a{$no}{$h] | media https://w.test/k [{$h}/k] | "
       "media https://w.test/b [{$h}/b]"},
      {"bis 4.4.2.3 of the query", "#EXT-X-DEFINE:QUERYPARAM=\"t\"\ns?{$t}",
       "media a/s?x%20y [s?{$t}]"},
      {"subtitles", "s.vtt?x", "track a/s.vtt?x [s.vtt?x]"},
      {"tags that name nothing", "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-ENDLIST\n#EXT-X-KEY", ""},
      {"left open", "#EXT-X-MAP:URI=\"a", "media a/a [a]"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule) {
      // A variable of another playlist stays as it is, as far as URLs go.
      std::string found = hls(row.text);
      for (const auto& [from, to] :
           {std::pair<std::string, std::string>{"%7B", "{"}, {"%7D", "}"}}) {
        for (size_t at; (at = found.find(from)) != found.npos;) found.replace(at, 3, to);
      }
      CHECK(found == row.references);
    }
  }
}

TEST_CASE("what an HLS reference says beside its URL", "[media][playlist]") {
  const std::string_view text =
      "#EXT-X-MEDIA:TYPE=AUDIO,URI=\"a\"\n#EXT-X-STREAM-INF:X=1\nb\n#EXTINF:1,\nc";
  const auto found = find_hls_references(SourceText(text, 0), kBase, "UTF-8");
  REQUIRE(found.size() == 3);
  CHECK(found[0].element == "ext-x-media");
  CHECK(found[0].attribute == "uri");
  CHECK(found[0].escapes == Escapes{Escape::kPlaylistQuoted});
  CHECK(found[1].element == "ext-x-stream-inf");
  CHECK(found[1].escapes == Escapes{Escape::kPlaylistLine});
  CHECK(found[2].element == "extinf");
}

// ISO/IEC 23009-1, section numbers of its fourth edition.
TEST_CASE("references of a DASH manifest", "[media][playlist]") {
  struct Row {
    const char* rule;
    std::string_view text, references;
  };
  const Row rows[] = {
      {"5.6 BaseURL, nested",
       "<MPD><BaseURL>/m/</BaseURL><Period><BaseURL>p/</BaseURL><AdaptationSet><Representation>"
       "<BaseURL> v.mp4 </BaseURL></Representation><Representation><BaseURL>w.mp4</BaseURL>",
       "other m/ [/m/] | other m/p/ [p/] | media m/p/v.mp4 [v.mp4] | media m/p/w.mp4 [w.mp4]"},
      {"5.6 several",
       "<MPD><BaseURL>/m/</BaseURL><BaseURL>https://w.test/</BaseURL><Period><Representation>"
       "<BaseURL>v.mp4</BaseURL><BaseURL><![CDATA[/n/v.mp4?a&b]]></BaseURL></Representation>",
       "other m/ [/m/] | other https://w.test/ [https://w.test/] | media m/v.mp4 [v.mp4] | "
       "media n/v.mp4?a&b [/n/v.mp4?a&b]"},
      {"5.3.9.3 segment lists",
       "<MPD><SegmentList><Initialization sourceURL='i' range='0-9'/><SegmentURL media='a&amp;b' "
       "mediaRange='1-2' index='x'/><SegmentURL media='c'/>",
       "media a/i [i] bytes 0-9 | media a/a&b [a&amp;b] bytes 1-2 | media a/x [x] | "
       "media a/c [c]"},
      {"5.3.9.2 parts of one file",
       "<MPD><Representation><BaseURL>v.mp4</BaseURL><SegmentBase indexRange='9-19'>"
       "<Initialization range='0-8'/></SegmentBase></Representation>",
       "media a/v.mp4 [v.mp4] | media a/v.mp4 [] bytes 9-19 | media a/v.mp4 [] bytes 0-8"},
      {"5.3.9.4 templates, by duration",
       "<MPD mediaPresentationDuration='PT5S'><Period><SegmentTemplate timescale='10' "
       "duration='20' startNumber='7' media='$RepresentationID$/$Number%03d$.m4s' "
       "initialization='$RepresentationID$/i'/><Representation id='r' bandwidth='1'/>"
       "<Representation id='s'/></Period></MPD>",
       "other a/$RepresentationID$/i [$RepresentationID$/i] | "
       "other a/$RepresentationID$/$Number%03d$.m4s [$RepresentationID$/$Number%03d$.m4s] | "
       "media a/r/i [] | media a/r/007.m4s [] | media a/r/008.m4s [] | media a/r/009.m4s [] | "
       "media a/s/i [] | media a/s/007.m4s [] | media a/s/008.m4s [] | media a/s/009.m4s []"},
      {"5.3.9.6 by timeline",
       "<MPD><Period><AdaptationSet><SegmentTemplate media='$Time$'><SegmentTimeline>"
       "<S t='5' d='2' r='2'/><S d='4'/><S d='0' r='9'/></SegmentTimeline></SegmentTemplate>"
       "<Representation/></AdaptationSet>",
       "other a/$Time$ [$Time$] | media a/5 [] | media a/7 [] | media a/9 [] | media a/11 []"},
      {"5.3.9.6 up to the next run, and to the end",
       "<MPD><Period duration='PT10S'><Representation><SegmentTemplate media='$Time$'>"
       "<SegmentTimeline><S t='0' d='2' r='-1'/><S t='4' d='3' r='-1'/></SegmentTimeline>"
       "</SegmentTemplate></Representation>",
       "other a/$Time$ [$Time$] | media a/0 [] | media a/2 [] | media a/4 [] | media a/7 []"},
      {"an inner template goes on from the outer one",
       "<MPD><SegmentTemplate media='$Bandwidth$-$Number$$$' endNumber='2'/>"
       "<Representation bandwidth='9'><SegmentTemplate startNumber='2'/></Representation>",
       "other a/$Bandwidth$-$Number$$$ [$Bandwidth$-$Number$$$] | media a/9-2$ []"},
      {"a template of one URL",
       "<MPD><SegmentTemplate media='v' initialization='i'/><Representation/>",
       "media a/i [i] | media a/v [v]"},
      {"kinds",
       "<MPD><AdaptationSet contentType='text'><Representation><BaseURL>t</BaseURL>"
       "</Representation></AdaptationSet><AdaptationSet mimeType='image/jpeg'>"
       "<SegmentTemplate media='j'/></AdaptationSet>",
       "track a/t [t] | image a/j [j]"},
      {"no MPD", "<BaseURL>a/</BaseURL><BaseURL>b/</BaseURL><SegmentURL media='c'/>",
       "other a/a/ [a/] | other a/b/ [b/] | media a/c [c]"},
      {"others",
       "<MPD><ProgramInformation moreInformationURL='/i'/><Location>/l</Location>"
       "<Period xlink:href='/p'/></MPD>",
       "page i [/i] | media l [/l] | other p [/p]"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule) { CHECK(dash(row.text) == row.references); }
  }
}

TEST_CASE("identifiers of DASH templates", "[media][playlist]") {
  const DashIdentifiers ids{"r", "5", 42, 7};
  CHECK(expand_dash("$RepresentationID$$Number%05d$$Time$$Bandwidth%02d$", ids) == "r00042705");
  CHECK(expand_dash("$$$Number%01d$$$", ids) == "$42$");
  CHECK(expand_dash("$Number%0999999999999d$", ids) == std::nullopt);
  CHECK(expand_dash("$Number%0100d$", ids) == "00000000000000000042");
  for (const std::string_view bad : {"$Number", "$SubNumber$", "$Number%5x$", "$Number%d$"}) {
    CAPTURE(bad);
    CHECK(expand_dash(bad, ids) == std::nullopt);
  }
  CHECK(expand_dash(std::string(5000, 'a'), ids) == std::nullopt);
}

TEST_CASE("durations in DASH", "[media][playlist]") {
  CHECK(read_duration("PT1H2M3.5S") == 3723.5);
  CHECK(read_duration(" P1DT1S") == 86401);
  CHECK(read_duration("PT0S") == 0);
  for (const std::string_view bad : {"", "1", "PT1", "PT-1S", "P1H", "PTinfS", "PT1e9S", "-PT1S"}) {
    CAPTURE(bad);
    CHECK(read_duration(bad) == std::nullopt);
  }
}

TEST_CASE("a manifest that would make too many segments is bounded", "[media][playlist]") {
  constexpr size_t kBoth = 1 + 2 * 20'000;  // the template, and what two representations make of it
  std::vector<std::string> warnings;
  const auto scan = [&](const std::string& inner) {
    warnings.clear();
    return scan_dash("<MPD mediaPresentationDuration='P9999Y'><Period>" + inner +
                         "<Representation id='a'/><Representation id='b'/></Period></MPD>",
                     warnings)
        .size();
  };
  CHECK(scan("<SegmentTemplate media='$Number$' duration='1' timescale='4000000000'/>") == kBoth);
  CHECK(scan("<SegmentTemplate media='$Number$' endNumber='18446744073709551615'/>") == kBoth);
  CHECK(scan("<SegmentTemplate media='$Time$'><SegmentTimeline><S d='1' r='-1'/>"
             "</SegmentTimeline></SegmentTemplate>") == kBoth);
  CHECK(scan("<SegmentTemplate media='$Time$'><SegmentTimeline>"
             "<S d='9223372036854775807' r='99999999999'/></SegmentTimeline></SegmentTemplate>") ==
        kBoth);
  CHECK(warnings.size() == 1);
  CHECK_THAT(warnings.at(0), Catch::Contains("more than 20000 segments"));
  // Long URLs, fewer of them.
  const size_t long_ones =
      scan("<SegmentTemplate duration='1' media='$Number$" + std::string(2000, 'x') + "'/>");
  CHECK(long_ones > 10'000);
  CHECK(long_ones < 30'000);
  CHECK(warnings.size() == 1);
  CHECK(scan("<SegmentTemplate duration='1' media='$Number$" + std::string(3000, 'x') + "'/>") ==
        1);
  CHECK_THAT(warnings.at(0), Catch::Contains("too long"));
  CHECK(scan("<SegmentTemplate media='$Number$'/>") == 1);
  CHECK_THAT(warnings.at(0), Catch::Contains("\"a\" cannot be counted"));
  CHECK(warnings.size() == 1);
  CHECK(scan("<SegmentTemplate media='$Nothing$'/>") == 1);
  CHECK_THAT(warnings.at(0), Catch::Contains("cannot be read"));
}

TEST_CASE("playlists that are cut anywhere", "[media][playlist]") {
  const std::string_view whole =
      "<MPD mediaPresentationDuration='PT5S'><BaseURL>&#97;/</BaseURL><Period><AdaptationSet>"
      "<SegmentTemplate duration='2' media='$Number$'><SegmentTimeline><S d='2' r='1'/>"
      "</SegmentTimeline></SegmentTemplate><Representation id='r'><BaseURL><![CDATA[b]]></BaseURL>";
  const std::string_view lines =
      "#EXT-X-DEFINE:NAME=\"a\",VALUE=\"b\"\n#EXT-X-MAP:URI=\"{$a}\",BYTERANGE=\"1@2\"\r\nc\n";
  for (const std::string_view text : {whole, lines}) {
    for (size_t size = 0; size <= text.size(); ++size) {
      CAPTURE(size);
      const SourceText cut(text.substr(0, size), 0);
      std::vector<std::string> warnings;
      for (const Reference& r : find_dash_references(cut, kBase, "UTF-8", warnings)) {
        CHECK(r.span.to <= size);
      }
      for (const Reference& r : find_hls_references(cut, kBase, "UTF-8")) CHECK(r.span.to <= size);
    }
  }
}

TEST_CASE("hostile playlists end in linear time", "[media][playlist]") {
  for (const std::string_view piece :
       {"#EXT-X-DEFINE:NAME=\"a\",VALUE=\"", "{$a}", "{$", "#EXT-X-MAP:URI=\"", ",=", "\"", "\r",
        "a\n", "<Period>", "<BaseURL>a/", "<Representation>", "<S d='1'/>", "</MPD>",
        "<SegmentTemplate media='$Number$' duration='1'/><Representation/>", "<SegmentURL/>"}) {
    for (const size_t times : {1, 2}) {
      std::string text = "<MPD><SegmentTemplate media='$Number$'><SegmentTimeline>";
      std::string list = "#EXT-X-DEFINE:NAME=\"a\",VALUE=\"" + std::string(1000, 'b') + "\"\n";
      for (size_t i = 0; i < 50'000 * times; ++i) {
        text += piece;
        list += piece;
      }
      CAPTURE(piece);
      std::vector<std::string> warnings;
      CHECK(scan_dash(text, warnings).size() <= kMostReferences);
      CHECK(find_hls_references(SourceText(list, 0), kBase, "UTF-8").size() <= 50'000 * times);
    }
  }
}

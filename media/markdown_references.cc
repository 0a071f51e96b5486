#include "media/markdown_references.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "media/ascii.h"
#include "media/html_references.h"
#include "media/image_urls.h"
#include "media/markdown.h"
#include "media/reference_list.h"
#include "media/template_tags.h"

namespace halftone {
namespace {

constexpr size_t kMostWarnings = 100;
constexpr std::string_view kTagLetters = "xxxx";  // of without_template_tags; no tag is shorter

// In place of the tags that Markdown becomes: it ends what raw HTML has left open, and no more.
constexpr std::string_view kTagBetween = "</markdown>";

// True where a front matter key is named for a picture: headimg, og_image, top_img, photos.
bool is_image_key(std::string_view key) {
  const std::string name = lower_case(key);
  constexpr std::string_view kWords[] = {"img",   "image", "thumb", "cover", "banner",
                                         "photo", "pic",   "logo",  "avatar"};
  return std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) {
    const size_t at = name.find(word);
    const bool topic = word == "pic" && at != 0 && at != name.npos && name[at - 1] == 'o';
    return at != name.npos && !topic;
  });
}

// What a value of front matter asks for where it is a URL of a picture or of media.
std::optional<Kind> front_matter_kind(std::string_view key, std::string_view value) {
  if (value.empty() || value.find_first_of(" \t\r\n{}") != value.npos) return std::nullopt;
  if (has_image_extension(value)) return Kind::kMetadataImage;
  const bool is_path = value.starts_with('/') || value.starts_with("./") ||
                       value.starts_with("../") || starts_with_ignoring_case(value, "data:");
  if (!is_path && !is_absolute_http(value)) return std::nullopt;
  if (has_media_extension(value)) return Kind::kMedia;
  if (has_text_extension(value)) return std::nullopt;
  return is_image_key(key) ? std::optional(Kind::kMetadataImage) : std::nullopt;
}

bool overlap(const Span& a, const Span& b) { return a.from < b.to && b.from < a.to; }

// Answers for places that only move on; `spans` are in order, and none in another.
class Overlaps {
 public:
  explicit Overlaps(const std::vector<Span>& spans) : spans_(spans) {}

  // The first of them that shares bytes with `span`; null where none does.
  const Span* first(const Span& span) {
    while (next_ < spans_.size() && spans_[next_].to <= span.from) ++next_;
    return next_ < spans_.size() && overlap(spans_[next_], span) ? &spans_[next_] : nullptr;
  }
  size_t index() const { return next_; }

 private:
  const std::vector<Span>& spans_;
  size_t next_ = 0;
};

// Reads one document; `text` must outlive it.
class Finder {
 public:
  Finder(const SourceText& text, const Url& url, std::string_view charset)
      : text_(text), url_(url), charset_(charset), own_(url, charset), found_{.base = url} {}

  MarkdownReferences find() && {
    FrontMatter front_matter = parse_front_matter(text_.text());
    body_ = front_matter.block.to;
    take_front_matter(std::move(front_matter));
    const std::string_view body = text_.text().substr(body_);
    const TemplateScan templates = scan_template_tags(body);
    const MarkdownScan scan = templates.tags.empty()
                                  ? scan_markdown(body)
                                  : scan_markdown(without_template_tags(body, templates.tags));
    take_markdown(scan, body);
    take_templates(templates, scan.code);
    HtmlReferences html = find_html_references(raw_html(scan.html), url_, charset_);
    found_.base = html.base;
    found_.referrer_policy = html.referrer_policy;
    drop_places_between(scan.html, html.references);
    own_.append(std::move(html.references));
    finish(templates);
    return std::move(found_);
  }

 private:
  Span source(const Span& in_body) const {
    return text_.source(body_ + in_body.from, body_ + in_body.to);
  }

  void warn(std::string warning) {
    if (found_.warnings.size() < kMostWarnings) found_.warnings.push_back(std::move(warning));
  }

  // Spans become those of the document's bytes.
  void take_front_matter(FrontMatter front_matter) {
    for (const std::string& warning : front_matter.warnings) warn(warning);
    if (!front_matter.present()) return;
    front_matter.block = text_.source(front_matter.block.from, front_matter.block.to);
    for (FrontMatterValue& entry : front_matter.entries) {
      for (size_t i = 0; i < entry.values.size(); ++i) {
        Span& span = entry.spans[i];
        span = span.size() > 0 ? text_.source(span.from, span.to) : Span{};
        take_value(entry, i);
      }
    }
    found_.front_matter = std::move(front_matter);
  }

  void take_value(const FrontMatterValue& entry, size_t i) {
    const auto kind = front_matter_kind(entry.key, trim(entry.values[i]));
    if (!kind) return;
    if (entry.spans[i].size() == 0) {
      return warn(fmt::format(
          "front matter, {}: {} is written over several lines and left out; write it on one",
          entry.key, entry.values[i]));
    }
    Reference* added = own_.add(*kind, trim(entry.values[i]), entry.spans[i], {entry.escapes[i]});
    if (!added) return;
    added->element = "front-matter";
    added->attribute = entry.key;
    added->loading = Loading::kNever;
  }

  void take_markdown(const MarkdownScan& scan, std::string_view body) {
    for (const MarkdownUrl& url : scan.urls) {
      const bool placed = url.span.size() > 0;
      if (!placed && url.value.find(kTagLetters) != url.value.npos) {
        warn(fmt::format("{}: left out, since what this becomes cannot be told", url.value));
        continue;
      }
      Reference* added = own_.add(url.is_image ? Kind::kImage : Kind::kPage, url.value,
                                  placed ? source(url.span) : Span{}, {url.escape});
      if (!added) continue;
      added->element = "markdown";
      added->alt = url.alt;
      added->loading = url.is_image && !url.rejected ? Loading::kAtOnce : Loading::kNever;
      added->rejected = url.rejected;
      const std::string_view written = body.substr(url.span.from, url.span.size());
      const bool bare = url.escape == Escape::kMarkdownAutolink;
      const bool has_tag = written.find("{{") != written.npos || written.find("{%") != written.npos;
      if (has_tag || (placed && bare && written.starts_with("www."))) added->raw = written;
      if (!url.rejected || url.value.find_first_of(" \t") == url.value.npos) continue;
      warn(fmt::format("{}: an image with blanks in its address is text to Markdown; write <{}>",
                       url.value, url.value));
    }
  }

  void take_templates(const TemplateScan& templates, const std::vector<Span>& code) {
    Overlaps in_code(code);
    for (const TemplateUrl& url : templates.urls) {
      if (in_code.first(url.span)) continue;
      Reference* added = own_.add(url.kind, url.value, source(url.span), {Escape::kTemplate});
      if (!added) continue;
      added->element = url.tag;
      added->attribute = url.key;
      added->alt = url.alt;
      added->loading = url.kind == Kind::kImage ? Loading::kAtOnce : Loading::kNever;
    }
  }

  // In document order. What has a template tag in it is read as the engine would make it.
  void finish(const TemplateScan& templates) {
    if (own_.is_full()) {
      warn(fmt::format("more than {} references; what follows is left out", kMostReferences));
    }
    std::vector<Reference> all = std::move(own_).take();
    std::stable_sort(all.begin(), all.end(), [](const Reference& a, const Reference& b) {
      return a.span.from < b.span.from;
    });
    std::vector<Span> tags;
    for (const TemplateTag& tag : templates.tags) tags.push_back(source(tag.span));
    Overlaps in_tags(tags);
    for (Reference& reference : all) {
      const bool is_template = reference.escapes[0] == Escape::kTemplate;
      const Span* tag = is_template ? nullptr : in_tags.first(reference.span);
      if (tag && !take_expanded(reference, *tag, templates.tags[in_tags.index()])) continue;
      found_.references.push_back(std::move(reference));
    }
  }

  // {{ site.baseurl }}/path is resolved against the site's root. False where it cannot be told
  // what the URL becomes, or where it is the tag's own.
  bool take_expanded(Reference& reference, const Span& place, const TemplateTag& tag) {
    if (place.from < reference.span.from || tag.holds_url) return false;
    const auto path = path_behind_site_root(reference.raw);
    const auto url = path ? Url::parse(*path, &url_, charset_) : std::nullopt;
    if (!url) {
      warn(fmt::format("{}: left out, since what this becomes cannot be told", reference.raw));
      return false;
    }
    reference.url = url->href();
    return true;
  }

  // What one piece of raw HTML begins and another, with Markdown between, goes on with has no
  // place.
  void drop_places_between(const std::vector<Span>& pieces, std::vector<Reference>& references) {
    std::vector<Span> places;  // without blanks before
    for (const Span& piece : pieces) {
      const std::string_view html = text_.text().substr(body_ + piece.from, piece.size());
      const size_t blanks = std::min(html.find_first_not_of(" \t\r\n"), html.size());
      places.push_back(source({piece.from + blanks, piece.to}));
    }
    for (Reference& reference : references) {
      const auto next = std::lower_bound(
          places.begin(), places.end(), reference.span,
          [](const Span& place, const Span& span) { return place.from < span.from; });
      const bool inside = next != places.begin() && reference.span.to <= std::prev(next)->to;
      if (!inside) reference.span = {};
    }
  }

  // The raw HTML of the body as one text, since elements reach over the Markdown between them.
  SourceText raw_html(const std::vector<Span>& pieces) const {
    const std::string_view text = text_.text();
    if (pieces.size() == 1) return text_.slice(body_ + pieces[0].from, body_ + pieces[0].to);
    SourceText html = SourceText::decoded();
    size_t end_before = pieces.empty() ? 0 : body_ + pieces[0].from;
    for (const Span& piece : pieces) {
      const size_t from = body_ + piece.from, to = body_ + piece.to;
      const Span place = text_.source(from, to);
      const std::string_view between = text.substr(end_before, from - end_before);
      if (between.find_first_not_of("> \t\r\n") != between.npos) {
        html.append(kTagBetween, {place.from, place.from});
      }
      end_before = to;
      if (place.size() == to - from) {
        html.append(text.substr(from, to - from), place);
        continue;
      }
      for (size_t at = from; at < to;) {  // each character from its own bytes
        size_t end = at + 1;
        while (end < to && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
        html.append(text.substr(at, end - at), text_.source(at, end));
        at = end;
      }
    }
    return html;
  }

  const SourceText& text_;
  const Url& url_;
  std::string_view charset_;
  ReferenceList own_;
  MarkdownReferences found_;
  size_t body_ = 0;  // where it begins in the text
};

}  // namespace

MarkdownReferences find_markdown_references(const SourceText& text, const Url& document_url,
                                            std::string_view charset) {
  return Finder(text, document_url, charset).find();
}

}  // namespace halftone

// DASH manifests (ISO/IEC 23009-1).
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "media/ascii.h"
#include "media/dash_template.h"
#include "media/playlist.h"
#include "media/reference_list.h"
#include "media/xml_text.h"
#include "media/xml_tokenizer.h"

namespace halftone {
namespace {

// Every relative reference is resolved against a base, so a long one costs that much each time.
constexpr size_t kLongestBase = 2048;
constexpr size_t kLongestTemplate = 2048;
constexpr size_t kLongestId = 256;
constexpr size_t kMostExpanded = 64 << 20;  // bytes of all segments' URLs
constexpr size_t kMostSegments = 20'000;    // counted out of one template: eleven hours of 2 s
constexpr size_t kMostLevels = 64;

uint64_t number_of(const XmlToken& tag, std::string_view name, uint64_t otherwise) {
  const XmlAttribute* attribute = tag.find(name);
  if (!attribute) return otherwise;
  const std::string_view text = trim(attribute->value);
  uint64_t number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  return result.ec == std::errc() ? number : otherwise;
}

std::string text_of(const XmlToken& tag, std::string_view name) {
  const XmlAttribute* attribute = tag.find(name);
  return attribute ? std::string(trim(decode_xml(attribute->value, 0).text())) : std::string();
}

// What an element of the manifest says for itself and what is inside of it.
struct Level {
  std::string_view name;  // as written
  Url base;
  bool has_base = false;  // named by itself
  Kind kind = Kind::kMedia;
  std::shared_ptr<const DashTemplate> segments;
  std::optional<double> duration;  // of the period, in seconds
  DashIdentifiers identifiers;
};

class DashFinder {
 public:
  DashFinder(const SourceText& xml, const Url& document_url, std::string_view charset,
             std::vector<std::string>& warnings)
      : xml_(xml), warnings_(warnings), list_(document_url, charset), text_(xml) {
    levels_.push_back(
        {.name = {}, .base = document_url, .segments = nullptr, .duration = {}, .identifiers = {}});
  }

  std::vector<Reference> find() && {
    using Type = XmlToken::Type;
    XmlTokenizer tokenizer(xml_.text());
    for (const XmlToken* token = &tokenizer.next(); token->type != Type::kEnd && !list_.is_full();
         token = &tokenizer.next()) {
      if (token->type == Type::kStartTag) {
        start_tag(*token);
      } else if (token->type == Type::kEndTag) {
        end_tag(token->name);
      } else if (!text_element_.empty()) {
        text_.add(*token);
      }
    }
    end_text();
    while (levels_.size() > 1) close_level();
    return std::move(list_).take();
  }

 private:
  Level& level() { return levels_.back(); }

  void start_tag(const XmlToken& tag) {
    end_text();
    const std::string_view name = local_name(tag.name);
    element_ = lower_case(tag.name);
    if (name == "MPD" || name == "Period" || name == "AdaptationSet" || name == "Representation") {
      open_level(tag, name);
    } else if (name == "BaseURL" || name == "Location" || name == "PatchLocation") {
      if (!tag.self_closing) text_element_ = name;
    } else if (name == "SegmentTemplate") {
      read_template(tag);
    } else if (name == "S" && template_ && template_->timeline) {
      read_run(tag);
    } else if (name == "SegmentTimeline" && template_) {
      template_->timeline = std::make_shared<std::vector<DashRun>>();
    } else {
      read_segment(tag, name);
    }
    add_attribute(tag, "xlink:href", Kind::kOther);
  }

  void end_tag(std::string_view name) {
    end_text();
    if (local_name(name) == "SegmentTemplate") end_template();
    for (size_t at = levels_.size(); at > 1; --at) {
      if (levels_[at - 1].name != name) continue;
      while (levels_.size() >= at) close_level();
      return;
    }
  }

  void open_level(const XmlToken& tag, std::string_view name) {
    end_template();
    if (levels_.size() >= kMostLevels) return;
    Level inner = level();
    inner.name = tag.name;
    inner.has_base = false;
    note_duration(tag, name, inner);
    if (const auto kind = content_kind(tag)) inner.kind = *kind;
    if (name == "Representation") {
      inner.identifiers.representation = text_of(tag, "id").substr(0, kLongestId);
      inner.identifiers.bandwidth = std::to_string(number_of(tag, "bandwidth", 0));
    }
    levels_.push_back(std::move(inner));
    if (tag.self_closing) close_level();
  }

  // A period without a duration lasts from its start to the presentation's end.
  static void note_duration(const XmlToken& tag, std::string_view name, Level& inner) {
    if (name == "MPD") inner.duration = read_duration(text_of(tag, "mediaPresentationDuration"));
    if (name != "Period") return;
    if (const auto own = read_duration(text_of(tag, "duration"))) {
      inner.duration = own;
    } else if (const auto start = read_duration(text_of(tag, "start")); start && inner.duration) {
      inner.duration = std::max(0.0, *inner.duration - *start);
    }
  }

  static std::optional<Kind> content_kind(const XmlToken& tag) {
    std::string type = lower_case(text_of(tag, "mimeType"));
    if (type.empty()) type = lower_case(text_of(tag, "contentType"));
    if (type.empty()) return std::nullopt;
    if (type.starts_with("image")) return Kind::kImage;
    const bool text = type.starts_with("text") || type == "application/ttml+xml";
    return text ? Kind::kTrack : Kind::kMedia;
  }

  void close_level() {
    end_template();
    if (local_name(level().name) == "Representation") add_segments();
    levels_.pop_back();
  }

  // The text of BaseURL and its like has come to its end.
  void end_text() {
    if (text_element_.empty()) return;
    const SourceText all = text_.text();
    const std::string_view value = trim(all.text());
    if (!value.empty()) {
      const auto from = static_cast<size_t>(value.data() - all.text().data());
      const auto escape = text_.escape(from, from + value.size());
      const Span span = escape ? all.source(from, from + value.size()) : Span{};
      add_text(value, span, escape.value_or(Escape::kNone));
    }
    text_.clear();
    text_element_ = {};
  }

  void add_text(std::string_view value, Span span, Escape escape) {
    const bool is_base = text_element_ == "BaseURL";
    // Several at one place are the same content on several hosts, relative to the same base.
    const Url& outer = level().has_base ? levels_[levels_.size() - 2].base : level().base;
    const bool is_file = is_base && is_inner_level() && !value.ends_with('/');
    const Kind kind = is_file ? level().kind : is_base ? Kind::kOther : Kind::kMedia;
    Reference* added = list_.add(kind, value, span, {escape}, &outer);
    if (!added) return;
    added->element = lower_case(text_element_);
    if (!is_base || level().has_base || levels_.size() == 1) return;
    auto base = Url::parse(added->url);
    if (!base || base->href().size() > kLongestBase) return;
    level().base = std::move(*base);
    level().has_base = true;
  }

  bool is_inner_level() {
    const std::string_view name = local_name(level().name);
    return name == "Representation" || name == "AdaptationSet";
  }

  // A value of `tag`; null where there is none.
  Reference* add_attribute(const XmlToken& tag, std::string_view name, Kind kind,
                           std::string_view range = {}) {
    const XmlAttribute* attribute = tag.find(name);
    if (!attribute) return nullptr;
    const SourceText value = decode_value(*attribute, xml_);
    Reference* added = list_.add(kind, value, {quoting(*attribute)}, &level().base);
    if (!added) return nullptr;
    added->element = element_;
    added->attribute = lower_case(name);
    if (!range.empty()) added->descriptor = "bytes " + text_of(tag, range);
    return added;
  }

  // A part of the file that BaseURL names. Nothing is written for it.
  void add_range(const XmlToken& tag, std::string_view range) {
    const std::string bytes = text_of(tag, range);
    if (bytes.empty()) return;
    Reference* added =
        list_.add(level().kind, level().base.href(), Span{}, Escapes{}, &level().base);
    if (!added) return;
    added->element = element_;
    added->attribute = lower_case(range);
    added->descriptor = "bytes " + bytes;
  }

  void read_segment(const XmlToken& tag, std::string_view name) {
    const auto add = [&](std::string_view url, std::string_view range) {
      const bool ranged = tag.find(range) != nullptr;
      if (!add_attribute(tag, url, level().kind, ranged ? range : std::string_view())) {
        add_range(tag, range);
      }
    };
    if (name == "SegmentURL") {
      add("media", "mediaRange");
      add("index", "indexRange");
    } else if (name == "Initialization" || name == "RepresentationIndex" ||
               name == "BitstreamSwitching") {
      add("sourceURL", "range");
    } else if (name == "SegmentBase") {
      add_range(tag, "indexRange");
    } else if (name == "ProgramInformation") {
      add_attribute(tag, "moreInformationURL", Kind::kPage);
    }
  }

  void read_template(const XmlToken& tag) {
    end_template();
    template_ = level().segments ? std::make_shared<DashTemplate>(*level().segments)
                                 : std::make_shared<DashTemplate>();
    DashTemplate& text = *template_;
    text.timescale = std::max<uint64_t>(1, number_of(tag, "timescale", text.timescale));
    text.duration = number_of(tag, "duration", text.duration);
    text.start_number = number_of(tag, "startNumber", text.start_number);
    if (tag.find("endNumber")) text.end_number = number_of(tag, "endNumber", 0);
    add_template(tag, "initialization", text.initialization);
    add_template(tag, "media", text.media);
    add_template(tag, "index", text.index);
    add_template(tag, "bitstreamSwitching", text.bitstream_switching);
    if (tag.self_closing) end_template();
  }

  // A template stands for many URLs: it is listed as it is, so that it can be rewritten, and its
  // segments have no place of their own.
  void add_template(const XmlToken& tag, std::string_view name, std::string& text) {
    Reference* added = add_attribute(tag, name, level().kind);
    if (!added) return;
    text.clear();
    if (added->raw.find('$') == std::string::npos) return;
    added->kind = Kind::kOther;
    added->loading = Loading::kNever;
    if (added->raw.size() <= kLongestTemplate) {
      text = added->raw;
    } else {
      warn(too_long_, "a segment template is too long and was not counted out");
    }
  }

  void end_template() {
    if (template_) level().segments = std::move(template_);
    template_ = nullptr;
  }

  void read_run(const XmlToken& tag) {
    DashRun run;
    if (tag.find("t")) run.time = number_of(tag, "t", 0);
    run.duration = number_of(tag, "d", 0);
    if (run.duration == 0) return;
    const bool open_ended = text_of(tag, "r").starts_with('-');
    const uint64_t repeat = std::min<uint64_t>(number_of(tag, "r", 0), INT64_MAX);
    run.repeat = open_ended ? -1 : static_cast<int64_t>(repeat);
    template_->timeline->push_back(run);
  }

  // What the template in force makes of the representation that is being closed.
  void add_segments() {
    if (!level().segments) return;
    const std::shared_ptr<const DashTemplate> text = level().segments;
    const DashIdentifiers& identifiers = level().identifiers;
    add_expanded(text->initialization, identifiers, "initialization");
    add_expanded(text->bitstream_switching, identifiers, "bitstreamswitching");
    add_counted(*text, text->media, "media");
    add_counted(*text, text->index, "index");
  }

  // The URLs that `written` stands for, counted by its numbers or times.
  void add_counted(const DashTemplate& text, const std::string& written,
                   std::string_view attribute) {
    if (written.empty()) return;
    const DashIdentifiers& identifiers = level().identifiers;
    const bool counted =
        written.find("$Number") != written.npos || written.find("$Time") != written.npos;
    if (!counted) return void(add_expanded(written, identifiers, attribute));
    size_t counted_out = 0;
    const auto take = [&](const DashIdentifiers& segment) {
      if (++counted_out <= kMostSegments) return add_expanded(written, segment, attribute);
      warn(too_far_, fmt::format("a segment template stands for more than {} segments; the rest "
                                 "is left out",
                                 kMostSegments));
      return false;
    };
    if (for_each_segment(text, level().duration, identifiers, take) == DashCount::kUnknown) {
      warn(uncounted_, fmt::format("the segments of representation \"{}\" cannot be counted: "
                                   "the manifest does not tell where they end",
                                   identifiers.representation));
    }
  }

  bool add_expanded(const std::string& text, const DashIdentifiers& identifiers,
                    std::string_view attribute) {
    if (text.empty()) return false;
    const auto raw = expand_dash(text, identifiers);
    if (!raw) {
      warn(unreadable_, fmt::format("the segment template \"{}\" cannot be read", text));
      return false;
    }
    Reference* added = list_.add(level().kind, *raw, Span{}, Escapes{}, &level().base);
    if (!added) return false;
    added->element = "segmenttemplate";
    added->attribute = attribute;
    expanded_ += added->raw.size() + added->url.size();
    if (expanded_ <= kMostExpanded) return true;
    warn(too_many_, "the segments' URLs are too many bytes; the rest is left out");
    return false;
  }

  // Each only once.
  void warn(bool& warned, std::string text) {
    if (!warned) warnings_.push_back(std::move(text));
    warned = true;
  }

  const SourceText& xml_;
  std::vector<std::string>& warnings_;
  ReferenceList list_;
  XmlText text_;
  std::string_view text_element_;           // whose text is being read, without its prefix
  std::string element_;                     // lower case
  std::vector<Level> levels_;               // the document's own, then one for each open element
  std::shared_ptr<DashTemplate> template_;  // that is being read
  size_t expanded_ = 0;
  bool too_long_ = false, uncounted_ = false, unreadable_ = false, too_many_ = false,
       too_far_ = false;
};

}  // namespace

std::vector<Reference> find_dash_references(const SourceText& xml, const Url& document_url,
                                            std::string_view charset,
                                            std::vector<std::string>& warnings) {
  return DashFinder(xml, document_url, charset, warnings).find();
}

}  // namespace halftone

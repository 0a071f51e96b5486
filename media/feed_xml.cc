#include <algorithm>
#include <utility>

#include "media/ascii.h"
#include "media/feed_elements.h"
#include "media/feed_readers.h"
#include "media/feed_words.h"
#include "media/image_urls.h"

namespace halftone {
namespace {

constexpr size_t kDeepest = 64;
constexpr size_t kMostBases = 64;
constexpr size_t kLongestBase = 2048;
constexpr size_t kMostTagsBeforeRoot = 64;  // of what a server's scripts complain of

// Elements that hold everything else: their end tags end whatever was left open in them.
bool holds_entries(std::string_view name) {
  return name == "channel" || name == "feed" || name == "rss" || name == "rdf:rdf";
}

bool is_entry(std::string_view name) { return name == "item" || name == "entry"; }

bool is_frame(std::string_view name) { return holds_entries(name) || is_entry(name); }

// In HTML that was never escaped: an element that HTML has not, so that the element before it was
// left open.
bool is_foreign_to_html(std::string_view name) {
  const bool is_module = name.find(':') != name.npos && !name.starts_with("xhtml:");
  const bool is_plain = name == "pubdate" || name == "guid" || name == "enclosure" ||
                        name == "comments" || name == "category" || name == "published" ||
                        name == "updated";
  return is_plain || (is_module && (field_rule(name) || !attribute_rules(name).empty()));
}

// Elements that say everything in their attributes; left open, they hold nothing all the same.
bool is_childless(std::string_view name) {
  const bool holds = is_frame(name) || name == "image" || name == "source" ||
                     name == "media:content" || name == "rdf:li";
  return !holds && !attribute_rules(name).empty();
}

// How elements stand in each other, as far as they do: what is left open ends where something
// begins or ends that cannot stand in it.
class XmlFeedReader {
 public:
  XmlFeedReader(const SourceText& text, const Url& document_url, std::string_view charset)
      : xml_(text.text()),
        document_url_(document_url),
        builder_(document_url, charset),
        elements_(text, charset, builder_),
        leaf_(xml_) {}

  std::optional<FeedScan> run() {
    using Type = XmlToken::Type;
    XmlTokenizer tokenizer(xml_);
    for (const XmlToken* token = &tokenizer.next(); token->type != Type::kEnd && !is_no_feed_;
         token = &tokenizer.next()) {
      if (token->type == Type::kStartTag) {
        start(*token);
      } else if (token->type == Type::kEndTag) {
        end(*token);
      } else if (field_) {
        elements_.add_to_field(*field_, *token);
      } else if (is_feed_ && !trim(token->text).empty()) {
        leaf_.add_text_of(*token);
      }
    }
    if (!is_feed_) return std::nullopt;
    warn();
    end_field();
    return std::move(builder_).finish();
  }

 private:
  struct Frame {
    std::string_view written;
    std::string name;
  };

  void warn() {
    if (!frames_.empty() || field_) {
      builder_.feed().warnings.emplace_back("the feed ends inside of an element: it may be cut");
    } else if (is_ill_formed_) {
      builder_.feed().warnings.emplace_back("the feed is ill-formed: tags do not match");
    }
  }

  void start(const XmlToken& tag) {
    if (!is_feed_) return start_root(tag);
    if (loose_link_) end_field();
    if (field_ && !ends_field(tag)) {
      if (equals_ignoring_case(tag.name, field_->written) && !tag.self_closing) ++field_->nested;
      return elements_.add_to_field(*field_, tag);
    }
    is_ill_formed_ = is_ill_formed_ || field_;
    end_field();
    clear_leaf();
    if (!frames_.empty() && is_childless(frames_.back().name)) leave_to(frames_.size() - 1);
    open(tag);
  }

  void start_root(const XmlToken& tag) {
    const std::string root = lower_case(local_name(tag.name).substr(0, 16));
    is_feed_ = root == "rss" || root == "rdf" || root == "feed" || root == "channel";
    is_no_feed_ = !is_feed_ && (root == "html" || ++tags_before_root_ > kMostTagsBeforeRoot);
    if (!is_feed_) return;
    if (root == "feed") builder_.feed().type = Feed::Type::kAtom;
    if (root == "rdf") builder_.feed().type = Feed::Type::kRdf;
    open(tag);
  }

  bool ends_field(const XmlToken& tag) const {
    const std::string name = names_.name(tag.name);
    if (is_entry(name)) return true;
    if (field_->rule.field == FeedField::kHtml) {
      return field_->markup != OpenField::Markup::kXhtml && is_foreign_to_html(name);
    }
    return (field_rule(name) && !name.starts_with("xhtml:")) || is_childless(name);
  }

  void open(const XmlToken& tag) {
    if (is_entry(names_.name(tag.name))) leave_entries();
    names_.enter(tag, frames_.size() + 1);
    const std::string name = names_.name(tag.name);
    const auto own_base = base_of(tag);
    const FeedPlace place{where(), frames_.empty() ? std::string() : frames_.back().name,
                          own_base ? *own_base : base(), own_base || !bases_.empty()};
    if (is_entry(name)) builder_.begin_entry(place.base);
    elements_.add_attributes(tag, name, place);
    if (const FieldRule* rule = tag.self_closing ? nullptr : field_rule(name)) {
      field_.emplace(elements_.begin_field(*rule, tag, place));
    } else if (!tag.self_closing) {
      push(tag, name, own_base);
    } else if (name == "link" && !find_attribute(tag, "href")) {
      // <link/>https://news.test/, as parsers of HTML write it
      field_.emplace(elements_.begin_field(*field_rule(name), tag, place));
      loose_link_ = true;
    } else {
      names_.leave(frames_.size() + 1);
      if (is_entry(name)) builder_.end_entry();
    }
  }

  void push(const XmlToken& tag, const std::string& name, const std::optional<Url>& own_base) {
    if (frames_.size() >= kDeepest) {
      ++deeper_;
      return;
    }
    frames_.push_back({tag.name, name});
    if (is_entry(name)) entry_depth_ = frames_.size();
    if (own_base && bases_.size() < kMostBases) bases_.push_back({frames_.size(), *own_base});
  }

  // An entry stands in a feed and in nothing else.
  void leave_entries() {
    size_t depth = frames_.size();
    while (depth > 0 && !holds_entries(frames_[depth - 1].name)) --depth;
    deeper_ = 0;
    leave_to(depth);
  }

  void end(const XmlToken& tag) {
    if (loose_link_) end_field();
    const size_t depth = depth_of(tag.name);
    const bool ends_frame = depth > 0 && is_frame(frames_[depth - 1].name);
    if (field_) {
      if (equals_ignoring_case(tag.name, field_->written)) return end_tag_of_field(tag);
      if (!ends_frame) return elements_.add_to_field(*field_, tag);
      is_ill_formed_ = true;
      end_field();
    }
    if (deeper_ == 0 && depth != frames_.size()) is_ill_formed_ = true;
    if (deeper_ > 0 && !ends_frame) {
      --deeper_;
    } else if (depth > 0) {
      const bool is_leaf = depth == frames_.size() && deeper_ == 0 && !leaf_.empty();
      if (is_leaf) elements_.add_leaf(leaf_, frames_.back().written, frames_.back().name, base());
      deeper_ = 0;
      leave_to(depth - 1);
    }
    clear_leaf();
  }

  void end_tag_of_field(const XmlToken& tag) {
    if (field_->nested == 0) return end_field();
    --field_->nested;
    elements_.add_to_field(*field_, tag);
  }

  void end_field() {
    if (!field_) return;
    const bool is_read = !loose_link_ || is_absolute_http(trim(field_->text.text()));
    if (is_read) elements_.end_field(*field_);
    if (loose_link_ && is_read) is_ill_formed_ = true;
    loose_link_ = false;
    field_.reset();
    names_.leave(frames_.size() + 1);
  }

  void clear_leaf() {
    if (!leaf_.empty()) leaf_ = FeedText(xml_);
  }

  // How deep the innermost open element of that name is; 0 for none.
  size_t depth_of(std::string_view written) const {
    size_t depth = frames_.size();
    while (depth > 0 && !equals_ignoring_case(frames_[depth - 1].written, written)) --depth;
    return depth;
  }

  void leave_to(size_t depth) {
    if (entry_depth_ > depth) {
      builder_.end_entry();
      entry_depth_ = 0;
    }
    frames_.resize(depth);
    names_.leave(depth + 1);
    while (!bases_.empty() && bases_.back().first > depth) bases_.pop_back();
  }

  FeedPlace::In where() const {
    if (deeper_ > 0 || frames_.empty()) return FeedPlace::In::kOther;
    if (frames_.size() == entry_depth_) return FeedPlace::In::kEntry;
    const std::string& name = frames_.back().name;
    return name == "channel" || name == "feed" ? FeedPlace::In::kFeed : FeedPlace::In::kOther;
  }

  const Url& base() const { return bases_.empty() ? document_url_ : bases_.back().second; }

  std::optional<Url> base_of(const XmlToken& tag) const {
    const XmlAttribute* attribute = tag.find("xml:base");
    if (!attribute || attribute->value.size() > kLongestBase) return std::nullopt;
    const auto url = Url::parse(decode_xml(attribute->value, 0).text(), &base());
    if (!url || url->href().size() > kLongestBase) return std::nullopt;
    return url;
  }

  std::string_view xml_;
  const Url& document_url_;
  FeedBuilder builder_;
  FeedElements elements_;
  FeedNames names_;
  bool is_feed_ = false, is_no_feed_ = false;
  size_t tags_before_root_ = 0;
  std::vector<Frame> frames_;
  size_t deeper_ = 0;       // elements that are open beyond kDeepest
  size_t entry_depth_ = 0;  // of the current entry's frame; 0 for none
  std::vector<std::pair<size_t, Url>> bases_;
  std::optional<OpenField> field_;
  bool loose_link_ = false;     // it is what follows <link/>
  bool is_ill_formed_ = false;  // tags do not match
  FeedText leaf_;               // what stands in the innermost element so far, where it is no field
};

}  // namespace

std::optional<FeedScan> scan_xml_feed(const SourceText& text, const Url& document_url,
                                      std::string_view charset) {
  return XmlFeedReader(text, document_url, charset).run();
}

}  // namespace halftone

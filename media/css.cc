#include "media/css.h"

#include "media/ascii.h"
#include "media/css_tokenizer.h"

namespace halftone {
namespace {

using Type = CssToken::Type;

// The first word of `text` that begins like a number: image-set's resolution.
std::string_view find_resolution(std::string_view text) {
  size_t at = skip_css_blanks(text, 0);
  while (at < text.size()) {
    size_t end = at;
    while (end < text.size() && (is_alnum(text[end]) || text[end] == '.')) ++end;
    if (is_digit(text[at]) || (text[at] == '.' && end > at + 1)) {
      return text.substr(at, end - at);
    }
    at = skip_css_blanks(text, std::max(end, at + 1));
  }
  return {};
}

// Follows at-rules, blocks and functions as far as they decide what a URL or a string means.
class CssUrlFinder {
 public:
  CssUrlFinder(std::string_view css, bool declarations)
      : css_(css), declarations_(declarations), tokenizer_(css) {}

  std::vector<CssUrl> find() && {
    while (true) {
      const CssToken token = tokenizer_.next(in(Frame::kImageSet));
      note_resolution(token);
      if (token.type == Type::kEnd) return std::move(urls_);
      take(token);
      previous_end_ = token.span.to;
    }
  }

 private:
  enum class Frame : uint8_t { kOther, kUrl, kImageSet };
  // What the words of an at-rule are, up to its block or semicolon.
  enum class Prelude : uint8_t { kNone, kImport, kFontFace, kOther };

  bool in(Frame frame) const { return !frames_.empty() && frames_.back() == frame; }

  void take(const CssToken& token) {
    switch (token.type) {
      case Type::kAtKeyword:
        return begin_at_rule(token);
      case Type::kFunction:
        return begin_function(token);
      case Type::kOpenParen:
        return frames_.push_back(Frame::kOther);
      case Type::kCloseParen:
        if (!frames_.empty()) frames_.pop_back();
        return;
      case Type::kOpenBrace:
      case Type::kCloseBrace:
      case Type::kSemicolon:
        return end_declaration(token);
      case Type::kComma:
        candidate_.reset();
        return;
      case Type::kUrl:
        return take_url(token);
      case Type::kString:
        return take_string(token);
      case Type::kBadString:
      case Type::kBadUrl:
        import_at_.reset();
        return;
      case Type::kEnd:
        return;
    }
  }

  void begin_at_rule(const CssToken& token) {
    const std::string name = lower_case(css_unescaped(token.text));
    prelude_ = Prelude::kOther;
    if (declarations_) return;
    if (name == "font-face") prelude_ = Prelude::kFontFace;
    // CSS Cascading 5, 2.1: only @charset and @layer statements may stand before.
    if (name != "import" && name != "charset" && name != "layer") imports_count_ = false;
    if (name == "import") {
      prelude_ = Prelude::kImport;
      import_at_ = skip_css_blanks(css_, token.span.to);
    }
  }

  void begin_function(const CssToken& token) {
    const std::string name = lower_case(css_unescaped(token.text));
    Frame frame = Frame::kOther;
    if (name == "url" || name == "src") frame = Frame::kUrl;
    if (name == "image-set" || name == "-webkit-image-set") frame = Frame::kImageSet;
    if (frame == Frame::kUrl && import_at_ == token.span.from) {
      import_at_ = skip_css_blanks(css_, token.span.to);
    }
    frames_.push_back(frame);
  }

  // A block or a semicolon also ends functions left open, which the standard would carry on
  // with: an archiver wants what comes after.
  void end_declaration(const CssToken& token) {
    if (token.type == Type::kOpenBrace) {
      imports_count_ = false;
      ++depth_;
      if (prelude_ == Prelude::kFontFace && !font_face_) font_face_ = depth_;
    } else if (token.type == Type::kCloseBrace && depth_ > 0) {
      if (font_face_ == depth_) font_face_.reset();
      --depth_;
    }
    prelude_ = Prelude::kNone;
    import_at_.reset();
    candidate_.reset();
    frames_.clear();
    declaration_ = token.span.to;
    property_.reset();
  }

  void take_url(const CssToken& token) { add(token, Escape::kCssUrl, in(Frame::kImageSet), false); }

  void take_string(const CssToken& token) {
    const Escape escape = token.quote == '"' ? Escape::kCssDoubleQuoted : Escape::kCssSingleQuoted;
    if (in(Frame::kUrl)) {
      frames_.back() = Frame::kOther;  // what follows in url(…) are modifiers
      const bool candidate = frames_.size() > 1 && frames_[frames_.size() - 2] == Frame::kImageSet;
      add(token, escape, candidate, false);
      if (candidate && candidate_) candidate_->depth = frames_.size() - 1;
    } else if (in(Frame::kImageSet) || import_at_ == token.span.from) {
      add(token, escape, in(Frame::kImageSet), true);
    }
  }

  void add(const CssToken& token, Escape escape, bool candidate, bool is_string) {
    const bool import = import_at_ == token.span.from;
    if (prelude_ != Prelude::kNone && !import) return;
    import_at_.reset();
    CssUrl url;
    url.value = css_unescaped(token.text);
    if (url.value.empty()) return;
    url.span.from = static_cast<size_t>(token.text.data() - css_.data());
    url.span.to = url.span.from + token.text.size();
    url.escape = escape;
    url.is_string = is_string;
    url.kind = import       ? Kind::kStylesheet
               : candidate  ? Kind::kImageCandidate
               : font_face_ ? Kind::kFont
                            : Kind::kImage;
    url.property = import ? "@import" : property();
    url.rejected = import && !imports_count_;
    // Scripts and bindings of old browsers.
    if (url.property == "behavior" || url.property == "-moz-binding") url.kind = Kind::kOther;
    urls_.push_back(std::move(url));
    if (candidate) candidate_ = Candidate{frames_.size()};
  }

  // Between the tokens of an image-set stands what goes with its latest URL.
  void note_resolution(const CssToken& token) {
    if (!candidate_ || candidate_->depth != frames_.size()) return;
    const std::string_view between = css_.substr(previous_end_, token.span.from - previous_end_);
    std::string& descriptor = urls_.back().descriptor;
    if (descriptor.empty()) descriptor = lower_case(find_resolution(between));
    if (token.type == Type::kCloseParen) candidate_.reset();
  }

  // The property of the declaration that is being read; looked up once for each.
  const std::string& property() {
    if (!property_) {
      property_.emplace();
      const size_t from = skip_css_blanks(css_, declaration_);
      const size_t end = css_name_end(css_, from);
      const size_t colon = skip_css_blanks(css_, end);
      if (end > from && colon < css_.size() && css_[colon] == ':') {
        property_ = css_unescaped(css_.substr(from, end - from));
        if (!property_->starts_with("--")) property_ = lower_case(*property_);
      }
    }
    return *property_;
  }

  struct Candidate {
    size_t depth;  // of its image-set
  };

  std::string_view css_;
  bool declarations_;
  CssTokenizer tokenizer_;
  std::vector<CssUrl> urls_;
  std::vector<Frame> frames_;
  Prelude prelude_ = Prelude::kNone;
  std::optional<size_t> import_at_;  // where the URL of an @import must begin
  bool imports_count_ = true;
  size_t depth_ = 0;
  std::optional<size_t> font_face_;     // the depth of its block
  std::optional<Candidate> candidate_;  // the latest URL, while its option of an image-set goes on
  size_t previous_end_ = 0;
  size_t declaration_ = 0;
  std::optional<std::string> property_;
};

}  // namespace

std::vector<CssUrl> find_css_urls(std::string_view css, bool declarations) {
  return CssUrlFinder(css, declarations).find();
}

Kind reference_kind(const CssUrl& url) {
  return unfetched_kind(url.value).value_or(url.is_string ? Kind::kCssString : url.kind);
}

}  // namespace halftone

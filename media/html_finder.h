// Walks one text of HTML for find_html_references().
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/css.h"
#include "media/html_context.h"
#include "media/html_findings.h"
#include "media/html_lazy.h"
#include "media/html_places.h"
#include "media/html_scripts.h"
#include "media/html_tag.h"
#include "media/html_tokenizer.h"
#include "media/json_strings.h"
#include "media/srcset.h"

namespace halftone {

// Finds the references of one text of HTML, which may stand inside of another. What it is given
// must outlive it.
class HtmlFinder {
 public:
  HtmlFinder(HtmlFindings& findings, const SourceText& text, const Escapes& around);

  // HTML inside of `outer`, whose text its spans are in. A document of its own has its own <base>.
  HtmlFinder(const HtmlFinder& outer, const SourceText& text, const Escapes& around,
             Loading soonest, bool is_document);

  void run();

 private:
  // What an element says about all its references.
  struct Description {
    ReferrerPolicy policy = ReferrerPolicy::kUnset;
    bool policy_counts = false;  // a browser reads it on this element
    bool no_referrer = false;    // rel=noreferrer
    SourceText alt;
  };

  // Elements.
  void start_tag(const HtmlToken& token);
  void end_tag(std::string_view name);
  void note_role();
  bool is_css();
  void note_item();
  bool is_image_url_of_item();
  void note_base();
  void note_policy();
  void finish_picture();

  // The places that standards name.
  void add_attribute(const HtmlAttribute& attribute, Attr attr, std::span<const Place> places);
  void add_empty(const HtmlAttribute& attribute);
  void add_place(const Place& place);
  void add_misplaced(Attr attr);
  void add_meta(const SourceText& value);
  Kind plugin_kind(std::string_view url);
  void add_words(Kind kind, const SourceText& value);
  void add_srcset(Kind kind, const SourceText& value,
                  const std::vector<SrcsetCandidate>& candidates);

  // What is read as CSS, as JSON, as a script or by its look. (media/html_finder_code.cc)
  void add_declarations();
  void add_style_text(const HtmlToken& token);
  void add_css(const SourceText& css, const std::vector<CssUrl>& urls, const Escapes& around,
               std::optional<Kind> as = std::nullopt);
  void add_lazy();
  void add_lazy_list(const LazyName& name, const SourceText& value);
  void add_markup(const SourceText& html, const Escapes& around);
  void add_script_text(const HtmlToken& token);
  void add_literal(const SourceText& script, const JsonString& string);
  void add_json(const SourceText& json, bool linked_data, const Escapes& around);
  void add_string(const SourceText& text, const JsonString& string, bool linked_data,
                  const Escapes& around, bool of_image = false);
  std::string_view decoded(std::string_view json);

  // True where what is found inside of such a value can still say how it is written.
  static bool has_room(const Escapes& escapes);

  // One reference.
  Span source(Span span) const;
  void add(Kind kind, const SourceText& value) { add(kind, value, 0, value.text().size()); }
  Reference* add(Kind kind, const SourceText& value, size_t from, size_t to);
  Reference* add_written(Kind kind, std::string_view raw, Span span, const Escapes& escapes);
  void describe(Reference& reference);
  ReferrerPolicy referrer_policy();
  Description read_description();

  size_t origin(std::string_view text) const {
    return static_cast<size_t>(text.data() - text_.text().data());
  }

  HtmlFindings& findings_;
  const SourceText& text_;
  const HtmlFinder* outer_ = nullptr;
  Escapes around_{};  // what everything in this text is written in
  size_t document_ = 0;
  bool is_document_ = true;
  bool in_template_ = false;  // markup that a script may fill in
  HtmlContext context_;
  HtmlTokenizer tokenizer_;

  const HtmlToken* token_ = nullptr;
  std::string_view element_;
  Role role_ = Role::kNone;
  bool foreign_ = false;  // the element is SVG's or MathML's
  HtmlTag tag_;
  std::optional<Description> description_;  // of the tag, once it is asked for
  const HtmlAttribute* attribute_ = nullptr;
  Escapes escapes_{};                   // of the current attribute
  Loading loading_ = Loading::kAtOnce;  // of what is added next
  size_t picture_from_ = 0;             // the first reference of the <picture>
  std::string_view image_item_;         // the element whose microdata are an image's
  size_t image_item_depth_ = 0;         // open elements of that name from it on; 0: none
  std::string decoded_;                 // a string of JSON
  bool in_style_ = false;
  ScriptType in_script_ = ScriptType::kOther;
};

}  // namespace halftone

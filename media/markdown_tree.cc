#include "media/markdown_tree.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <cmark-gfm/buffer.h>
#include <cmark-gfm/houdini.h>

namespace halftone {
namespace {

constexpr size_t kMaxBody = 4 * 1024 * 1024;
constexpr size_t kMaxBrackets = 20'000;
constexpr size_t kMaxContainers = 500;        // of one line, in bytes of their marks
constexpr size_t kMaxTableCells = 1'000'000;  // short rows are filled up
constexpr size_t kMaxAts = 10'000;
constexpr size_t kMaxFootnotes = 1000;
constexpr size_t kMaxAlt = 4096;

struct NodeDeleter {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
using Tree = std::unique_ptr<cmark_node, NodeDeleter>;

struct ParserDeleter {
  void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
};
using Parser = std::unique_ptr<cmark_parser, ParserDeleter>;

Parser make_parser(const MarkdownLimits& limits) {
  static const bool registered = [] {
    cmark_gfm_core_extensions_ensure_registered();
    return true;
  }();
  const int options = CMARK_OPT_UNSAFE | (limits.footnotes ? CMARK_OPT_FOOTNOTES : 0);
  Parser parser(registered ? cmark_parser_new(options) : nullptr);
  const auto attach = [&](const char* name) {
    if (cmark_syntax_extension* extension = cmark_find_syntax_extension(name)) {
      cmark_parser_attach_syntax_extension(parser.get(), extension);
    }
  };
  if (limits.tables) attach("table");
  attach("strikethrough");
  if (limits.autolinks) attach("autolink");
  return parser;
}

Tree parse(std::string_view body, const Parser& parser) {
  cmark_parser_feed(parser.get(), body.data(), body.size());
  return Tree(cmark_parser_finish(parser.get()));
}

std::string text_of(const char* text) { return text ? text : ""; }

bool is_type(cmark_node* node, const char* name) {
  return std::strcmp(cmark_node_get_type_string(node), name) == 0;
}

// Walks cmark's tree.
class Reader {
 public:
  MarkdownTree read(cmark_node* root) && {
    const std::unique_ptr<cmark_iter, void (*)(cmark_iter*)> iterator(cmark_iter_new(root),
                                                                      cmark_iter_free);
    for (cmark_event_type event; (event = cmark_iter_next(iterator.get())) != CMARK_EVENT_DONE;) {
      visit(cmark_iter_get_node(iterator.get()), event == CMARK_EVENT_ENTER);
    }
    return std::move(tree_);
  }

 private:
  void visit(cmark_node* node, bool entering) {
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_BLOCK_QUOTE) quotes_ += entering ? 1 : -1;
    if (type == CMARK_NODE_IMAGE && entering) alts_.emplace_back();
    if (type == CMARK_NODE_IMAGE && !entering) {
      const std::string alt = std::move(alts_.back());
      alts_.pop_back();
      append_alt(alt);
      add_link(node, true, alt);
    } else if (type == CMARK_NODE_LINK && !entering) {
      add_link(node, false, "");
    } else if (entering && (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)) {
      append_alt(text_of(cmark_node_get_literal(node)));
    } else if (entering) {
      add_block(node, type);
    }
  }

  void append_alt(std::string_view text) {
    if (alts_.empty()) return;
    std::string& alt = alts_.back();
    alt += text.substr(0, kMaxAlt - std::min(kMaxAlt, alt.size()));
  }

  void add_link(cmark_node* node, bool is_image, const std::string& alt) {
    const std::string url = text_of(cmark_node_get_url(node));
    tree_.links.push_back({url, is_image, is_auto(node, url), !alts_.empty(), alt});
  }

  static bool is_auto(cmark_node* link, const std::string& url) {
    cmark_node* child = cmark_node_first_child(link);
    if (!child || cmark_node_get_type(child) != CMARK_NODE_TEXT) return false;
    const std::string text = text_of(cmark_node_get_literal(child));
    return url == text || url == "http://" + text || url == "mailto:" + text;
  }

  void add_block(cmark_node* node, cmark_node_type type) {
    using Type = MarkdownBlock::Type;
    MarkdownBlock block{Type::kParagraph,
                        cmark_node_get_start_line(node),
                        cmark_node_get_end_line(node),
                        cmark_node_get_start_column(node),
                        cmark_node_get_end_column(node),
                        quotes_,
                        ""};
    if (type == CMARK_NODE_HEADING) {
      const bool is_one_line = block.first_line == block.last_line;
      block.type = is_one_line ? Type::kHeading : Type::kUnderlinedHeading;
    } else if (type == CMARK_NODE_CODE_BLOCK) {
      block.type = Type::kCode;
    } else if (type == CMARK_NODE_HTML_BLOCK) {
      block.type = Type::kHtml;
      block.html = text_of(cmark_node_get_literal(node));
    } else if (is_type(node, "table_cell")) {
      block.type = Type::kCell;
    } else if (type != CMARK_NODE_PARAGRAPH) {
      return;
    }
    tree_.blocks.push_back(std::move(block));
  }

  MarkdownTree tree_;
  std::vector<std::string> alts_;  // of open images
  int quotes_ = 0;
};

}  // namespace

MarkdownLimits measure_markdown(std::string_view body) {
  MarkdownLimits limits;
  const auto count = [&](char c) {
    return static_cast<size_t>(std::count(body.begin(), body.end(), c));
  };
  size_t columns = 0;
  for (size_t line = 0; line < body.size();) {
    const size_t end = std::min(body.find('\n', line), body.size());
    const std::string_view text = body.substr(line, end - line);
    const size_t marks = std::min(text.find_first_not_of(" \t>*+-.)0123456789"), text.size());
    const std::string_view container = text.substr(0, marks);
    const auto blanks = std::count(container.begin(), container.end(), ' ') +
                        std::count(container.begin(), container.end(), '\t');
    const bool rule = marks == text.size() && text.find_first_not_of("*-+ \t") == text.npos;
    if (!rule && marks - static_cast<size_t>(blanks) > kMaxContainers) limits.readable = false;
    if (text.find_first_not_of("|:- \t>\r") == text.npos) {
      columns = std::max(columns, static_cast<size_t>(std::count(text.begin(), text.end(), '|')));
    }
    line = end + 1;
  }
  if (body.size() > kMaxBody || count('[') > kMaxBrackets) limits.readable = false;
  if (columns * (count('\n') + 1) > kMaxTableCells) limits.tables = false;
  if (count('@') > kMaxAts) limits.autolinks = false;
  if (count('^') > kMaxFootnotes) limits.footnotes = false;
  return limits;
}

MarkdownTree parse_markdown(std::string_view body, const MarkdownLimits& limits) {
  const Parser parser = make_parser(limits);
  const Tree tree = parse(body, parser);
  return Reader().read(tree.get());
}

std::string markdown_to_html(std::string_view body, const MarkdownLimits& limits) {
  const Parser parser = make_parser(limits);
  const Tree tree = parse(body, parser);
  const std::unique_ptr<char, void (*)(void*)> html(
      cmark_render_html(tree.get(), CMARK_OPT_UNSAFE,
                        cmark_parser_get_syntax_extensions(parser.get())),
      std::free);
  return html.get();
}

std::string markdown_unescaped(std::string_view written, bool backslashes) {
  cmark_strbuf buffer;
  cmark_strbuf_init(cmark_get_default_mem_allocator(), &buffer, 0);
  houdini_unescape_html_f(&buffer, reinterpret_cast<const uint8_t*>(written.data()),
                          static_cast<bufsize_t>(written.size()));
  if (backslashes) cmark_strbuf_unescape(&buffer);
  std::string result(reinterpret_cast<const char*>(buffer.ptr), static_cast<size_t>(buffer.size));
  cmark_strbuf_free(&buffer);
  return result;
}

}  // namespace halftone

// The index table: by what articles are found without reading them. docs/format.md tells its rows.
//
//   a <id> <time>                              -> summary, JSON: one row for each version
//   c <captured> <id> <time>                   -> nothing, as in all below
//   d <date> <id> <time>  or  u <id> <time>       by the article's own date, or undated
//   h <host as in a SURT>, <id> <time>            where the article has a host
//   s <source> <id> <time>                        where something led to it
//
//   p …                                           pictures: see store/likeness_index.h
//
// Every other key ends with the 33 bytes that are the version's key in the article table.
#pragma once

#include <string>
#include <string_view>

#include "media/error.h"
#include "store/article.h"
#include "store/database.h"

namespace halftone::article_index {

constexpr size_t kVersionSize = 33;  // of "<id> <time>"

// Where rows begin.
constexpr std::string_view kSummaries = "a ", kCaptured = "c ", kDated = "d ", kUndated = "u ";
std::string source_prefix(std::string_view source);
// The host and its subdomains; nothing where `host` is none.
std::optional<std::string> site_prefix(std::string_view host);

// Whether its row begins with `site`, which is of site_prefix().
bool is_article_of_site(const ArticleSummary& version, std::string_view site);

std::string version_key(std::string_view id, Time captured_at);

// The id in a row's key; empty where the key is damaged.
std::string_view id_in(std::string_view key);
std::optional<Time> captured_at_in(std::string_view key);

// The rows of a version; a batch that removes them must be made from the same summary.
void add_rows(const Article& article, WriteBatch& batch);
void remove_rows(const ArticleSummary& summary, WriteBatch& batch);

// Of a row under kSummaries. kCorrupt.
Result<ArticleSummary> read_summary(std::string_view key, std::string_view value);

}  // namespace halftone::article_index

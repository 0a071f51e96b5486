// What holds for every scan of every document.
#pragma once

#include <string_view>
#include <vector>

#include "media/reference.h"
#include "media/source_text.h"
#include "media/url.h"

namespace halftone {

const Url& fuzz_base();

// `span` lies in a text of `size` bytes.
void must_be_inside(Span span, size_t size);

// The URL is empty, or what the URL parser makes of it again.
void must_be_serialised(const std::string& url);

// Spans inside of the document, URLs that stay as they are, no more than the cap.
void must_be_sound(const std::vector<Reference>& references, size_t document_size);

// Every piece of the text comes from bytes inside of the document, in order.
void must_be_mapped(const SourceText& text, size_t document_size);

}  // namespace halftone

// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_DOCUMENT_PLAIN_WORDS_H_
#define GONGKAI_SERVICES_DOCUMENT_PLAIN_WORDS_H_

#include <string>
#include <string_view>

// Words of others made safe to print: what a document shows is what it holds.
namespace gongkai::document {

// Controls but line feed and tab, and characters that reorder what is read, as
// their code points in brackets; bytes that are not UTF-8 in hexadecimal.
std::string Visible(std::string_view text);

// Visible text as HTML text.
std::string ToHtml(std::string_view text);

}  // namespace gongkai::document

#endif  // GONGKAI_SERVICES_DOCUMENT_PLAIN_WORDS_H_

// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_JOBS_MAIL_TEXT_H_
#define GONGKAI_SERVICES_JOBS_MAIL_TEXT_H_

#include <string>
#include <string_view>

#include "storage/inbox.h"

namespace gongkai::jobs {

// The mail of an entry as it goes over the wire (RFC 5322, MIME): Chinese with
// English below, lines ended by CRLF. It says number, limit, last day and the
// days left, nothing of a person, and holds no link. Equal entries give equal
// bytes, Message-ID (`<ID@DOMAIN>`, of the address it goes to) and date among
// them: a mail that arrives twice is known as one.
std::string MailText(const storage::InboxEntry& entry, std::string_view from);

// A header's text as encoded words (RFC 2047), folded to lines of at most 76
// characters with a name of up to ten before it.
std::string EncodedWords(std::string_view text);

// Whether mail may be sent from or to this: one `@`, letters, digits and
// `._-+` before it, and a host's name after it.
bool IsMailAddress(std::string_view text);

}  // namespace gongkai::jobs

#endif  // GONGKAI_SERVICES_JOBS_MAIL_TEXT_H_

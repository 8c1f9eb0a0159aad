// The chat templates that are known here, as data: what stands around a turn.
#pragma once

#include <string>
#include <string_view>

#include "text/tokenizer.h"

namespace arf {

struct ChatFormat {
  const char* name;
  const char* begin;       // a special token before everything; "": none
  const char* start;       // a special token that opens a turn; the role's name follows it
  const char* header_end;  // a special token behind the role's name; "": none
  const char* gap;         // between the header and the text
  const char* end;         // a special token that ends a turn
  const char* after;       // between turns
  const char* assistant;   // the role's name
  bool trims;              // texts lose the white space at their ends
  enum class System {
    kOptional,  // a block of its own, where there is a text or the folder's template has a default
    kDated,     // always a block: dates, then the text
    kRefused    // the template raises an error
  } system;
  bool alternates;  // user and assistant in turns, the user first; the template refuses others
};

// By the special tokens that the tokenizer has. input_error where it has none of a known format's,
// or not marked special.
const ChatFormat& find_chat_format(const Tokenizer& tokenizer);

// Whether a Jinja text is one that was compared with the format here, by its SHA-256.
bool is_known_template(const std::string& sha256);
std::string known_templates();  // their hashes, for messages

// Valid UTF-8 without the white space at its ends, as Python's strip, which Jinja's trim is.
std::string_view trimmed(std::string_view text);

}  // namespace arf

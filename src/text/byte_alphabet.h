// The alphabet of byte-level BPE: each byte is written as one printable character, so that a token
// can stand in JSON. Bytes that are printable in Latin-1 stand for themselves; the 68 others, in
// order, are U+0100 to U+0143 (GPT-2's rule). Example: " a\n" is "\u0120a\u010a".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace arf {

// The bytes in the alphabet's spelling, as UTF-8.
std::string spell_bytes(std::string_view bytes);
// The bytes behind a spelling; nothing where a character is not of the alphabet.
std::optional<std::string> read_spelling(std::string_view spelling);
// The byte whose letter comes `index`-th in order of code points; 0 <= index < 256. GPT-2's order
// of ids: '!' is 0.
unsigned char byte_of_rank(int index);

}  // namespace arf

// UTF-8 as the Unicode standard has it: no overlong form, no surrogate, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace arf {

// Position of the first byte that does not belong to a valid sequence; text.size() where all do.
std::size_t first_invalid_utf8(std::string_view text);
inline bool is_utf8(std::string_view text) { return first_invalid_utf8(text) == text.size(); }

inline constexpr std::size_t kUncut = std::string_view::npos;

// For a terminal: control characters (also C1 and the line separators) as \n, \t, \x1b, \u2028 and
// bytes that are not UTF-8 as \xNN, so that no text can move the cursor or ring the bell. Cut
// after `max_bytes` bytes of input at a character's boundary, with an ellipsis.
std::string printable(std::string_view text, std::size_t max_bytes = 200);

// A text of more than `most_bytes` without its middle, where an ellipsis stands.
std::string shortened(std::string_view text, std::size_t most_bytes);

// As `printable` for a text whose lines are to be read as they are: line breaks, tabs and what
// joins or turns characters (emoji, right-to-left scripts) stay, and nothing is cut.
std::string for_terminal(std::string_view text);

}  // namespace arf

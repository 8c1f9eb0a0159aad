// Texts as plain words, and the cues that are looked for in them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace arf {

// Lower-case words with a space before and after each, apostrophes dropped and other punctuation
// taken for a space: "Don't stop, Ann!" -> " dont stop ann ". " " where there are none. Bytes above
// ASCII are letters.
std::string plain_words(std::string_view text);

std::vector<std::string> split_words(std::string_view text);  // of plain_words

// The parts of a text between the marks . ! ?
std::vector<std::string> split_sentences(std::string_view text);

// How many of the cues (words or phrases, plain) are in `plain` (of plain_words).
int count_cues(const std::string& plain, std::span<const char* const> cues);

// `text` with every `slot` replaced.
std::string fill(std::string text, std::string_view slot, std::string_view value);

}  // namespace arf

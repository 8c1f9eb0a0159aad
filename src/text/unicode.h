// Characters of UTF-8 text, and their classes as the split patterns see them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace arf {

struct Character {
  char32_t code = 0;
  std::uint32_t length = 0;  // bytes
};

// input_error with the place of the first byte that is no UTF-8: to be called before what follows,
// which reads on behind a text that ends within a character.
void require_utf8(std::string_view text);

// The character at byte `at` of valid UTF-8; at < text.size().
Character character_at(std::string_view text, std::size_t at);
// Where the character begins that ends before byte `end` > 0 of valid UTF-8.
std::size_t character_begin(std::string_view text, std::size_t end);
void append_utf8(char32_t code, std::string* text);

// \p{L}; \p{N}; [\r\n]; \s but [\r\n]; all others. kEnd: behind the text.
enum class CharacterClass : std::uint8_t { kLetter, kNumber, kLineBreak, kSpace, kOther, kEnd };
CharacterClass class_of(char32_t code);

// Canonical composition of valid UTF-8. False: it is composed already, and `composed` untouched.
bool compose(std::string_view text, std::string* composed);

// ---- what BERT's normaliser and pre-tokenizer ask of characters, as Hugging Face's library
// answers Other than letters, marks, numbers, punctuation, symbols and separators; \t, \n and \r
// are not.
bool is_control(char32_t code);
bool is_white_space(char32_t code);
bool is_punctuation(char32_t code);                  // ASCII's symbols, too
std::string without_accents(std::string_view text);  // decomposed (NFD), without its Mn
std::string lower_cased(std::string_view text);      // one character after the other

// A letter, mark, decimal digit, connector or joiner: \w.
bool is_word_character(char32_t code);

// Each maximal part of what is no UTF-8 becomes one U+FFFD (the Unicode standard's "substitution of
// maximal subparts", which is what Rust's from_utf8_lossy does).
std::string replace_invalid_utf8(std::string_view bytes);

}  // namespace arf

// Which part of speech a word has where it stands: counts of WordNet's senses weighed against the
// two neighbours. A word that stays in doubt gets no reading.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "augment/token.h"
#include "augment/word_book.h"

namespace arf {

struct TaggedToken {
  WordClass word_class = WordClass::kOther;  // of a kWord; a kNumber is kQuantity, a kOther kOpen
  std::optional<Reading> reading;            // of a word of class kOpen, where it is clear
  bool in_doubt = false;                     // there is a reading, but another is nearly as likely
};

// One for each token of `text`.
std::vector<TaggedToken> tag_tokens(const WordBook& word_book, std::string_view text,
                                    const std::vector<Token>& tokens);

// ASCII letters only.
void make_lower_case(std::string* word);
std::string lower_case(std::string_view word);
// As dictionaries have it: in lower case, and "don't" for "don’t".
std::string dictionary_form(std::string_view word);

}  // namespace arf

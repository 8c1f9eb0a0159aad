// A text's tokens with their parts of speech, and what a word's neighbours say of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "augment/tagger.h"
#include "augment/token.h"
#include "data_io/wordnet.h"

namespace arf {

class TaggedText {
 public:
  // All must outlive it.
  TaggedText(std::string_view text, const WordNet& wordnet, const WordBook& word_book);

  std::size_t size() const { return tokens_.size(); }
  const Token& token(std::size_t i) const { return tokens_[i]; }
  const TaggedToken& tagged(std::size_t i) const { return tagged_[i]; }
  // As it stands, and as a dictionary has it: in lower case, with a plain apostrophe.
  std::string_view word(std::size_t i) const { return tokens_[i].of(text_); }
  std::string spelling(std::size_t i) const { return dictionary_form(word(i)); }

  // Whether nothing but a space stands between the word and the one before or behind it.
  bool touches_before(std::size_t i) const { return i > 0 && !tokens_[i].gap_before; }
  bool touches_behind(std::size_t i) const {
    return i + 1 < tokens_.size() && !tokens_[i].gap_after;
  }
  // kOther where none touches.
  WordClass class_before(std::size_t i) const {
    return touches_before(i) ? tagged_[i - 1].word_class : WordClass::kOther;
  }
  WordClass class_behind(std::size_t i) const {
    return touches_behind(i) ? tagged_[i + 1].word_class : WordClass::kOther;
  }
  bool is_part(std::size_t i, PartOfSpeech part) const {
    return tagged_[i].reading && tagged_[i].reading->part == part;
  }

  // Whether grammar lets a synonym stand in the word's place. Names, phrases and the synonym itself
  // are not looked at.
  bool may_change(std::size_t i) const;

 private:
  bool noun_may_change(std::size_t i) const;
  bool verb_may_change(std::size_t i) const;
  bool may_be_plural(std::size_t i) const;
  bool adjective_may_change(std::size_t i) const;
  bool stands_alone(std::size_t i) const;
  bool has_object(std::size_t i) const;
  bool is_modifier(std::size_t i) const;
  bool takes_to(std::size_t i) const;

  std::string_view text_;
  const WordNet& wordnet_;
  std::vector<Token> tokens_;
  std::vector<TaggedToken> tagged_;
};

}  // namespace arf

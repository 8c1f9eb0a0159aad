// How a normalised text is cut into words, other than by a byte-level pattern (split.h): merges and
// pieces never cross a word's border.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace arf {

struct WordRule {
  enum class Kind {
    kByteLevel,   // a scanner of split.h
    kWhole,       // a text is one word
    kMetaspace,   // spaces become `mark`, which begins a word
    kBehindMark,  // a word ends behind each `mark`, or behind those that follow one another
    kBert         // white space parts words and is left out; each punctuation mark is one
  } kind = Kind::kByteLevel;
  std::string mark;
  enum class Prefix { kNever, kFirst, kAlways } prefix = Prefix::kNever;  // of `mark`, kMetaspace
  bool splits = true;                                                     // kMetaspace
};

// Calls `word` for each word of a piece; begins_text: it stands at the very beginning of a text.
void cut_words(const WordRule& rule, std::string_view piece, bool begins_text,
               const std::function<void(std::string_view word)>& word);

}  // namespace arf

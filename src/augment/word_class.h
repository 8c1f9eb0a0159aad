// Function words, which are never replaced, by what they say of their neighbours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace arf {

enum class WordClass : std::uint8_t {
  kOpen,        // none of these: a noun, verb, adjective or adverb, to be told apart
  kArticle,     // a, an
  kDeterminer,  // the, this, my, every, Tom's
  kPronoun,     // I, he, they, who: a verb follows
  kObject,      // me, him, something
  kOf,
  kPreposition,  // in, with, after
  kParticle,     // up, out, away: may belong to the verb before
  kConjunction,  // and, because
  kModal,        // can, will, don't: a base form follows
  kTo,
  kBe,
  kHave,
  kDegree,    // very, too, more, most: an adjective or adverb follows
  kAdverb,    // not, also, often: says little of what follows
  kQuantity,  // two, many, half
  kOther,     // which, yes, please, and all that stands alone
};
inline constexpr std::size_t kWordClasses = 17;

// `word` in lower case, contractions whole ("don't", "it's").
WordClass word_class(std::string_view word);

// All words that have a class other than kOpen, but for possessives ("Tom's").
std::vector<std::string_view> function_words();

}  // namespace arf

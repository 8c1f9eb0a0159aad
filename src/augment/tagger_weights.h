// What the neighbours of a word say of its part of speech: natural logarithms of odds, set by hand
// and read against text. Rows: the neighbour; columns: how the word is used.
#pragma once

#include <array>
#include <cstddef>

#include "augment/word_class.h"

namespace arf {

enum Use : std::size_t { kSingular, kPlural, kBase, kThird, kPast, kGerund, kAdjective, kAdverb };
inline constexpr std::size_t kUses = 8;
using UseWeights = std::array<double, kUses>;

// clang-format off
inline constexpr std::array<UseWeights, kWordClasses> kAfterClass = {{
    // sing  plur  base   3rd  past   ing   adj   adv
    {{ 0.2,  0.2, -1.0,  0.7,  0.7,  0.0, -0.5,  0.0}},  // kOpen, of unknown use: a name
    {{ 2.5, -4.0, -7.0, -7.0, -1.0, -0.5,  2.0, -1.0}},  // kArticle
    {{ 2.5,  2.0, -6.0, -3.0, -1.0, -0.5,  2.0, -1.0}},  // kDeterminer
    {{-3.0, -3.0,  2.0,  2.5,  2.5, -2.0, -2.0,  0.5}},  // kPronoun
    {{-1.0, -0.5, -0.5, -1.0, -1.0,  0.5,  0.0,  1.0}},  // kObject
    {{ 1.5,  1.5, -5.0, -5.0, -3.0,  1.0,  0.7, -2.0}},  // kOf
    {{ 1.5,  1.5, -5.0, -5.0, -3.0,  1.0,  0.7, -2.0}},  // kPreposition
    {{ 0.0,  0.5, -2.0, -2.0, -1.0,  0.0,  0.0,  0.0}},  // kParticle
    {{ 0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0}},  // kConjunction
    {{-4.0, -4.0,  4.0, -5.0, -5.0, -5.0, -3.0,  0.0}},  // kModal
    {{-0.5, -0.5,  3.0, -6.0, -5.0, -3.0, -0.5,  0.0}},  // kTo
    {{-1.5, -1.0, -6.0, -6.0,  2.0,  2.0,  2.0,  0.0}},  // kBe
    {{-0.5,  0.0, -5.0, -6.0,  3.0, -3.0,  0.5,  0.0}},  // kHave
    {{-2.0, -1.5, -2.0, -3.0,  0.0, -1.0,  2.5,  2.0}},  // kDegree
    {{ 0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0}},  // kAdverb: looked through
    {{ 0.5,  2.0, -3.0, -4.0, -2.0, -2.0,  0.7, -2.0}},  // kQuantity
    {{ 0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0}},  // kOther
}};
inline constexpr std::array<UseWeights, kUses> kAfterUse = {{
    {{ 0.3,  0.3, -3.0,  1.0,  1.0,  0.0, -2.0,  0.5}},  // kSingular
    {{-2.0, -2.0,  1.0, -3.0,  1.0,  0.0, -1.5,  0.5}},  // kPlural
    {{ 0.5,  0.7, -3.0, -4.0, -1.0,  0.3,  0.5,  0.5}},  // kBase
    {{ 0.5,  0.7, -4.0, -4.0, -1.0,  0.3,  0.5,  0.7}},  // kThird
    {{ 0.3,  0.7, -4.0, -4.0, -1.0,  0.0,  0.3,  0.7}},  // kPast
    {{ 0.7,  0.9, -4.0, -4.0, -2.0, -2.0,  0.5,  0.5}},  // kGerund
    {{ 2.0,  2.0, -5.0, -4.0, -2.0, -1.0,  0.5, -1.5}},  // kAdjective
    {{-1.0, -1.0,  0.0,  0.3,  0.5,  0.0,  0.7,  0.0}},  // kAdverb: looked through
}};
inline constexpr UseWeights kAtStart =
    {{ 0.0,  0.5,  1.0, -2.0, -2.0,  0.0,  0.0,  0.5}};
inline constexpr UseWeights kAfterGap =
    {{ 0.0,  0.0, -0.5,  0.0,  0.0,  0.5,  0.0,  0.0}};

inline constexpr std::array<UseWeights, kWordClasses> kBeforeClass = {{
    {{ 0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0}},  // kOpen, of unknown use
    {{-1.2, -0.7,  1.5,  1.5,  1.2,  1.0, -2.5,  0.0}},  // kArticle
    {{-1.2, -0.7,  1.5,  1.5,  1.2,  1.0, -2.5,  0.0}},  // kDeterminer
    {{ 0.3,  0.3,  0.0,  0.0,  0.0,  0.0, -1.0,  0.0}},  // kPronoun
    {{-1.2, -0.7,  1.5,  1.5,  1.2,  1.0, -2.5,  0.0}},  // kObject
    {{ 2.0,  2.0, -2.0, -2.0, -1.5, -1.0, -1.5, -1.0}},  // kOf
    {{ 0.4,  0.4,  0.0,  0.2,  0.4,  0.2, -0.8,  0.2}},  // kPreposition
    {{-0.5, -0.5,  1.0,  1.0,  1.0,  1.0, -2.0,  0.0}},  // kParticle
    {{ 0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0}},  // kConjunction
    {{ 1.5,  1.5, -4.0, -4.0, -2.0, -0.5, -2.5,  0.0}},  // kModal
    {{ 0.0,  0.0,  0.3,  0.3,  0.3,  0.0,  0.0,  0.0}},  // kTo
    {{ 1.5,  1.5, -4.0, -4.0, -2.0, -0.5, -2.5,  0.0}},  // kBe
    {{ 1.5,  1.5, -4.0, -4.0, -2.0, -0.5, -2.5,  0.0}},  // kHave
    {{ 0.0,  0.0,  0.2,  0.2,  0.2,  0.0, -0.5,  0.0}},  // kDegree
    {{ 0.0,  0.0,  0.2,  0.2,  0.2,  0.0, -0.5,  0.0}},  // kAdverb
    {{-1.2, -0.7,  1.5,  1.5,  1.2,  1.0, -2.5,  0.0}},  // kQuantity
    {{ 0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0}},  // kOther
}};
// The word behind by what it usually is, since its own use is not yet known.
inline constexpr std::array<UseWeights, kUses> kBeforeUse = {{
    {{-0.5, -1.5,  0.3,  0.3,  0.2,  0.5,  1.2, -1.5}},  // kSingular
    {{-0.5, -1.5,  0.3,  0.3,  0.2,  0.5,  1.2, -1.5}},  // kPlural
    {{ 0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0}},  // kBase
    {{ 1.0,  1.0, -2.0, -2.0, -2.0,  0.0, -2.0,  0.5}},  // kThird
    {{ 1.0,  1.0, -2.0, -2.0, -2.0,  0.0, -2.0,  0.5}},  // kPast
    {{ 0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0}},  // kGerund
    {{-0.7, -0.7,  0.7,  0.7,  0.5,  0.3,  0.0,  0.7}},  // kAdjective
    {{ 0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0,  0.0}},  // kAdverb
}};
inline constexpr UseWeights kBeforeGap =
    {{ 0.3,  0.3,  0.0,  0.0,  0.0,  0.0, -0.5,  0.5}};
// clang-format on

}  // namespace arf

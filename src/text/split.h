// The split patterns of byte-level tokenizers, as hand-written scanners. A text is cut into words;
// merges never cross a word's border.
#pragma once

#include <cstddef>
#include <string_view>

namespace arf {

// One past the word that begins at byte `begin` of valid UTF-8, begin < text.size(). Words follow
// one another without gaps; the end of `text` counts as the end of all text.
using NextWord = std::size_t (*)(std::string_view text, std::size_t begin);

inline constexpr std::string_view kQwen2Pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";
inline constexpr std::string_view kLlama3Pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";
inline constexpr std::string_view kGpt2Pattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

// The scanner of exactly this pattern; null where there is none.
NextWord find_split(std::string_view pattern);

}  // namespace arf

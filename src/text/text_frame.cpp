#include "text/text_frame.h"

#include <algorithm>

namespace arf {

FramedText fill_frame(const TextFrame& frame, std::span<const TokenId> first,
                      std::span<const TokenId> second) {
  FramedText text;
  for (const FramePiece& piece : frame) {
    const std::span<const TokenId> part = piece.kind == FramePiece::Kind::kFirst ? first
                                          : piece.kind == FramePiece::Kind::kSecond
                                              ? second
                                              : std::span(&piece.token, 1);
    text.tokens.insert(text.tokens.end(), part.begin(), part.end());
    text.types.resize(text.tokens.size(), piece.type);
  }
  const auto is_zero = [](std::int32_t type) { return type == 0; };
  if (std::all_of(text.types.begin(), text.types.end(), is_zero)) text.types = {};
  return text;
}

}  // namespace arf

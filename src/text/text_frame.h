// How a text or a pair of texts stands between special tokens, as a tokenizer's post-processor
// says.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace arf {

using TokenId = std::int32_t;

// A special token or the place of a text, with the token type of what stands there (`type_id` of
// tokenizer.json, `token_type_ids` of BERT's inputs).
struct FramePiece {
  enum class Kind { kToken, kFirst, kSecond };
  Kind kind = Kind::kToken;
  std::int32_t type = 0;
  TokenId token = 0;  // of kToken
};
// Example: BERT's [CLS] first [SEP] second [SEP] has the types 0 0 0 1 1.
using TextFrame = std::vector<FramePiece>;

struct FramedText {
  std::vector<TokenId> tokens;
  std::vector<std::int32_t> types;  // one a token, or none: all are 0

  bool operator==(const FramedText&) const = default;
};

FramedText fill_frame(const TextFrame& frame, std::span<const TokenId> first,
                      std::span<const TokenId> second = {});

}  // namespace arf

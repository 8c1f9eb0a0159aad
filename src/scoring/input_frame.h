// How the scorer's inputs stand between special tokens: as the tokenizer's post-processor says or,
// where it puts nothing around a text, by the special tokens that there are.
//   RoBERTa's tokenizers:  <s> text </s>                  <s> prompt </s></s> response </s>
//   BERT's:                [CLS] text [SEP]                [CLS] prompt [SEP] response [SEP]
//   ours (Qwen2's kind):   <|endoftext|> text <|im_end|>
//                          <|endoftext|> prompt <|im_end|> response <|im_end|>
// In BERT's pair the response and the [SEP] behind it are of token type 1, all else is of type 0.
#pragma once

#include <cstdint>
#include <span>

#include "text/tokenizer.h"

namespace arf {

struct InputFrame {
  TextFrame text, pair;
};

// For an encoder of so many token types; one that has one (RoBERTa) takes every token as type 0.
// input_error: nothing says how a text or a pair stands, or it has a type that the encoder has not.
InputFrame find_input_frame(const Tokenizer& tokenizer, std::int64_t num_token_types);

// At most `most` tokens in all; a text that is too long keeps its beginning.
FramedText frame_text(const InputFrame& frame, std::span<const TokenId> text, std::size_t most);
// Where both do not fit, each keeps its end: half of the room, and more where the other leaves it.
FramedText frame_pair(const InputFrame& frame, std::span<const TokenId> prompt,
                      std::span<const TokenId> response, std::size_t most);

}  // namespace arf

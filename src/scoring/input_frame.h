// How a text or a pair of texts stands between special tokens.
//   RoBERTa's tokenizers:  <s> text </s>                  <s> prompt </s></s> response </s>
//   BERT's:                [CLS] text [SEP]                [CLS] prompt [SEP] response [SEP]
//   ours (Qwen2's kind):   <|endoftext|> text <|im_end|>
//                          <|endoftext|> prompt <|im_end|> response <|im_end|>
#pragma once

#include <cstdint>
#include <vector>

#include "text/tokenizer.h"

namespace arf {

struct InputFrame {
  TokenId begin = 0;
  std::vector<TokenId> between;  // prompt and response
  TokenId end = 0;
};

// input_error where the tokenizer has neither pair of special tokens.
InputFrame find_input_frame(const Tokenizer& tokenizer);

// At most `most` tokens in all; a text that is too long keeps its beginning.
std::vector<TokenId> frame_text(const InputFrame& frame, const std::vector<TokenId>& text,
                                std::size_t most);
// Where both do not fit, each keeps its end: half of the room, and more where the other leaves it.
std::vector<TokenId> frame_pair(const InputFrame& frame, const std::vector<TokenId>& prompt,
                                const std::vector<TokenId>& response, std::size_t most);

}  // namespace arf

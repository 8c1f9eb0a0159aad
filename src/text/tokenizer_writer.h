// The texts of tokenizer.json and tokenizer_config.json of a tokenizer that we have trained:
// Qwen2's pipeline (NFC, split pattern, byte-level BPE), readable by Hugging Face's library.
#pragma once

#include <string>
#include <vector>

#include "text/bpe.h"

namespace arf {

inline constexpr const char* kEndOfText = "<|endoftext|>";
inline constexpr const char* kStartOfTurn = "<|im_start|>";
inline constexpr const char* kEndOfTurn = "<|im_end|>";
inline constexpr int kNumSpecialTokens = 3;

// Ids 0 to 255 are the bytes in the alphabet's order; merge i makes 256 + i; then follow
// <|endoftext|>, <|im_start|> and <|im_end|>.
std::string write_tokenizer_json(const std::vector<Merge>& merges);
// The chat template puts a system block only where the dialogue has one.
std::string write_tokenizer_config();
const std::string& own_chat_template();  // its Jinja text

}  // namespace arf

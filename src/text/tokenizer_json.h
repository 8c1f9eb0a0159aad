// tokenizer.json read and checked: what a byte-level BPE is made of.
#pragma once

#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "text/added_tokens.h"
#include "text/bpe.h"
#include "text/split.h"

namespace arf {

struct TokenizerParts {
  std::unordered_map<std::string, TokenId> vocabulary;  // spellings, added tokens too
  std::vector<Merge> merges;
  std::array<TokenId, 256> byte_tokens{};
  std::vector<AddedToken> added;
  NextWord next_word = nullptr;
  bool compose = false;        // normaliser NFC
  bool prefix_space = false;   // a text that does not begin with a space is given one
  bool ignore_merges = false;  // a word that is a token is that token
};

// place: the file, for messages. input_error: broken JSON, a component that is not known here (by
// its name), merges of tokens that do not exist, ids that are negative or given twice, a byte
// without a token. Truncation, padding and post-processors (they frame a text with special tokens)
// are read and left to the caller.
TokenizerParts read_tokenizer_json(const std::string& json, const std::string& place);

}  // namespace arf

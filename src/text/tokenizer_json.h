// tokenizer.json read and checked: what a tokenizer is made of.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/text_hash.h"
#include "text/added_tokens.h"
#include "text/normalizer.h"
#include "text/split.h"
#include "text/text_frame.h"
#include "text/token_decoder.h"
#include "text/word_model.h"
#include "text/words.h"

namespace arf {

struct TokenizerParts {
  TextMap<TokenId> vocabulary;  // spellings, added tokens too
  std::vector<AddedToken> added;
  Normalizer normalizer;
  WordRule words;
  NextWord next_word = nullptr;  // of byte-level words
  bool prefix_space = false;     // byte-level: a text that does not begin with a space is given one
  std::unique_ptr<WordModel> model;
  std::vector<DecoderStep> decoder;  // none: tokens are bytes, spelled in the byte alphabet
  // What the post-processor puts around a text, and around two; empty where it does not say.
  TextFrame frame{FramePiece{FramePiece::Kind::kFirst}}, pair_frame;
};

// place: the file, for messages. input_error: broken JSON, a component that is not known here (by
// its name), merges of tokens that do not exist, ids that are negative or given twice, a byte
// without a token. Truncation and padding are read and left to the caller.
TokenizerParts read_tokenizer_json(const std::string& json, const std::string& place);

}  // namespace arf

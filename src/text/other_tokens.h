// Tokens that the files beside tokenizer.json tell of, and tokenizer.json does not.
#pragma once

#include <string>
#include <vector>

#include "core/json.h"
#include "text/added_tokens.h"

namespace arf {

// The texts of tokenizer_config.json, special_tokens_map.json and added_tokens.json, "" where there
// is none, and the folder they are in, for messages.
struct TokenizerFiles {
  std::string config, special_tokens_map, added_tokens;
  std::string folder;
};

// transformers adds what these files name and tokenizer.json's added tokens have not, and takes
// over other flags, so it encodes otherwise: input_error with the file, the key and the token.
// special_tokens_map.json and added_tokens.json count where the configuration has no
// `added_tokens_decoder`, as there. config: that of files, as an object.
void refuse_other_tokens(const std::vector<AddedToken>& added, const SortedJson& config,
                         const TokenizerFiles& files);

// Empty for "". input_error with the place: the text is no JSON object.
SortedJson object_in(const std::string& text, const std::string& place);

}  // namespace arf

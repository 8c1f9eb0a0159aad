// What --model.* means: a Hugging Face folder, with or without weights and a tokenizer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "model/decoder.h"
#include "text/chat_template.h"
#include "text/tokenizer.h"

namespace arf {

struct ModelSettings {
  std::string path;                // folder with config.json
  bool random_weights = false;     // draw the weights from the seed instead of reading them
  std::string tokenizer;           // folder of tokenizer.json; "": the model's own folder
  std::string precision = "auto";  // of matrices: auto (as the folder's) | float32 | bfloat16
  std::string device = "auto";     // auto | cpu (cuda is refused by this version)
  ChatSettings chat;
};

// usage_error: a precision or device that this build cannot honour.
void check_model_settings(const ModelSettings& settings);

// The folder that the tokenizer is read from.
std::filesystem::path tokenizer_folder(const ModelSettings& settings);
Tokenizer load_model_tokenizer(const ModelSettings& settings);  // input_error

// The tokens that end a reply by generation_config.json, or else config.json, of the model's
// folder: `eos_token_id`, a number or a list; none where neither has it. input_error: anything else
// there, or a token that the vocabulary of config.json has not (where weights are drawn, the
// vocabulary is the tokenizer's: not checked then).
std::vector<std::int32_t> read_end_tokens(const ModelSettings& settings);

// Puts what says which tokens end a reply (and begin and fill up a text) beside a model that was
// made of this folder's: generation_config.json, and the ids of config.json. Nothing where its
// weights were drawn, as its tokenizer is another then.
void copy_token_ids(const ModelSettings& settings, const std::filesystem::path& to);

// input_error where an adapter stands in a model's folder, which transformers would put on its
// base.
void require_no_adapter(const std::filesystem::path& folder);

// The decoder, not frozen. tokenizer (may be null) must fit: input_error where it has more ids than
// the model's vocabulary. Where the weights are drawn, the vocabulary is the tokenizer's, rounded
// up to a multiple of 64, and a line of the log says so. A folder without weights is an input_error
// unless random_weights is set.
Decoder load_decoder(const ModelSettings& settings, std::uint64_t seed, const Tokenizer* tokenizer);

}  // namespace arf

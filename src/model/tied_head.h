// The head of a model that config.json ties to the embedding.
#pragma once

#include "data_io/safetensors_folder.h"
#include "model/decoder_config.h"

namespace arf {

// A tied model's files may hold lm_head.weight beside the embedding; it is left out, so it must be
// the same. input_error where it is not: which of the two the model was trained with is unknown.
void require_tied_head(const SafetensorsFolder& folder, const DecoderConfig& config);

}  // namespace arf

#include "model/tied_head.h"

#include <algorithm>

#include "core/error.h"

namespace arf {

void require_tied_head(const SafetensorsFolder& folder, const DecoderConfig& config) {
  const auto head = folder.tensors().find("lm_head.weight");
  const auto embedding = folder.tensors().find("model.embed_tokens.weight");
  if (!config.tied_embeddings || head == folder.tensors().end() ||
      embedding == folder.tensors().end()) {
    return;
  }
  const StoredTensor &a = head->second, &b = embedding->second;
  if (a.dtype == b.dtype && a.shape == b.shape && std::ranges::equal(a.bytes, b.bytes)) return;
  input_error(
      "{}: config.json ties the head to the embedding (`tie_word_embeddings`), but lm_head.weight "
      "is another tensor than model.embed_tokens.weight; set tie_word_embeddings to false to use "
      "it, or take it out of the file",
      folder.path().string());
}

}  // namespace arf

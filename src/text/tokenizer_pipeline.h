// What stands around the model in tokenizer.json: normaliser, pre-tokenizer, post-processor,
// decoder.
#pragma once

#include "text/json_fields.h"
#include "text/tokenizer_json.h"

namespace arf {

class PipelineReader : private JsonFields {
 public:
  PipelineReader(const std::string& place, TokenizerParts* parts)
      : JsonFields(place), parts_(*parts) {}
  // input_error: a component, or one of its options, that is not known here.
  void read(const SortedJson& root);

 private:
  void read_normalizer(const SortedJson& normalizer);
  void read_pre_tokenizer(const SortedJson& pre_tokenizer);
  void read_split(const SortedJson& split);
  void read_byte_level(const SortedJson& byte_level);
  void read_post_processor(const SortedJson& processor) const;
  void read_decoder(const SortedJson& decoder) const;

  TokenizerParts& parts_;
};

}  // namespace arf

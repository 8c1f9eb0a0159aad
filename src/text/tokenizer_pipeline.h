// What stands around the model in tokenizer.json: normaliser, pre-tokenizer, decoder.
#pragma once

#include "text/json_fields.h"
#include "text/tokenizer_json.h"

namespace arf {

class PipelineReader : private JsonFields {
 public:
  PipelineReader(const std::string& place, TokenizerParts* parts)
      : JsonFields(place), parts_(*parts) {}
  // Before the model. input_error: a component, or one of its options, that is not known here.
  void read(const SortedJson& root);

 private:
  void read_normalizer(const SortedJson& normalizer);
  void read_bert_normalizer(const SortedJson& normalizer);
  void read_pre_tokenizer(const SortedJson& pre_tokenizer);
  void read_sequence(const SortedJson& steps);
  void read_pattern(const SortedJson& split);
  void read_mark(const SortedJson& split);
  void read_byte_level(const SortedJson& byte_level);
  WordRule::Prefix read_prefix(const SortedJson& metaspace) const;
  void read_metaspace(const SortedJson& metaspace);
  void read_decoder(const SortedJson& decoder);
  void read_decoder_step(const SortedJson& step);

  TokenizerParts& parts_;
};

}  // namespace arf

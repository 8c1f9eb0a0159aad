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
  // Counts how many times longer the steps so far make a text at most. input_error where that
  // passes `most`: replacements of replacements grow exponentially in the file's length.
  void grow(std::size_t from, std::size_t to, double most, double* growth) const;
  // input_error: more than any tokenizer has; each is one more pass over every text.
  void check_steps(std::size_t count) const;
  void read_normalizer(const SortedJson& normalizer);
  std::string read_replaced(const SortedJson& replace) const;  // what a Replace looks for
  std::string pattern_text(const SortedJson& pattern) const;   // input_error: too long
  void read_bert_normalizer(const SortedJson& normalizer);
  void read_pre_tokenizer(const SortedJson& pre_tokenizer);
  void read_sequence(const SortedJson& steps);
  void read_pattern(const SortedJson& split);
  void read_mark(const SortedJson& split);
  void read_byte_level(const SortedJson& byte_level);
  std::string read_metaspace_mark(const SortedJson& metaspace) const;
  WordRule::Prefix read_prefix(const SortedJson& metaspace) const;
  void read_metaspace(const SortedJson& metaspace);
  void read_decoder(const SortedJson& decoder);
  void read_decoder_step(const SortedJson& step);

  TokenizerParts& parts_;
  double normalizer_growth_ = 1, decoder_growth_ = 1;
};

}  // namespace arf

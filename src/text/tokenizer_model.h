// The model and the added tokens in tokenizer.json: vocabulary and merges, checked.
#pragma once

#include <array>
#include <unordered_map>

#include "text/json_fields.h"
#include "text/tokenizer_json.h"

namespace arf {

class ModelReader : private JsonFields {
 public:
  ModelReader(const std::string& place, TokenizerParts* parts)
      : JsonFields(place), parts_(*parts) {}
  // Behind the pipeline, which says of what words are made. input_error: a model or an option that
  // is not known here, ids that are negative or given twice, a byte without a token, a merge of
  // tokens that do not exist.
  void read(const SortedJson& root);

 private:
  void read_bpe(const SortedJson& model);
  void read_word_piece(const SortedJson& model);
  void read_vocabulary(const SortedJson& vocabulary);
  TokenId read_id(const std::string& token, const SortedJson& id) const;
  void read_added_tokens(const SortedJson& tokens);
  AddedToken read_added_token(const SortedJson& token) const;
  std::array<TokenId, 256> read_byte_tokens(bool fallback) const;
  std::vector<Merge> read_merges(const SortedJson& merges) const;
  TextMap<TokenId> whole_words(bool byte_level) const;
  TokenId token_of_merge(const std::string& token, std::size_t row) const;
  std::pair<std::string, std::string> merge_parts(const SortedJson& merge, std::size_t row) const;

  TokenizerParts& parts_;
  std::int64_t largest_id_ = 0;                      // that a file of so many tokens may have
  std::unordered_map<TokenId, std::string> tokens_;  // the vocabulary by id
  TextMap<TokenId> model_vocabulary_;                // without added tokens
};

}  // namespace arf

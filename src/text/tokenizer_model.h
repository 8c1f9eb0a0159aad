// The model and the added tokens in tokenizer.json: vocabulary and merges, checked.
#pragma once

#include <unordered_map>

#include "text/json_fields.h"
#include "text/tokenizer_json.h"

namespace arf {

class ModelReader : private JsonFields {
 public:
  ModelReader(const std::string& place, TokenizerParts* parts)
      : JsonFields(place), parts_(*parts) {}
  // input_error: no BPE, an option that is not known here, ids that are negative or given twice, a
  // byte without a token, a merge of tokens that do not exist.
  void read(const SortedJson& root);

 private:
  void read_options(const SortedJson& model);
  void read_vocabulary(const SortedJson& vocabulary);
  TokenId read_id(const std::string& token, const SortedJson& id) const;
  void read_added_tokens(const SortedJson& tokens);
  AddedToken read_added_token(const SortedJson& token) const;
  void read_byte_tokens();
  void read_merges(const SortedJson& merges);
  TokenId token_of_merge(const std::string& token, std::size_t row) const;
  std::pair<std::string, std::string> merge_parts(const SortedJson& merge, std::size_t row) const;

  TokenizerParts& parts_;
  std::unordered_map<TokenId, std::string> tokens_;  // the vocabulary by id
};

}  // namespace arf

// What a Tokenizer holds. Constant after its construction but for the caches, which never change a
// result.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "text/added_tokens.h"
#include "text/bpe.h"
#include "text/split.h"
#include "text/tokenizer_json.h"
#include "text/word_cache.h"

namespace arf {

struct Tokenizer::State {
  // From the text of tokenizer.json; place: the file, for messages.
  static std::unique_ptr<State> read(std::string json, const std::string& place);
  // From the texts beside it, "" where there is none: tokenizer_config.json, chat_template.jinja.
  void read_config(std::string config, std::string template_file, const std::string& place);

  // Appends the tokens of valid UTF-8.
  void encode(std::string_view text, bool parse_special, std::vector<TokenId>* tokens);

  std::string json, config_json, template_file, chat_template;
  std::unordered_map<std::string, TokenId> vocabulary;
  std::vector<std::string> spellings, bytes;  // by id; "": a gap in the ids
  std::vector<bool> is_special;               // by id

 private:
  explicit State(TokenizerParts parts);
  void encode_piece(std::string_view text, WordCache* cache, std::vector<TokenId>* tokens) const;
  void encode_word(std::string_view text, std::size_t begin, std::size_t end, WordCache* cache,
                   std::vector<TokenId>* tokens) const;

  AddedTokens raw_, normalized_;  // looked for before and after normalising
  BytePairEncoder encoder_;
  NextWord next_word_;
  bool compose_, prefix_space_;
  WordCachePool caches_;
};

}  // namespace arf

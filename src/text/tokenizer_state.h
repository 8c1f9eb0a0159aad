// What a Tokenizer holds. Constant after its construction but for the caches, which never change a
// result.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/text_hash.h"
#include "text/added_tokens.h"
#include "text/other_tokens.h"
#include "text/tokenizer_json.h"
#include "text/word_cache.h"

namespace arf {

struct Tokenizer::State {
  // From the text of tokenizer.json; place: the file, for messages.
  static std::unique_ptr<State> read(std::string json, const std::string& place);
  // From the files beside it, and the text of chat_template.jinja, "" where there is none.
  void read_config(TokenizerFiles files, std::string template_file);

  // Appends the tokens of valid UTF-8.
  void encode(std::string_view text, bool parse_special, std::vector<TokenId>* tokens);
  // The text of tokens of ours, as the decoder has it; what is no UTF-8 becomes U+FFFD.
  std::string decode(std::span<const TokenId> ids) const;
  bool falls_back_on_bytes() const;

  std::string json, config_json, template_file, chat_template;
  TextMap<TokenId> vocabulary;
  std::vector<std::string> spellings;  // by id; "": a gap in the ids
  std::vector<bool> is_special;        // by id
  std::vector<AddedToken> added;       // as tokenizer.json has them
  TextFrame frame, pair_frame;

 private:
  explicit State(TokenizerParts parts);
  bool is_byte_level() const { return words_.kind == WordRule::Kind::kByteLevel; }
  void encode_piece(std::string_view text, bool begins_text, WordCache* cache,
                    std::vector<TokenId>* tokens) const;
  void encode_word(std::string_view text, std::size_t begin, std::size_t end, WordCache* cache,
                   std::vector<TokenId>* tokens) const;

  AddedTokens raw_, normalized_;  // looked for before and after normalising
  std::unique_ptr<WordModel> model_;
  Normalizer normalizer_;
  WordRule words_;
  NextWord next_word_;
  bool prefix_space_;
  std::vector<DecoderStep> decoder_;
  std::vector<std::string> bytes_;  // by id, where words are byte-level
  WordCachePool caches_;
};

}  // namespace arf

// From a word to tokens: the model of tokenizer.json.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/text_hash.h"
#include "text/bpe.h"
#include "text/longest_prefix.h"
#include "text/tokenizer.h"

namespace arf {

class WordModel {
 public:
  virtual ~WordModel() = default;
  // Appends the tokens of a word (valid UTF-8, not empty). Thread-safe.
  virtual void encode(std::string_view word, std::vector<TokenId>* tokens) const = 0;
};

// Byte-pair encoding that begins with bytes (GPT-2's kind).
class ByteLevelBpe : public WordModel {
 public:
  // whole_words: words (bytes) that are one token whatever the merges say (`ignore_merges`).
  ByteLevelBpe(const std::array<TokenId, 256>& byte_tokens, const std::vector<Merge>& merges,
               TextMap<TokenId> whole_words);
  void encode(std::string_view word, std::vector<TokenId>* tokens) const override;

 private:
  std::array<TokenId, 256> byte_tokens_;
  MergeRanks merges_;
  TextMap<TokenId> whole_words_;
};

// Byte-pair encoding that begins with characters; one without a token becomes the tokens <0x..> of
// its bytes (SentencePiece's kind: Llama 2, Gemma).
class CharacterBpe : public WordModel {
 public:
  CharacterBpe(const TextMap<TokenId>& vocabulary, const std::array<TokenId, 256>& byte_tokens,
               const std::vector<Merge>& merges, TextMap<TokenId> whole_words);
  void encode(std::string_view word, std::vector<TokenId>* tokens) const override;

 private:
  void begin_with(std::string_view word, std::vector<TokenId>* tokens) const;

  std::array<TokenId, 256> byte_tokens_;
  std::array<TokenId, 128> ascii_;                    // -1: no token
  std::unordered_map<char32_t, TokenId> characters_;  // beyond ASCII
  MergeRanks merges_;
  TextMap<TokenId> whole_words_;
};

// The longest piece first, from the left (Schuster and Nakajima 2012, as BERT has it).
class WordPiece : public WordModel {
 public:
  struct Settings {
    TokenId unknown = 0;        // of a word that cannot be made of pieces, or is too long
    std::string prefix = "##";  // of pieces that do not begin a word
    std::size_t most_characters = 100;
  };
  WordPiece(const TextMap<TokenId>& vocabulary, const Settings& settings);
  void encode(std::string_view word, std::vector<TokenId>* tokens) const override;

 private:
  LongestPrefix first_, further_;  // pieces that begin a word; the others, without their prefix
  Settings settings_;
};

}  // namespace arf

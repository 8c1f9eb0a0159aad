// Tokenizers as stored in tokenizer.json (Hugging Face's format): byte-level BPE, BPE with byte
// fallback, WordPiece.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/text_frame.h"

namespace arf {

class Tokenizer {
 public:
  // A folder with tokenizer.json (and perhaps tokenizer_config.json), or that file; .gz too.
  // input_error: unknown components by name, broken JSON, merges of tokens that do not exist.
  static Tokenizer load(const std::filesystem::path& path);
  ~Tokenizer();
  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;

  // Special tokens in `text` become their ids only where parse_special is set: text that came from
  // a user must not be able to end a turn. Nothing is put around the text (see frame).
  // input_error: invalid UTF-8. Thread-safe.
  std::vector<TokenId> encode(std::string_view text, bool parse_special = false) const;
  // What the file's post-processor puts around one text: the text alone where it puts nothing.
  const TextFrame& frame() const;
  // And around two, the first before the second; empty where the file does not say.
  const TextFrame& pair_frame() const;
  // Text of the tokens; special tokens are left out unless asked for. Invalid UTF-8 is replaced
  // by U+FFFD. Ids without a token (a model's vocabulary may be larger) have no bytes.
  std::string decode(std::span<const TokenId> ids, bool with_special = false) const;
  std::string token_text(TokenId id) const;  // as in tokenizer.json; input_error without a token

  std::int64_t vocabulary_size() const;  // largest id + 1, added tokens counted
  std::optional<TokenId> id_of(std::string_view token) const;  // of a special or plain token
  bool is_token(TokenId id) const;    // false in gaps of the ids and behind their end
  bool is_special(TokenId id) const;  // false for ids without a token
  bool is_byte(TokenId id) const;     // <0xNN> of a vocabulary that falls back on bytes
  const std::string& json() const;    // the text of tokenizer.json, to copy beside a model
  // Text of tokenizer_config.json beside it, or "".
  const std::string& config_json() const;
  // Jinja text of chat_template.jinja beside it or of tokenizer_config.json, or "".
  const std::string& chat_template() const;
  void save(const std::filesystem::path& directory) const;  // and what stood beside it

 private:
  struct State;
  explicit Tokenizer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
  friend class TokenizerTrainer;
};

// Trains a byte-level BPE with the Qwen2 split pattern and NFC. vocabulary_size counts the 256
// bytes, the merges and the special tokens <|endoftext|>, <|im_start|>, <|im_end|>. Ties between
// equally frequent pairs go to the smaller pair of ids: the same corpus gives the same file.
class TokenizerTrainer {
 public:
  explicit TokenizerTrainer(std::int64_t vocabulary_size);
  ~TokenizerTrainer();
  TokenizerTrainer(const TokenizerTrainer&) = delete;
  TokenizerTrainer& operator=(const TokenizerTrainer&) = delete;
  void add(std::string_view text);
  Tokenizer train();  // input_error where no text was added

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace arf

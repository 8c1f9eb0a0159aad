// The chat template of the Qwen2 kind:
//   <|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n{text}<|im_end|>\n
//   <|im_start|>assistant\n{text}<|im_end|>\n ...
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "records/dialogue.h"
#include "text/tokenizer.h"

namespace arf {

// A tokenised dialogue. For every assistant turn i (index into Dialogue::turns): its reply is
// tokens[begin, end), the end token <|im_end|> counted in; what a model is asked to continue is
// tokens[0, begin).
struct TokenizedDialogue {
  struct Reply {
    std::uint32_t turn = 0;
    std::uint32_t begin = 0, end = 0;
  };
  std::vector<TokenId> tokens;
  std::vector<Reply> replies;
};

class ChatTemplate {
 public:
  // Reads from the tokenizer which default system prompt its template puts first (Qwen2: "You are
  // a helpful assistant."; ours: none). input_error where <|im_start|> or <|im_end|> is missing.
  explicit ChatTemplate(const Tokenizer& tokenizer);

  TokenizedDialogue tokenize(const Dialogue& dialogue) const;
  // Pieces, to build a context turn by turn: the concatenation equals tokenize().
  std::vector<TokenId> system(const std::string& text) const;  // "" -> the default one
  std::vector<TokenId> user_then_prompt(
      const std::string& text) const;  // user turn + "<|im_start|>assistant\n"
  std::vector<TokenId> reply(const std::string& text) const;  // text + <|im_end|>
  std::vector<TokenId> after_reply() const;                   // "\n"
  std::string render(const Dialogue& dialogue, bool add_generation_prompt) const;
  TokenId end_of_turn() const { return end_of_turn_; }

 private:
  std::vector<TokenId> block(const std::string& role, const std::string& text) const;  // open
  std::vector<TokenId> user(const std::string& text) const;
  std::vector<TokenId> prompt() const;  // "<|im_start|>assistant\n"

  const Tokenizer* tokenizer_;
  TokenId start_ = 0, end_of_turn_ = 0;
  std::string default_system_;
};

}  // namespace arf

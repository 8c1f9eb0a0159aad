// Dialogues as a model's chat template frames them: ChatML (Qwen2, Qwen2.5, ours), Llama 3's and
// Gemma's; chat_format.h has them as data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "records/dialogue.h"
#include "text/chat_format.h"
#include "text/tokenizer.h"

namespace arf {

// A tokenised dialogue. For every assistant turn i (index into Dialogue::turns): its reply is
// tokens[begin, end), the token that ends a turn counted in; what a model is asked to continue is
// tokens[0, begin).
struct TokenizedDialogue {
  struct Reply {
    std::uint32_t turn = 0;
    std::uint32_t begin = 0, end = 0;
  };
  std::vector<TokenId> tokens;
  std::vector<Reply> replies;
};

struct ChatSettings {
  std::string date = "26 Jul 2024";  // "today" in Llama 3's template, which has this one, too
};

class ChatTemplate {
 public:
  // The format is the one whose tokens the tokenizer has; the system prompt that a ChatML template
  // puts first by default (Qwen2: "You are a helpful assistant."; ours: none) is read from the
  // folder's own template. A warning with both hashes where that is none that ours was compared
  // with. input_error: no known format, tokens that are not special.
  explicit ChatTemplate(const Tokenizer& tokenizer, const ChatSettings& settings = {});

  // input_error where the template refuses the dialogue (Gemma: system texts, roles out of turn),
  // and by all that take a text where it is no UTF-8.
  TokenizedDialogue tokenize(const Dialogue& dialogue) const;
  // Pieces, to build a context turn by turn: the concatenation equals tokenize().
  std::vector<TokenId> opening(const std::string& system) const;         // before the first turn
  std::vector<TokenId> user_then_prompt(const std::string& text) const;  // and a reply's header
  std::vector<TokenId> reply(const std::string& text) const;             // text + end of turn
  std::vector<TokenId> after_reply() const;
  std::string render(const Dialogue& dialogue, bool add_generation_prompt) const;
  TokenId end_of_turn() const { return end_; }
  const ChatFormat& format() const { return format_; }

 private:
  TokenId id(const char* token) const;
  std::string shown(const std::string& text) const;         // of a turn
  std::string shown_system(const std::string& text) const;  // "": no block
  void check(const Dialogue& dialogue) const;
  std::string header(const char* role) const;
  std::vector<TokenId> block(const char* role, const std::string& text) const;  // open
  std::vector<TokenId> user(const std::string& text) const;
  std::vector<TokenId> prompt() const;  // a reply's header

  const Tokenizer* tokenizer_;
  const ChatFormat& format_;
  ChatSettings settings_;
  TokenId end_ = 0;
  std::string default_system_;
};

}  // namespace arf

#include "text/chat_template.h"

#include "core/error.h"
#include "text/tokenizer_writer.h"

namespace arf {
namespace {

TokenId marker(const Tokenizer& tokenizer, const char* token) {
  const std::optional<TokenId> id = tokenizer.id_of(token);
  if (!id) {
    input_error(
        "the tokenizer has no token {}, which the chat template needs; use a tokenizer of Qwen2's "
        "kind or one of `arf fit-tokenizer`",
        token);
  }
  if (!tokenizer.is_special(*id)) {
    input_error(
        "the tokenizer's token {} is not marked special, so that a user's text could become it; "
        "set \"special\": true in tokenizer.json's added_tokens",
        token);
  }
  return *id;
}

// The literal between "<|im_start|>system\n" and "<|im_end|>", if the template has one; elsewhere
// an expression stands there, and its quotes or braces tell it from a literal.
std::string find_default_system(const std::string& text) {
  const std::string opening = std::string(kStartOfTurn) + "system";
  for (std::size_t at = text.find(opening); at != std::string::npos;
       at = text.find(opening, at + 1)) {
    std::size_t begin = at + opening.size();
    if (text.compare(begin, 2, "\\n") == 0) {
      begin += 2;
    } else if (text.compare(begin, 1, "\n") == 0) {
      begin += 1;
    } else {
      continue;
    }
    const std::size_t end = text.find(kEndOfTurn, begin);
    if (end == std::string::npos) return "";
    const std::string literal = text.substr(begin, end - begin);
    if (literal.find_first_of("'\"{}\\") == std::string::npos) return literal;
  }
  return "";
}

void append(const std::vector<TokenId>& more, std::vector<TokenId>* tokens) {
  tokens->insert(tokens->end(), more.begin(), more.end());
}

}  // namespace

ChatTemplate::ChatTemplate(const Tokenizer& tokenizer)
    : tokenizer_(&tokenizer),
      start_(marker(tokenizer, kStartOfTurn)),
      end_of_turn_(marker(tokenizer, kEndOfTurn)),
      default_system_(find_default_system(tokenizer.chat_template())) {}

std::vector<TokenId> ChatTemplate::block(const std::string& role, const std::string& text) const {
  std::vector<TokenId> tokens = {start_};
  append(tokenizer_->encode(role + "\n" + text), &tokens);
  return tokens;
}

std::vector<TokenId> ChatTemplate::system(const std::string& text) const {
  const std::string& shown = text.empty() ? default_system_ : text;
  if (shown.empty()) return {};
  std::vector<TokenId> tokens = block("system", shown);
  tokens.push_back(end_of_turn_);
  append(after_reply(), &tokens);
  return tokens;
}

std::vector<TokenId> ChatTemplate::user(const std::string& text) const {
  std::vector<TokenId> tokens = block("user", text);
  tokens.push_back(end_of_turn_);
  append(after_reply(), &tokens);
  return tokens;
}

std::vector<TokenId> ChatTemplate::prompt() const { return block("assistant", ""); }

std::vector<TokenId> ChatTemplate::user_then_prompt(const std::string& text) const {
  std::vector<TokenId> tokens = user(text);
  append(prompt(), &tokens);
  return tokens;
}

std::vector<TokenId> ChatTemplate::reply(const std::string& text) const {
  std::vector<TokenId> tokens = tokenizer_->encode(text);
  tokens.push_back(end_of_turn_);
  return tokens;
}

std::vector<TokenId> ChatTemplate::after_reply() const { return tokenizer_->encode("\n"); }

TokenizedDialogue ChatTemplate::tokenize(const Dialogue& dialogue) const {
  TokenizedDialogue made;
  made.tokens = system(dialogue.system);
  for (std::uint32_t i = 0; i < dialogue.turns.size(); ++i) {
    const Turn& turn = dialogue.turns[i];
    if (turn.role == TurnRole::kUser) {
      append(user(turn.text), &made.tokens);
      continue;
    }
    append(prompt(), &made.tokens);
    const auto begin = static_cast<std::uint32_t>(made.tokens.size());
    append(reply(turn.text), &made.tokens);
    made.replies.push_back({i, begin, static_cast<std::uint32_t>(made.tokens.size())});
    append(after_reply(), &made.tokens);
  }
  return made;
}

std::string ChatTemplate::render(const Dialogue& dialogue, bool add_generation_prompt) const {
  const auto block_text = [](const char* role, const std::string& text) {
    return fmt::format("{}{}\n{}{}\n", kStartOfTurn, role, text, kEndOfTurn);
  };
  const std::string& shown = dialogue.system.empty() ? default_system_ : dialogue.system;
  std::string text = shown.empty() ? "" : block_text("system", shown);
  for (const Turn& turn : dialogue.turns)
    text += block_text(turn.role == TurnRole::kUser ? "user" : "assistant", turn.text);
  if (add_generation_prompt) text += fmt::format("{}assistant\n", kStartOfTurn);
  return text;
}

}  // namespace arf

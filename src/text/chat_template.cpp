#include "text/chat_template.h"

#include <mutex>
#include <set>

#include "core/error.h"
#include "core/hash.h"
#include "core/log.h"
#include "text/tokenizer_writer.h"
#include "text/unicode.h"

namespace arf {
namespace {

// The literal between "<|im_start|>system\n" and "<|im_end|>", if the template has one; elsewhere
// an expression stands there, and its quotes or braces tell it from a literal.
std::string find_default_system(const std::string& text) {
  const std::string opening = std::string(kStartOfTurn) + "system";
  std::size_t from = 0, end = 0;  // where to look on; the end of turn behind that
  for (std::size_t at = text.find(opening); at != std::string::npos;
       at = text.find(opening, from)) {
    std::size_t begin = at + opening.size();
    from = at + 1;
    if (text.compare(begin, 2, "\\n") == 0) {
      begin += 2;
    } else if (text.compare(begin, 1, "\n") == 0) {
      begin += 1;
    } else {
      continue;
    }
    if (end < begin) end = text.find(kEndOfTurn, begin);
    if (end == std::string::npos) return "";
    const std::size_t mark = text.find_first_of("'\"{}\\", begin);
    if (mark >= end) return text.substr(begin, end - begin);
    from = mark;  // what opens before it ends at the same place, and holds it, too
  }
  return "";
}

// Says once per template that it is none that the format here was compared with.
void compare_templates(const std::string& theirs, const ChatFormat& format) {
  if (theirs == own_chat_template()) return;
  const std::string hash = sha256_hex(theirs);
  if (is_known_template(hash)) return;
  static std::mutex mutex;
  static std::set<std::string> said;
  const std::lock_guard lock(mutex);
  if (!said.insert(hash).second) return;
  if (theirs.empty()) {
    return log_warning(
        "the tokenizer's folder has no chat template; texts are framed by arf's {} format, which "
        "its special tokens fit",
        format.name);
  }
  log_warning(
      "the folder's chat template (SHA-256 {}) is none that was compared with arf's {} format "
      "(compared: {}); texts are framed by arf's",
      hash, format.name, known_templates());
}

void append(const std::vector<TokenId>& more, std::vector<TokenId>* tokens) {
  tokens->insert(tokens->end(), more.begin(), more.end());
}

}  // namespace

ChatTemplate::ChatTemplate(const Tokenizer& tokenizer, const ChatSettings& settings)
    : tokenizer_(&tokenizer),
      format_(find_chat_format(tokenizer)),
      settings_(settings),
      end_(id(format_.end)) {
  if (format_.system == ChatFormat::System::kOptional) {
    default_system_ = find_default_system(tokenizer.chat_template());
  }
  compare_templates(tokenizer.chat_template(), format_);
}

TokenId ChatTemplate::id(const char* token) const { return *tokenizer_->id_of(token); }

std::string ChatTemplate::shown(const std::string& text) const {
  require_utf8(text);
  return format_.trims ? std::string(trimmed(text)) : text;
}

std::string ChatTemplate::shown_system(const std::string& text) const {
  require_utf8(text);
  switch (format_.system) {
    case ChatFormat::System::kOptional:
      return text.empty() ? default_system_ : text;
    case ChatFormat::System::kDated:
      return fmt::format("Cutting Knowledge Date: December 2023\nToday Date: {}\n\n{}",
                         settings_.date, trimmed(text));
    case ChatFormat::System::kRefused:
      if (!text.empty()) {
        input_error(
            "a dialogue has a system text, which {}'s chat template refuses; leave it out or put "
            "it into the user's first turn",
            format_.name);
      }
      return "";
  }
  return "";
}

void ChatTemplate::check(const Dialogue& dialogue) const {
  if (!format_.alternates) return;
  for (std::size_t i = 0; i < dialogue.turns.size(); ++i) {
    if ((dialogue.turns[i].role == TurnRole::kUser) == (i % 2 == 0)) continue;
    input_error(
        "dialogue {}: turn {} is out of turn: {}'s chat template has user and assistant alternate, "
        "the user first",
        dialogue.id, i + 1, format_.name);
  }
}

std::vector<TokenId> ChatTemplate::block(const char* role, const std::string& text) const {
  std::vector<TokenId> tokens = {id(format_.start)};
  if (*format_.header_end == '\0') {
    append(tokenizer_->encode(std::string(role) + format_.gap + text), &tokens);
  } else {
    append(tokenizer_->encode(role), &tokens);
    tokens.push_back(id(format_.header_end));
    append(tokenizer_->encode(format_.gap + text), &tokens);
  }
  return tokens;
}

std::vector<TokenId> ChatTemplate::opening(const std::string& system) const {
  std::vector<TokenId> tokens;
  if (*format_.begin != '\0') tokens.push_back(id(format_.begin));
  const std::string text = shown_system(system);
  if (text.empty()) return tokens;
  append(block("system", text), &tokens);
  tokens.push_back(end_);
  append(after_reply(), &tokens);
  return tokens;
}

std::vector<TokenId> ChatTemplate::user(const std::string& text) const {
  std::vector<TokenId> tokens = block("user", shown(text));
  tokens.push_back(end_);
  append(after_reply(), &tokens);
  return tokens;
}

std::vector<TokenId> ChatTemplate::prompt() const { return block(format_.assistant, ""); }

std::vector<TokenId> ChatTemplate::user_then_prompt(const std::string& text) const {
  std::vector<TokenId> tokens = user(text);
  append(prompt(), &tokens);
  return tokens;
}

std::vector<TokenId> ChatTemplate::reply(const std::string& text) const {
  std::vector<TokenId> tokens = tokenizer_->encode(shown(text));
  tokens.push_back(end_);
  return tokens;
}

std::vector<TokenId> ChatTemplate::after_reply() const { return tokenizer_->encode(format_.after); }

TokenizedDialogue ChatTemplate::tokenize(const Dialogue& dialogue) const {
  check(dialogue);
  TokenizedDialogue made;
  made.tokens = opening(dialogue.system);
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

std::string ChatTemplate::header(const char* role) const {
  return fmt::format("{}{}{}{}", format_.start, role, format_.header_end, format_.gap);
}

std::string ChatTemplate::render(const Dialogue& dialogue, bool add_generation_prompt) const {
  check(dialogue);
  const auto whole = [&](const char* role, const std::string& text) {
    return header(role) + text + format_.end + format_.after;
  };
  std::string text = format_.begin;
  const std::string system = shown_system(dialogue.system);
  if (!system.empty()) text += whole("system", system);
  for (const Turn& turn : dialogue.turns) {
    text += whole(turn.role == TurnRole::kUser ? "user" : format_.assistant, shown(turn.text));
  }
  return add_generation_prompt ? text + header(format_.assistant) : text;
}

}  // namespace arf

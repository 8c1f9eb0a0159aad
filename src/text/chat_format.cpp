#include "text/chat_format.h"

#include <algorithm>
#include <array>

#include "core/error.h"
#include "text/tokenizer_writer.h"
#include "text/unicode.h"

namespace arf {
namespace {

using System = ChatFormat::System;

const ChatFormat kFormats[] = {
    // name, begin, start, header end, gap, end, after, assistant, trims, system, alternates
    {"ChatML", "", kStartOfTurn, "", "\n", kEndOfTurn, "\n", "assistant", false, System::kOptional,
     false},
    {"Llama 3", "<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "\n\n",
     "<|eot_id|>", "", "assistant", true, System::kDated, false},
    {"Gemma", "<bos>", "<start_of_turn>", "", "\n", "<end_of_turn>", "\n", "model", true,
     System::kRefused, true},
};

// SHA-256 of the Jinja texts whose rendering tests/parity compares with ours.
constexpr std::array kKnownTemplates = {
    std::string_view("cd8e9439f0570856fd70470bf8889ebd8b5d1107207f67a5efb46e342330527f"),
    std::string_view("5816fce10444e03c2e9ee1ef8a4a1ea61ae7e69e438613f3b17b69d0426223a4"),
    std::string_view("ecd6ae513fe103f0eb62e8ab5bfa8d0fe45c1074fa398b089c93a7e70c15cfd6"),
};

// str.isspace of Python: White_Space and the four separators of ASCII.
bool is_python_space(char32_t code) {
  if (code >= 0x1c && code <= 0x1f) return true;
  const CharacterClass kind = class_of(code);
  return kind == CharacterClass::kSpace || kind == CharacterClass::kLineBreak;
}

}  // namespace

const ChatFormat& find_chat_format(const Tokenizer& tokenizer) {
  for (const ChatFormat& format : kFormats) {
    if (!tokenizer.id_of(format.start)) continue;
    for (const char* token : {format.begin, format.start, format.header_end, format.end}) {
      if (*token == '\0') continue;
      const auto id = tokenizer.id_of(token);
      if (!id) {
        input_error("the tokenizer has no token {}, which its chat template ({}) needs", token,
                    format.name);
      }
      if (!tokenizer.is_special(*id)) {
        input_error(
            "the tokenizer's token {} is not marked special, so that a user's text could become "
            "it; set \"special\": true in tokenizer.json's added_tokens",
            token);
      }
    }
    return format;
  }
  input_error(
      "the tokenizer has no token {}, <|start_header_id|> or <start_of_turn>, so that no chat "
      "template known here fits it; use a chat model's tokenizer (of Qwen2's, Llama 3's or Gemma's "
      "kind) or one of `arf fit-tokenizer`",
      kStartOfTurn);
}

bool is_known_template(const std::string& sha256) {
  return std::find(kKnownTemplates.begin(), kKnownTemplates.end(), sha256) != kKnownTemplates.end();
}

std::string known_templates() { return fmt::format("{}", fmt::join(kKnownTemplates, ", ")); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty()) {
    const Character first = character_at(text, 0);
    if (!is_python_space(first.code)) break;
    text.remove_prefix(first.length);
  }
  while (!text.empty()) {
    const std::size_t at = character_begin(text, text.size());
    if (!is_python_space(character_at(text, at).code)) break;
    text = text.substr(0, at);
  }
  return text;
}

}  // namespace arf

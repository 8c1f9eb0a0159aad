// The chat template that a folder's files choose, then a short chat. Parts: the letter of the
// tokenizer (c ChatML, l Llama 3, g Gemma; any other: none of them), tokenizer_config.json,
// chat_template.jinja, the system text, then turns of user and assistant by turns.
#include "core/json.h"
#include "tests/fuzz/fuzz.h"
#include "text/byte_alphabet.h"
#include "text/chat_template.h"
#include "text/split.h"

using namespace arf;

namespace {

std::vector<std::string> special_tokens(char letter) {
  if (letter == 'c') return {"<|im_start|>", "<|im_end|>"};
  if (letter == 'g') return {"<bos>", "<start_of_turn>", "<end_of_turn>"};
  if (letter != 'l') return {};
  return {"<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"};
}

// The 256 bytes and the special tokens of a format.
std::string tokenizer_json(char letter) {
  Json vocabulary = Json::object(), added = Json::array();
  for (int rank = 0; rank < 256; ++rank) {
    vocabulary[spell_bytes(std::string(1, static_cast<char>(byte_of_rank(rank))))] = rank;
  }
  for (const std::string& token : special_tokens(letter)) {
    added.push_back({{"id", 256 + added.size()}, {"content", token}, {"special", true}});
  }
  const Json bytes = {{"type", "ByteLevel"}, {"add_prefix_space", false}};
  const Json json = {
      {"added_tokens", added},
      {"pre_tokenizer", bytes},
      {"decoder", {{"type", "ByteLevel"}}},
      {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", Json::array()}}}};
  return json.dump();
}

std::vector<TokenId> in_pieces(const ChatTemplate& chat, const Dialogue& dialogue) {
  std::vector<TokenId> tokens = chat.opening(dialogue.system);
  const auto add = [&](const std::vector<TokenId>& more) {
    tokens.insert(tokens.end(), more.begin(), more.end());
  };
  for (std::size_t i = 0; i + 1 < dialogue.turns.size(); i += 2) {
    add(chat.user_then_prompt(dialogue.turns[i].text));
    add(chat.reply(dialogue.turns[i + 1].text));
    add(chat.after_reply());
  }
  return tokens;
}

void use(const Tokenizer& tokenizer, const Dialogue& dialogue) {
  const ChatTemplate chat(tokenizer);
  const TokenizedDialogue made = chat.tokenize(dialogue);
  for (const auto& reply : made.replies) {
    fuzz::require(reply.begin < reply.end && reply.end <= made.tokens.size(), "a reply's range");
  }
  if (dialogue.turns.size() % 2 == 0) {
    fuzz::require(in_pieces(chat, dialogue) == made.tokens, "the pieces are not the whole");
  }
  chat.render(dialogue, /*add_generation_prompt=*/true);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  const auto parts = fuzz::parts({reinterpret_cast<const char*>(data), size});
  const auto part = [&](std::size_t i) { return i < parts.size() ? parts[i] : ""; };
  static char written = '\0';  // the letter of the tokenizer in the folder
  const char letter = parts[0].empty() ? '-' : parts[0][0];
  if (letter != written) folder.put("tokenizer.json", tokenizer_json(letter));
  written = letter;
  folder.put("tokenizer_config.json", part(1));
  folder.put("chat_template.jinja", part(2));
  Dialogue dialogue;
  dialogue.system = part(3);
  for (std::size_t i = 4; i < parts.size(); ++i) {
    Turn& turn = dialogue.turns.emplace_back();
    turn.role = i % 2 == 0 ? TurnRole::kUser : TurnRole::kAssistant;
    turn.text = parts[i];
  }
  fuzz::accept_or_refuse(size, [&] { use(Tokenizer::load(folder.path()), dialogue); });
  return 0;
}

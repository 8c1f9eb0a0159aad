// Dialogues as transformers renders them by the families' own templates: golden/chats.json.
#include "core/file.h"
#include "tests/text/fixtures.h"
#include "text/chat_template.h"

using namespace arf;

namespace {

// A byte-level tokenizer with the special tokens of a format, and nothing merged.
Tokenizer tokenizer_of(const std::string& format) {
  std::vector<std::string> specials = {"<|im_start|>", "<|im_end|>"};
  if (format == "Llama 3") {
    specials = {"<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"};
  } else if (format == "Gemma") {
    specials = {"<bos>", "<start_of_turn>", "<end_of_turn>"};
  }
  Json json = byte_level_json({});
  for (const std::string& special : specials) {
    const auto id = static_cast<TokenId>(256 + json["added_tokens"].size());
    json["added_tokens"].push_back(added_token(id, special, true));
  }
  const TemporaryFolder folder;
  write(folder / "tokenizer.json", json.dump());
  if (format == "ChatML") {  // the default prompt is read from the folder's template
    write(folder / "chat_template.jinja",
          "<|im_start|>system\\nYou are Qwen, created by Alibaba Cloud. You are a helpful "
          "assistant.<|im_end|>");
  }
  return Tokenizer::load(folder.path());
}

Dialogue dialogue_of(const Json& json) {
  Dialogue made;
  made.system = json["system"];
  for (const Json& turn : json["turns"]) {
    const TurnRole role = turn[0] == "user" ? TurnRole::kUser : TurnRole::kAssistant;
    made.turns.push_back({role, turn[1], {}, {}});
  }
  return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chat_test)

BOOST_AUTO_TEST_CASE(ChatsAreRenderedAsTransformersRendersThem) {
  const Json golden =
      read_json(std::filesystem::path(ARF_SOURCE_DIR) / "tests/parity/golden/chats.json");
  int refused = 0;
  for (const char* format : {"ChatML", "Llama 3", "Gemma"}) {
    const Tokenizer tokenizer = tokenizer_of(format);
    const ChatTemplate chat(tokenizer, {golden["date"].get<std::string>()});
    BOOST_TEST(std::string(chat.format().name) == format);
    for (const Json& one : golden["cases"]) {
      if (one["format"] != format) continue;
      const Dialogue made = dialogue_of(one);
      BOOST_TEST_CONTEXT(one.dump()) {
        if (one["text"].is_null()) {
          ++refused;
          BOOST_CHECK_THROW(chat.render(made, one["prompt"]), Error);
          BOOST_CHECK_THROW(chat.tokenize(made), Error);
          continue;
        }
        const auto text = one["text"].get<std::string>();
        BOOST_TEST(chat.render(made, one["prompt"]) == text);
        if (!one["prompt"]) {
          BOOST_TEST(chat.tokenize(made).tokens == tokenizer.encode(text, true));
        }
      }
    }
  }
  BOOST_TEST(refused > 10);
}

BOOST_AUTO_TEST_SUITE_END()

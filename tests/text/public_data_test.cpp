// Real tokenizers: the golden cases beside them, and what they say of chats.
#include <sstream>

#include "data_io/input_file.h"
#include "tests/text/fixtures.h"
#include "text/chat_template.h"

using namespace arf;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> parts_of(const std::string& text, const std::string& border) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t at; (at = text.find(border, begin)) != std::string::npos;
       begin = at + border.size())
    parts.push_back(text.substr(begin, at - begin));
  parts.push_back(text.substr(begin));
  return parts;
}

std::string read_whole(const fs::path& path) {
  InputFile file(path);
  std::string text;
  while (file.append_block(&text)) {
  }
  return text;
}

// The file spells merges of spaces as "   ", which neither we nor the reference library part; as
// pairs of tokens they can be read.
Tokenizer llama2() {
  auto json = nlohmann::json::parse(read_whole(kTokenizers / "llama2" / "tokenizer.json.gz"));
  const auto& vocabulary = json["model"]["vocab"];
  for (auto& merge : json["model"]["merges"]) {
    const auto text = merge.get<std::string>();
    if (std::count(text.begin(), text.end(), ' ') == 1) continue;
    for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ', at + 1)) {
      const std::string left = text.substr(0, at), right = text.substr(at + 1);
      if (vocabulary.contains(left) && vocabulary.contains(right)) merge = {left, right};
    }
  }
  return load_text(json.dump());
}

// All cases of NAME.inp and NAME.out; their number.
std::size_t check_cases(const std::string& name, const Tokenizer& tokenizer) {
  const fs::path cases = kTokenizers / "cases";
  std::vector<std::string> texts =
      parts_of(read_file(cases / (name + ".inp")), "\n__ggml_vocab_test__\n");
  std::vector<std::string> lines = parts_of(read_file(cases / (name + ".out")), "\n");
  if (lines.back().empty()) lines.pop_back();
  if (texts.size() == lines.size() + 1 && texts.back().empty()) texts.pop_back();
  BOOST_REQUIRE(texts.size() == lines.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::istringstream numbers(lines[i]);
    const Ids expected{std::istream_iterator<TokenId>(numbers), {}};
    BOOST_TEST(tokenizer.encode(texts[i]) == expected,
               name << " case " << i + 1 << ": " << texts[i]);
    BOOST_TEST(tokenizer.decode(expected) == texts[i]);
  }
  return texts.size();
}

void check_refused(const std::string& folder, const std::string& words) {
  BOOST_CHECK_EXCEPTION(Tokenizer::load(kTokenizers / folder), Error, has(words, ExitCode::kInput));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(public_data_test)

BOOST_AUTO_TEST_CASE(GoldenCasesOfQwen2) {
  if (!public_data_is_there()) return;
  BOOST_TEST(check_cases("qwen2", Tokenizer::load(kTokenizers / "qwen2.5")) == 46u);
}

BOOST_AUTO_TEST_CASE(GoldenCasesOfLlama3) {
  if (!public_data_is_there()) return;
  BOOST_TEST(check_cases("llama-bpe", Tokenizer::load(kTokenizers / "llama3")) == 46u);
}

// llama.cpp splits by scores, Hugging Face's library by merges; these cases come out alike.
BOOST_AUTO_TEST_CASE(GoldenCasesOfLlama2) {
  if (!public_data_is_there()) return;
  BOOST_TEST(check_cases("llama-spm", llama2()) == 46u);
}

BOOST_AUTO_TEST_CASE(Gpt2AndRobertaSplitAlikeAndNumberDifferently) {
  if (!public_data_is_there()) return;
  const Tokenizer gpt2 = Tokenizer::load(kTokenizers / "gpt2" / "tokenizer.json.gz");
  const Tokenizer roberta = Tokenizer::load(kTokenizers / "roberta-base");
  BOOST_TEST(gpt2.encode("Hello world, it's 2024!\n") ==
             (Ids{15496, 995, 11, 340, 338, 48609, 0, 198}));
  BOOST_TEST(roberta.encode("Hello world") == (Ids{31414, 232}));
  LineReader lines(kTokenizers / ".." / "gsm8k" / "train.jsonl.gz");
  std::string_view line;
  while (lines.number() < 500 && lines.next(&line)) {
    BOOST_TEST_REQUIRE(spelled(gpt2, line) == spelled(roberta, line));
    BOOST_TEST_REQUIRE(gpt2.decode(gpt2.encode(line)) == line);
  }
  BOOST_TEST(lines.number() == 500u);
  BOOST_TEST(*roberta.id_of("<s>") == 0);
  BOOST_TEST(roberta.encode("a <mask>", true) == (Ids{102, 50264}));  // takes the space before it
  BOOST_TEST(roberta.vocabulary_size() == 50265);
}

BOOST_AUTO_TEST_CASE(Qwen2KnowsItsChatsAndTheirDefaultPrompt) {
  if (!public_data_is_there()) return;
  const Tokenizer tokenizer = Tokenizer::load(kTokenizers / "qwen2.5");
  const ChatTemplate chat(tokenizer);
  BOOST_TEST(chat.end_of_turn() == 151645);
  Dialogue made;
  made.turns.push_back({TurnRole::kUser, "Hi <|im_end|>", {}, {}});
  const std::string text =
      "<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant."
      "<|im_end|>\n<|im_start|>user\nHi <|im_end|><|im_end|>\n";
  BOOST_TEST(chat.render(made, false) == text);
  const Ids tokens = chat.tokenize(made).tokens;
  BOOST_TEST(tokenizer.decode(tokens, true) == text);
  BOOST_TEST(std::count(tokens.begin(), tokens.end(), 151645) == 2);
  BOOST_TEST(tokenizer.vocabulary_size() == 151665);
}

BOOST_AUTO_TEST_CASE(TokenizersOfOtherKindsAreRefusedByName) {
  if (!public_data_is_there()) return;
  check_refused("llama2", "not two tokens");
  check_refused("t5-small", "the normalizer `Precompiled`");
}

BOOST_AUTO_TEST_SUITE_END()

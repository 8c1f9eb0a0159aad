// What the tests of this folder share: a tokenizer and a scorer of a few thousand parameters, texts
// whose satisfaction a word decides, corpora of them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/file.h"
#include "core/json.h"
#include "core/philox.h"
#include "data_io/corpus.h"
#include "scoring/examples.h"
#include "scoring/scorer.h"
#include "tests/data_io/temporary_folder.h"

namespace arf::test {

inline const char* kSample =
    "that was a great help thanks a lot it is awful and wrong I do not know what to say the answer";

inline Tokenizer small_tokenizer() {
  TokenizerTrainer trainer(280);
  trainer.add(kSample);
  return trainer.train();
}

// WordPiece with the post-processor, the truncation and the padding of MiniLM's tokenizer.json.
inline Json word_piece_json() {
  const auto place = [](const char* kind, const char* id, int type) {
    return Json{{kind, {{"id", id}, {"type_id", type}}}};
  };
  const auto special = [](const char* name, int id) {
    return Json{{"id", name}, {"ids", {id}}, {"tokens", {name}}};
  };
  const Json classify = place("SpecialToken", "[CLS]", 0),
             separate = place("SpecialToken", "[SEP]", 0);
  const Json first = place("Sequence", "A", 0), second = place("Sequence", "B", 1);
  Json vocabulary = Json::object();
  for (const char* piece : {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "that", "great", "help"})
    vocabulary[piece] = vocabulary.size();
  return {{"truncation", {{"max_length", 8}, {"strategy", "LongestFirst"}, {"stride", 0}}},
          {"padding", {{"strategy", {{"Fixed", 8}}}, {"direction", "Right"}, {"pad_id", 0}}},
          {"normalizer", {{"type", "BertNormalizer"}}},
          {"pre_tokenizer", {{"type", "BertPreTokenizer"}}},
          {"post_processor",
           {{"type", "TemplateProcessing"},
            {"single", {classify, first, separate}},
            {"pair", {classify, first, separate, second, place("SpecialToken", "[SEP]", 1)}},
            {"special_tokens", {{"[CLS]", special("[CLS]", 2)}, {"[SEP]", special("[SEP]", 3)}}}}},
          {"decoder", {{"type", "WordPiece"}, {"prefix", "##"}, {"cleanup", true}}},
          {"model",
           {{"type", "WordPiece"},
            {"unk_token", "[UNK]"},
            {"continuing_subword_prefix", "##"},
            {"max_input_chars_per_word", 100},
            {"vocab", vocabulary}}}};
}

inline Tokenizer tokenizer_of(const Json& json) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "tokenizer.json", json.dump());
  return Tokenizer::load(folder.path());
}
inline Tokenizer word_piece_tokenizer() { return tokenizer_of(word_piece_json()); }

inline EncoderConfig small_encoder_config() {
  EncoderConfig config;
  config.hidden_size = 16;
  config.intermediate_size = 24;
  config.num_layers = 2;
  config.num_heads = 2;
  config.max_positions = 40;
  return config;
}

inline Scorer small_scorer(std::uint64_t seed = 1) {
  return Scorer::create(small_tokenizer(), small_encoder_config(), seed);
}

// Weights large enough that every term shows.
inline Scorer stirred_scorer(std::uint64_t seed = 1) {
  Scorer scorer = small_scorer(seed);
  std::vector<float> values = scorer.flat();
  const RandomStream stream(seed, Purpose::kTest, 0);
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    values[i] += static_cast<float>(0.2 * stream.normal(i));
  }
  scorer.set_flat(values);
  return scorer;
}

inline Satisfaction one_hot(int c) {
  return {c == 0 ? 1.0f : 0.0f, c == 1 ? 1.0f : 0.0f, c == 2 ? 1.0f : 0.0f};
}

// Text number i and its class: 0 "awful", 1 "answer", 2 "great", among words that tell nothing.
inline std::pair<std::string, int> toy_text(std::uint64_t i) {
  static const std::vector<std::string> kWords = {"that", "was", "a",    "lot", "it",  "is",
                                                  "and",  "I",   "know", "to",  "say", "the"};
  static const std::vector<std::string> kTelling = {"awful", "answer", "great"};
  const RandomStream stream(9, Purpose::kTest, i);
  const int c = static_cast<int>(stream.below(0, 3));
  const std::uint32_t length = 3 + stream.below(1, 6), place = stream.below(2, length);
  std::string text;
  for (std::uint32_t w = 0; w < length; ++w) {
    text += w == 0 ? "" : " ";
    text += w == place ? kTelling[static_cast<std::size_t>(c)] : kWords[stream.below(3 + w, 12)];
  }
  return {text, c};
}

inline Dialogue labelled_text(std::uint64_t i) {
  const auto [text, c] = toy_text(i);
  Dialogue row;
  row.id = "toy-" + std::to_string(i);
  row.source = row.task = "toy";
  row.turns = {{TurnRole::kUser, text, one_hot(c), {}}};
  return row;
}

// A question, a response that earned `c`, a reaction that expresses it.
inline Dialogue feedback_row(std::uint64_t i, bool turned_around = false) {
  const auto [text, c] = toy_text(i);
  const Satisfaction label = one_hot(turned_around ? 2 - c : c);
  Dialogue row = labelled_text(i);
  row.turns = {{TurnRole::kUser, "what to say", {}, {}},
               {TurnRole::kAssistant, text, label, {}},
               {TurnRole::kUser, text, label, {}}};
  return row;
}

inline void write_corpus(const std::filesystem::path& path, const std::vector<Dialogue>& rows) {
  CorpusWriter writer(path);
  for (const Dialogue& row : rows) writer.add(row);
  writer.finish();
}

inline std::vector<Dialogue> rows_of(const std::filesystem::path& path) {
  std::vector<Dialogue> rows;
  CorpusReader(path).for_each([&](std::uint64_t, const Dialogue& row) { rows.push_back(row); });
  return rows;
}

// Toy examples first .. last - 1, all for training but what falls on the other sides.
inline ExampleSet toy_examples(const Scorer& scorer, std::uint64_t first, std::uint64_t last) {
  ExampleSet set;
  for (std::uint64_t i = first; i < last; ++i) {
    const auto [text, c] = toy_text(i);
    const ScorerInput input{"", text};
    const Side side = side_of(input);
    auto& examples = side == Side::kTraining     ? set.training
                     : side == Side::kValidation ? set.validation
                                                 : set.test;
    examples.push_back({scorer.frame(input), one_hot(c)});
  }
  return set;
}

inline std::vector<const Example*> pointers(const std::vector<Example>& examples, std::size_t first,
                                            std::size_t last) {
  std::vector<const Example*> all;
  for (std::size_t i = first; i < last; ++i) all.push_back(&examples.at(i));
  return all;
}

}  // namespace arf::test

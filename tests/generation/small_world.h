// A tokenizer, a decoder that ends a reply about every tenth token, an adapter, some dialogues.
#pragma once

#include <ATen/Parallel.h>

#include <string>
#include <vector>

#include "generation/generator.h"
#include "model/ops/ops.h"

namespace arf {

inline Tokenizer small_tokenizer() {
  TokenizerTrainer trainer(300);
  trainer.add(
      "how do I boil an egg? put it in boiling water and wait for eight minutes. thank you!");
  trainer.add(
      "what is the capital of France? the capital of France is Paris. that is right, thanks.");
  return trainer.train();
}

inline Decoder small_decoder(const Tokenizer& tokenizer, TokenId end) {
  DecoderConfig config;
  config.vocabulary_size = tokenizer.vocabulary_size();
  config.hidden_size = 32;
  config.intermediate_size = 48;
  config.num_layers = 2;
  config.num_heads = 4;
  config.num_kv_heads = 2;
  config.head_size = 8;
  config.max_positions = 256;
  config.tied_embeddings = false;
  Decoder decoder = Decoder::random(config, 3);
  auto& weights = decoder.weights();
  // Feature 0 is nearly constant after the last norm and speaks for the end token alone; the other
  // features are scaled up, so that the logits are far from flat.
  weights.at("model.embed_tokens.weight").select(1, 0).fill_(0.5);
  weights.at("model.norm.weight").fill_(10.0).select(0, 0).fill_(1.0);
  Tensor head = weights.at("lm_head.weight");
  head.mul_(4).select(1, 0).fill_(0.0);
  head[end][0] = 0.7;
  decoder.freeze();
  return decoder;
}

inline Lora busy_adapter(const DecoderConfig& config) {
  Lora lora = Lora::create(LoraConfig{}, config, 5);
  const RandomStream stream(7, Purpose::kTest, 0);
  std::uint32_t next = 0;
  for (auto& [name, pair] : lora.pairs()) {
    float* b = pair.b.data_ptr<float>();
    for (std::int64_t i = 0; i < pair.b.numel(); ++i)
      b[i] = 0.05f * static_cast<float>(stream.normal(next++));
  }
  return lora;
}

inline Dialogue dialogue(const std::string& id, const std::string& system,
                         const std::vector<std::string>& texts) {
  Dialogue made;
  made.id = id;
  made.system = system;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    Turn turn;
    turn.role = i % 2 == 0 ? TurnRole::kUser : TurnRole::kAssistant;
    turn.text = texts[i];
    if (i % 2 == 1) turn.satisfaction = Satisfaction{0.25f, 0.25f, 0.5f};
    made.turns.push_back(turn);
  }
  return made;
}

struct SmallWorld {
  SmallWorld() {
    at::set_num_threads(1);
    settings.max_new_tokens = 12;
  }
  Tokenizer tokenizer = small_tokenizer();
  ChatTemplate chat{tokenizer};
  Decoder decoder = small_decoder(tokenizer, chat.end_of_turn());
  Lora adapter = busy_adapter(decoder.config());
  SamplingSettings settings;
  std::vector<Dialogue> dialogues = {
      dialogue("a", "", {"how do I boil an egg?", "put it in water.", "thank you!"}),
      dialogue("b", "be brief",
               {"what is the capital of France?", "Paris", "right. and how far?",
                "the capital is far", "thanks", "what is right?"}),
      dialogue("c", "", {"do I wait?"}),
      dialogue("d", "", {"boil the water", "eight minutes", "is that right?", "that is right"})};

  std::vector<DialogueToSample> all() const {
    std::vector<DialogueToSample> unit;
    for (std::uint32_t sample = 0; sample < 3; ++sample) {
      for (std::size_t row = 0; row < dialogues.size(); ++row)
        unit.push_back({row, sample, &dialogues[row]});
    }
    return unit;
  }
  std::vector<Rollout> sample(const std::vector<DialogueToSample>& unit, TraceContext context,
                              std::uint64_t iteration = 4) const {
    return Generator(decoder, tokenizer, chat, settings)
        .sample(unit, &adapter, context, 11, Purpose::kSampling, iteration);
  }
};

}  // namespace arf

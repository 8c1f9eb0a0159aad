// The satisfaction scorer (paper 3.1): an encoder, an MLP on every token's last hidden state, the
// mean of the token logits, softmax. Static scorer: input is a user's follow-up. ARF scorer: input
// is (prompt, response).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "model/encoder.h"
#include "records/dialogue.h"
#include "text/tokenizer.h"

namespace arf {

// prompt empty: a lone text. Both given: prompt and response joined as a pair.
struct ScorerInput {
  std::string prompt, text;
};

class Scorer {
 public:
  static Scorer load(const std::filesystem::path& directory);
  // "roberta-mini" of the paper: 4 layers, hidden 256, 4 heads, MLP hidden 328; random weights.
  static Scorer create(Tokenizer tokenizer, const EncoderConfig& config, std::uint64_t seed);
  void save(const std::filesystem::path& directory) const;  // config.json, model.safetensors, tokenizer.json

  // Tokens of an input, cut to what the encoder takes (a pair keeps the ends of both).
  std::vector<std::int32_t> tokens(const ScorerInput& input) const;
  // Token logits, mean over a text's tokens (eq. 8), softmax (eq. 9): log-probabilities [B, 3].
  Tensor log_satisfaction(const std::vector<std::vector<std::int32_t>>& texts) const;
  // Without gradient; a text's result does not depend on the others in the call.
  std::vector<Satisfaction> score(const std::vector<ScorerInput>& inputs) const;

  // Trained tensors in one fixed order, flat form as of Policy.
  std::vector<std::pair<std::string, Tensor>> parameters() const;
  std::vector<float> flat() const;
  void set_flat(const std::vector<float>& values);
  std::vector<float> gradient(const Tensor& loss) const;
  std::string hash() const;
  const Tokenizer& tokenizer() const { return tokenizer_; }
  const Encoder& encoder() const { return encoder_; }

 private:
  Scorer(Tokenizer tokenizer, Encoder encoder);
  Tokenizer tokenizer_;
  Encoder encoder_;
  Tensor mlp_weight_, mlp_bias_;  // [328, 256], [328]
  Tensor out_weight_, out_bias_;  // [3, 328], [3]
};

}  // namespace arf

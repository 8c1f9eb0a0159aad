// An encoder of the RoBERTa shape: learned positions (starting at pad + 1), post-norm layers, GELU.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "model/ops/ops.h"

namespace arf {

struct EncoderConfig {
  std::string architecture = "RobertaModel";
  std::int64_t vocabulary_size = 0, hidden_size = 256, intermediate_size = 1024;
  std::int64_t num_layers = 4, num_heads = 4;
  std::int64_t max_positions = 514;  // rows of the position table; a text has at most this - 2 tokens
  std::int64_t pad_token = 1;
  double layer_norm_eps = 1e-5;
};
EncoderConfig read_encoder_config(const std::filesystem::path& directory);
std::string encoder_config_json(const EncoderConfig& config);

class Encoder {
 public:
  static Encoder load(const std::filesystem::path& directory);  // names with or without "roberta."
  static Encoder random(const EncoderConfig& config, std::uint64_t seed);

  const EncoderConfig& config() const { return config_; }
  const std::map<std::string, Tensor>& weights() const { return weights_; }
  std::map<std::string, Tensor>& weights() { return weights_; }

  // Last hidden states [N, H] of packed texts; attention within a segment, both directions.
  Tensor forward(const std::vector<std::int32_t>& tokens, const ops::Segments& segments) const;
  std::int64_t max_tokens() const { return config_.max_positions - 2; }
  void to_dtype(at::ScalarType type);

 private:
  EncoderConfig config_;
  std::map<std::string, Tensor> weights_;
};

}  // namespace arf

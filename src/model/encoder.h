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
  std::int64_t max_positions =
      514;  // rows of the position table; a text has at most this - 2 tokens
  std::int64_t pad_token = 1;
  std::int64_t num_token_types = 1;  // rows of the token type table; every token takes row 0
  double layer_norm_eps = 1e-5;
};
EncoderConfig read_encoder_config(const std::filesystem::path& directory);
std::string encoder_config_json(const EncoderConfig& config);
// Name -> shape of every tensor, without the prefix "roberta.".
std::map<std::string, std::vector<std::int64_t>> encoder_shapes(const EncoderConfig& config);

class Encoder {
 public:
  // float32; names with or without "roberta.". Tensors of other parts (heads, pooler) are left to
  // their owners. input_error: missing, unexpected or misshapen tensors of the encoder, each named.
  static Encoder load(const std::filesystem::path& directory);
  static Encoder random(const EncoderConfig& config, std::uint64_t seed);

  const EncoderConfig& config() const { return config_; }
  const std::map<std::string, Tensor>& weights() const { return weights_; }
  std::map<std::string, Tensor>& weights() { return weights_; }

  // Last hidden states [N, H] of packed texts; attention within a segment, both directions.
  Tensor forward(const std::vector<std::int32_t>& tokens, const ops::Segments& segments) const;
  std::int64_t max_tokens() const { return config_.max_positions - 2; }
  void to_dtype(at::ScalarType type);

 private:
  Encoder(const EncoderConfig& config, std::map<std::string, Tensor> weights);
  const Tensor& weight(const std::string& name) const;
  Tensor linear(const Tensor& x, const std::string& module) const;
  Tensor norm(const Tensor& x, const std::string& module) const;
  Tensor embed(const std::vector<std::int32_t>& tokens, const ops::Segments& segments) const;

  EncoderConfig config_;
  std::map<std::string, Tensor> weights_;
};

}  // namespace arf

// An encoder of the BERT or the RoBERTa shape: learned positions, post-norm layers, GELU.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "model/ops/ops.h"

namespace arf {

struct EncoderConfig {
  std::string model_type = "roberta";         // or "bert"
  std::string architecture = "RobertaModel";  // of config.json's `architectures`
  std::int64_t vocabulary_size = 0, hidden_size = 256, intermediate_size = 1024;
  std::int64_t num_layers = 4, num_heads = 4;
  std::int64_t max_positions = 514;  // rows of the position table
  std::int64_t pad_token = 1;
  std::int64_t num_token_types = 1;  // rows of the token type table
  double layer_norm_eps = 1e-5;

  // The row of the first token's position: RoBERTa counts from behind its padding token, BERT from
  // 0.
  std::int64_t first_position() const { return model_type == "roberta" ? pad_token + 1 : 0; }
  std::int64_t max_tokens() const { return max_positions - first_position(); }
};
EncoderConfig read_encoder_config(const std::filesystem::path& directory);
std::string encoder_config_json(const EncoderConfig& config);
// Name -> shape of every tensor, without the prefix "roberta." or "bert.".
std::map<std::string, std::vector<std::int64_t>> encoder_shapes(const EncoderConfig& config);

class Encoder {
 public:
  // float32; names with or without their prefix. Tensors of other parts (heads, pooler) are left to
  // their owners. input_error: missing, unexpected or misshapen tensors of the encoder, each named.
  static Encoder load(const std::filesystem::path& directory);
  static Encoder random(const EncoderConfig& config, std::uint64_t seed);

  const EncoderConfig& config() const { return config_; }
  const std::map<std::string, Tensor>& weights() const { return weights_; }
  std::map<std::string, Tensor>& weights() { return weights_; }

  // Last hidden states [N, H] of packed texts; attention within a segment, both directions. types:
  // a token type below num_token_types for each token, or none: all are 0. input_error: a text of
  // more than max_tokens().
  Tensor forward(const std::vector<std::int32_t>& tokens, const ops::Segments& segments,
                 const std::vector<std::int32_t>& types = {}) const;
  std::int64_t max_tokens() const { return config_.max_tokens(); }
  void to_dtype(at::ScalarType type);

 private:
  Encoder(const EncoderConfig& config, std::map<std::string, Tensor> weights);
  const Tensor& weight(const std::string& name) const;
  Tensor linear(const Tensor& x, const std::string& module) const;
  Tensor norm(const Tensor& x, const std::string& module) const;
  Tensor embed(const std::vector<std::int32_t>& tokens, const ops::Segments& segments,
               const std::vector<std::int32_t>& types) const;

  EncoderConfig config_;
  std::map<std::string, Tensor> weights_;
};

}  // namespace arf

#include "model/encoder.h"

#include <cmath>

#include "model/weights.h"

// Letters of shapes: N tokens, H hidden size, A heads, D head size.

namespace arf {
namespace {

// Names of the encoder without their prefix; "" for tensors of heads and poolers, and for buffers.
// The first BERTs, made by TensorFlow, call a norm's weight gamma and its bias beta.
std::string encoder_name(const EncoderConfig& config, const std::string& stored) {
  const std::string prefix = config.model_type + ".";
  std::string name = stored.starts_with(prefix) ? stored.substr(prefix.size()) : stored;
  for (const auto& [old, now] : {std::pair("LayerNorm.gamma", "LayerNorm.weight"),
                                 std::pair("LayerNorm.beta", "LayerNorm.bias")}) {
    if (name.ends_with(old)) name.replace(name.rfind(old), std::string::npos, now);
  }
  const bool ours = name.starts_with("embeddings.") || name.starts_with("encoder.");
  return ours && name != "embeddings.position_ids" ? name : "";
}

}  // namespace

Encoder::Encoder(const EncoderConfig& config, std::map<std::string, Tensor> weights)
    : config_(config), weights_(std::move(weights)) {}

Encoder Encoder::load(const std::filesystem::path& directory) {
  const EncoderConfig config = read_encoder_config(directory);
  return Encoder(config,
                 load_weights(directory, encoder_shapes(config),
                              [&](const std::string& name) { return encoder_name(config, name); }));
}

Encoder Encoder::random(const EncoderConfig& config, std::uint64_t seed) {
  return Encoder(config, draw_weights(encoder_shapes(config), seed));
}

const Tensor& Encoder::weight(const std::string& name) const {
  const auto found = weights_.find(name);
  ARF_CHECK(found != weights_.end(), "no tensor {}", name);
  return found->second;
}

Tensor Encoder::linear(const Tensor& x, const std::string& module) const {
  return ops::linear(x, weight(module + ".weight"), weight(module + ".bias"));
}

Tensor Encoder::norm(const Tensor& x, const std::string& module) const {
  return ops::layer_norm(x, weight(module + ".weight"), weight(module + ".bias"),
                         config_.layer_norm_eps);
}

// Word + token type + position, normed.
Tensor Encoder::embed(const std::vector<std::int32_t>& tokens, const ops::Segments& segments,
                      const std::vector<std::int32_t>& types) const {
  std::vector<std::int32_t> positions;
  for (std::int64_t b = 0; b < segments.batch(); ++b) {
    const std::int32_t length = segments.offsets[b + 1] - segments.offsets[b];
    if (length > max_tokens()) {
      input_error("a text of {} tokens is longer than the encoder's {}", length, max_tokens());
    }
    for (std::int32_t i = 0; i < length; ++i) {
      positions.push_back(static_cast<std::int32_t>(config_.first_position()) + i);
    }
  }
  const auto look_up = [&](const std::vector<std::int32_t>& ids, const char* table) {
    return ops::embedding(int_tensor(ids), weight(fmt::format("embeddings.{}.weight", table)));
  };
  return norm(look_up(tokens, "word_embeddings") + look_up(types, "token_type_embeddings") +
                  look_up(positions, "position_embeddings"),
              "embeddings.LayerNorm");
}

// Devlin et al. 2019 after Vaswani et al. 2017: post-norm, attention in both directions, GELU.
Tensor Encoder::forward(const std::vector<std::int32_t>& tokens, const ops::Segments& segments,
                        const std::vector<std::int32_t>& types) const {
  ARF_CHECK(segments.rows() == static_cast<std::int64_t>(tokens.size()), "{} rows, {} tokens",
            segments.rows(), tokens.size());
  ARF_CHECK(types.empty() || types.size() == tokens.size(), "{} token types, {} tokens",
            types.size(), tokens.size());
  const std::int64_t head_size = config_.hidden_size / config_.num_heads;
  const double scale = 1.0 / std::sqrt(static_cast<double>(head_size));
  const std::vector<std::int32_t> zeros(types.empty() ? tokens.size() : 0, 0);
  Tensor x_NH = embed(tokens, segments, types.empty() ? zeros : types);
  for (std::int64_t layer = 0; layer < config_.num_layers; ++layer) {
    const std::string name = fmt::format("encoder.layer.{}.", layer);
    const auto heads = [&](const char* part) {
      return linear(x_NH, name + "attention.self." + part).view({-1, config_.num_heads, head_size});
    };
    const Tensor seen_NAD = ops::attention(heads("query"), heads("key"), heads("value"), segments,
                                           {.scale = scale, .causal = false});
    const Tensor seen_NH = seen_NAD.reshape({-1, config_.hidden_size});
    x_NH = norm(linear(seen_NH, name + "attention.output.dense") + x_NH,
                name + "attention.output.LayerNorm");
    const Tensor inner_NF = ops::gelu(linear(x_NH, name + "intermediate.dense"));
    x_NH = norm(linear(inner_NF, name + "output.dense") + x_NH, name + "output.LayerNorm");
  }
  return x_NH;
}

void Encoder::to_dtype(at::ScalarType type) {
  for (auto& [name, tensor] : weights_) {
    tensor = tensor.detach().to(type).requires_grad_(tensor.requires_grad());
  }
}

}  // namespace arf

// A decoder of the Qwen2 shape: RMSNorm, rotary attention with grouped keys, SwiGLU, biases on
// q, k, v; loaded from a Hugging Face folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/lora.h"
#include "model/ops/ops.h"
#include "model/token_batch.h"

namespace arf {

struct DecoderConfig {
  std::string architecture = "Qwen2ForCausalLM";
  std::int64_t vocabulary_size = 0, hidden_size = 0, intermediate_size = 0;
  std::int64_t num_layers = 0, num_heads = 0, num_kv_heads = 0, head_size = 0;
  std::int64_t max_positions = 0;  // context length in tokens
  double rms_norm_eps = 1e-6, rope_theta = 1e6;
  bool tied_embeddings = true;
};
// Reads config.json (forms of transformers 4 and 5). input_error: an unknown architecture or a
// field that would change the result (rope scaling, activation, quantisation), by name.
DecoderConfig read_decoder_config(const std::filesystem::path& directory);
std::string decoder_config_json(const DecoderConfig& config);
// Name -> shape of every tensor, with Hugging Face's names; no lm_head where it is tied.
std::map<std::string, std::vector<std::int64_t>> decoder_shapes(const DecoderConfig& config);

// Keys and values of earlier tokens, [slots, capacity, kv_heads, head_size] a layer.
struct KvCache {
  std::vector<Tensor> keys, values;
  std::vector<std::int32_t> lengths;  // [slots] tokens held
};

class Decoder {
 public:
  // float32. input_error: missing, unexpected or misshapen tensors, each named.
  static Decoder load(const std::filesystem::path& directory);
  // Weights normal(0, 0.02) drawn by Philox from (seed, tensor name), norms 1, biases 0.
  static Decoder random(const DecoderConfig& config, std::uint64_t seed);

  const DecoderConfig& config() const { return config_; }
  // Name -> tensor with Hugging Face's names; the very tensors the forward uses.
  const std::map<std::string, Tensor>& weights() const { return weights_; }
  std::map<std::string, Tensor>& weights() { return weights_; }

  // Hidden states after the last norm, [N, H]. adapter may be null (the base alone).
  // Differentiable by adapter tensors and by weights that require gradients.
  Tensor forward(const std::vector<std::int32_t>& tokens, const ops::Segments& segments,
                 const Lora* adapter) const;
  // Next rows of sequences in the cache: row i is token tokens[i] of slot slots[i], appended at the
  // slot's length (several rows of one slot stand in order). No gradient. Bits equal forward's.
  Tensor forward_cached(const std::vector<std::int32_t>& tokens,
                        const std::vector<std::int32_t>& slots, const Lora* adapter,
                        KvCache* cache) const;
  KvCache make_cache(std::int64_t slots, std::int64_t capacity) const;

  const Tensor& head_weight() const;  // [V, H]
  // log p(tokens[t] | what stands before it in its segment) for t in batch.targets: [S]. hidden_out
  // (may be null): the hidden rows that predicted them [S, H]. entropy as in ops.
  Tensor token_logprobs(const TokenBatch& batch, const Lora* adapter, Tensor* hidden_out = nullptr,
                        Tensor* entropy = nullptr) const;
  void to_dtype(at::ScalarType type);  // float32 <-> float64, for gradient checks
  void freeze();                       // no weight requires a gradient; weights are prepacked
  void unfreeze();  // all weights become copies of this object's own that require gradients
  // config.json and model.safetensors in `directory`.
  void save(const std::filesystem::path& directory) const;

 private:
  // Attention of one layer over queries [N, heads, d], new keys and values [N, kv_heads, d].
  using Attend =
      std::function<Tensor(std::size_t layer, const Tensor& q, const Tensor& k, const Tensor& v)>;
  Decoder(const DecoderConfig& config, std::map<std::string, Tensor> weights);
  const Tensor& weight(const std::string& name) const;
  Tensor linear(const Tensor& x, const std::string& module, const Lora* adapter) const;
  Tensor run(const std::vector<std::int32_t>& tokens, const std::vector<std::int32_t>& positions,
             const Lora* adapter, const Attend& attend) const;

  DecoderConfig config_;
  std::map<std::string, Tensor> weights_;
  Tensor inverse_frequencies_;    // [d / 2] float64
  std::shared_ptr<void> packed_;  // releases the packed weights with the last copy
};

}  // namespace arf

// A decoder of one of the families of architecture.h, loaded from a Hugging Face folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/decoder_config.h"
#include "model/decoder_layer.h"
#include "model/lora.h"
#include "model/ops/ops.h"
#include "model/token_batch.h"
#include "model/weights.h"

namespace arf {

struct Architecture;

// Keys and values of earlier tokens, [slots, capacity, kv_heads, head_size] a layer.
struct KvCache {
  std::vector<Tensor> keys, values;
  std::vector<std::int32_t> lengths;  // [slots] tokens held
};

// Names of a decoder's file as ours; "" for what carries nothing of its own: buffers of old files,
// the copy of a tied head.
Rename decoder_rename(const DecoderConfig& config);

class Decoder {
 public:
  // The weights are looked at in the mapped file where it holds them at this precision (LoadRule).
  // input_error: missing, unexpected or misshapen tensors, each named.
  static Decoder load(const std::filesystem::path& directory,
                      Precision precision = Precision::kFloat32);
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
  // Room for `capacity` tokens in a cache of one slot (or a new one), with what it holds.
  void enlarge(KvCache* cache, std::int64_t capacity) const;

  ops::Head head() const;
  const Tensor& inverse_frequencies() const { return inverse_frequencies_; }  // [d / 2] float64
  // log p(tokens[t] | what stands before it in its segment) for t in batch.targets: [S]. hidden_out
  // (may be null): the hidden rows that predicted them [S, H]. entropy as in ops.
  Tensor token_logprobs(const TokenBatch& batch, const Lora* adapter, Tensor* hidden_out = nullptr,
                        Tensor* entropy = nullptr) const;
  void to_dtype(at::ScalarType type);  // float32 <-> float64, for gradient checks
  void round_to_bfloat16();            // the matrices; the arithmetic stays float32
  void freeze();                       // no weight requires a gradient; weights are prepacked
  // All weights become copies of this object's own that require gradients. usage_error: bfloat16.
  void unfreeze();
  // config.json and model.safetensors in `directory`.
  void save(const std::filesystem::path& directory) const;

 private:
  Decoder(const DecoderConfig& config, std::map<std::string, Tensor> weights);
  ops::AttentionRule rule_of(std::int64_t layer) const;
  Tensor run(const std::vector<std::int32_t>& tokens, const std::vector<std::int32_t>& positions,
             const Lora* adapter, const DecoderPass::Attend& attend) const;

  DecoderConfig config_;
  const Architecture* architecture_;
  std::map<std::string, Tensor> weights_;
  Tensor inverse_frequencies_;    // [d / 2] float64
  std::shared_ptr<void> packed_;  // releases the packed weights with the last copy
};

}  // namespace arf

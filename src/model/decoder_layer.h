// One layer of a decoder in one pass: its tensors by their short names, and the steps that the
// families put together. Letters of shapes: N tokens, H hidden size, Q heads, K key-value heads, D
// head size.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "model/decoder_config.h"
#include "model/lora.h"
#include "model/ops/ops.h"

namespace arf {

// What all layers of a pass share.
struct DecoderPass {
  const DecoderConfig& config;
  const std::map<std::string, Tensor>& weights;
  const Lora* adapter;                // null: the base alone
  const Tensor& inverse_frequencies;  // [D / 2] float64
  Tensor positions;                   // [N] int32
  // Attention of a layer over queries [N, Q, D], new keys and values [N, K, D] -> [N, Q, D].
  using Attend =
      std::function<Tensor(std::int64_t layer, const Tensor& q, const Tensor& k, const Tensor& v)>;
  Attend attend;

  const Tensor& weight(const std::string& name) const;
  // RMSNorm with the weights of this name.
  Tensor norm(const Tensor& x, const std::string& name) const;
};

class DecoderLayer {
 public:
  DecoderLayer(const DecoderPass& pass, std::int64_t index);

  Tensor norm(const Tensor& x, const char* name) const;
  Tensor linear(const Tensor& x, const char* module) const;  // with its bias and its adapter
  Tensor query(const Tensor& x_NH) const;                    // [N, Q, D]
  Tensor key(const Tensor& x_NH) const;                      // [N, K, D]
  Tensor value(const Tensor& x_NH) const;                    // [N, K, D]
  // Turned by their tokens' positions (Su et al. 2021).
  Tensor rotated(const Tensor& x_NAD) const;
  // Attention and its output projection: [N, H].
  Tensor attention(const Tensor& q_NQD, const Tensor& k_NKD, const Tensor& v_NKD) const;
  // The gated linear unit (Shazeer 2020) with its three projections: [N, H].
  using Gate = Tensor (*)(const Tensor& gate, const Tensor& up);
  Tensor feed_forward(const Tensor& x_NH, Gate gate) const;

 private:
  const DecoderPass& pass_;
  std::int64_t index_;
  std::string prefix_;  // "model.layers.3."
};

}  // namespace arf

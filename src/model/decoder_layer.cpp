#include "model/decoder_layer.h"

#include "core/error.h"

namespace arf {

const Tensor& DecoderPass::weight(const std::string& name) const {
  const auto found = weights.find(name);
  ARF_CHECK(found != weights.end(), "no tensor {}", name);
  return found->second;
}

Tensor DecoderPass::norm(const Tensor& x, const std::string& name) const {
  const Tensor& w = weight(name);
  return ops::rms_norm(x, config.norm_offset == 0 ? w : w + config.norm_offset,
                       config.rms_norm_eps);
}

DecoderLayer::DecoderLayer(const DecoderPass& pass, std::int64_t index)
    : pass_(pass), index_(index), prefix_(fmt::format("model.layers.{}.", index)) {}

Tensor DecoderLayer::norm(const Tensor& x, const char* name) const {
  return pass_.norm(x, prefix_ + name + ".weight");
}

Tensor DecoderLayer::linear(const Tensor& x, const char* module) const {
  const std::string name = prefix_ + module;
  const auto bias = pass_.weights.find(name + ".bias");
  const Lora* adapter = pass_.adapter;
  return lora_linear(
      x, pass_.weight(name + ".weight"), bias == pass_.weights.end() ? Tensor() : bias->second,
      adapter ? adapter->find(name) : nullptr, adapter ? adapter->config().scale() : 0);
}

Tensor DecoderLayer::query(const Tensor& x_NH) const {
  return linear(x_NH, "self_attn.q_proj")
      .view({-1, pass_.config.num_heads, pass_.config.head_size});
}

Tensor DecoderLayer::key(const Tensor& x_NH) const {
  return linear(x_NH, "self_attn.k_proj")
      .view({-1, pass_.config.num_kv_heads, pass_.config.head_size});
}

Tensor DecoderLayer::value(const Tensor& x_NH) const {
  return linear(x_NH, "self_attn.v_proj")
      .view({-1, pass_.config.num_kv_heads, pass_.config.head_size});
}

Tensor DecoderLayer::rotated(const Tensor& x_NAD) const {
  return ops::rope(x_NAD, pass_.positions, pass_.inverse_frequencies);
}

Tensor DecoderLayer::attention(const Tensor& q_NQD, const Tensor& k_NKD,
                               const Tensor& v_NKD) const {
  const Tensor seen_NQD = pass_.attend(index_, q_NQD, k_NKD, v_NKD);
  return linear(seen_NQD.reshape({-1, pass_.config.num_heads * pass_.config.head_size}),
                "self_attn.o_proj");
}

Tensor DecoderLayer::feed_forward(const Tensor& x_NH, Gate gate) const {
  return linear(gate(linear(x_NH, "mlp.gate_proj"), linear(x_NH, "mlp.up_proj")), "mlp.down_proj");
}

}  // namespace arf

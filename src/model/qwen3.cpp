// Qwen3 (Yang et al. 2025, section 2): no biases, and a norm of each head's query and key.
#include "model/architecture.h"

namespace arf {
namespace {

void read(const ConfigReader& reader, DecoderConfig* config) {
  require_activation(reader, "hidden_act", "silu");
  read_biases(reader, config);
  read_qwen_windows(reader, config);
}

void write(const DecoderConfig& config, Json* json) {
  (*json)["hidden_act"] = "silu";
  (*json)["attention_bias"] = config.biased.contains("o_proj");
  write_qwen_windows(config, json);
}

std::vector<Architecture::Norm> norms(const DecoderConfig& config) {
  auto all = llama_norms(config);
  all.push_back({"self_attn.q_norm", config.head_size});
  all.push_back({"self_attn.k_norm", config.head_size});
  return all;
}

Tensor layer_of(const DecoderLayer& layer, const Tensor& x_NH) {
  const Tensor a_NH = layer.norm(x_NH, "input_layernorm");
  const Tensor q_NQD = layer.rotated(layer.norm(layer.query(a_NH), "self_attn.q_norm"));
  const Tensor k_NKD = layer.rotated(layer.norm(layer.key(a_NH), "self_attn.k_norm"));
  const Tensor y_NH = x_NH + layer.attention(q_NQD, k_NKD, layer.value(a_NH));
  return y_NH + layer.feed_forward(layer.norm(y_NH, "post_attention_layernorm"), ops::swiglu);
}

}  // namespace

const Architecture kQwen3 = {"Qwen3ForCausalLM",
                             "qwen3",
                             {.max_positions = 32768, .num_kv_heads = 32, .head_size = 128},
                             read,
                             write,
                             norms,
                             layer_of};

}  // namespace arf

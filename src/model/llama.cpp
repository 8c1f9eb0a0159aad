// Llama 2 and 3 (Touvron et al. 2023; Grattafiori et al. 2024).
#include "model/architecture.h"

namespace arf {

std::vector<Architecture::Norm> llama_norms(const DecoderConfig& config) {
  return {{"input_layernorm", config.hidden_size},
          {"post_attention_layernorm", config.hidden_size}};
}

Tensor llama_layer(const DecoderLayer& layer, const Tensor& x_NH) {
  const Tensor a_NH = layer.norm(x_NH, "input_layernorm");
  const Tensor q_NQD = layer.rotated(layer.query(a_NH));
  const Tensor k_NKD = layer.rotated(layer.key(a_NH));
  const Tensor y_NH = x_NH + layer.attention(q_NQD, k_NKD, layer.value(a_NH));
  return y_NH + layer.feed_forward(layer.norm(y_NH, "post_attention_layernorm"), ops::swiglu);
}

void read_biases(const ConfigReader& reader, DecoderConfig* config) {
  config->biased.clear();
  if (reader.flag("attention_bias", false)) {
    config->biased.insert({"q_proj", "k_proj", "v_proj", "o_proj"});
  }
  if (reader.flag("mlp_bias", false)) {
    config->biased.insert({"gate_proj", "up_proj", "down_proj"});
  }
}

namespace {

void read(const ConfigReader& reader, DecoderConfig* config) {
  require_activation(reader, "hidden_act", "silu");
  read_biases(reader, config);
  require_no_windows(reader, read_layer_types(reader, *config));
}

void write(const DecoderConfig& config, Json* json) {
  (*json)["hidden_act"] = "silu";
  (*json)["attention_bias"] = config.biased.contains("o_proj");
  (*json)["mlp_bias"] = config.biased.contains("gate_proj");
}

}  // namespace

const Architecture kLlama = {"LlamaForCausalLM", "llama",    {.max_positions = 2048}, read, write,
                             llama_norms,        llama_layer};

}  // namespace arf

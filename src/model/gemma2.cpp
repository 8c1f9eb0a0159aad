// Gemma 2 (Riviere et al. 2024, section 2): norms before and behind each part, GeGLU, layers that
// see a window and all in turns, soft caps on scores and logits, embeddings times sqrt(H).
#include <cmath>

#include "model/architecture.h"

namespace arf {
namespace {

// A soft cap; null: none.
double soft_cap(const ConfigReader& reader, const char* key, double absent) {
  if (reader.has(key) && reader.field(key).is_null()) return 0;
  return reader.positive(key, absent);
}

void read(const ConfigReader& reader, DecoderConfig* config) {
  require_activation(reader, "hidden_activation", "gelu_pytorch_tanh");
  reader.refuse("use_bidirectional_attention");
  config->biased.clear();
  if (reader.flag("attention_bias", false)) {
    config->biased = {"q_proj", "k_proj", "v_proj", "o_proj"};
  }
  config->sliding_window =
      reader.has("sliding_window") ? reader.count("sliding_window", {}, 1 << 30) : 4096;
  config->windowed = read_layer_types(reader, *config).value_or(std::vector<bool>());
  for (auto layer = static_cast<std::int64_t>(config->windowed.size()); layer < config->num_layers;
       ++layer) {
    config->windowed.push_back(layer % 2 == 0);
  }
  config->query_scalar = static_cast<double>(reader.count("query_pre_attn_scalar", 256));
  config->attention_soft_cap = soft_cap(reader, "attn_logit_softcapping", 50);
  config->logit_soft_cap = soft_cap(reader, "final_logit_softcapping", 30);
  config->embedding_scale = std::sqrt(static_cast<double>(config->hidden_size));
  config->norm_offset = 1;
}

Json cap_json(double cap) { return cap > 0 ? Json(cap) : Json(); }

void write(const DecoderConfig& config, Json* json) {
  (*json)["hidden_act"] = "gelu_pytorch_tanh";
  (*json)["hidden_activation"] = "gelu_pytorch_tanh";
  (*json)["attention_bias"] = config.biased.contains("o_proj");
  (*json)["sliding_window"] = config.sliding_window;
  (*json)["layer_types"] = layer_types_json(config);
  // transformers takes a whole number only.
  (*json)["query_pre_attn_scalar"] = static_cast<std::int64_t>(config.query_scalar);
  (*json)["attn_logit_softcapping"] = cap_json(config.attention_soft_cap);
  (*json)["final_logit_softcapping"] = cap_json(config.logit_soft_cap);
}

std::vector<Architecture::Norm> norms(const DecoderConfig& config) {
  auto all = llama_norms(config);
  all.push_back({"pre_feedforward_layernorm", config.hidden_size});
  all.push_back({"post_feedforward_layernorm", config.hidden_size});
  return all;
}

Tensor layer_of(const DecoderLayer& layer, const Tensor& x_NH) {
  const Tensor a_NH = layer.norm(x_NH, "input_layernorm");
  const Tensor q_NQD = layer.rotated(layer.query(a_NH));
  const Tensor k_NKD = layer.rotated(layer.key(a_NH));
  const Tensor seen_NH = layer.attention(q_NQD, k_NKD, layer.value(a_NH));
  const Tensor y_NH = x_NH + layer.norm(seen_NH, "post_attention_layernorm");
  const Tensor m_NH = layer.feed_forward(layer.norm(y_NH, "pre_feedforward_layernorm"), ops::geglu);
  return y_NH + layer.norm(m_NH, "post_feedforward_layernorm");
}

}  // namespace

const Architecture kGemma2 = {
    "Gemma2ForCausalLM",
    "gemma2",
    {.max_positions = 8192, .tied_embeddings = true, .num_kv_heads = 4, .head_size = 256},
    read,
    write,
    norms,
    layer_of};

}  // namespace arf

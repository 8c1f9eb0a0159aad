#include "core/json.h"
#include "model/config_reader.h"
#include "model/decoder.h"

namespace arf {
namespace {

constexpr std::int64_t kMostLayers = 1024;

// transformers 4 writes rope_theta and rope_scaling, 5 rope_parameters {rope_type, rope_theta}.
double read_rope_theta(const ConfigReader& config) {
  double theta = config.positive("rope_theta", 10000.0);
  for (const char* key : {"rope_parameters", "rope_scaling"}) {
    const Json& rope = config.field(key);
    if (rope.is_null()) continue;
    if (!rope.is_object())
      input_error("{}: `{}` is {}, not an object", config.where(), key, rope.dump());
    const Json type =
        rope.contains("rope_type") ? rope["rope_type"] : rope.value("type", Json("default"));
    if (type != "default") {
      input_error("{}: `{}` has rope_type {}; arf supports the default rotary embedding only",
                  config.where(), key, type.dump());
    }
    if (rope.contains("rope_theta")) {
      if (!rope["rope_theta"].is_number() || rope["rope_theta"] <= 0) {
        input_error("{}: rope_theta is {}; it must be a number above 0", config.where(),
                    rope["rope_theta"].dump());
      }
      theta = rope["rope_theta"].get<double>();
    }
  }
  return theta;
}

// What would change the result and is not in our forward.
void refuse_variants(const ConfigReader& config) {
  const std::string activation = config.text("hidden_act", "silu");
  if (activation != "silu") {
    input_error("{}: `hidden_act` is {}; a decoder's must be silu", config.where(), activation);
  }
  if (config.flag("use_sliding_window", false)) {
    input_error("{}: `use_sliding_window` is true; arf attends to the whole context only",
                config.where());
  }
  for (const Json& type : config.field("layer_types")) {
    if (type != "full_attention") {
      input_error("{}: `layer_types` holds {}; arf supports full_attention only", config.where(),
                  type.dump());
    }
  }
  config.refuse("quantization_config");
}

std::string read_architecture(const ConfigReader& config) {
  const Json& names = config.field("architectures");
  std::string name = config.text("model_type", "") == "qwen2" ? "Qwen2ForCausalLM" : "";
  if (names.is_array() && names.size() == 1 && names[0].is_string()) name = names[0];
  if (name != "Qwen2ForCausalLM") {
    input_error("{}: `architectures` is {}; arf knows the decoder Qwen2ForCausalLM", config.where(),
                names.dump());
  }
  return name;
}

}  // namespace

DecoderConfig read_decoder_config(const std::filesystem::path& directory) {
  const ConfigReader reader(directory / "config.json");
  DecoderConfig config;
  config.architecture = read_architecture(reader);
  refuse_variants(reader);
  config.vocabulary_size = reader.count("vocab_size");
  config.hidden_size = reader.count("hidden_size");
  config.intermediate_size = reader.count("intermediate_size");
  config.num_layers = reader.count("num_hidden_layers", {}, kMostLayers);
  config.num_heads = reader.count("num_attention_heads");
  config.num_kv_heads = reader.count("num_key_value_heads", config.num_heads);
  config.max_positions = reader.count("max_position_embeddings", 32768, 1 << 30);
  config.rms_norm_eps = reader.positive("rms_norm_eps", 1e-6);
  config.rope_theta = read_rope_theta(reader);
  config.tied_embeddings = reader.flag("tie_word_embeddings", false);
  if (reader.field("head_dim").is_null() && config.hidden_size % config.num_heads != 0) {
    input_error("{}: hidden_size {} is not a multiple of num_attention_heads {}", reader.where(),
                config.hidden_size, config.num_heads);
  }
  config.head_size = reader.count("head_dim", config.hidden_size / config.num_heads);
  if (config.head_size % 2 != 0) {
    input_error("{}: heads of odd size {} cannot be rotated", reader.where(), config.head_size);
  }
  if (config.num_heads % config.num_kv_heads != 0) {
    input_error("{}: num_attention_heads {} is not a multiple of num_key_value_heads {}",
                reader.where(), config.num_heads, config.num_kv_heads);
  }
  return config;
}

std::string decoder_config_json(const DecoderConfig& config) {
  const Json json = {{"architectures", {config.architecture}},
                     {"model_type", "qwen2"},
                     {"vocab_size", config.vocabulary_size},
                     {"hidden_size", config.hidden_size},
                     {"intermediate_size", config.intermediate_size},
                     {"num_hidden_layers", config.num_layers},
                     {"num_attention_heads", config.num_heads},
                     {"num_key_value_heads", config.num_kv_heads},
                     {"head_dim", config.head_size},
                     {"max_position_embeddings", config.max_positions},
                     {"hidden_act", "silu"},
                     {"rms_norm_eps", config.rms_norm_eps},
                     {"rope_theta", config.rope_theta},
                     {"tie_word_embeddings", config.tied_embeddings},
                     {"use_sliding_window", false},
                     {"attention_dropout", 0.0},
                     {"torch_dtype", "float32"}};
  return json.dump(2) + "\n";
}

std::map<std::string, std::vector<std::int64_t>> decoder_shapes(const DecoderConfig& config) {
  std::map<std::string, std::vector<std::int64_t>> shapes;
  const std::int64_t hidden = config.hidden_size;
  shapes["model.embed_tokens.weight"] = {config.vocabulary_size, hidden};
  shapes["model.norm.weight"] = {hidden};
  if (!config.tied_embeddings) shapes["lm_head.weight"] = {config.vocabulary_size, hidden};
  for (std::int64_t layer = 0; layer < config.num_layers; ++layer) {
    const std::string name = fmt::format("model.layers.{}.", layer);
    shapes[name + "input_layernorm.weight"] = {hidden};
    shapes[name + "post_attention_layernorm.weight"] = {hidden};
    for (const auto& [module, linear] : linear_shapes(config)) {
      const std::string full = name + linear.parent + "." + module;
      shapes[full + ".weight"] = {linear.out, linear.in};
      const bool has_bias = module == "q_proj" || module == "k_proj" || module == "v_proj";
      if (has_bias) shapes[full + ".bias"] = {linear.out};
    }
  }
  return shapes;
}

}  // namespace arf

// Qwen2 and Qwen2.5 (Yang et al. 2024, section 2): Llama's layer with biases on q, k and v; the
// upper layers may be windowed.
#include "model/architecture.h"

namespace arf {

void read_qwen_windows(const ConfigReader& reader, DecoderConfig* config) {
  const auto types = read_layer_types(reader, *config);
  const bool used = reader.flag("use_sliding_window", false);
  if (!used || (reader.has("sliding_window") && reader.field("sliding_window").is_null())) {
    return require_no_windows(reader, types);
  }
  config->sliding_window = reader.count("sliding_window", 4096, 1 << 30);
  const std::int64_t first =
      reader.field("max_window_layers") == 0 ? 0 : reader.count("max_window_layers", 28);
  config->windowed = types.value_or(std::vector<bool>());
  for (std::int64_t layer = 0; !types && layer < config->num_layers; ++layer) {
    config->windowed.push_back(layer >= first);
  }
}

void write_qwen_windows(const DecoderConfig& config, Json* json) {
  (*json)["use_sliding_window"] = !config.windowed.empty();
  (*json)["sliding_window"] = config.windowed.empty() ? Json() : Json(config.sliding_window);
  (*json)["layer_types"] = layer_types_json(config);
}

namespace {

void read(const ConfigReader& reader, DecoderConfig* config) {
  require_activation(reader, "hidden_act", "silu");
  config->biased = {"q_proj", "k_proj", "v_proj"};
  read_qwen_windows(reader, config);
}

void write(const DecoderConfig& config, Json* json) {
  (*json)["hidden_act"] = "silu";
  write_qwen_windows(config, json);
}

}  // namespace

const Architecture kQwen2 = {"Qwen2ForCausalLM", "qwen2",    {.max_positions = 32768}, read, write,
                             llama_norms,        llama_layer};

}  // namespace arf

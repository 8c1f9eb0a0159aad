// Mistral 7B (Jiang et al. 2023): Llama's layer, each over a window of the last tokens; Ministral
// 8B, which its files call Mistral, too: only those layers that `layer_types` says.
#include <algorithm>

#include "core/error.h"
#include "model/architecture.h"

namespace arf {
namespace {

constexpr std::int64_t kDefaultWindow = 4096;

void read(const ConfigReader& reader, DecoderConfig* config) {
  require_activation(reader, "hidden_act", "silu");
  config->biased.clear();
  const std::vector<bool> every(static_cast<std::size_t>(config->num_layers), true);
  const auto types = read_layer_types(reader, *config);
  // A null means that there is no window; only an absent field means the default one.
  if (reader.has("sliding_window") && reader.field("sliding_window").is_null()) {
    return require_no_windows(reader, types);
  }
  config->sliding_window = reader.count("sliding_window", kDefaultWindow, 1 << 30);
  config->windowed = types.value_or(every);
}

void write(const DecoderConfig& config, Json* json) {
  (*json)["hidden_act"] = "silu";
  (*json)["sliding_window"] = config.windowed.empty() ? Json() : Json(config.sliding_window);
  const auto& windowed = config.windowed;
  const bool mixed = std::find(windowed.begin(), windowed.end(), false) != windowed.end();
  if (mixed) (*json)["layer_types"] = layer_types_json(config);
}

}  // namespace

const Architecture kMistral = {
    "MistralForCausalLM", "mistral",  {.max_positions = 131072, .num_kv_heads = 8}, read, write,
    llama_norms,          llama_layer};

}  // namespace arf

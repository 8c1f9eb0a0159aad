// What config.json says of a decoder, whatever its family.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace arf {

// Rotary frequencies of a longer context (Llama 3.1's, rope_type "llama3"): waves longer than
// original_positions / low_frequency_factor turn `factor` times slower, those shorter than
// original_positions / high_frequency_factor as before, those between by a mixture.
struct Llama3Rope {
  double factor = 8, low_frequency_factor = 1, high_frequency_factor = 4;
  std::int64_t original_positions = 8192;
};

struct DecoderConfig {
  std::string architecture = "Qwen2ForCausalLM";
  std::int64_t vocabulary_size = 0, hidden_size = 0, intermediate_size = 0;
  std::int64_t num_layers = 0, num_heads = 0, num_kv_heads = 0, head_size = 0;
  std::int64_t max_positions = 0;  // context length in tokens
  double rms_norm_eps = 1e-6, rope_theta = 1e6;
  std::optional<Llama3Rope> rope_scaling;
  bool tied_embeddings = true;
  std::set<std::string> biased = {"q_proj", "k_proj", "v_proj"};  // linear layers with a bias
  std::int64_t sliding_window = 0;  // tokens that a windowed layer sees; 0: none is windowed
  std::vector<bool> windowed;       // by layer; empty where none is
  double query_scalar = 0;          // scores are divided by its root; 0: head_size
  double attention_soft_cap = 0, logit_soft_cap = 0;  // 0: none
  double embedding_scale = 1;                         // of a token's embedding
  double norm_offset = 0;                             // added to the weights of norms

  // The window of a layer in tokens; 0: it sees all that stands before.
  std::int64_t window_of(std::int64_t layer) const {
    return windowed.empty() || !windowed[static_cast<std::size_t>(layer)] ? 0 : sliding_window;
  }
};

// Reads config.json (forms of transformers 4 and 5). input_error: an unknown architecture or a
// field that would change the result (rope scaling, activation, quantisation), by name.
DecoderConfig read_decoder_config(const std::filesystem::path& directory);
std::string decoder_config_json(const DecoderConfig& config);
// Name -> shape of every tensor, with Hugging Face's names; no lm_head where it is tied.
std::map<std::string, std::vector<std::int64_t>> decoder_shapes(const DecoderConfig& config);

}  // namespace arf

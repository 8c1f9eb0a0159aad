// The families of decoders: one file each says what is its own, and its layer as its paper has it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "model/config_reader.h"
#include "model/decoder_config.h"
#include "model/decoder_layer.h"

namespace arf {

struct Architecture {
  const char* name;        // in config.json's `architectures`
  const char* model_type;  // and in its `model_type`
  // What a field means that config.json leaves out (transformers' own defaults).
  struct Defaults {
    std::int64_t max_positions;
    bool tied_embeddings = false;
    std::optional<std::int64_t> num_kv_heads{}, head_size{};  // none: num_heads, hidden / heads
  } defaults;
  // Fields of its own, after those that all share; input_error where one is not supported.
  void (*read)(const ConfigReader& reader, DecoderConfig* config);
  void (*write)(const DecoderConfig& config, Json* json);  // the same into config.json
  // A layer's norms: their names and sizes.
  struct Norm {
    const char* name;
    std::int64_t size;
  };
  std::vector<Norm> (*norms)(const DecoderConfig& config);
  // x [N, H] -> [N, H]
  Tensor (*layer)(const DecoderLayer& layer, const Tensor& x_NH);
};

extern const Architecture kQwen2, kQwen3, kLlama, kMistral, kGemma2;

// null for an unknown name.
const Architecture* find_architecture(const std::string& name);
const Architecture* find_model_type(const std::string& model_type);
std::string architecture_names();  // of all, for messages

// ---- parts that several families share

// input_error unless the activation is `only`.
void require_activation(const ConfigReader& reader, const char* key, const std::string& only);
// input_error where `layer_types` (transformers 5) is no list of a known type for each layer. True:
// windowed. Nothing where the field is absent.
std::optional<std::vector<bool>> read_layer_types(const ConfigReader& reader,
                                                  const DecoderConfig& config);
// input_error where `types` has a windowed layer, for a model without a window.
void require_no_windows(const ConfigReader& reader, const std::optional<std::vector<bool>>& types);
Json layer_types_json(const DecoderConfig& config);
// The norms and the layer of Llama (Touvron et al. 2023, section 2.2): pre-norm, rotary
// grouped-query attention, SwiGLU.
std::vector<Architecture::Norm> llama_norms(const DecoderConfig& config);
Tensor llama_layer(const DecoderLayer& layer, const Tensor& x_NH);
// Biases of attention (q, k, v, o) and of the gated unit, by `attention_bias` and `mlp_bias`.
void read_biases(const ConfigReader& reader, DecoderConfig* config);
// Qwen2's and Qwen3's rule of windows: use_sliding_window, sliding_window, max_window_layers.
void read_qwen_windows(const ConfigReader& reader, DecoderConfig* config);
void write_qwen_windows(const DecoderConfig& config, Json* json);

}  // namespace arf

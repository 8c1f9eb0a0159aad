#include "model/decoder_config.h"

#include "core/error.h"
#include "model/architecture.h"
#include "model/lora.h"

namespace arf {
namespace {

constexpr std::int64_t kMostLayers = 1024, kMostPositions = 1 << 30;

double positive_of(const ConfigReader& reader, const SortedJson& rope, const char* key) {
  const SortedJson& value = rope.contains(key) ? rope[key] : SortedJson();
  if (!value.is_number() || value <= 0) {
    input_error("{}: {} is {}; it must be a number above 0", reader.where(), key, value.dump());
  }
  return value.get<double>();
}

Llama3Rope read_llama3_rope(const ConfigReader& reader, const SortedJson& rope,
                            std::int64_t positions) {
  Llama3Rope scaling;
  scaling.factor = positive_of(reader, rope, "factor");
  scaling.low_frequency_factor = positive_of(reader, rope, "low_freq_factor");
  scaling.high_frequency_factor = positive_of(reader, rope, "high_freq_factor");
  scaling.original_positions = positions;
  constexpr const char* kOriginal = "original_max_position_embeddings";
  if (reader.has(kOriginal)) {  // beside the others, where transformers 5 looks first
    scaling.original_positions = reader.count(kOriginal, positions, kMostPositions);
  } else if (rope.contains(kOriginal)) {
    const double original = positive_of(reader, rope, kOriginal);
    if (original > kMostPositions) {
      input_error("{}: original_max_position_embeddings is {}; it may be {} at most",
                  reader.where(), original, kMostPositions);
    }
    scaling.original_positions = static_cast<std::int64_t>(original);
  }
  if (scaling.high_frequency_factor <= scaling.low_frequency_factor) {
    input_error("{}: high_freq_factor {} is not above low_freq_factor {}", reader.where(),
                scaling.high_frequency_factor, scaling.low_frequency_factor);
  }
  return scaling;
}

// transformers 4 writes rope_theta and rope_scaling, 5 rope_parameters {rope_type, rope_theta}.
void read_rope(const ConfigReader& reader, DecoderConfig* config) {
  config->rope_theta = reader.positive("rope_theta", 10000.0);
  if (!reader.field("rope_parameters").is_null() && !reader.field("rope_scaling").is_null()) {
    input_error("{}: has both `rope_parameters` and `rope_scaling`; leave one", reader.where());
  }
  for (const char* key : {"rope_parameters", "rope_scaling"}) {
    const SortedJson& rope = reader.field(key);
    if (rope.is_null()) continue;
    if (!rope.is_object())
      input_error("{}: `{}` is {}, not an object", reader.where(), key, rope.dump());
    const SortedJson type =
        rope.contains("rope_type") ? rope["rope_type"] : rope.value("type", SortedJson("default"));
    if (type == "llama3") {
      config->rope_scaling = read_llama3_rope(reader, rope, config->max_positions);
    } else if (type != "default") {
      input_error("{}: `{}` has rope_type {}; arf supports default and llama3", reader.where(), key,
                  type.dump());
    }
    for (const auto& [name, value] : rope.items()) {
      if (value.is_structured()) {
        input_error("{}: `{}` has {} = {}; arf supports one rotary embedding for all layers",
                    reader.where(), key, name, value.dump());
      }
    }
    if (rope.value("partial_rotary_factor", SortedJson(1)) != 1) {
      input_error("{}: `{}` has partial_rotary_factor {}; arf turns whole heads", reader.where(),
                  key, rope["partial_rotary_factor"].dump());
    }
    if (rope.contains("rope_theta")) config->rope_theta = positive_of(reader, rope, "rope_theta");
  }
  if (!reader.field("partial_rotary_factor").is_null() &&
      reader.field("partial_rotary_factor") != 1) {
    input_error("{}: `partial_rotary_factor` is {}; arf turns whole heads", reader.where(),
                reader.field("partial_rotary_factor").dump());
  }
}

const Architecture& read_architecture(const ConfigReader& reader) {
  const SortedJson& names = reader.field("architectures");
  const std::string type = reader.text("model_type", "");
  const bool named = names.is_array() && names.size() == 1 && names[0].is_string();
  const Architecture* found =
      named ? find_architecture(names[0].get<std::string>()) : find_model_type(type);
  if (!found || (!named && !names.is_null())) {
    input_error("{}: `architectures` is {}; arf knows the decoders {}", reader.where(),
                names.dump(), architecture_names());
  }
  if (!type.empty() && type != found->model_type) {
    input_error("{}: `model_type` is {}, but `architectures` names {}", reader.where(), type,
                found->name);
  }
  return *found;
}

void read_heads(const ConfigReader& reader, const Architecture::Defaults& defaults,
                DecoderConfig* config) {
  config->num_heads = reader.count("num_attention_heads");
  // Said to be null, there are as many as heads, whatever the architecture's default is.
  const bool said = reader.has("num_key_value_heads");
  config->num_kv_heads =
      reader.count("num_key_value_heads",
                   said ? config->num_heads : defaults.num_kv_heads.value_or(config->num_heads));
  const bool own_size = !reader.field("head_dim").is_null() || defaults.head_size;
  if (!own_size && config->hidden_size % config->num_heads != 0) {
    input_error("{}: hidden_size {} is not a multiple of num_attention_heads {}", reader.where(),
                config->hidden_size, config->num_heads);
  }
  config->head_size = reader.count(
      "head_dim", defaults.head_size.value_or(config->hidden_size / config->num_heads));
  if (config->head_size % 2 != 0) {
    input_error("{}: heads of odd size {} cannot be rotated", reader.where(), config->head_size);
  }
  if (config->num_heads % config->num_kv_heads != 0) {
    input_error("{}: num_attention_heads {} is not a multiple of num_key_value_heads {}",
                reader.where(), config->num_heads, config->num_kv_heads);
  }
}

void write_rope(const DecoderConfig& config, Json* json) {
  (*json)["rope_theta"] = config.rope_theta;
  if (!config.rope_scaling) return;
  const Llama3Rope& scaling = *config.rope_scaling;
  (*json)["rope_scaling"] = {{"rope_type", "llama3"},
                             {"factor", scaling.factor},
                             {"low_freq_factor", scaling.low_frequency_factor},
                             {"high_freq_factor", scaling.high_frequency_factor},
                             {"original_max_position_embeddings", scaling.original_positions}};
}

const Architecture& architecture_of(const DecoderConfig& config) {
  const Architecture* found = find_architecture(config.architecture);
  ARF_CHECK(found, "no architecture {}", config.architecture);
  return *found;
}

}  // namespace

DecoderConfig read_decoder_config(const std::filesystem::path& directory) {
  const ConfigReader reader(directory / "config.json");
  const Architecture& architecture = read_architecture(reader);
  reader.refuse("quantization_config");
  DecoderConfig config;
  config.architecture = architecture.name;
  config.vocabulary_size = reader.count("vocab_size");
  config.hidden_size = reader.count("hidden_size");
  config.intermediate_size = reader.count("intermediate_size");
  config.num_layers = reader.count("num_hidden_layers", {}, kMostLayers);
  config.max_positions =
      reader.count("max_position_embeddings", architecture.defaults.max_positions, kMostPositions);
  config.rms_norm_eps = reader.positive("rms_norm_eps", 1e-6);
  config.tied_embeddings =
      reader.flag("tie_word_embeddings", architecture.defaults.tied_embeddings);
  read_heads(reader, architecture.defaults, &config);
  read_rope(reader, &config);
  architecture.read(reader, &config);
  return config;
}

std::string decoder_config_json(const DecoderConfig& config) {
  const Architecture& architecture = architecture_of(config);
  Json json = {{"architectures", {config.architecture}},
               {"model_type", architecture.model_type},
               {"vocab_size", config.vocabulary_size},
               {"hidden_size", config.hidden_size},
               {"intermediate_size", config.intermediate_size},
               {"num_hidden_layers", config.num_layers},
               {"num_attention_heads", config.num_heads},
               {"num_key_value_heads", config.num_kv_heads},
               {"head_dim", config.head_size},
               {"max_position_embeddings", config.max_positions},
               {"rms_norm_eps", config.rms_norm_eps},
               {"tie_word_embeddings", config.tied_embeddings},
               {"attention_dropout", 0.0},
               {"torch_dtype", "float32"}};
  write_rope(config, &json);
  architecture.write(config, &json);
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
    for (const auto& [norm, size] : architecture_of(config).norms(config)) {
      shapes[name + norm + ".weight"] = {size};
    }
    for (const auto& [module, linear] : linear_shapes(config)) {
      const std::string full = name + linear.parent + "." + module;
      shapes[full + ".weight"] = {linear.out, linear.in};
      if (config.biased.contains(module)) shapes[full + ".bias"] = {linear.out};
    }
  }
  return shapes;
}

}  // namespace arf

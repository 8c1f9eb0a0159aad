// An adapter's files in the layout of the peft library: adapter_config.json and
// adapter_model.safetensors with keys base_model.model.<module>.lora_{A,B}.weight.
#include <algorithm>
#include <cmath>
#include <set>

#include "core/file.h"
#include "core/json.h"
#include "data_io/safetensors_folder.h"
#include "model/config_reader.h"
#include "model/decoder.h"
#include "model/lora.h"
#include "model/weights.h"

namespace arf {
namespace {

const std::string kPrefix = "base_model.model.";

std::filesystem::path adapter_file(const std::filesystem::path& directory) {
  return directory / "adapter_model.safetensors";
}

void refuse_pickle(const std::filesystem::path& directory) {
  const auto pickle = directory / "adapter_model.bin";
  if (std::filesystem::exists(adapter_file(directory)) || !std::filesystem::exists(pickle)) return;
  input_error(
      "{}: a Python pickle, which arf does not read; save the adapter anew (peft: save_pretrained)",
      pickle.string());
}

void refuse_variants(const ConfigReader& reader) {
  if (reader.text("peft_type", "") != "LORA") {
    input_error("{}: `peft_type` is {}; arf reads LORA adapters", reader.where(),
                reader.field("peft_type").dump());
  }
  const std::string bias = reader.text("bias", "none");
  if (bias != "none") {
    input_error("{}: `bias` is {}; arf reads adapters without biases", reader.where(), bias);
  }
  // An initialisation that takes something out of the base says nothing of it here.
  const SortedJson& start = reader.field("init_lora_weights");
  const bool changes_base = !start.is_null() && !start.is_boolean() && start != "gaussian" &&
                            start != "orthogonal" && start != "eva";
  if (changes_base) {
    input_error(
        "{}: `init_lora_weights` is {}, which changes the base's weights; convert the adapter to a "
        "plain one (peft: save_pretrained with path_initial_model_for_weight_conversion)",
        reader.where(), start.dump());
  }
  // What peft writes for other kinds of adapters would change the result, and a later peft may
  // write more: only what is known to be harmless passes.
  reader.refuse_others({"peft_type", "bias", "r", "lora_alpha", "use_rslora", "target_modules",
                        "init_lora_weights", "auto_mapping", "base_model_name_or_path", "revision",
                        "task_type", "inference_mode", "lora_dropout", "peft_version",
                        "layers_pattern", "megatron_core", "qalora_group_size", "eva_config",
                        "runtime_config"});
}

// The modules that a file's tensors are for: what peft's patterns ("all-linear", or a regular
// expression over names) came to when the adapter was made.
std::set<std::string> stored_modules(const std::filesystem::path& file) {
  const std::string ending = ".lora_A.weight";
  std::set<std::string> modules;
  const auto folder = SafetensorsFolder::of_file(file);
  for (const auto& [name, tensor] : folder.tensors()) {
    if (!name.ends_with(ending)) continue;
    const std::string path = name.substr(0, name.size() - ending.size());
    modules.insert(path.substr(path.rfind('.') + 1));
  }
  return modules;
}

// The linear layer whose name ends as `target` does, as peft looks for it: "q_proj", or
// "self_attn.q_proj"; "" for none.
std::string module_named(const std::string& target, const DecoderConfig& decoder) {
  for (const auto& [module, shape] : linear_shapes(decoder)) {
    if (target == module || target == std::string(shape.parent) + "." + module) return module;
  }
  return "";
}

SortedJson target_modules(const ConfigReader& reader, const std::filesystem::path& directory) {
  const SortedJson& modules = reader.field("target_modules");
  if (modules.is_string()) return stored_modules(adapter_file(directory));
  return modules;
}

LoraConfig read_lora_config(const std::filesystem::path& directory, const DecoderConfig& decoder) {
  const ConfigReader reader(directory / "adapter_config.json");
  refuse_variants(reader);
  LoraConfig config;
  config.rank = static_cast<int>(reader.count("r", {}, kMostLoraRank));
  config.alpha = reader.positive("lora_alpha", 8);
  config.rank_stabilised = reader.flag("use_rslora", false);
  const SortedJson modules = target_modules(reader, directory);
  if (!modules.is_array() || modules.empty()) {
    input_error("{}: `target_modules` is {}; it must list modules or be a pattern that fits some",
                reader.where(), reader.field("target_modules").dump());
  }
  config.target_modules.clear();
  for (const SortedJson& module : modules) {
    const std::string name = module.is_string() ? module_named(module, decoder) : "";
    if (name.empty()) {
      input_error(
          "{}: `target_modules` names {}, which is no linear layer of all the model's layers",
          reader.where(), module.dump());
    }
    config.target_modules.push_back(name);
  }
  // PEFT writes a set, in no order of its own.
  std::sort(config.target_modules.begin(), config.target_modules.end());
  const auto twice = std::adjacent_find(config.target_modules.begin(), config.target_modules.end());
  if (twice != config.target_modules.end()) {
    input_error("{}: `target_modules` names `{}` twice", reader.where(), *twice);
  }
  return config;
}

// A weight that is no number makes log-probs and logits so, of which nobody can tell where they
// come from.
void require_finite(const Weights& weights, const std::filesystem::path& file) {
  for (const auto& [name, tensor] : weights) {
    if (tensor.isfinite().all().item<bool>()) continue;
    input_error("{}: tensor `{}` is not finite: the adapter is broken; train it anew",
                file.string(), name);
  }
}

std::string config_json(const LoraConfig& config, const std::string& base_model) {
  constexpr double kExact = 9007199254740992;  // 2^53: up to here a double holds every integer
  const bool whole = std::trunc(config.alpha) == config.alpha && config.alpha < kExact;
  const Json alpha = whole ? Json(static_cast<std::int64_t>(config.alpha)) : Json(config.alpha);
  const Json json = {{"peft_type", "LORA"},
                     {"task_type", "CAUSAL_LM"},
                     {"base_model_name_or_path", base_model},
                     {"r", config.rank},
                     {"lora_alpha", alpha},
                     {"target_modules", config.target_modules},
                     {"lora_dropout", 0.0},
                     {"bias", "none"},
                     {"fan_in_fan_out", false},
                     {"inference_mode", true},
                     {"init_lora_weights", true},
                     {"use_rslora", config.rank_stabilised},
                     {"use_dora", false},
                     {"modules_to_save", nullptr},
                     {"rank_pattern", Json::object()},
                     {"alpha_pattern", Json::object()},
                     {"layers_to_transform", nullptr},
                     {"layers_pattern", nullptr},
                     {"revision", nullptr}};
  return json.dump(2) + "\n";
}

}  // namespace

Lora Lora::load(const std::filesystem::path& directory, const DecoderConfig& decoder) {
  refuse_pickle(directory);
  const LoraConfig config = read_lora_config(directory, decoder);
  const auto modules = adapted_modules(config, decoder);
  Shapes expected;
  for (const auto& [module, shape] : modules) {
    expected[kPrefix + module + ".lora_A.weight"] = {config.rank, shape.in};
    expected[kPrefix + module + ".lora_B.weight"] = {shape.out, config.rank};
  }
  Weights weights = load_weights_file(
      adapter_file(directory), expected, [](const std::string& name) { return name; },
      "adapter_config.json and the model");
  require_finite(weights, adapter_file(directory));
  Lora lora;
  lora.config_ = config;
  for (const auto& [module, shape] : modules) {
    lora.pairs_[module] = {weights.at(kPrefix + module + ".lora_A.weight"),
                           weights.at(kPrefix + module + ".lora_B.weight")};
  }
  return lora;
}

std::string Lora::safetensors() const {
  Weights weights;
  for (const auto& [name, tensor] : tensors()) weights[kPrefix + name] = tensor;
  return weights_bytes(weights);
}

void Lora::save(const std::filesystem::path& directory, const std::string& base_model) const {
  make_directories(directory);
  write_file_atomically(adapter_file(directory), safetensors());
  write_file_atomically(directory / "adapter_config.json", config_json(config_, base_model));
}

}  // namespace arf

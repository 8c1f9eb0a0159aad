// The list of families, and what their readers share.
#include <algorithm>
#include <vector>

#include "core/error.h"
#include "model/architecture.h"

namespace arf {
namespace {

const std::vector<const Architecture*>& architectures() {
  static const std::vector<const Architecture*> all = {&kQwen2, &kQwen3, &kLlama, &kMistral,
                                                       &kGemma2};
  return all;
}

const Architecture* find(const char* Architecture::*field, const std::string& name) {
  for (const Architecture* architecture : architectures()) {
    if (architecture->*field == name) return architecture;
  }
  return nullptr;
}

}  // namespace

const Architecture* find_architecture(const std::string& name) {
  return find(&Architecture::name, name);
}

const Architecture* find_model_type(const std::string& model_type) {
  return find(&Architecture::model_type, model_type);
}

std::string architecture_names() {
  std::vector<std::string> names;
  for (const Architecture* architecture : architectures()) names.push_back(architecture->name);
  return fmt::format("{}", fmt::join(names, ", "));
}

void require_activation(const ConfigReader& reader, const char* key, const std::string& only) {
  const std::string activation = reader.text(key, only);
  if (activation != only) {
    input_error("{}: `{}` is {}; this family's is {}", reader.where(), key, activation, only);
  }
}

std::optional<std::vector<bool>> read_layer_types(const ConfigReader& reader,
                                                  const DecoderConfig& config) {
  const SortedJson& types = reader.field("layer_types");
  if (types.is_null()) return {};
  if (!types.is_array() || static_cast<std::int64_t>(types.size()) != config.num_layers) {
    input_error("{}: `layer_types` does not list a type for each of the {} layers", reader.where(),
                config.num_layers);
  }
  std::vector<bool> windowed;
  for (const SortedJson& type : types) {
    if (type != "full_attention" && type != "sliding_attention") {
      input_error("{}: `layer_types` holds {}; arf knows full_attention and sliding_attention",
                  reader.where(), type.dump());
    }
    windowed.push_back(type == "sliding_attention");
  }
  return windowed;
}

void require_no_windows(const ConfigReader& reader, const std::optional<std::vector<bool>>& types) {
  if (!types || std::find(types->begin(), types->end(), true) == types->end()) return;
  input_error(
      "{}: `layer_types` holds sliding_attention, but the model has no window by its architecture, "
      "`sliding_window` or `use_sliding_window`",
      reader.where());
}

Json layer_types_json(const DecoderConfig& config) {
  Json types = Json::array();
  for (std::int64_t layer = 0; layer < config.num_layers; ++layer) {
    types.push_back(config.window_of(layer) > 0 ? "sliding_attention" : "full_attention");
  }
  return types;
}

}  // namespace arf

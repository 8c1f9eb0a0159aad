#include "model/weights.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <set>

#include "core/hash.h"
#include "core/json.h"
#include "core/philox.h"

namespace arf {
namespace {

constexpr double kInitialDeviation = 0.02;

Tensor to_float32(const std::string& what, const StoredTensor& stored) {
  const std::map<std::string, at::ScalarType> types = {
      {"F32", at::kFloat}, {"BF16", at::kBFloat16}, {"F16", at::kHalf}};
  const auto type = types.find(stored.dtype);
  if (type == types.end()) {
    input_error("{} has dtype {}; a model may hold F32, BF16 or F16", what, stored.dtype);
  }
  // Copied, not viewed: a file's data need not be aligned, and the mapping ends before the model.
  Tensor tensor = at::empty(stored.shape, at::TensorOptions(type->second));
  std::memcpy(tensor.data_ptr(), stored.bytes.data(), stored.bytes.size());
  return tensor.to(at::kFloat);
}

std::string names(const std::vector<std::string>& all) {
  constexpr std::size_t kShown = 12;
  const std::size_t shown = std::min(all.size(), kShown);
  std::string text = fmt::format("{}", fmt::join(all.begin(), all.begin() + shown, ", "));
  if (all.size() > shown) text += fmt::format(" and {} more", all.size() - shown);
  return text;
}

// Collects what is wrong with a folder's tensors, so that one error names all of it.
struct Loader {
  const Shapes& expected;
  const Rename& rename;
  Weights weights;
  std::vector<std::string> problems;

  void add_file(const std::filesystem::path& path) {
    const SafetensorsFile file(path);
    for (const auto& [stored_name, stored] : file.tensors()) {
      const std::string name = rename(stored_name);
      if (name.empty()) continue;
      const std::string what = fmt::format("{}: tensor `{}`", path.string(), stored_name);
      const auto shape = expected.find(name);
      if (shape == expected.end()) {
        problems.push_back(fmt::format("unexpected {}", stored_name));
      } else if (shape->second != stored.shape) {
        problems.push_back(fmt::format("{} has shape [{}] instead of [{}]", stored_name,
                                       fmt::join(stored.shape, ", "),
                                       fmt::join(shape->second, ", ")));
      } else if (weights.contains(name)) {
        problems.push_back(fmt::format("{} stands twice", stored_name));
      } else {
        weights[name] = to_float32(what, stored);
      }
    }
  }

  Weights finish(const std::filesystem::path& path) {
    // A misshapen tensor is not also missing.
    for (const auto& [name, shape] : expected) {
      const bool told = std::any_of(problems.begin(), problems.end(), [&](const std::string& text) {
        return text.find(name + " ") != std::string::npos;
      });
      if (!weights.contains(name) && !told) problems.push_back(fmt::format("missing {}", name));
    }
    if (!problems.empty()) {
      input_error("{}: the tensors do not fit config.json: {}", path.string(), names(problems));
    }
    return std::move(weights);
  }
};

std::set<std::string> shard_names(const std::filesystem::path& index_path) {
  const Json index = read_json(index_path);
  if (!index.is_object() || !index.contains("weight_map") || !index["weight_map"].is_object()) {
    input_error("{}: lacks weight_map, the shard of every tensor", index_path.string());
  }
  std::set<std::string> shards;
  for (const auto& [tensor, shard] : index["weight_map"].items()) {
    const std::string name = shard.is_string() ? shard.get<std::string>() : "";
    if (name.empty() || std::filesystem::path(name).filename() != name) {
      input_error("{}: tensor `{}` has the shard {}, not a file name in this folder",
                  index_path.string(), tensor, shard.dump());
    }
    shards.insert(name);
  }
  return shards;
}

bool ends_with_norm_weight(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return name.ends_with("norm.weight");
}

Tensor draw(const std::string& name, const std::vector<std::int64_t>& shape, std::uint64_t seed) {
  if (name.ends_with(".bias")) return at::zeros(shape, at::kFloat);
  if (ends_with_norm_weight(name)) return at::ones(shape, at::kFloat);
  const RandomStream stream(seed, Purpose::kWeights, xxh3(name), 0);
  Tensor tensor = at::empty(shape, at::kFloat);
  ARF_CHECK(tensor.numel() <= UINT32_MAX, "{} has more elements than a stream has numbers", name);
  float* values = tensor.data_ptr<float>();
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(tensor.numel()); ++i) {
    values[i] = static_cast<float>(kInitialDeviation * stream.normal(i));
  }
  return tensor;
}

}  // namespace

bool has_weights(const std::filesystem::path& directory) {
  return std::filesystem::exists(directory / "model.safetensors") ||
         std::filesystem::exists(directory / "model.safetensors.index.json");
}

Weights load_weights(const std::filesystem::path& directory, const Shapes& expected,
                     const Rename& rename) {
  const auto index = directory / "model.safetensors.index.json";
  if (std::filesystem::exists(directory / "model.safetensors") || !std::filesystem::exists(index)) {
    return load_weights_file(directory / "model.safetensors", expected, rename);
  }
  Loader loader{expected, rename, {}, {}};
  for (const std::string& shard : shard_names(index)) loader.add_file(directory / shard);
  return loader.finish(index);
}

Weights load_weights_file(const std::filesystem::path& file, const Shapes& expected,
                          const Rename& rename) {
  Loader loader{expected, rename, {}, {}};
  loader.add_file(file);
  return loader.finish(file);
}

Weights draw_weights(const Shapes& shapes, std::uint64_t seed) {
  Weights weights;
  for (const auto& [name, shape] : shapes) weights[name] = draw(name, shape, seed);
  return weights;
}

std::string weights_bytes(const Weights& weights) {
  std::vector<Tensor> kept;  // what the spans below look at
  std::vector<TensorToStore> stored;
  for (const auto& [name, tensor] : weights) {
    kept.push_back(tensor.detach().to(at::kCPU, at::kFloat).contiguous());
    const auto* bytes = reinterpret_cast<const std::byte*>(kept.back().data_ptr<float>());
    stored.push_back({name, "F32", kept.back().sizes().vec(), {bytes, kept.back().nbytes()}});
  }
  return safetensors_bytes(std::move(stored), {{"format", "pt"}});
}

Tensor int_tensor(const std::vector<std::int32_t>& values) {
  Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())}, at::kInt);
  if (!values.empty()) {
    std::memcpy(tensor.data_ptr(), values.data(), values.size() * sizeof(std::int32_t));
  }
  return tensor;
}

}  // namespace arf

#include "model/weights.h"

#include <sys/mman.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <memory>
#include <optional>

#include "core/activity.h"
#include "core/hash.h"
#include "core/log.h"
#include "core/memory.h"
#include "core/philox.h"
#include "data_io/safetensors_folder.h"

namespace arf {
namespace {

constexpr double kInitialDeviation = 0.02;

constexpr std::uint64_t kWorthShowing = std::uint64_t{256} << 20;  // bytes: about a second

constexpr std::size_t kPage = 4096;

// Reads a mapped range in, so that the wait is here, where it is shown, and not in the first pass.
// Asked for at once, a file came four times as fast as page by page.
void touch(std::span<const std::byte> bytes) {
  constexpr std::size_t kAtOnce = std::size_t{64} << 20;
  for (std::size_t begin = 0; begin < bytes.size(); begin += kAtOnce) {
    const auto part = bytes.subspan(begin, std::min(kAtOnce, bytes.size() - begin));
    const std::size_t past = reinterpret_cast<std::uintptr_t>(part.data()) % kPage;
    void* const page = const_cast<std::byte*>(part.data() - past);
    ::madvise(page, part.size() + past, MADV_WILLNEED);  // advice: without it, it is only slower
    for (std::size_t at = 0; at < part.size(); at += kPage) {
      const volatile std::byte* const byte = part.data() + at;
      (void)*byte;
    }
  }
}

at::ScalarType stored_type(const std::string& where, const std::string& name,
                           const std::string& dtype) {
  const std::map<std::string, at::ScalarType> types = {
      {"F32", at::kFloat}, {"BF16", at::kBFloat16}, {"F16", at::kHalf}};
  const auto type = types.find(dtype);
  if (type == types.end()) {
    input_error("{}tensor `{}` has dtype {}; a model may hold F32, BF16 or F16", where, name,
                dtype);
  }
  return type->second;
}

Tensor copied(const StoredTensor& stored, at::ScalarType type) {
  Tensor copy = at::empty(stored.shape, at::TensorOptions(type));
  std::memcpy(copy.data_ptr(), stored.bytes.data(), stored.bytes.size());
  return copy;
}

bool is_aligned(const StoredTensor& stored, at::ScalarType type) {
  return reinterpret_cast<std::uintptr_t>(stored.bytes.data()) % c10::elementSize(type) == 0;
}

// Matrices at the precision asked for; vectors (norms, biases) are small and stay float32.
Tensor read_tensor(const std::string& name, const StoredTensor& stored, const LoadRule& rule,
                   const std::shared_ptr<const SafetensorsFolder>& folder) {
  const std::string where = folder ? folder->path().string() + ": " : "";
  const auto type = stored_type(where, name, stored.dtype);
  const bool wanted_half = rule.precision == Precision::kBFloat16 ||
                           (rule.precision == Precision::kStored && type == at::kBFloat16);
  const bool half = wanted_half && stored.shape.size() > 1;
  const auto wanted = half ? at::kBFloat16 : at::kFloat;
  if (!rule.mapped || type != wanted || !is_aligned(stored, type)) {
    return copied(stored, type).to(wanted);
  }
  touch(stored.bytes);
  // Never written to: what trains a weight takes a copy first.
  void* data = const_cast<std::byte*>(stored.bytes.data());
  return at::from_blob(
      data, stored.shape, [folder](void*) {}, at::TensorOptions(type));
}

Weights read_all(const std::shared_ptr<const SafetensorsFolder>& folder, const Shapes& expected,
                 const Rename& rename, const std::string& source, const LoadRule& rule) {
  const auto found = match_tensors(*folder, expected, rename, source);
  std::uint64_t total = 0, done = 0;
  for (const auto& [name, stored] : found) total += stored->bytes.size();
  std::optional<Progress> progress;
  if (total > kWorthShowing) progress.emplace("load", total >> 20, "MiB").advance(0);
  Weights weights;
  for (const auto& [name, stored] : found) {
    weights[name] = read_tensor(name, *stored, rule, folder);
    done += stored->bytes.size();
    note_progress();
    if (progress) progress->advance(done >> 20);
  }
  return weights;
}

bool ends_with_norm_weight(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return name.ends_with("norm.weight");
}

// A config.json may say anything: weights that cannot be are refused before any is drawn.
void require_drawable(const Shapes& shapes) {
  constexpr double kGiB = 1 << 30;
  double bytes = 0;
  for (const auto& [name, shape] : shapes) {
    double elements = 1;
    for (const std::int64_t extent : shape) elements *= static_cast<double>(extent);
    if (elements > UINT32_MAX) {
      input_error(
          "tensor `{}` of shape [{}] is too large to be drawn: config.json's sizes are wrong", name,
          fmt::join(shape, ", "));
    }
    bytes += elements * sizeof(float);
  }
  const auto memory = static_cast<double>(machine_memory_bytes());
  if (bytes > memory) {
    resource_error("the weights of config.json's sizes take {:.1f} GiB, and the machine has {:.1f}",
                   bytes / kGiB, memory / kGiB);
  }
}

Tensor draw(const std::string& name, const std::vector<std::int64_t>& shape, std::uint64_t seed) {
  if (name.ends_with(".bias")) return at::zeros(shape, at::kFloat);
  if (ends_with_norm_weight(name)) return at::ones(shape, at::kFloat);
  const RandomStream stream(seed, Purpose::kWeights, xxh3(name), 0);
  Tensor tensor = at::empty(shape, at::kFloat);
  float* values = tensor.data_ptr<float>();
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(tensor.numel()); ++i) {
    values[i] = static_cast<float>(kInitialDeviation * stream.normal(i));
  }
  return tensor;
}

}  // namespace

std::map<std::string, const StoredTensor*> match_tensors(const SafetensorsFolder& folder,
                                                         const Shapes& expected,
                                                         const Rename& rename,
                                                         const std::string& source) {
  std::vector<std::string> problems;
  std::map<std::string, const StoredTensor*> found;
  for (const auto& [stored_name, stored] : folder.tensors()) {
    const std::string name = rename(stored_name);
    if (name.empty()) continue;
    const auto shape = expected.find(name);
    if (shape == expected.end()) {
      problems.push_back(fmt::format("unexpected {}", stored_name));
      continue;
    }
    if (shape->second != stored.shape) {
      problems.push_back(fmt::format("{} has shape [{}] instead of [{}]", stored_name,
                                     fmt::join(stored.shape, ", "),
                                     fmt::join(shape->second, ", ")));
    }
    if (!found.emplace(name, &stored).second) {
      problems.push_back(fmt::format("{} stands twice", stored_name));
    }
  }
  for (const auto& [name, shape] : expected) {
    if (!found.contains(name)) problems.push_back(fmt::format("missing {}", name));
  }
  if (!problems.empty()) {
    input_error("{}: the tensors do not fit {}: {}", folder.path().string(), source,
                first_names(problems));
  }
  return found;
}

Tensor read_float32(const std::string& name, const StoredTensor& stored) {
  return read_tensor(name, stored, {}, nullptr);
}

Weights load_weights(const std::filesystem::path& directory, const Shapes& expected,
                     const Rename& rename, const LoadRule& rule) {
  return read_all(std::make_shared<const SafetensorsFolder>(directory), expected, rename,
                  "config.json", rule);
}

Weights load_weights_file(const std::filesystem::path& file, const Shapes& expected,
                          const Rename& rename, const std::string& source) {
  return read_all(std::make_shared<const SafetensorsFolder>(SafetensorsFolder::of_file(file)),
                  expected, rename, source, {});
}

Weights draw_weights(const Shapes& shapes, std::uint64_t seed) {
  require_drawable(shapes);
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

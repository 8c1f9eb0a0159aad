#include "model/lora.h"

#include <algorithm>
#include <cmath>

#include "core/hash.h"
#include "core/philox.h"
#include "model/decoder.h"
#include "model/ops/ops.h"

namespace arf {
namespace {

// Uniform in +-sqrt(6 / ((1 + a^2) in)) with a = sqrt(5): He et al. 2015, as PEFT draws A.
Tensor draw_a(const std::string& module, int rank, std::int64_t in, std::uint64_t seed) {
  const RandomStream stream(seed, Purpose::kWeights, xxh3(module + ".lora_A.weight"), 0);
  const double bound = std::sqrt(6.0 / ((1.0 + 5.0) * static_cast<double>(in)));
  Tensor a = at::empty({rank, in}, at::kFloat);
  float* values = a.data_ptr<float>();
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(a.numel()); ++i) {
    values[i] = static_cast<float>(bound * (2.0 * stream.uniform(i) - 1.0));
  }
  return a;
}

}  // namespace

std::map<std::string, LinearShape> linear_shapes(const DecoderConfig& decoder) {
  const std::int64_t hidden = decoder.hidden_size, inner = decoder.intermediate_size;
  const std::int64_t queries = decoder.num_heads * decoder.head_size;
  const std::int64_t keys = decoder.num_kv_heads * decoder.head_size;
  return {{"q_proj", {"self_attn", queries, hidden}}, {"k_proj", {"self_attn", keys, hidden}},
          {"v_proj", {"self_attn", keys, hidden}},    {"o_proj", {"self_attn", hidden, queries}},
          {"gate_proj", {"mlp", inner, hidden}},      {"up_proj", {"mlp", inner, hidden}},
          {"down_proj", {"mlp", hidden, inner}}};
}

std::map<std::string, LinearShape> adapted_modules(const LoraConfig& config,
                                                   const DecoderConfig& decoder) {
  const auto shapes = linear_shapes(decoder);
  if (config.target_modules.empty()) usage_error("lora.target_modules is empty");
  std::map<std::string, LinearShape> modules;
  for (const std::string& target : config.target_modules) {
    const auto shape = shapes.find(target);
    if (std::count(config.target_modules.begin(), config.target_modules.end(), target) > 1) {
      usage_error("lora.target_modules names `{}` twice", target);
    }
    if (shape == shapes.end()) {
      usage_error(
          "lora.target_modules names `{}`; the model has q_proj, k_proj, v_proj, o_proj, "
          "gate_proj, up_proj, down_proj",
          target);
    }
    for (std::int64_t layer = 0; layer < decoder.num_layers; ++layer) {
      modules[fmt::format("model.layers.{}.{}.{}", layer, shape->second.parent, target)] =
          shape->second;
    }
  }
  return modules;
}

Lora Lora::create(const LoraConfig& config, const DecoderConfig& decoder, std::uint64_t seed) {
  if (config.rank < 1) usage_error("lora.rank is {}; an adapter needs at least 1", config.rank);
  Lora lora;
  lora.config_ = config;
  for (const auto& [module, shape] : adapted_modules(config, decoder)) {
    lora.pairs_[module] = {draw_a(module, config.rank, shape.in, seed),
                           at::zeros({shape.out, config.rank}, at::kFloat)};
  }
  return lora;
}

const Lora::Pair* Lora::find(const std::string& module) const {
  const auto found = pairs_.find(module);
  return found == pairs_.end() ? nullptr : &found->second;
}

std::vector<std::pair<std::string, Tensor>> Lora::tensors() const {
  std::vector<std::pair<std::string, Tensor>> all;
  for (const auto& [module, pair] : pairs_) {
    all.emplace_back(module + ".lora_A.weight", pair.a);
    all.emplace_back(module + ".lora_B.weight", pair.b);
  }
  return all;
}

void Lora::require_grad(bool value) {
  for (auto& [module, pair] : pairs_) {
    pair.a.requires_grad_(value);
    pair.b.requires_grad_(value);
  }
}

void Lora::to_dtype(at::ScalarType type) {
  for (auto& [module, pair] : pairs_) {
    for (Tensor* tensor : {&pair.a, &pair.b}) {
      *tensor = tensor->detach().to(type).requires_grad_(tensor->requires_grad());
    }
  }
}

Tensor lora_linear(const Tensor& x, const Tensor& weight, const Tensor& bias,
                   const Lora::Pair* pair, double scale) {
  const Tensor y = ops::linear(x, weight, bias);
  if (!pair) return y;
  // A product, then a sum: at::add with alpha would fuse the two in some elements and not in
  // others.
  return y + ops::linear(ops::linear(x, pair->a), pair->b) * scale;
}

}  // namespace arf

// LoRA (Hu et al. 2021): y = W x + scale B (A x) with scale = alpha / r, on named linear layers.
// The adapter is a map from module to its pair (A, B): the only thing trained, broadcast and saved.
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "model/ops/tensor.h"

namespace arf {

struct DecoderConfig;

inline constexpr int kMostLoraRank = 4096;

struct LoraConfig {
  int rank = 8;
  double alpha = 16;
  std::vector<std::string> target_modules = {"q_proj", "v_proj"};
  bool rank_stabilised = false;  // scale = alpha / sqrt(r) (Kalajdzievski 2023; PEFT's use_rslora)
  double scale() const { return alpha / (rank_stabilised ? std::sqrt(rank) : rank); }
};

// The linear layers of a decoder that an adapter may stand on: "q_proj" -> {"self_attn", out, in}.
struct LinearShape {
  std::string parent;
  std::int64_t out = 0, in = 0;
};
std::map<std::string, LinearShape> linear_shapes(const DecoderConfig& decoder);
// Those that this configuration names, in every layer, by the names of Lora::pairs(). usage_error:
// none, one twice, or one that the decoder has not.
std::map<std::string, LinearShape> adapted_modules(const LoraConfig& config,
                                                   const DecoderConfig& decoder);

class Lora {
 public:
  struct Pair {
    Tensor a;  // [r, in]
    Tensor b;  // [out, r]
  };
  // A drawn by Philox, uniform in +-sqrt(6 / ((1 + 5) in)) (kaiming, a = sqrt(5), as PEFT); B zero.
  static Lora create(const LoraConfig& config, const DecoderConfig& decoder, std::uint64_t seed);
  // PEFT's folder: adapter_config.json, adapter_model.safetensors. input_error: DoRA,
  // modules_to_save, shapes that do not fit the decoder or weights that are not finite, by name.
  static Lora load(const std::filesystem::path& directory, const DecoderConfig& decoder);
  void save(const std::filesystem::path& directory, const std::string& base_model) const;
  std::string safetensors() const;  // the bytes of adapter_model.safetensors

  const LoraConfig& config() const { return config_; }
  // Key: "model.layers.0.self_attn.q_proj". Ordered, so that the flat form is one.
  const std::map<std::string, Pair>& pairs() const { return pairs_; }
  std::map<std::string, Pair>& pairs() { return pairs_; }
  const Pair* find(const std::string& module) const;
  // All tensors in the order of names, A before B.
  std::vector<std::pair<std::string, Tensor>> tensors() const;
  void require_grad(bool value);
  void to_dtype(at::ScalarType type);

 private:
  LoraConfig config_;
  std::map<std::string, Pair> pairs_;
};

// x W^T + bias + scale (x A^T) B^T, the one place where an adapter meets a layer; pair null: the
// layer alone. A row's bits depend on that row only.
Tensor lora_linear(const Tensor& x, const Tensor& weight, const Tensor& bias,
                   const Lora::Pair* pair, double scale);

}  // namespace arf

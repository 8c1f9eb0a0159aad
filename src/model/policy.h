// The policy that is trained: a decoder with what of it is trained (an adapter, or all weights at
// LoRA rank 0), and PPO's value head. Seen as one flat float vector by the optimizer, the gradient
// sum, the broadcast and the checkpoint.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/decoder.h"
#include "model/lora.h"
#include "model/token_batch.h"
#include "records/rollout.h"

namespace arf {

struct PolicySettings {
  LoraConfig lora;          // rank 0: all weights are trained
  bool value_head = false;  // a row [1, H] and a bias on the last hidden state (PPO)
};

class Policy {
 public:
  Policy(Decoder decoder, const PolicySettings& settings, std::uint64_t seed);

  struct Output {
    Tensor logprobs;  // [S]
    Tensor entropy;   // [S], if asked for
    Tensor values;    // [S] value of the state that predicts target s, if there is a head
  };
  Output forward(const TokenBatch& batch, bool with_entropy = false) const;
  // The reference: the base with the adapter off, no gradient. usage_error at rank 0.
  Tensor reference_logprobs(const TokenBatch& batch) const;

  const Decoder& decoder() const { return decoder_; }
  const Lora* adapter() const { return adapter_ ? &*adapter_ : nullptr; }
  bool has_value_head() const { return value_weight_.defined(); }

  // The trained tensors, in one fixed order (by name), with sizes.
  struct Parameter {
    std::string name;
    Tensor tensor;            // requires grad
    std::int64_t offset = 0;  // in the flat vector, in elements
  };
  const std::vector<Parameter>& parameters() const { return parameters_; }
  std::int64_t num_parameters() const;
  std::vector<float> flat() const;
  void set_flat(const std::vector<float>& values);  // bits as given
  // Gradient of a scalar loss by all parameters, flat, in the parameters' order; zeros where the
  // loss does not depend on one. Does not touch .grad: safe from several threads.
  std::vector<float> gradient(const Tensor& loss) const;
  std::string hash() const;  // SHA-256 of flat()
  void to_dtype(at::ScalarType type);
  // adapter/ in PEFT's layout, or a whole model folder at rank 0.
  void save(const std::filesystem::path& directory, const std::string& base_model) const;

 private:
  void collect_parameters();
  Decoder decoder_;
  std::optional<Lora> adapter_;
  Tensor value_weight_, value_bias_;
  std::vector<Parameter> parameters_;
};

}  // namespace arf

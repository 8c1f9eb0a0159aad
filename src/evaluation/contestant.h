// What an evaluation compares: the base, adapters on it, whole models.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data_io/held_weights.h"
#include "model/decoder.h"
#include "text/tokenizer.h"

namespace arf {

struct ContestantPlace {
  enum class Kind { kBase, kAdapter, kModel };
  std::string name;
  std::filesystem::path directory;  // of adapter_config.json or config.json; the base has none
  Kind kind = Kind::kAdapter;
  bool trained_by_sft = false;  // its run's config.ini says so
};

// "DIR" or "NAME=DIR", where DIR is an adapter's folder, a run's (which holds adapter/ or model/)
// or a model's. The default name is the folder's, for RUN/adapter the run's. usage_error where DIR
// is none of these.
ContestantPlace find_contestant(const std::string& argument);

// The base (where wanted) and the arguments in their order. usage_error: two of one name, none.
std::vector<ContestantPlace> find_contestants(const std::vector<std::string>& arguments,
                                              bool with_base);

// What ratios are taken to: `wanted` by name, or else the entry named sft, or the first whose run
// was sft, or the first that is not the base. usage_error: no entry of that name.
std::size_t find_baseline(const std::vector<ContestantPlace>& places, const std::string& wanted);

// A policy that can be sampled; an adapter needs the base beside it.
class Contestant {
 public:
  // input_error: an adapter that does not fit the base; a model with another vocabulary or
  // tokenizer.
  static Contestant load(const ContestantPlace& place, const Decoder& base,
                         const Tokenizer& tokenizer);
  const Decoder& decoder() const { return model_ ? *model_ : *base_; }
  const Lora* adapter() const { return adapter_ ? &*adapter_ : nullptr; }
  bool is_base() const { return !model_ && !adapter_; }
  // input_error where the weights were written to since; the base's are not looked at.
  void require_unwritten() {
    if (weights_) weights_->require_unwritten();
  }
  const std::string& hash() const { return hash_; }  // SHA-256 of its safetensors; "" for the base

 private:
  const Decoder* base_ = nullptr;
  std::optional<HeldWeights> weights_;
  std::optional<Decoder> model_;
  std::optional<Lora> adapter_;
  std::string hash_;
};

}  // namespace arf

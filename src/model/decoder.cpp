#include "model/decoder.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/file.h"
#include "model/architecture.h"
#include "model/tied_head.h"
#include "model/weights.h"

// Letters of shapes: N tokens, H hidden size, K key-value heads, D head size, S scored tokens, V
// vocabulary.

namespace arf {
namespace {

const char* const kEmbedding = "model.embed_tokens.weight";

// Llama 3.1's mixture of the plain frequency and one `factor` times slower, by the wave's length.
Tensor scaled_frequencies(const Tensor& plain, const Llama3Rope& rope) {
  const double old = static_cast<double>(rope.original_positions);
  const double low = rope.low_frequency_factor, high = rope.high_frequency_factor;
  const Tensor waves = plain.reciprocal() * (2 * std::numbers::pi);
  const Tensor slow = at::where(waves > old / low, plain / rope.factor, plain);
  const Tensor mix = (waves.reciprocal() * old - low) / (high - low);
  const Tensor between = (1 - mix) * slow / rope.factor + mix * slow;
  return at::where((waves >= old / high).logical_and(waves <= old / low), between, slow);
}

// theta^(-2 i / D) for i in [0, D / 2) (Su et al. 2021, eq. 15), as float64. In float32 each step
// is rounded as transformers rounds it: a model was trained with those angles, and thousands of
// positions on, the last bit of a frequency is a thousandth of a turn.
Tensor frequencies_of(const DecoderConfig& config, at::ScalarType type) {
  const Tensor exponents =
      at::arange(0, config.head_size, 2, at::TensorOptions(type)) / config.head_size;
  const Tensor plain = at::pow(config.rope_theta, exponents).reciprocal();
  return (config.rope_scaling ? scaled_frequencies(plain, *config.rope_scaling) : plain)
      .to(at::kDouble);
}

std::vector<std::int32_t> positions_in(const ops::Segments& segments, std::int64_t most) {
  std::vector<std::int32_t> positions;
  positions.reserve(static_cast<std::size_t>(segments.rows()));
  for (std::int64_t b = 0; b < segments.batch(); ++b) {
    const std::int32_t length = segments.offsets[b + 1] - segments.offsets[b];
    if (length > most) {
      input_error("a sequence of {} tokens is longer than the model's context of {}", length, most);
    }
    for (std::int32_t i = 0; i < length; ++i) positions.push_back(i);
  }
  return positions;
}

Tensor checked_ids(const std::vector<std::int32_t>& tokens, std::int64_t vocabulary_size) {
  for (const std::int32_t token : tokens) {
    ARF_CHECK(token >= 0 && token < vocabulary_size, "token {} in a vocabulary of {}", token,
              vocabulary_size);
  }
  return int_tensor(tokens);
}

bool is_product(const std::string& name, const Tensor& tensor, bool tied) {
  return tensor.dim() == 2 && (tied || name != kEmbedding);
}

}  // namespace

Rename decoder_rename(const DecoderConfig& config) {
  return [tied = config.tied_embeddings](const std::string& name) {
    const bool redundant =
        name.ends_with("rotary_emb.inv_freq") || (tied && name == "lm_head.weight");
    return redundant ? std::string() : name;
  };
}

Decoder::Decoder(const DecoderConfig& config, std::map<std::string, Tensor> weights)
    : config_(config),
      architecture_(find_architecture(config.architecture)),
      weights_(std::move(weights)),
      inverse_frequencies_(frequencies_of(config, at::kFloat)) {}

Decoder Decoder::load(const std::filesystem::path& directory, Precision precision) {
  const DecoderConfig config = read_decoder_config(directory);
  if (config.tied_embeddings) require_tied_head(SafetensorsFolder(directory), config);
  return Decoder(config, load_weights(directory, decoder_shapes(config), decoder_rename(config),
                                      {precision, /*mapped=*/true}));
}

Decoder Decoder::random(const DecoderConfig& config, std::uint64_t seed) {
  Weights weights = draw_weights(decoder_shapes(config), seed);
  // What a norm's weight is added to is left out of it.
  for (auto& [name, tensor] : weights) {
    if (config.norm_offset != 0 && name.ends_with("norm.weight")) tensor -= config.norm_offset;
  }
  return Decoder(config, std::move(weights));
}

ops::Head Decoder::head() const {
  return {weights_.at(config_.tied_embeddings ? kEmbedding : "lm_head.weight"),
          config_.logit_soft_cap};
}

ops::AttentionRule Decoder::rule_of(std::int64_t layer) const {
  const double scalar =
      config_.query_scalar > 0 ? config_.query_scalar : static_cast<double>(config_.head_size);
  return {.scale = 1.0 / std::sqrt(scalar),
          .window = config_.window_of(layer),
          .soft_cap = config_.attention_soft_cap};
}

Tensor Decoder::run(const std::vector<std::int32_t>& tokens,
                    const std::vector<std::int32_t>& positions, const Lora* adapter,
                    const DecoderPass::Attend& attend) const {
  const DecoderPass pass{config_, weights_, adapter, inverse_frequencies_, int_tensor(positions),
                         attend};
  Tensor x_NH =
      ops::embedding(checked_ids(tokens, config_.vocabulary_size), pass.weight(kEmbedding));
  if (config_.embedding_scale != 1) x_NH = x_NH * config_.embedding_scale;
  for (std::int64_t layer = 0; layer < config_.num_layers; ++layer) {
    x_NH = architecture_->layer(DecoderLayer(pass, layer), x_NH);
  }
  return pass.norm(x_NH, "model.norm.weight");
}

Tensor Decoder::forward(const std::vector<std::int32_t>& tokens, const ops::Segments& segments,
                        const Lora* adapter) const {
  ARF_CHECK(segments.rows() == static_cast<std::int64_t>(tokens.size()), "{} rows, {} tokens",
            segments.rows(), tokens.size());
  return run(tokens, positions_in(segments, config_.max_positions), adapter,
             [&](std::int64_t layer, const Tensor& q, const Tensor& k, const Tensor& v) {
               return ops::attention(q, k, v, segments, rule_of(layer));
             });
}

Tensor Decoder::forward_cached(const std::vector<std::int32_t>& tokens,
                               const std::vector<std::int32_t>& slots, const Lora* adapter,
                               KvCache* cache) const {
  ARF_CHECK(slots.size() == tokens.size(), "{} slots, {} tokens", slots.size(), tokens.size());
  const at::NoGradGuard no_grad;
  const std::int64_t capacity = cache->keys.at(0).size(1);
  std::vector<std::int32_t> positions;
  Tensor rows_N = at::empty({static_cast<std::int64_t>(tokens.size())}, at::kLong);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    positions.push_back(cache->lengths.at(static_cast<std::size_t>(slots[i]))++);
    ARF_CHECK(positions.back() < std::min(capacity, config_.max_positions),
              "slot {} is full: capacity {}, context {}", slots[i], capacity,
              config_.max_positions);
    rows_N.data_ptr<std::int64_t>()[i] = slots[i] * capacity + positions.back();
  }
  const auto write = [&](const Tensor& cached, const Tensor& x_NKD) {
    cached.view({-1, config_.num_kv_heads, config_.head_size}).index_copy_(0, rows_N, x_NKD);
  };
  return run(tokens, positions, adapter,
             [&](std::int64_t layer, const Tensor& q, const Tensor& k, const Tensor& v) {
               const auto index = static_cast<std::size_t>(layer);
               write(cache->keys[index], k);
               write(cache->values[index], v);
               return ops::attention_cached(q, cache->keys[index], cache->values[index], slots,
                                            positions, rule_of(layer));
             });
}

KvCache Decoder::make_cache(std::int64_t slots, std::int64_t capacity) const {
  KvCache cache;
  for (std::int64_t layer = 0; layer < config_.num_layers; ++layer) {
    for (auto* part : {&cache.keys, &cache.values}) {
      part->push_back(at::zeros({slots, capacity, config_.num_kv_heads, config_.head_size},
                                weights_.at("model.norm.weight").options().requires_grad(false)));
    }
  }
  cache.lengths.assign(static_cast<std::size_t>(slots), 0);
  return cache;
}

void Decoder::enlarge(KvCache* cache, std::int64_t capacity) const {
  const std::int64_t old = cache->keys.empty() ? 0 : cache->keys[0].size(1);
  if (capacity <= old) return;
  // At least twice as much, so that a conversation is not copied again each turn.
  KvCache larger =
      make_cache(1, std::max(capacity, std::min<std::int64_t>(2 * old, config_.max_positions)));
  if (old > 0) {
    larger.lengths = cache->lengths;
    for (std::size_t layer = 0; layer < cache->keys.size(); ++layer) {
      larger.keys[layer].narrow(1, 0, old).copy_(cache->keys[layer]);
      larger.values[layer].narrow(1, 0, old).copy_(cache->values[layer]);
    }
  }
  *cache = std::move(larger);
}

Tensor Decoder::token_logprobs(const TokenBatch& batch, const Lora* adapter, Tensor* hidden_out,
                               Tensor* entropy) const {
  std::vector<std::int32_t> before, ids;
  for (const std::int32_t target : batch.targets) {
    before.push_back(target - 1);
    ids.push_back(batch.tokens[static_cast<std::size_t>(target)]);
  }
  const Tensor hidden_NH = forward(batch.tokens, batch.segments, adapter);
  const Tensor hidden_SH = hidden_NH.index_select(0, int_tensor(before));
  if (hidden_out) *hidden_out = hidden_SH;
  return ops::token_logprobs(hidden_SH, head(), int_tensor(ids), entropy);
}

void Decoder::to_dtype(at::ScalarType type) {
  packed_.reset();
  for (auto& [name, tensor] : weights_) {
    tensor = tensor.detach().to(type).requires_grad_(tensor.requires_grad());
  }
  inverse_frequencies_ = frequencies_of(config_, type);
}

void Decoder::round_to_bfloat16() {
  packed_.reset();
  for (auto& [name, tensor] : weights_) {
    if (tensor.dim() > 1) tensor = tensor.detach().to(at::kBFloat16);
  }
}

void Decoder::freeze() {
  std::vector<Tensor> products;
  for (auto& [name, tensor] : weights_) {
    tensor.requires_grad_(false);
    if (is_product(name, tensor, config_.tied_embeddings)) products.push_back(tensor);
  }
  packed_.reset();
  for (const Tensor& tensor : products) ops::prepack(tensor);
  packed_ = std::shared_ptr<void>(nullptr, [products](void*) {
    for (const Tensor& tensor : products) ops::release_packed(tensor);
  });
}

void Decoder::unfreeze() {
  packed_.reset();
  for (auto& [name, tensor] : weights_) {
    if (tensor.scalar_type() == at::kBFloat16) {
      usage_error(
          "--lora.rank 0 trains all weights, which takes float32; set --model.precision float32");
    }
    tensor = tensor.detach().clone().requires_grad_(true);
  }
}

void Decoder::save(const std::filesystem::path& directory) const {
  make_directories(directory);
  write_file_atomically(directory / "model.safetensors", weights_bytes(weights_));
  write_file_atomically(directory / "config.json", decoder_config_json(config_));
}

}  // namespace arf

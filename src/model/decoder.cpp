#include "model/decoder.h"

#include <algorithm>
#include <cmath>

#include "core/file.h"
#include "model/weights.h"

// Letters of shapes: N tokens, H hidden size, Q heads, K key-value heads, D head size, S scored
// tokens, V vocabulary.

namespace arf {
namespace {

const char* const kEmbedding = "model.embed_tokens.weight";

// theta^(-2 i / D) for i in [0, D / 2) (Su et al. 2021, eq. 15).
Tensor inverse_frequencies(const DecoderConfig& config) {
  Tensor frequencies = at::empty({config.head_size / 2}, at::kDouble);
  for (std::int64_t i = 0; i < config.head_size / 2; ++i) {
    const double exponent = -2.0 * static_cast<double>(i) / static_cast<double>(config.head_size);
    frequencies.data_ptr<double>()[i] = std::pow(config.rope_theta, exponent);
  }
  return frequencies;
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

Decoder::Decoder(const DecoderConfig& config, std::map<std::string, Tensor> weights)
    : config_(config),
      weights_(std::move(weights)),
      inverse_frequencies_(inverse_frequencies(config)) {}

Decoder Decoder::load(const std::filesystem::path& directory) {
  const DecoderConfig config = read_decoder_config(directory);
  const Rename rename = [&](const std::string& name) {
    // Buffers of old files, and a copy of the tied head, carry nothing of their own.
    const bool redundant = name.ends_with("rotary_emb.inv_freq") ||
                           (config.tied_embeddings && name == "lm_head.weight");
    return redundant ? std::string() : name;
  };
  return Decoder(config, load_weights(directory, decoder_shapes(config), rename));
}

Decoder Decoder::random(const DecoderConfig& config, std::uint64_t seed) {
  return Decoder(config, draw_weights(decoder_shapes(config), seed));
}

const Tensor& Decoder::weight(const std::string& name) const {
  const auto found = weights_.find(name);
  ARF_CHECK(found != weights_.end(), "no tensor {}", name);
  return found->second;
}

const Tensor& Decoder::head_weight() const {
  return weight(config_.tied_embeddings ? kEmbedding : "lm_head.weight");
}

Tensor Decoder::linear(const Tensor& x, const std::string& module, const Lora* adapter) const {
  const auto bias = weights_.find(module + ".bias");
  return lora_linear(
      x, weight(module + ".weight"), bias == weights_.end() ? Tensor() : bias->second,
      adapter ? adapter->find(module) : nullptr, adapter ? adapter->config().scale() : 0);
}

// Qwen2 technical report (2024), section 2: pre-norm, rotary grouped-query attention, SwiGLU.
Tensor Decoder::run(const std::vector<std::int32_t>& tokens,
                    const std::vector<std::int32_t>& positions, const Lora* adapter,
                    const Attend& attend) const {
  const auto& c = config_;
  const Tensor positions_N = int_tensor(positions);
  const auto heads = [&](const Tensor& x, std::int64_t n) { return x.view({-1, n, c.head_size}); };
  const auto rotated = [&](const Tensor& x) {
    return ops::rope(x, positions_N, inverse_frequencies_);
  };
  Tensor x_NH = ops::embedding(checked_ids(tokens, c.vocabulary_size), weight(kEmbedding));
  for (std::int64_t layer = 0; layer < c.num_layers; ++layer) {
    const std::string name = fmt::format("model.layers.{}.", layer);
    const auto project = [&](const Tensor& x, const char* module) {
      return linear(x, name + module, adapter);
    };
    const Tensor a_NH =
        ops::rms_norm(x_NH, weight(name + "input_layernorm.weight"), c.rms_norm_eps);
    const Tensor q_NQD = rotated(heads(project(a_NH, "self_attn.q_proj"), c.num_heads));
    const Tensor k_NKD = rotated(heads(project(a_NH, "self_attn.k_proj"), c.num_kv_heads));
    const Tensor v_NKD = heads(project(a_NH, "self_attn.v_proj"), c.num_kv_heads);
    const Tensor seen_NQD = attend(static_cast<std::size_t>(layer), q_NQD, k_NKD, v_NKD);
    x_NH = x_NH + project(seen_NQD.reshape({-1, c.num_heads * c.head_size}), "self_attn.o_proj");
    const Tensor m_NH =
        ops::rms_norm(x_NH, weight(name + "post_attention_layernorm.weight"), c.rms_norm_eps);
    const Tensor gated_NF =
        ops::swiglu(project(m_NH, "mlp.gate_proj"), project(m_NH, "mlp.up_proj"));
    x_NH = x_NH + project(gated_NF, "mlp.down_proj");
  }
  return ops::rms_norm(x_NH, weight("model.norm.weight"), c.rms_norm_eps);
}

Tensor Decoder::forward(const std::vector<std::int32_t>& tokens, const ops::Segments& segments,
                        const Lora* adapter) const {
  ARF_CHECK(segments.rows() == static_cast<std::int64_t>(tokens.size()), "{} rows, {} tokens",
            segments.rows(), tokens.size());
  const double scale = 1.0 / std::sqrt(static_cast<double>(config_.head_size));
  return run(tokens, positions_in(segments, config_.max_positions), adapter,
             [&](std::size_t, const Tensor& q, const Tensor& k, const Tensor& v) {
               return ops::attention(q, k, v, segments, scale, /*causal=*/true);
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
  const double scale = 1.0 / std::sqrt(static_cast<double>(config_.head_size));
  return run(tokens, positions, adapter,
             [&](std::size_t layer, const Tensor& q, const Tensor& k, const Tensor& v) {
               write(cache->keys[layer], k);
               write(cache->values[layer], v);
               return ops::attention_cached(q, cache->keys[layer], cache->values[layer], slots,
                                            positions, scale);
             });
}

KvCache Decoder::make_cache(std::int64_t slots, std::int64_t capacity) const {
  KvCache cache;
  for (std::int64_t layer = 0; layer < config_.num_layers; ++layer) {
    for (auto* part : {&cache.keys, &cache.values}) {
      part->push_back(at::zeros({slots, capacity, config_.num_kv_heads, config_.head_size},
                                head_weight().options().requires_grad(false)));
    }
  }
  cache.lengths.assign(static_cast<std::size_t>(slots), 0);
  return cache;
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
  return ops::token_logprobs(hidden_SH, head_weight(), int_tensor(ids), entropy);
}

void Decoder::to_dtype(at::ScalarType type) {
  packed_.reset();
  for (auto& [name, tensor] : weights_) {
    tensor = tensor.detach().to(type).requires_grad_(tensor.requires_grad());
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
  for (auto& [name, tensor] : weights_) tensor = tensor.detach().clone().requires_grad_(true);
}

void Decoder::save(const std::filesystem::path& directory) const {
  make_directories(directory);
  write_file_atomically(directory / "model.safetensors", weights_bytes(weights_));
  write_file_atomically(directory / "config.json", decoder_config_json(config_));
}

}  // namespace arf

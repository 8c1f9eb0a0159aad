#include "scoring/scorer.h"

#include <cstring>

#include "core/hash.h"
#include "core/parallel.h"
#include "model/weights.h"
#include "scoring/scorer_files.h"
#include "scoring/token_mean.h"

// Letters of shapes: N tokens, B texts, H the encoder's hidden size, M the MLP's.

namespace arf {
namespace {

void copy_out(const Tensor& source, float* destination) {
  const Tensor values = source.detach().to(at::kCPU, at::kFloat).contiguous();
  if (values.numel() > 0) std::memcpy(destination, values.data_ptr<float>(), values.nbytes());
}

}  // namespace

Scorer::Scorer(Tokenizer tokenizer, Encoder encoder, std::map<std::string, Tensor> head,
               const HeadForm& form)
    : tokenizer_(std::move(tokenizer)),
      encoder_(std::move(encoder)),
      frame_(find_input_frame(tokenizer_, encoder_.config().num_token_types)),
      form_(form),
      mlp_weight_(head.at(kMlpWeight)),
      mlp_bias_(head.at(kMlpBias)),
      out_weight_(head.at(kOutWeight)),
      out_bias_(head.at(kOutBias)) {
  if (tokenizer_.vocabulary_size() > encoder_.config().vocabulary_size) {
    input_error(
        "the tokenizer has {} ids and the scorer's encoder only {}; they do not belong "
        "together",
        tokenizer_.vocabulary_size(), encoder_.config().vocabulary_size);
  }
  // Two tokens of each text, besides the frame's own.
  const auto least =
      static_cast<std::int64_t>(std::max(frame_.text.size(), frame_.pair.size()) + 2);
  if (encoder_.max_tokens() < least) {
    input_error(
        "max_position_embeddings {} leaves the scorer no room for a pair of texts; use {} "
        "or more",
        encoder_.config().max_positions, least + encoder_.config().first_position());
  }
  require_gradients();
}

Scorer Scorer::create(Tokenizer tokenizer, const EncoderConfig& config, std::uint64_t seed,
                      Pooling pooling) {
  EncoderConfig fitted = config;
  if (fitted.vocabulary_size == 0) fitted.vocabulary_size = tokenizer.vocabulary_size();
  return with_encoder(std::move(tokenizer), Encoder::random(fitted, seed), seed, pooling);
}

Scorer Scorer::with_encoder(Tokenizer tokenizer, Encoder encoder, std::uint64_t seed,
                            Pooling pooling) {
  auto head = draw_weights(head_shapes(encoder.config().hidden_size, kMlpHidden), seed);
  return Scorer(std::move(tokenizer), std::move(encoder), std::move(head), {.pooling = pooling});
}

Scorer Scorer::load(const std::filesystem::path& path) {
  const std::filesystem::path directory = find_scorer(path);
  const std::int64_t mlp_hidden = read_mlp_hidden(directory);
  Encoder encoder = Encoder::load(directory);
  auto head = load_weights(
      directory, head_shapes(encoder.config().hidden_size, mlp_hidden),
      [](const std::string& name) { return name.starts_with(kHeadPrefix) ? name : std::string(); });
  Scorer scorer(Tokenizer::load(directory), std::move(encoder), std::move(head),
                read_head_form(directory));
  scorer.pack(1);
  return scorer;
}

void Scorer::require_gradients() {
  for (auto& [name, tensor] : encoder_.weights()) tensor.requires_grad_(true);
  for (Tensor* tensor : {&mlp_weight_, &mlp_bias_, &out_weight_, &out_bias_}) {
    tensor->requires_grad_(true);
  }
}

FramedText Scorer::frame(const ScorerInput& input) const {
  return std::move(frames(std::span(&input, 1)).front());
}

std::vector<FramedText> Scorer::frames(std::span<const ScorerInput> inputs) const {
  const auto most = static_cast<std::size_t>(encoder_.max_tokens());
  std::vector<FramedText> texts;
  std::vector<TokenId> prompt;
  std::string_view encoded;  // what `prompt` is of
  for (const ScorerInput& input : inputs) {
    const auto text = tokenizer_.encode(input.text);
    if (input.prompt.empty()) {
      texts.push_back(frame_text(frame_, text, most));
      continue;
    }
    if (input.prompt.data() != encoded.data() || input.prompt.size() != encoded.size()) {
      prompt = tokenizer_.encode(input.prompt);
      encoded = input.prompt;
    }
    texts.push_back(frame_pair(frame_, prompt, text, most));
  }
  return texts;
}

Tensor Scorer::log_satisfaction(const std::vector<FramedText>& texts) const {
  std::vector<std::int32_t> tokens, types;
  ops::Segments segments{{0}};
  for (const FramedText& text : texts) {
    tokens.insert(tokens.end(), text.tokens.begin(), text.tokens.end());
    types.insert(types.end(), text.types.begin(), text.types.end());
    types.resize(tokens.size(), 0);  // of a text without types
    segments.offsets.push_back(static_cast<std::int32_t>(tokens.size()));
  }
  const Tensor hidden_NH = encoder_.forward(tokens, segments, types);
  const PooledRows seen = pool_rows(hidden_NH, segments, form_.pooling);  // R: N, or B
  const Tensor inner_RM = ops::tanh(ops::linear(seen.rows, mlp_weight_, mlp_bias_));
  const Tensor logits_R3 = ops::linear(inner_RM, out_weight_, out_bias_);  // eq. 8
  return mean_log_softmax(logits_R3, seen.segments, form_.temperature);    // eq. 9
}

std::vector<std::pair<std::string, Tensor>> Scorer::parameters() const {
  std::vector<std::pair<std::string, Tensor>> all(encoder_.weights().begin(),
                                                  encoder_.weights().end());
  all.emplace_back(kMlpBias, mlp_bias_);
  all.emplace_back(kMlpWeight, mlp_weight_);
  all.emplace_back(kOutBias, out_bias_);
  all.emplace_back(kOutWeight, out_weight_);
  return all;
}

std::int64_t Scorer::num_parameters() const {
  std::int64_t count = 0;
  for (const auto& [name, tensor] : parameters()) count += tensor.numel();
  return count;
}

std::vector<float> Scorer::flat() const {
  std::vector<float> values(static_cast<std::size_t>(num_parameters()));
  std::int64_t offset = 0;
  for (const auto& [name, tensor] : parameters()) {
    copy_out(tensor, values.data() + offset);
    offset += tensor.numel();
  }
  return values;
}

void Scorer::set_flat(const std::vector<float>& values, int num_threads) {
  ARF_CHECK(static_cast<std::int64_t>(values.size()) == num_parameters(), "{} values for {}",
            values.size(), num_parameters());
  const auto all = parameters();
  std::vector<const float*> sources = {values.data()};
  for (const auto& [name, tensor] : all) sources.push_back(sources.back() + tensor.numel());
  parallel_for(all.size(), num_threads, [&](std::size_t i) {
    const at::NoGradGuard no_grad;
    const Tensor& tensor = all[i].second;
    tensor.copy_(at::from_blob(const_cast<float*>(sources[i]), tensor.sizes(), at::kFloat));
  });
}

std::vector<float> Scorer::gradient(const Tensor& loss) const {
  std::vector<Tensor> inputs;
  for (const auto& [name, tensor] : parameters()) inputs.push_back(tensor);
  const auto gradients =
      torch::autograd::grad({loss}, inputs, {}, /*retain_graph=*/false, /*create_graph=*/false,
                            /*allow_unused=*/true);
  std::vector<float> flat_gradient(static_cast<std::size_t>(num_parameters()), 0.0f);
  std::int64_t offset = 0;
  for (std::size_t i = 0; i < inputs.size(); offset += inputs[i].numel(), ++i) {
    if (gradients[i].defined()) copy_out(gradients[i], flat_gradient.data() + offset);
  }
  return flat_gradient;
}

std::string Scorer::hash() const {
  const std::vector<float> values = flat();
  return Sha256().update(values.data(), values.size() * sizeof(float)).hex();
}

void Scorer::to_dtype(at::ScalarType type) {
  encoder_.to_dtype(type);
  for (Tensor* tensor : {&mlp_weight_, &mlp_bias_, &out_weight_, &out_bias_}) {
    *tensor = tensor->detach().to(type);
  }
  require_gradients();
}

void Scorer::pack(int num_threads) {
  std::vector<Tensor> products;
  for (const auto& [name, tensor] : parameters()) {
    if (tensor.dim() == 2 && !name.starts_with("embeddings.")) products.push_back(tensor);
  }
  packed_.reset();  // what it holds is released now, not after the new forms are made
  parallel_for(products.size(), num_threads, [&](std::size_t i) { ops::prepack(products[i]); });
  packed_ = std::shared_ptr<void>(nullptr, [products](void*) {
    for (const Tensor& tensor : products) ops::release_packed(tensor);
  });
}

}  // namespace arf

#include "model/policy.h"

#include <algorithm>
#include <cstring>

#include "core/activity.h"
#include "core/hash.h"

namespace arf {
namespace {

// `source` (any dtype) to `count` floats; float32 keeps its bits.
void copy_out(const Tensor& source, float* destination) {
  const Tensor values = source.detach().to(at::kCPU, at::kFloat).contiguous();
  if (values.numel() == 0) return;
  std::memcpy(destination, values.data_ptr<float>(), values.nbytes());
}

}  // namespace

Policy::Policy(Decoder decoder, const PolicySettings& settings, std::uint64_t seed)
    : decoder_(std::move(decoder)) {
  if (settings.lora.rank < 0) usage_error("lora.rank is {}; use 0 or more", settings.lora.rank);
  if (settings.lora.rank == 0) {
    decoder_.unfreeze();
  } else {
    decoder_.freeze();
    adapter_ = Lora::create(settings.lora, decoder_.config(), seed);
    adapter_->require_grad(true);
  }
  if (settings.value_head) {  // zeros: the first advantages are the rewards themselves
    value_weight_ = at::zeros({1, decoder_.config().hidden_size}, at::kFloat).requires_grad_(true);
    value_bias_ = at::zeros({1}, at::kFloat).requires_grad_(true);
  }
  collect_parameters();
}

void Policy::collect_parameters() {
  parameters_.clear();
  if (adapter_) {
    for (const auto& [name, tensor] : adapter_->tensors()) parameters_.push_back({name, tensor, 0});
  } else {
    for (const auto& [name, tensor] : decoder_.weights()) parameters_.push_back({name, tensor, 0});
  }
  if (has_value_head()) {
    parameters_.push_back({"value_head.bias", value_bias_, 0});
    parameters_.push_back({"value_head.weight", value_weight_, 0});
  }
  std::sort(parameters_.begin(), parameters_.end(),
            [](const Parameter& a, const Parameter& b) { return a.name < b.name; });
  std::int64_t offset = 0;
  for (Parameter& parameter : parameters_) {
    parameter.offset = offset;
    offset += parameter.tensor.numel();
  }
}

Policy::Output Policy::forward(const TokenBatch& batch, bool with_entropy) const {
  Output output;
  Tensor hidden_SH;
  output.logprobs = decoder_.token_logprobs(batch, adapter(), &hidden_SH,
                                            with_entropy ? &output.entropy : nullptr);
  if (has_value_head()) {
    output.values = ops::linear(hidden_SH, value_weight_, value_bias_).squeeze(1);
  }
  return output;
}

Tensor Policy::reference_logprobs(const TokenBatch& batch) const {
  if (!adapter_) {
    usage_error(
        "lora.rank 0 trains the base itself, so there is no reference policy; use a method "
        "without one, or lora.rank 1 or more");
  }
  const at::NoGradGuard no_grad;
  return decoder_.token_logprobs(batch, nullptr);
}

std::int64_t Policy::num_parameters() const {
  return parameters_.empty() ? 0 : parameters_.back().offset + parameters_.back().tensor.numel();
}

std::vector<float> Policy::flat() const {
  std::vector<float> values(static_cast<std::size_t>(num_parameters()));
  for (const Parameter& parameter : parameters_) {
    copy_out(parameter.tensor, values.data() + parameter.offset);
  }
  return values;
}

void Policy::set_flat(const std::vector<float>& values) {
  ARF_CHECK(static_cast<std::int64_t>(values.size()) == num_parameters(), "{} values for {}",
            values.size(), num_parameters());
  const at::NoGradGuard no_grad;
  for (const Parameter& parameter : parameters_) {
    const Tensor source = at::empty(parameter.tensor.sizes(), at::kFloat);
    if (source.numel() == 0) continue;
    std::memcpy(source.data_ptr<float>(), values.data() + parameter.offset, source.nbytes());
    parameter.tensor.copy_(source);
    note_progress();
  }
}

std::vector<float> Policy::gradient(const Tensor& loss) const {
  std::vector<float> flat_gradient(static_cast<std::size_t>(num_parameters()), 0.0f);
  if (!loss.requires_grad()) return flat_gradient;  // it depends on no parameter
  std::vector<Tensor> inputs;
  for (const Parameter& parameter : parameters_) inputs.push_back(parameter.tensor);
  const auto gradients = torch::autograd::grad({loss}, inputs, {}, /*retain_graph=*/false,
                                               /*create_graph=*/false, /*allow_unused=*/true);
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    if (gradients[i].defined()) {
      copy_out(gradients[i], flat_gradient.data() + parameters_[i].offset);
    }
  }
  return flat_gradient;
}

std::string Policy::hash() const {
  const std::vector<float> values = flat();
  return Sha256().update(values.data(), values.size() * sizeof(float)).hex();
}

void Policy::to_dtype(at::ScalarType type) {
  decoder_.to_dtype(type);
  if (adapter_) adapter_->to_dtype(type);
  for (Tensor* tensor : {&value_weight_, &value_bias_}) {
    if (tensor->defined()) *tensor = tensor->detach().to(type).requires_grad_(true);
  }
  collect_parameters();
}

void Policy::save(const std::filesystem::path& directory, const std::string& base_model) const {
  if (adapter_) {
    adapter_->save(directory, base_model);
  } else {
    decoder_.save(directory);
  }
}

}  // namespace arf

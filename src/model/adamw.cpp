#include "model/adamw.h"

#include <algorithm>
#include <cmath>

#include "core/activity.h"
#include "core/error.h"

namespace arf {

void AdamW::update(std::vector<float>& params, const std::vector<float>& grad, double lr) {
  ARF_CHECK(params.size() == grad.size(), "{} parameters, {} gradients", params.size(),
            grad.size());
  begin_step();
  constexpr std::size_t kBlock = std::size_t{16} << 20;  // of a tenth of a second
  const std::span<const float> whole(grad);
  for (std::size_t first = 0; first < grad.size(); first += kBlock) {
    update_part(params, whole.subspan(first, std::min(kBlock, grad.size() - first)), lr, first);
    note_progress();
  }
}

void AdamW::update_part(std::vector<float>& params, std::span<const float> grad, double lr,
                        std::size_t first) {
  ARF_CHECK(params.size() == m.size() && first + grad.size() <= m.size() && v.size() == m.size(),
            "{} parameters, {} gradients from {} on, {} moments", params.size(), grad.size(), first,
            m.size());
  const float beta1 = static_cast<float>(settings.beta1), rest1 = 1.0f - beta1;
  const float beta2 = static_cast<float>(settings.beta2), rest2 = 1.0f - beta2;
  const double power = static_cast<double>(step);
  const float rate = static_cast<float>(lr / (1.0 - std::pow(settings.beta1, power)));
  const float scale = static_cast<float>(1.0 / std::sqrt(1.0 - std::pow(settings.beta2, power)));
  const float epsilon = static_cast<float>(settings.epsilon);
  const float keep = static_cast<float>(1.0 - lr * settings.weight_decay);
  for (std::size_t i = first; i < first + grad.size(); ++i) {
    const float g = grad[i - first];
    m[i] = beta1 * m[i] + rest1 * g;
    v[i] = beta2 * v[i] + rest2 * (g * g);
    params[i] = keep * params[i] - rate * m[i] / (scale * std::sqrt(v[i]) + epsilon);
  }
}

double gradient_norm(const std::vector<float>& grad) {
  double sum = 0;
  for (const float value : grad) sum += static_cast<double>(value) * value;
  return std::sqrt(sum);
}

double clip_gradient(std::vector<float>* grad, double most) {
  const double norm = gradient_norm(*grad);
  if (most > 0 && norm > most) {
    const float factor = static_cast<float>(most / norm);
    for (float& value : *grad) value *= factor;
  }
  return norm;
}

}  // namespace arf

#include "model/adamw.h"

#include <cmath>

#include "core/error.h"

namespace arf {

void AdamW::update(std::vector<float>& params, const std::vector<float>& grad, double lr) {
  begin_step();
  update_part(params, grad, lr, 0, params.size());
}

void AdamW::update_part(std::vector<float>& params, const std::vector<float>& grad, double lr,
                        std::size_t first, std::size_t last) {
  ARF_CHECK(params.size() == m.size() && grad.size() == m.size() && v.size() == m.size(),
            "{} parameters, {} gradients, {} moments", params.size(), grad.size(), m.size());
  const float beta1 = static_cast<float>(settings.beta1), rest1 = 1.0f - beta1;
  const float beta2 = static_cast<float>(settings.beta2), rest2 = 1.0f - beta2;
  const double power = static_cast<double>(step);
  const float rate = static_cast<float>(lr / (1.0 - std::pow(settings.beta1, power)));
  const float scale = static_cast<float>(1.0 / std::sqrt(1.0 - std::pow(settings.beta2, power)));
  const float epsilon = static_cast<float>(settings.epsilon);
  const float keep = static_cast<float>(1.0 - lr * settings.weight_decay);
  for (std::size_t i = first; i < last; ++i) {
    m[i] = beta1 * m[i] + rest1 * grad[i];
    v[i] = beta2 * v[i] + rest2 * (grad[i] * grad[i]);
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

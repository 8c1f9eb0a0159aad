// AdamW (Loshchilov and Hutter 2019) on one flat vector, in float32 and element by element: the
// same numbers in give the same bits out, whatever ran before or beside it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace arf {

struct AdamWSettings {
  double beta1 = 0.9, beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;  // decoupled: params *= 1 - lr * weight_decay
};

// Moments and step are open, so that a checkpoint can keep and restore them.
struct AdamW {
  AdamW() = default;
  AdamW(const AdamWSettings& settings, std::size_t size)
      : settings(settings), m(size, 0.0f), v(size, 0.0f) {}

  // One step down `grad`; all vectors have one length.
  void update(std::vector<float>& params, const std::vector<float>& grad, double lr);
  // The same in parts that may run side by side: begin_step(), then each element once; grad holds
  // those from `first` on.
  void begin_step() { ++step; }
  void update_part(std::vector<float>& params, std::span<const float> grad, double lr,
                   std::size_t first);

  AdamWSettings settings;
  std::vector<float> m, v;
  std::int64_t step = 0;  // updates done
};

// Euclidean norm, summed in double in the order of elements.
double gradient_norm(const std::vector<float>& grad);
// Scales `grad` so that its norm is at most `most` (0: leaves it); returns the norm before.
double clip_gradient(std::vector<float>* grad, double most);

}  // namespace arf

// The sum of all units' gradients, with the same bits for any distribution of units over ranks:
// as int64 fixed point, since integer addition is associative and float addition is not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "comm/communicator.h"
#include "model/policy.h"

namespace arf {

// One iteration's sum. Example, over two learners and eight units:
//   GradientSum sum(learners, policy.num_parameters(), 8);
//   for (unit of mine) sum.add(unit.index, policy.gradient(loss));
//   const std::vector<float> mean = sum.reduce(total.samples);
class GradientSum {
 public:
  // num_units: of all learners together; it fixes the headroom.
  GradientSum(const Communicator& learners, std::size_t num_parameters, std::size_t num_units);

  // A unit of this learner, added once; kept until reduce. Not collective.
  void add(std::uint32_t unit, std::vector<float> gradient);

  // Collective over the learners. sum / divisor, each element rounded once. Each gradient is
  // rounded to a multiple of 2^-scale() first: an error of at most 2^(-scale() - 1) an element and
  // unit. input_error on every learner where a gradient is not finite, naming the lowest such unit;
  // a defect where the units added are not num_units.
  std::vector<float> reduce(double divisor);

  // The power of two that reduce took, from the largest |element| of all units: as large as
  // num_units such elements allow below 2^61.
  int scale() const { return scale_; }
  // The largest Euclidean norm that the rounding's error of reduce's result can have, before it is
  // rounded to float32.
  double error_bound(double divisor) const;

 private:
  double agreed_maximum() const;
  const Communicator& learners_;
  std::size_t num_parameters_, num_units_;
  std::map<std::uint32_t, std::vector<float>> gradients_;
  int scale_ = 0;
  double element_error_ = 0;  // the largest of an element of the sum
};

// Euclidean norms, summed in double in the order of elements: of all parameters, and of those of
// the projections whose steadiness the paper compares (fig. 2: q, fig. 5: v).
struct GradientNorms {
  double all = 0, q_proj = 0, v_proj = 0;
};
GradientNorms gradient_norms(const Policy& policy, const std::vector<float>& gradient);

}  // namespace arf

// The sum of gradients over units that ranks share, with the bits of one process: each rank adds
// one slice of the elements of all units, in the order of units, and steps on with that slice.
// (Float addition in a fixed order, where learning/gradient_sum.h adds integers in any: a scorer
// has few units a step, and its whole encoder is trained, so twice the bytes would count.)
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "scoring/workers.h"

namespace arf {

class SlicedSum {
 public:
  // Elements that one thread handles at a time. Fixed: norms are summed by these parts.
  static constexpr std::size_t kPart = 1 << 14;

  SlicedSum(std::size_t size, const Workers& workers) : size_(size), workers_(workers) {}

  // This rank's elements.
  std::size_t first() const { return begin_of(workers_.rank()); }
  std::size_t last() const { return begin_of(workers_.rank() + 1); }

  // Collective. gradients[u]: of unit u where workers.has(u), [size]; else empty. Returns this
  // rank's slice of their sum, [last() - first()].
  std::vector<float> add(std::vector<std::vector<float>>* gradients) const;
  // Collective. The Euclidean norm of all slices, summed in double by parts; infinite where an
  // element is not finite.
  double norm(const std::vector<float>& slice) const;
  // Collective. Every rank's slice of `all` [size] goes to the others.
  void share(std::vector<float>* all) const;

  // body(first, last), side by side, for parts of this rank's elements.
  void for_each_part(const std::function<void(std::size_t, std::size_t)>& body) const;

 private:
  std::size_t num_parts() const { return (size_ + kPart - 1) / kPart; }
  std::size_t begin_of(std::size_t rank) const;
  void exchange(std::vector<std::vector<float>>* gradients) const;
  std::size_t size_;
  Workers workers_;
};

}  // namespace arf

// What the tests of this folder share: drawn tensors, exact and bounded comparison, finite
// differences.
#pragma once

#include <ATen/Parallel.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/parallel.h"
#include "core/philox.h"
#include "model/ops/device.h"
#include "model/ops/kernels.h"
#include "model/ops/ops.h"
#include "tests/ops/bits.h"

namespace arf::test {

// Standard normal elements; `unit` tells tensors of one shape apart.
inline Tensor drawn(const std::vector<std::int64_t>& shape, std::uint64_t unit,
                    at::ScalarType type = at::kFloat) {
  const RandomStream stream(9, Purpose::kTest, unit);
  const Tensor doubles = at::empty(shape, at::kDouble);
  for (std::int64_t i = 0; i < doubles.numel(); ++i) {
    doubles.data_ptr<double>()[i] = stream.normal(static_cast<std::uint32_t>(i));
  }
  return doubles.to(type);
}

inline std::vector<std::int32_t> drawn_ints(std::int64_t count, std::uint32_t limit,
                                            std::uint64_t unit) {
  const RandomStream stream(10, Purpose::kTest, unit);
  std::vector<std::int32_t> values;
  for (std::int64_t i = 0; i < count; ++i) {
    values.push_back(static_cast<std::int32_t>(stream.below(static_cast<std::uint32_t>(i), limit)));
  }
  return values;
}

inline Tensor ints(const std::vector<std::int32_t>& values) {
  return at::tensor(at::ArrayRef<std::int32_t>(values), at::kInt);
}

inline Tensor doubles(const Tensor& x) { return x.detach().to(at::kDouble); }

// The largest |a - b| / (1 + |b|).
inline double distance(const Tensor& a, const Tensor& b) {
  if (a.sizes() != b.sizes()) return std::numeric_limits<double>::infinity();
  if (a.numel() == 0) return 0;
  const Tensor expected = doubles(b);
  return ((doubles(a) - expected).abs() / (1 + expected.abs())).max().item<double>();
}

// The same values at another place: `by` elements past an allocation's aligned start.
inline Tensor moved(const Tensor& x, std::int64_t by) {
  const Tensor room = at::empty({x.numel() + by}, x.options());
  return room.narrow(0, by, x.numel()).view(x.sizes()).copy_(x);
}

// A function of several tensors to one.
using Operation = std::function<Tensor(const std::vector<Tensor>&)>;

inline Tensor weigh(const Tensor& y, std::uint64_t unit = 77) {
  return (y * drawn(y.sizes().vec(), unit, y.scalar_type())).sum();
}

// The gradient of a weighted sum of the operation's elements by each of its inputs.
inline std::vector<Tensor> gradients(const Operation& operation, std::vector<Tensor> inputs) {
  for (Tensor& input : inputs) input = input.detach().requires_grad_(true);
  return torch::autograd::grad({weigh(operation(inputs))}, inputs);
}

// The same by central differences in float64, element by element.
inline void check_by_finite_differences(const Operation& operation,
                                        const std::vector<Tensor>& inputs) {
  const std::vector<Tensor> found = gradients(operation, inputs);
  const at::NoGradGuard no_gradient;
  constexpr double kStep = 1e-5;
  for (std::size_t n = 0; n < inputs.size(); ++n) {
    BOOST_REQUIRE(inputs[n].scalar_type() == at::kDouble);
    const Tensor expected = at::empty_like(inputs[n], at::MemoryFormat::Contiguous);
    for (std::int64_t i = 0; i < inputs[n].numel(); ++i) {
      const auto at_step = [&](double step) {
        std::vector<Tensor> changed = inputs;
        changed[n] = inputs[n].clone();
        changed[n].data_ptr<double>()[i] += step;
        return weigh(operation(changed)).item<double>();
      };
      expected.data_ptr<double>()[i] = (at_step(kStep) - at_step(-kStep)) / (2 * kStep);
    }
    BOOST_TEST(distance(found[n], expected) < 1e-7, "input " << n);
  }
}

// The same bits of result and gradients when run again, with other memory, and on two threads side
// by side.
inline void check_repeats(const Operation& operation, const std::vector<Tensor>& inputs) {
  const Tensor result = operation(inputs);
  const std::vector<Tensor> slopes = gradients(operation, inputs);
  const auto same = [&](const std::vector<Tensor>& again) {
    bool all = same_bits(operation(again), result);
    const std::vector<Tensor> repeated = gradients(operation, again);
    for (std::size_t n = 0; n < slopes.size(); ++n) all = all && same_bits(repeated[n], slopes[n]);
    return all;
  };
  std::vector<Tensor> elsewhere, churn;
  for (const Tensor& input : inputs) {
    elsewhere.push_back(moved(input, 3));
    churn.push_back(at::empty({input.numel() + 1000}));
  }
  BOOST_TEST(same(inputs), "run again");
  std::vector<int> well(6, 0);
  parallel_for(well.size(), 2, [&](std::size_t i) {
    at::set_num_threads(1);
    well[i] = same(inputs);
  });
  for (const int one : well) BOOST_TEST(one, "on two threads");
  BOOST_TEST(same_bits(operation(elsewhere), result), "at other addresses");
}

// Row n of the operation's result has the same bits alone, in the lower part and in the upper part
// of the rows. `rows` names the inputs that have rows; the others are shared by all.
inline void check_rows_alone(const Operation& operation, const std::vector<Tensor>& inputs,
                             std::size_t rows = 1) {
  const Tensor whole = operation(inputs);
  const std::int64_t count = whole.size(0);
  const auto part = [&](std::int64_t first, std::int64_t size) {
    std::vector<Tensor> some = inputs;
    for (std::size_t n = 0; n < rows; ++n) some[n] = inputs[n].narrow(0, first, size);
    return same_bits(operation(some), whole.narrow(0, first, size));
  };
  for (std::int64_t n = 0; n < count; ++n) {
    BOOST_TEST(part(n, 1), "row " << n << " alone");
    BOOST_TEST(part(0, n + 1), "rows up to " << n);
    BOOST_TEST(part(n, count - n), "rows from " << n);
  }
}

}  // namespace arf::test

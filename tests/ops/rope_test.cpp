#include <numbers>

#include "tests/ops/cases.h"

using namespace arf;
using namespace arf::test;

namespace {

Tensor frequencies_of(std::int64_t size) {
  const Tensor frequencies = at::empty({size / 2}, at::kDouble);
  for (std::int64_t i = 0; i < size / 2; ++i) {
    frequencies[i] = std::pow(10000.0, -2.0 * double(i) / double(size));
  }
  return frequencies;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rope_test)

BOOST_AUTO_TEST_CASE(AQuarterTurnByHand) {
  const Tensor x = at::tensor({1.0, 2.0, 3.0, 4.0}).view({1, 1, 4});
  const Tensor quarter = at::tensor({std::numbers::pi / 2, 0.0});
  const Tensor expected = at::tensor({-3.0, 2.0, 1.0, 4.0}).view({1, 1, 4});  // (1, 3) turned
  BOOST_TEST(distance(ops::rope(x, ints({1}), quarter), expected) < 1e-15);
  BOOST_TEST(same_bits(ops::rope(x, ints({0}), quarter), x));
}

BOOST_AUTO_TEST_CASE(AgreesWithTheReference) {
  under_each_instruction_set([] {
    for (const std::int64_t size : {2, 6, 8, 16, 30, 64, 128}) {
      const Tensor positions = ints({0, 5, 1000, 3}), frequencies = frequencies_of(size);
      for (const auto type : {at::kFloat, at::kDouble}) {
        const double bound = type == at::kFloat ? 1e-6 : 1e-14;
        const Operation op = [&](const auto& in) {
          return ops::rope(in[0], positions, frequencies);
        };
        const Operation reference = [&](const auto& in) {
          return ops::device::rope(in[0], positions, frequencies);
        };
        const Tensor x = drawn({4, 3, size}, 1, type);
        BOOST_TEST(distance(op({x}), reference({x})) < bound);
        BOOST_TEST(distance(gradients(op, {x})[0], gradients(reference, {x})[0]) < bound);
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(GradientsAgreeWithFiniteDifferences) {
  const Tensor frequencies = frequencies_of(6);
  check_by_finite_differences(
      [&](const auto& in) {
        return ops::rope(in[0], ints({2, 0, 7}), frequencies);
      },
      {drawn({3, 2, 6}, 1, at::kDouble)});
}

BOOST_AUTO_TEST_CASE(ARowHasTheSameBitsInAnyBatchAndAnywhere) {
  under_each_instruction_set([] {
    for (const std::int64_t size : {2, 10, 64}) {
      const Tensor frequencies = frequencies_of(size), positions = ints({9, 0, 400, 3, 3, 17});
      const Operation op = [&](const auto& in) { return ops::rope(in[0], in[1], frequencies); };
      check_rows_alone(op, {drawn({6, 2, size}, 1), positions}, 2);
      check_repeats([&](const auto& in) { return ops::rope(in[0], positions, frequencies); },
                    {drawn({6, 2, size}, 1)});
    }
  });
}

BOOST_AUTO_TEST_CASE(ModelsOfOtherFrequenciesDoNotDisturbEachOther) {
  const Tensor x = drawn({2, 2, 8}, 1), positions = ints({3, 8});
  std::vector<Tensor> frequencies, first;
  for (int model = 0; model < 6; ++model) {  // more than the tables a thread keeps
    frequencies.push_back(frequencies_of(8) * (1 + model));
    first.push_back(ops::rope(x, positions, frequencies.back()));
  }
  for (int model = 0; model < 6; ++model) {
    BOOST_TEST(same_bits(ops::rope(x, positions, frequencies[model]), first[model]));
    BOOST_TEST(distance(first[model], ops::device::rope(x, positions, frequencies[model])) < 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(StrangeElementsStayInTheirPair) {
  Tensor x = drawn({1, 1, 8}, 1);
  x[0][0][1] = NAN;
  const Tensor y = ops::rope(x, ints({2}), frequencies_of(8)).view({8});
  for (const int i : {0, 2, 3, 4, 6, 7}) BOOST_TEST(y[i].isfinite().item<bool>());
  BOOST_TEST((y[1].isnan().item<bool>() && y[5].isnan().item<bool>()));
}

BOOST_AUTO_TEST_CASE(WhatDoesNotFitIsADefect) {
  const Tensor x = drawn({2, 1, 8}, 1), frequencies = frequencies_of(8);
  BOOST_CHECK_THROW(ops::rope(x, ints({1}), frequencies), Error);
  BOOST_CHECK_THROW(ops::rope(x, ints({1, -1}), frequencies), Error);
  BOOST_CHECK_THROW(ops::rope(x, ints({1, 2}), frequencies_of(6)), Error);
  BOOST_CHECK_THROW(ops::rope(x, ints({1, 2}), frequencies.to(at::kFloat)), Error);
}

BOOST_AUTO_TEST_SUITE_END()

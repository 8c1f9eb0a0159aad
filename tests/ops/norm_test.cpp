#include "tests/ops/cases.h"

using namespace arf;
using namespace arf::test;

namespace {

constexpr double kEps = 1e-5;
const std::int64_t kWidths[] = {1, 2, 7, 8, 16, 24, 33, 64, 257};

Tensor rms(const std::vector<Tensor>& in) { return ops::rms_norm(in[0], in[1], kEps); }
Tensor layer(const std::vector<Tensor>& in) { return ops::layer_norm(in[0], in[1], in[2], kEps); }
Tensor reference_rms(const std::vector<Tensor>& in) {
  return ops::device::rms_norm(in[0], in[1], kEps);
}
Tensor reference_layer(const std::vector<Tensor>& in) {
  return ops::device::layer_norm(in[0], in[1], in[2], kEps);
}

std::vector<Tensor> inputs_of(std::int64_t rows, std::int64_t width, at::ScalarType type,
                              bool bias) {
  std::vector<Tensor> in = {drawn({rows, width}, 1, type) * 3 + 1, drawn({width}, 2, type)};
  if (bias) in.push_back(drawn({width}, 3, type));
  return in;
}

void check_both(
    const std::function<void(const Operation& op, const Operation& reference, bool bias)>& body) {
  under_each_instruction_set([&] {
    body(rms, reference_rms, false);
    body(layer, reference_layer, true);
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(norm_test)

BOOST_AUTO_TEST_CASE(NormsByHand) {
  const Tensor x = at::tensor({3.0, 4.0}).view({1, 2}), w = at::tensor({1.0, 10.0});
  const double root = std::sqrt(12.5);
  BOOST_TEST(distance(ops::rms_norm(x, w, 0), at::tensor({3 / root, 40 / root}).view({1, 2})) <
             1e-15);
  BOOST_TEST(distance(ops::layer_norm(x, w, at::tensor({0.5, 0.25}), 0),
                      at::tensor({-0.5, 10.25}).view({1, 2})) < 1e-15);
}

BOOST_AUTO_TEST_CASE(AgreeWithTheReference) {
  check_both([](const Operation& op, const Operation& reference, bool bias) {
    for (const std::int64_t width : kWidths) {
      if (bias && width == 1) continue;  // a row of one element has no deviation
      for (const std::int64_t rows : {1, 5}) {
        const auto in = inputs_of(rows, width, at::kDouble, bias);
        BOOST_TEST(distance(op(in), reference(in)) < 1e-12);
        const auto found = gradients(op, in), expected = gradients(reference, in);
        for (std::size_t n = 0; n < found.size(); ++n) {
          BOOST_TEST(distance(found[n], expected[n]) < 1e-11, "input " << n);
        }
        std::vector<Tensor> floats, exact;
        for (const Tensor& tensor : in) floats.push_back(tensor.to(at::kFloat));
        for (const Tensor& tensor : floats) exact.push_back(doubles(tensor));
        BOOST_TEST(distance(op(floats), reference(exact)) < 1e-5);
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(ARowHasTheSameBitsInAnyBatchAndAnywhere) {
  check_both([](const Operation& op, const Operation&, bool bias) {
    for (const std::int64_t width : kWidths) {
      check_rows_alone(op, inputs_of(9, width, at::kFloat, bias));
      check_repeats(op, inputs_of(4, width, at::kFloat, bias));
    }
  });
}

BOOST_AUTO_TEST_CASE(GradientsAgreeWithFiniteDifferences) {
  check_both([](const Operation& op, const Operation&, bool bias) {
    for (const std::int64_t width : {2, 5, 11}) {
      check_by_finite_differences(op, inputs_of(3, width, at::kDouble, bias));
    }
  });
}

BOOST_AUTO_TEST_CASE(OnlyTheGradientsAskedForAreMade) {
  for (std::size_t wanted = 0; wanted < 3; ++wanted) {
    std::vector<Tensor> in = inputs_of(3, 6, at::kDouble, true);
    in[wanted].requires_grad_(true);
    const auto found = torch::autograd::grad({weigh(layer(in))}, {in[wanted]});
    BOOST_TEST(same_bits(found[0], gradients(layer, in)[wanted]));
    if (wanted == 2) continue;
    const auto alone = torch::autograd::grad({weigh(rms(in))}, {in[wanted]});
    BOOST_TEST(same_bits(alone[0], gradients(rms, {in[0], in[1]})[wanted]));
  }
}

BOOST_AUTO_TEST_CASE(NothingButFiniteStaysInItsRow) {
  check_both([](const Operation& op, const Operation&, bool bias) {
    for (const double value : {std::nan(""), double(INFINITY), -double(INFINITY), 1e30}) {
      std::vector<Tensor> in = inputs_of(3, 11, at::kFloat, bias);
      in[0][1][10] = value;
      const Tensor y = op(in);
      if (!std::isfinite(value)) BOOST_TEST(y[1].isnan().any().item<bool>());
      BOOST_TEST(y[0].isfinite().all().item<bool>());
      BOOST_TEST(y[2].isfinite().all().item<bool>());
      gradients(op, in);
    }
  });
}

BOOST_AUTO_TEST_CASE(WhatDoesNotFitIsADefect) {
  BOOST_CHECK_THROW(ops::rms_norm(drawn({3, 4}, 1), drawn({3}, 2), kEps), Error);
  BOOST_CHECK_THROW(ops::layer_norm(drawn({3, 4}, 1), drawn({4}, 2), drawn({3}, 2), kEps), Error);
  BOOST_CHECK_THROW(ops::rms_norm(drawn({3, 4}, 1), drawn({4}, 2, at::kDouble), kEps), Error);
}

BOOST_AUTO_TEST_SUITE_END()

#include "tests/ops/cases.h"

using namespace arf;
using namespace arf::test;

namespace {

struct Shape {
  std::int64_t tokens, vocabulary, hidden;
};
// One token; around the chunk of 64; odd vocabularies.
const Shape kShapes[] = {{1, 2, 1},    {5, 33, 7},   {63, 50, 8},
                         {64, 17, 16}, {65, 257, 5}, {130, 40, 3}};

std::vector<Tensor> inputs_of(const Shape& s, at::ScalarType type) {
  return {drawn({s.tokens, s.hidden}, 1, type), drawn({s.vocabulary, s.hidden}, 2, type)};
}
Tensor targets_of(const Shape& s) {
  return ints(drawn_ints(s.tokens, static_cast<std::uint32_t>(s.vocabulary), 3));
}

// [2, S]: log-probs and entropies.
Operation both(const Tensor& targets, double soft_cap = 0) {
  return [=](const std::vector<Tensor>& in) {
    Tensor entropy;
    const Tensor logprobs = ops::token_logprobs(in[0], {in[1], soft_cap}, targets, &entropy);
    return at::stack({logprobs, entropy});
  };
}
Operation reference_both(const Tensor& targets, double soft_cap = 0) {
  return [=](const std::vector<Tensor>& in) {
    Tensor entropy;
    const Tensor logprobs =
        ops::device::token_logprobs(in[0], {in[1], soft_cap}, targets, &entropy);
    return at::stack({logprobs, entropy});
  };
}
Operation alone(const Tensor& targets, double soft_cap = 0) {
  return [=](const std::vector<Tensor>& in) {
    return ops::token_logprobs(in[0], {in[1], soft_cap}, targets);
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(logprobs_test)

BOOST_AUTO_TEST_CASE(FlatLogitsGiveTheUniformDistribution) {
  under_each_instruction_set([] {
    for (const std::int64_t vocabulary : {1, 2, 7, 1000}) {
      Tensor entropy;
      const Tensor hidden = at::zeros({3, 4}, at::kDouble),
                   w = drawn({vocabulary, 4}, 1, at::kDouble);
      const Tensor logprobs = ops::token_logprobs(hidden, {w}, ints({0, 0, 0}), &entropy);
      const double expected = std::log(double(vocabulary));
      BOOST_TEST(distance(logprobs, at::full({3}, -expected, at::kDouble)) < 1e-14);
      BOOST_TEST(distance(entropy, at::full({3}, expected, at::kDouble)) < 1e-13);
    }
  });
}

BOOST_AUTO_TEST_CASE(AgreeWithTheReference) {
  under_each_instruction_set([] {
    for (const Shape& s : kShapes) {
      for (const double cap : {0.0, 0.5, 30.0}) {
        const Tensor targets = targets_of(s);
        const auto in = inputs_of(s, at::kDouble);
        const Operation op = both(targets, cap), reference = reference_both(targets, cap);
        BOOST_TEST(distance(op(in), reference(in)) < 1e-13);
        BOOST_TEST(same_bits(alone(targets, cap)(in), op(in)[0]));
        const auto found = gradients(op, in), expected = gradients(reference, in);
        for (int n = 0; n < 2; ++n) BOOST_TEST(distance(found[n], expected[n]) < 1e-12);
        const auto floats = inputs_of(s, at::kFloat);
        BOOST_TEST(distance(op(floats), reference({doubles(floats[0]), doubles(floats[1])})) <
                   5e-6);
      }
    }
  });
}

// With and without entropy, with the head frozen (the gradient is formed in the forward) and not.
BOOST_AUTO_TEST_CASE(GradientsAgreeWithFiniteDifferences) {
  under_each_instruction_set([] {
    const Shape s{4, 11, 5};
    const Tensor targets = targets_of(s);
    const auto in = inputs_of(s, at::kDouble);
    check_by_finite_differences(both(targets), in);
    check_by_finite_differences(alone(targets), in);
    const auto frozen = [&](const Operation& op) {
      return [&in, op](const std::vector<Tensor>& x) { return op({x[0], in[1]}); };
    };
    check_by_finite_differences(frozen(both(targets)), {in[0]});
    check_by_finite_differences(frozen(alone(targets)), {in[0]});
    check_by_finite_differences(frozen(both(targets, 2)), {in[0]});
    check_by_finite_differences(frozen(alone(targets, 2)), {in[0]});
    check_by_finite_differences(both(targets, 2), in);
    check_by_finite_differences(
        [&](const std::vector<Tensor>& x) {
          return alone(targets)({in[0], x[0]});
        },
        {in[1]});
    check_by_finite_differences(  // the entropy alone
        [&](const std::vector<Tensor>& x) { return both(targets)(x)[1]; }, in);
  });
}

BOOST_AUTO_TEST_CASE(ATokenHasTheSameBitsInAnyBatchWithGradientOrWithout) {
  under_each_instruction_set([] {
    for (const Shape& s : kShapes) {
      const Tensor targets = targets_of(s);
      std::vector<Tensor> in = inputs_of(s, at::kFloat);
      in.insert(in.begin() + 1, targets);
      const Operation op = [](const std::vector<Tensor>& x) {
        return ops::token_logprobs(x[0], {x[2]}, x[1]);
      };
      check_rows_alone(op, in, 2);
      check_repeats(both(targets), inputs_of(s, at::kFloat));
      Tensor hidden = in[0].clone().requires_grad_(true);
      Tensor entropy, plain_entropy;
      BOOST_TEST(same_bits(ops::token_logprobs(hidden, {in[2]}, targets), op(in)));
      BOOST_TEST(same_bits(ops::token_logprobs(hidden, {in[2]}, targets, &entropy), op(in)));
      ops::token_logprobs(in[0], {in[2]}, targets, &plain_entropy);
      BOOST_TEST(same_bits(entropy, plain_entropy));
      ops::prepack(in[2]);
      BOOST_TEST(same_bits(op(in), ops::token_logprobs(hidden, {in[2]}, targets)));
      ops::release_packed(in[2]);
    }
  });
}

BOOST_AUTO_TEST_CASE(SampledLogitsGiveTheBitsOfTokenLogprobs) {
  under_each_instruction_set([] {
    for (const Shape& s : kShapes) {
      const auto in = inputs_of(s, at::kFloat);
      const Tensor targets = targets_of(s);
      const double cap = s.tokens % 2 == 0 ? 3 : 0;
      const Tensor logprobs = ops::token_logprobs(in[0], {in[1], cap}, targets);
      for (std::int64_t i = 0; i < s.tokens; ++i) {
        const Tensor row = ops::logits(in[0].narrow(0, i, 1), {in[1], cap});  // one a sequence
        const float found = ops::log_softmax_at(row.data_ptr<float>(), s.vocabulary,
                                                targets.data_ptr<std::int32_t>()[i]);
        BOOST_TEST(std::memcmp(&found, logprobs.data_ptr<float>() + i, sizeof found) == 0);
        const Tensor shifted = moved(row, 1);
        BOOST_TEST(ops::log_softmax_at(shifted.data_ptr<float>(), s.vocabulary,
                                       targets.data_ptr<std::int32_t>()[i]) == found);
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(AHeadInBfloat16IsThatHeadInFloat32) {
  under_each_instruction_set([] {
    for (const Shape& s : kShapes) {
      const Tensor targets = targets_of(s);
      const auto in = inputs_of(s, at::kFloat);
      const Tensor half = in[1].to(at::kBFloat16), wide = doubles(half);
      const Tensor hidden = in[0].clone().requires_grad_(true);
      const Tensor found = ops::token_logprobs(hidden, {half, 2}, targets);
      const auto reference = [&](const std::vector<Tensor>& x) {
        return alone(targets, 2)({x[0], wide});
      };
      BOOST_TEST(distance(found, reference({doubles(in[0])})) < 5e-6);
      const Tensor slope = torch::autograd::grad({weigh(found)}, {hidden})[0];
      BOOST_TEST(distance(slope, gradients(reference, {doubles(in[0])})[0]) < 1e-4);
      BOOST_TEST(same_bits(ops::token_logprobs(in[0], {half, 2}, targets), found));
    }
  });
}

BOOST_AUTO_TEST_CASE(NoTargetsGiveNoLogprobs) {
  for (const bool graph : {false, true}) {
    const Tensor hidden = drawn({0, 4}, 1).requires_grad_(graph);
    const Tensor w = drawn({9, 4}, 2);
    Tensor entropy;
    BOOST_TEST(ops::token_logprobs(hidden, {w}, ints({})).numel() == 0);
    const Tensor logprobs = ops::token_logprobs(hidden, {w}, ints({}), &entropy);
    BOOST_TEST((logprobs.numel() == 0 && entropy.numel() == 0));
    if (!graph) continue;
    const auto found = torch::autograd::grad({logprobs.sum() + entropy.sum()}, {hidden});
    BOOST_TEST((found[0].sizes() == at::IntArrayRef{0, 4}));
  }
}

BOOST_AUTO_TEST_CASE(FarApartLogitsStayFinite) {
  under_each_instruction_set([] {
    const Tensor hidden = at::tensor({1.0f}).view({1, 1}).requires_grad_(true);
    const Tensor w = at::tensor({300.0f, -300.0f, 0.0f}).view({3, 1});
    Tensor entropy;
    const Tensor likely = ops::token_logprobs(hidden, {w}, ints({0}), &entropy);
    const Tensor unlikely = ops::token_logprobs(hidden, {w}, ints({1}));
    BOOST_TEST(likely.item<float>() == 0.0f);
    BOOST_TEST(entropy.item<float>() == 0.0f);
    BOOST_TEST(unlikely.item<float>() == -600.0f);
    for (const Tensor& loss : {likely + entropy, unlikely}) {
      BOOST_TEST(torch::autograd::grad({loss.sum()}, {hidden})[0].isfinite().all().item<bool>());
    }
  });
}

BOOST_AUTO_TEST_CASE(NothingButFiniteStaysWithItsToken) {
  under_each_instruction_set([] {
    for (const double value : {std::nan(""), double(INFINITY), -double(INFINITY)}) {
      auto in = inputs_of({70, 37, 6}, at::kFloat);
      in[0][66][5] = value;
      const Tensor targets = targets_of({70, 37, 6});
      const Tensor found = both(targets)(in);
      BOOST_TEST(found.select(1, 66).isnan().all().item<bool>());
      BOOST_TEST(found.narrow(1, 0, 66).isfinite().all().item<bool>());
      BOOST_TEST(found.narrow(1, 67, 3).isfinite().all().item<bool>());
      BOOST_TEST(gradients(alone(targets), in)[0][66].isnan().any().item<bool>());
      gradients(both(targets), in);
    }
  });
}

BOOST_AUTO_TEST_CASE(WhatDoesNotFitIsADefect) {
  const Tensor hidden = drawn({2, 4}, 1), w = drawn({9, 4}, 2);
  BOOST_CHECK_THROW(ops::token_logprobs(hidden, {w}, ints({0})), Error);
  BOOST_CHECK_THROW(ops::token_logprobs(hidden, {w}, ints({0, 9})), Error);
  BOOST_CHECK_THROW(ops::token_logprobs(hidden, {w}, ints({-1, 0})), Error);
  BOOST_CHECK_THROW(ops::token_logprobs(hidden, {drawn({9, 5}, 2)}, ints({0, 0})), Error);
}

BOOST_AUTO_TEST_SUITE_END()

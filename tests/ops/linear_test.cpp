#include "tests/ops/cases.h"

using namespace arf;
using namespace arf::test;

namespace {

struct Shape {
  std::int64_t rows, outputs, depth;
};
// One row, one output, one step; odd sizes; around the tile's and the panel's edges.
const Shape kShapes[] = {{1, 1, 1},    {1, 5, 3},     {3, 7, 11},   {2, 16, 8},
                         {6, 32, 64},  {7, 33, 65},   {13, 64, 31}, {5, 129, 17},
                         {24, 63, 96}, {1, 100, 257}, {39, 29, 45}};

Tensor product(const std::vector<Tensor>& in) {
  return ops::linear(in[0], in[1], in.size() > 2 ? in[2] : Tensor());
}

std::vector<Tensor> inputs_of(const Shape& s, at::ScalarType type, bool bias = true) {
  std::vector<Tensor> inputs = {drawn({s.rows, s.depth}, 1, type),
                                drawn({s.outputs, s.depth}, 2, type)};
  if (bias) inputs.push_back(drawn({s.outputs}, 3, type));
  return inputs;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(linear_test)

BOOST_AUTO_TEST_CASE(AProductByHand) {
  const Tensor x = at::tensor({1.0f, 2.0f, 3.0f, 4.0f}).view({2, 2});
  const Tensor w = at::tensor({5.0f, 6.0f, 7.0f, 8.0f, -1.0f, 0.5f}).view({3, 2});
  const Tensor b = at::tensor({0.0f, 1.0f, 2.0f});
  under_each_instruction_set([&] {
    BOOST_TEST(same_bits(ops::linear(x, w),
                         at::tensor({17.0f, 23.0f, 0.0f, 39.0f, 53.0f, -1.0f}).view({2, 3})));
    BOOST_TEST(same_bits(ops::linear(x, w, b),
                         at::tensor({17.0f, 24.0f, 2.0f, 39.0f, 54.0f, 1.0f}).view({2, 3})));
  });
}

BOOST_AUTO_TEST_CASE(AgreesWithTheReferenceOnAnyShape) {
  under_each_instruction_set([] {
    for (const Shape& s : kShapes) {
      for (const bool bias : {false, true}) {
        std::vector<Tensor> in = inputs_of(s, at::kDouble, bias);
        const Tensor expected = ops::device::linear(in[0], in[1], bias ? in[2] : Tensor());
        BOOST_TEST(distance(product(in), expected) < 1e-13);
        for (Tensor& tensor : in) tensor = tensor.to(at::kFloat);
        // |error| <= depth * 2^-24 * sum of |x w|
        const double bound = double(s.depth + 2) * std::ldexp(1.0, -24);
        const Tensor size = ops::device::linear(doubles(in[0]).abs(), doubles(in[1]).abs(),
                                                bias ? doubles(in[2]).abs() : Tensor());
        const Tensor exact =
            ops::device::linear(doubles(in[0]), doubles(in[1]), bias ? doubles(in[2]) : Tensor());
        BOOST_TEST(((doubles(product(in)) - exact).abs() <= bound * size).all().item<bool>());
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(ARowHasTheSameBitsInAnyBatch) {
  under_each_instruction_set([] {
    for (const Shape& s : kShapes) check_rows_alone(product, inputs_of(s, at::kFloat));
    check_rows_alone(product, inputs_of(kShapes[5], at::kDouble));
  });
}

BOOST_AUTO_TEST_CASE(PackingDoesNotShow) {
  under_each_instruction_set([] {
    for (const Shape& s : kShapes) {
      for (const auto type : {at::kFloat, at::kDouble}) {
        const std::vector<Tensor> in = inputs_of(s, type);
        const Tensor before = product(in);
        ops::prepack(in[1]);
        BOOST_TEST(same_bits(product(in), before));
        check_rows_alone(product, in);
        ops::release_packed(in[1]);
        BOOST_TEST(same_bits(product(in), before));
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(AWeightInBfloat16IsThatWeightInFloat32) {
  under_each_instruction_set([] {
    for (const Shape& s : kShapes) {
      for (const bool bias : {false, true}) {
        std::vector<Tensor> in = inputs_of(s, at::kFloat, bias);
        in[1] = in[1].to(at::kBFloat16);
        const Tensor wide = doubles(in[1]);
        const double bound = double(s.depth + 2) * std::ldexp(1.0, -24);
        const Tensor b = bias ? doubles(in[2]) : Tensor();
        const Tensor exact = ops::device::linear(doubles(in[0]), wide, b);
        const Tensor size =
            ops::device::linear(doubles(in[0]).abs(), wide.abs(), bias ? b.abs() : Tensor());
        BOOST_TEST(((doubles(product(in)) - exact).abs() <= bound * size).all().item<bool>());
        check_rows_alone(product, in);
        const Tensor x = in[0].clone().requires_grad_(true);
        const Tensor y = ops::linear(x, in[1], bias ? in[2] : Tensor());
        BOOST_TEST(same_bits(y, product(in)));
        const Tensor slope = torch::autograd::grad({weigh(y)}, {x})[0];
        const Tensor dy = doubles(drawn(y.sizes().vec(), 77));
        BOOST_TEST(distance(slope, dy.mm(wide)) < 1e-4);
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(ATableInBfloat16GivesFloat32Rows) {
  const Tensor table = drawn({9, 5}, 1).to(at::kBFloat16);
  const Tensor rows = ops::embedding(ints({8, 0, 8}), table);
  BOOST_TEST(same_bits(rows, table.to(at::kFloat).index_select(0, ints({8, 0, 8}))));
}

// More outputs than are widened at once for the gradient.
BOOST_AUTO_TEST_CASE(TheGradientThroughALargeWeightInBfloat16) {
  const Tensor w = drawn({700, 2000}, 1).to(at::kBFloat16), dy = drawn({3, 700}, 2);
  const Tensor x = drawn({3, 2000}, 3).requires_grad_(true);
  const Tensor dx = torch::autograd::grad({(ops::linear(x, w) * dy).sum()}, {x})[0];
  BOOST_TEST(distance(dx, doubles(dy).mm(doubles(w))) < 1e-4);
}

BOOST_AUTO_TEST_CASE(NeitherThreadsNorAddressesShow) {
  under_each_instruction_set([] {
    for (const Shape& s : kShapes) check_repeats(product, inputs_of(s, at::kFloat));
  });
  const std::vector<Tensor> in = inputs_of({64, 96, 128}, at::kFloat);
  at::set_num_threads(1);
  const Tensor one = product(in);
  at::set_num_threads(2);
  BOOST_TEST(same_bits(product(in), one));
  at::set_num_threads(1);
}

BOOST_AUTO_TEST_CASE(StridedInputsAreReadAsTheyAre) {
  const Tensor x = drawn({9, 6}, 1).t(), w = drawn({9, 5}, 2).t();
  BOOST_TEST(same_bits(ops::linear(x, w), ops::linear(x.contiguous(), w.contiguous())));
}

BOOST_AUTO_TEST_CASE(GradientsAgreeWithFiniteDifferences) {
  check_by_finite_differences(product, inputs_of({3, 5, 7}, at::kDouble));
  check_by_finite_differences(product, inputs_of({1, 2, 9}, at::kDouble, false));
}

BOOST_AUTO_TEST_CASE(AFrozenWeightGetsNoGradientAndKeepsNoInput) {
  const Tensor w = drawn({5, 7}, 2);
  Tensor x = drawn({3, 7}, 1).requires_grad_(true);
  Tensor grown = x * 1;
  const c10::weak_intrusive_ptr<c10::TensorImpl> watched(grown.getIntrusivePtr());
  const Tensor y = ops::linear(grown, w);
  grown = Tensor();
  BOOST_TEST(watched.expired());  // only the gradient of W would read it
  const auto found = torch::autograd::grad({weigh(y)}, {x});
  BOOST_TEST(distance(found[0], drawn({3, 5}, 77).mm(w)) < 1e-6);
  BOOST_TEST(!w.grad().defined());
}

BOOST_AUTO_TEST_CASE(NothingButFiniteIsNotFinite) {
  const double strange[] = {std::nan(""), INFINITY, -INFINITY};
  under_each_instruction_set([&] {
    for (const double value : strange) {
      Tensor x = drawn({4, 9}, 1);
      x[2][5] = value;
      const Tensor y = ops::linear(x, drawn({17, 9}, 2));
      BOOST_TEST(!y[2].isfinite().any().item<bool>());
      BOOST_TEST(y.index_select(0, at::tensor({0, 1, 3})).isfinite().all().item<bool>());
    }
  });
}

BOOST_AUTO_TEST_CASE(NoRowsGiveNoRows) {
  const Tensor x = drawn({0, 4}, 1).requires_grad_(true), w = drawn({3, 4}, 2).requires_grad_(true);
  const Tensor y = ops::linear(x, w);
  BOOST_TEST((y.sizes() == at::IntArrayRef{0, 3}));
  const auto found = torch::autograd::grad({y.sum()}, {x, w});
  BOOST_TEST(found[1].eq(0).all().item<bool>());
}

BOOST_AUTO_TEST_CASE(ShapesAndTypesThatDoNotFitAreDefects) {
  const Tensor x = drawn({3, 4}, 1);
  BOOST_CHECK_THROW(ops::linear(x, drawn({5, 3}, 2)), Error);
  BOOST_CHECK_THROW(ops::linear(x, drawn({5, 4}, 2), drawn({4}, 3)), Error);
  BOOST_CHECK_THROW(ops::linear(x, drawn({5, 4}, 2, at::kDouble)), Error);
  BOOST_CHECK_THROW(ops::linear(x.to(at::kHalf), drawn({5, 4}, 2, at::kHalf)), Error);
}

BOOST_AUTO_TEST_CASE(EmbeddingPicksRowsAndAddsTheirGradients) {
  const Tensor table = drawn({6, 5}, 1, at::kDouble), ids = ints({4, 0, 4, 5});
  for (const Tensor& picked : {ids, ids.to(at::kLong)}) {
    BOOST_TEST(same_bits(ops::embedding(picked, table), table.index_select(0, picked)));
    check_by_finite_differences(
        [&](const std::vector<Tensor>& in) { return ops::embedding(picked, in[0]); }, {table});
  }
  BOOST_CHECK_THROW(ops::embedding(ids.to(at::kFloat), table), Error);
}

BOOST_AUTO_TEST_SUITE_END()

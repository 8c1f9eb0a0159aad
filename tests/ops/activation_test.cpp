#include "tests/ops/cases.h"

using namespace arf;
using namespace arf::test;

namespace {

struct Case {
  const char* name;
  Operation op, reference;
  std::size_t inputs;
};
const Case kCases[] = {{"swiglu", [](const auto& in) { return ops::swiglu(in[0], in[1]); },
                        [](const auto& in) { return ops::device::swiglu(in[0], in[1]); }, 2},
                       {"geglu", [](const auto& in) { return ops::geglu(in[0], in[1]); },
                        [](const auto& in) { return ops::device::geglu(in[0], in[1]); }, 2},
                       {"gelu", [](const auto& in) { return ops::gelu(in[0]); },
                        [](const auto& in) { return ops::device::gelu(in[0]); }, 1},
                       {"tanh", [](const auto& in) { return ops::tanh(in[0]); },
                        [](const auto& in) { return ops::device::tanh(in[0]); }, 1}};

std::vector<Tensor> inputs_of(const Case& c, const std::vector<std::int64_t>& shape,
                              at::ScalarType type) {
  std::vector<Tensor> in;
  for (std::size_t n = 0; n < c.inputs; ++n) in.push_back(drawn(shape, n + 1, type) * 3);
  return in;
}

void check_each(const std::function<void(const Case&)>& body) {
  under_each_instruction_set([&] {
    for (const Case& c : kCases) {
      BOOST_TEST_CONTEXT(c.name) { body(c); }
    }
  });
}

// The exponential of the kernels, elementwise.
template <typename T>
std::vector<T> exponentials(const std::vector<T>& x) {
  std::vector<T> y(x.size());
  ops::kernels<T>().exponential(x.data(), static_cast<std::int64_t>(x.size()), y.data());
  return y;
}

// Relative errors in units of the type's rounding step, over the range where e^x is normal.
template <typename T>
double largest_error(double lowest, double highest) {
  constexpr int kCount = 200003;
  std::vector<T> x(kCount);
  for (int i = 0; i < kCount; ++i) x[i] = T(lowest + (highest - lowest) * i / (kCount - 1));
  const std::vector<T> y = exponentials(x);
  long double most = 0;
  for (int i = 0; i < kCount; ++i) {
    const long double exact = std::exp(static_cast<long double>(x[i]));
    most = std::max(most, std::abs(y[i] - exact) / exact);
  }
  return double(most / std::numeric_limits<T>::epsilon());
}

template <typename T>
void check_ends() {
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  const std::vector<T> y = exponentials<T>(
      {T(0), -kInfinity, kInfinity, std::numeric_limits<T>::quiet_NaN(), T(-1e6), T(1e6)});
  BOOST_TEST(y[0] == T(1));
  BOOST_TEST(y[1] == T(0));
  BOOST_TEST(y[2] == kInfinity);
  BOOST_TEST(std::isnan(y[3]));
  BOOST_TEST(y[4] == T(0));
  BOOST_TEST(y[5] == kInfinity);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(activation_test)

BOOST_AUTO_TEST_CASE(TheExponentialIsWithinTwoRoundingSteps) {
  under_each_instruction_set([] {
    BOOST_TEST(largest_error<float>(-87.3, 88.7) < 2.0);
    BOOST_TEST(largest_error<float>(-1, 1) < 2.0);
    BOOST_TEST(largest_error<double>(-708.3, 709.7) < 2.0);
    BOOST_TEST(largest_error<double>(-1, 1) < 2.0);
  });
}

BOOST_AUTO_TEST_CASE(TheExponentialAtItsEnds) {
  under_each_instruction_set([] {
    check_ends<float>();
    check_ends<double>();
  });
}

BOOST_AUTO_TEST_CASE(ValuesByHand) {
  const Tensor zero_one = at::tensor({0.0, 1.0});
  const double sigmoid = 1 / (1 + std::exp(-1.0));
  BOOST_TEST(distance(ops::swiglu(zero_one, at::tensor({5.0, 2.0})),
                      at::tensor({0.0, 2 * sigmoid})) < 1e-15);
  BOOST_TEST(distance(ops::gelu(zero_one), at::tensor({0.0, 0.8413447460685429})) < 1e-15);
  BOOST_TEST(distance(ops::tanh(zero_one), at::tensor({0.0, 0.7615941559557649})) < 1e-15);
}

BOOST_AUTO_TEST_CASE(AgreeWithTheReference) {
  check_each([](const Case& c) {
    for (const std::int64_t width : {1, 3, 8, 31, 64}) {
      const auto in = inputs_of(c, {3, width}, at::kDouble);
      BOOST_TEST(distance(c.op(in), c.reference(in)) < 1e-14);
      const auto found = gradients(c.op, in), expected = gradients(c.reference, in);
      for (std::size_t n = 0; n < found.size(); ++n) {
        BOOST_TEST(distance(found[n], expected[n]) < 1e-13);
      }
      const auto floats = inputs_of(c, {3, width}, at::kFloat);
      std::vector<Tensor> exact;
      for (const Tensor& tensor : floats) exact.push_back(doubles(tensor));
      BOOST_TEST(distance(c.op(floats), c.reference(exact)) < 1e-6);
    }
  });
}

BOOST_AUTO_TEST_CASE(GradientsAgreeWithFiniteDifferences) {
  check_each([](const Case& c) {
    check_by_finite_differences(c.op, inputs_of(c, {2, 9}, at::kDouble));
  });
}

BOOST_AUTO_TEST_CASE(AnElementHasTheSameBitsAnywhere) {
  check_each([](const Case& c) {
    for (const std::int64_t width : {1, 5, 16}) {
      check_rows_alone(c.op, inputs_of(c, {7, width}, at::kFloat), c.inputs);
      check_repeats(c.op, inputs_of(c, {7, width}, at::kFloat));
    }
  });
}

BOOST_AUTO_TEST_CASE(LargeAndStrangeInputsKeepTheirMeaning) {
  check_each([](const Case& c) {
    const Tensor x = at::tensor({-1e4f, 1e4f, -300.0f, NAN, INFINITY});
    const Tensor y = c.op({x, at::ones({5})});
    BOOST_TEST(y.narrow(0, 0, 3).isfinite().all().item<bool>());
    BOOST_TEST(y[3].isnan().item<bool>());
    BOOST_TEST(distance(y.narrow(0, 0, 3), c.reference({x, at::ones({5})}).narrow(0, 0, 3)) < 1e-6);
    const auto slopes = gradients(c.op, inputs_of(c, {2}, at::kFloat));
    const auto strange = gradients(c.op, std::vector<Tensor>(c.inputs, x));
    BOOST_TEST(strange[0].narrow(0, 0, 3).isfinite().all().item<bool>());
    BOOST_TEST(strange[0][3].isnan().item<bool>());
  });
}

BOOST_AUTO_TEST_CASE(SmallInputsAndFarTailsKeepTheirRelativePrecision) {
  under_each_instruction_set([] {
    for (const float x : {1e-20f, 1e-6f, 0.01f, 0.3f, 2.0f, -1e-6f, -0.7f, -4.0f, -9.0f}) {
      const double tanh = std::tanh(double(x)), gelu = 0.5 * x * std::erfc(-x * std::sqrt(0.5));
      const Tensor one = at::tensor({x});
      BOOST_TEST(std::abs(ops::tanh(one).item<double>() / tanh - 1) < 5e-7);
      BOOST_TEST(std::abs(ops::gelu(one).item<double>() / gelu - 1) < 5e-6);
    }
  });
}

BOOST_AUTO_TEST_CASE(AFrozenHalfOfSwigluGetsNoGradient) {
  const Tensor gate = drawn({4, 5}, 1, at::kDouble), up = drawn({4, 5}, 2, at::kDouble);
  const auto both = gradients(kCases[0].op, {gate, up});
  const auto first = gradients([&](const auto& in) { return ops::swiglu(in[0], up); }, {gate});
  const auto second = gradients([&](const auto& in) { return ops::swiglu(gate, in[0]); }, {up});
  BOOST_TEST(same_bits(first[0], both[0]));
  BOOST_TEST(same_bits(second[0], both[1]));
}

BOOST_AUTO_TEST_SUITE_END()

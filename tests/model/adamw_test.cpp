#include "model/adamw.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace arf;

namespace {

// The paper's algorithm 2 for one number, in double.
struct Reference {
  double m = 0, v = 0, x = 1;
  int t = 0;
  void update(const AdamWSettings& s, double g, double lr) {
    ++t;
    m = s.beta1 * m + (1 - s.beta1) * g;
    v = s.beta2 * v + (1 - s.beta2) * g * g;
    const double m_hat = m / (1 - std::pow(s.beta1, t)), v_hat = v / (1 - std::pow(s.beta2, t));
    x -= lr * s.weight_decay * x + lr * m_hat / (std::sqrt(v_hat) + s.epsilon);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(adamw_test)

BOOST_AUTO_TEST_CASE(FollowsThePublishedAlgorithm) {
  AdamWSettings settings;
  settings.weight_decay = 0.1;
  AdamW adamw(settings, 2);
  std::vector<float> params = {1.0f, 1.0f};
  Reference first, second;
  for (int t = 0; t < 50; ++t) {
    const double g = std::sin(t), h = 100 * std::cos(3 * t);
    adamw.update(params, {static_cast<float>(g), static_cast<float>(h)}, 0.01);
    first.update(settings, g, 0.01);
    second.update(settings, h, 0.01);
  }
  BOOST_TEST(adamw.step == 50);
  BOOST_TEST(params[0] == first.x, boost::test_tools::tolerance(2e-5));
  BOOST_TEST(params[1] == second.x, boost::test_tools::tolerance(2e-5));
}

BOOST_AUTO_TEST_CASE(TheFirstStepIsTheLearningRate) {
  AdamW adamw({}, 3);
  std::vector<float> params = {0, 0, 0};
  adamw.update(params, {1e-3f, -50.0f, 0.0f}, 0.25);
  BOOST_TEST(params[0] == -0.25, boost::test_tools::tolerance(1e-4));
  BOOST_TEST(params[1] == 0.25, boost::test_tools::tolerance(1e-4));
  BOOST_TEST(params[2] == 0.0f);
}

BOOST_AUTO_TEST_CASE(PartsGiveTheBitsOfTheWhole) {
  AdamWSettings settings;
  settings.weight_decay = 0.1;
  AdamW whole(settings, 7), parts(settings, 7);
  std::vector<float> a(7, 1.0f), b = a;
  for (int t = 0; t < 5; ++t) {
    std::vector<float> grad;
    for (int i = 0; i < 7; ++i) grad.push_back(static_cast<float>(std::sin(t + 3 * i)));
    whole.update(a, grad, 0.01);
    parts.begin_step();
    parts.update_part(b, std::span(grad).subspan(4), 0.01, 4);
    parts.update_part(b, std::span(grad).first(4), 0.01, 0);
  }
  BOOST_TEST((a == b && whole.m == parts.m && whole.v == parts.v && whole.step == parts.step));
}

BOOST_AUTO_TEST_CASE(ClippingKeepsTheDirection) {
  std::vector<float> grad = {3, 4};
  BOOST_TEST(clip_gradient(&grad, 10) == 5.0);
  BOOST_TEST(grad[0] == 3.0f);
  BOOST_TEST(clip_gradient(&grad, 1) == 5.0);
  BOOST_TEST(gradient_norm(grad) == 1.0, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(grad[1] / grad[0] == 4.0 / 3.0, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_SUITE_END()

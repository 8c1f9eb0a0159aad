// The norms; sums over ranks are in mpi_program.cpp.
#include "learning/gradient_sum.h"

#include "tests/learning/units.h"

using namespace arf;
using namespace arf::test;

BOOST_AUTO_TEST_SUITE(gradient_sum_test)

BOOST_AUTO_TEST_CASE(NormsTellQueriesValuesAndAllApart) {
  const Policy policy = small_policy(true);
  std::vector<float> gradient(std::size_t(policy.num_parameters()), 0.0f);
  for (const auto& parameter : policy.parameters()) {
    const bool first_layer = parameter.name.find("layers.0.") != std::string::npos;
    float& element = gradient[std::size_t(parameter.offset)];
    if (first_layer && parameter.name.find("q_proj.lora_A") != std::string::npos) element = 3;
    if (first_layer && parameter.name.find("q_proj.lora_B") != std::string::npos) element = -4;
    if (first_layer && parameter.name.find("v_proj.lora_B") != std::string::npos) element = 12;
    if (parameter.name == "value_head.bias") element = 84;
  }
  const GradientNorms norms = gradient_norms(policy, gradient);
  BOOST_TEST(norms.q_proj == 5);
  BOOST_TEST(norms.v_proj == 12);
  BOOST_TEST(norms.all == 85);
}

BOOST_AUTO_TEST_CASE(AGradientOfAnotherSizeIsADefect) {
  BOOST_CHECK_THROW(gradient_norms(small_policy(), {1.0f}), Error);
}

BOOST_AUTO_TEST_SUITE_END()

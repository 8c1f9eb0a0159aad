#include <string>
#include <thread>

#include "model/ops/arithmetic.h"
#include "tests/ops/cases.h"

using namespace arf;
using namespace arf::test;

namespace {

// Something of every kernel, from one small layer: forward and gradients.
std::vector<Tensor> layer(at::ScalarType type) {
  std::vector<Tensor> in = {drawn({9, 40}, 1, type),  drawn({40}, 2, type),
                            drawn({40, 40}, 3, type), drawn({40, 40}, 4, type),
                            drawn({40}, 5, type),     drawn({50, 40}, 6, type)};
  for (Tensor& tensor : in) tensor = (tensor * 0.3).requires_grad_(true);
  const Tensor frequencies = at::tensor({1.0, 0.5, 0.1, 0.02, 0.003});
  const Tensor a = ops::rms_norm(in[0], in[1], 1e-6);
  const Tensor q = ops::rope(ops::linear(a, in[2], in[4]).view({9, 4, 10}),
                             ints({0, 1, 2, 3, 0, 1, 2, 3, 4}), frequencies);
  const Tensor k = a.view({9, 4, 10}).narrow(1, 0, 2);
  const Tensor seen = ops::attention(q, k, k, {{0, 4, 9}}, {0.3}).reshape({9, 40});
  const Tensor gated = ops::swiglu(ops::linear(seen, in[3]), seen);
  const Tensor top = ops::layer_norm(ops::gelu(gated) + ops::tanh(seen), in[1], in[4], 1e-6);
  Tensor entropy;
  const Tensor logprobs =
      ops::token_logprobs(top, {in[5]}, ints({1, 49, 3, 7, 20, 21, 22, 0, 5}), &entropy);
  std::vector<Tensor> results = torch::autograd::grad({(logprobs + entropy).sum()}, in);
  results.insert(results.end(), {logprobs, entropy});
  return results;
}

double furthest(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, distance(a[i], b[i]));
  return most;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(instruction_set_test)

BOOST_AUTO_TEST_CASE(TheWidestIsInUseAndNamedOnesStay) {
  under_each_instruction_set([] {
    const std::string name = ops::instruction_set();
    BOOST_TEST((name == "portable" || name == "avx2" || name == "avx512"));
    ops::use_instruction_set(name.c_str());
    BOOST_TEST(ops::instruction_set() == name);
  });
  const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
  const bool middle = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  BOOST_TEST(ops::instruction_set() ==
             std::string(wide ? "avx512" : (middle ? "avx2" : "portable")));
}

// (What changes it is in tests/end_to_end/run_files.sh: it is decided once a process.)
BOOST_AUTO_TEST_CASE(ArithmeticNamesTheSetAndIsTheSameForAllThreads) {
  const std::uint64_t hash = ops::try_arithmetic();
  under_each_instruction_set([&] {
    BOOST_TEST(ops::arithmetic() == fmt::format("{}-{:016x}", ops::instruction_set(), hash));
    BOOST_TEST(ops::try_arithmetic() == hash);
    std::thread([text = ops::arithmetic()] { BOOST_TEST(ops::arithmetic() == text); }).join();
  });
  std::uint64_t elsewhere = 0;
  std::thread([&] { elsewhere = ops::try_arithmetic(); }).join();
  BOOST_TEST(elsewhere == hash);
  const int threads = at::get_num_threads();
  at::set_num_threads(4);
  BOOST_TEST(ops::try_arithmetic() == hash);
  at::set_num_threads(threads);
}

BOOST_AUTO_TEST_CASE(AnUnknownOneIsAUsageErrorAndChangesNothing) {
  const std::string before = ops::instruction_set();
  BOOST_CHECK_EXCEPTION(ops::use_instruction_set("sse9"), Error, [](const Error& error) {
    return error.code() == ExitCode::kUsage &&
           std::string(error.what()).find("sse9") != std::string::npos;
  });
  BOOST_TEST(ops::instruction_set() == before);
}

BOOST_AUTO_TEST_CASE(AllAgreeWithinRounding) {
  ops::use_instruction_set("portable");
  const auto floats = layer(at::kFloat), wide = layer(at::kDouble);
  BOOST_TEST(furthest(floats, wide) < 1e-4);
  under_each_instruction_set([&] {
    BOOST_TEST(furthest(layer(at::kFloat), floats) < 1e-4);
    BOOST_TEST(furthest(layer(at::kDouble), wide) < 1e-12);
  });
}

BOOST_AUTO_TEST_CASE(EachRepeatsItself) {
  under_each_instruction_set([] {
    const auto first = layer(at::kFloat), again = layer(at::kFloat);
    for (std::size_t i = 0; i < first.size(); ++i) BOOST_TEST(same_bits(first[i], again[i]));
  });
}

BOOST_AUTO_TEST_SUITE_END()

#include "model/policy.h"

#include <cmath>

#include "fixtures.h"

using namespace arf;
using namespace arf::test;

namespace {

TokenBatch batch_of(std::size_t tokens) {
  TokenBatch batch;
  batch.append(some_tokens(tokens, 1), 3, tokens);
  return batch;
}

Policy policy_of(int rank, bool value_head, bool tied = true) {
  Decoder decoder = Decoder::random(small_config(tied), 1);
  stir(decoder.weights());
  PolicySettings settings;
  settings.lora.rank = rank;
  settings.value_head = value_head;
  return Policy(std::move(decoder), settings, 1);
}

// Compares a few elements of every parameter's gradient with central differences.
void check_gradient(Policy& policy, const std::function<Tensor()>& loss) {
  const std::vector<float> gradient = policy.gradient(loss());
  const at::NoGradGuard no_grad;
  constexpr double kStep = 1e-5;
  for (const auto& parameter : policy.parameters()) {
    const std::int64_t element = parameter.tensor.numel() / 2;
    double* value = parameter.tensor.data_ptr<double>() + element;
    const double kept = *value;
    *value = kept + kStep;
    const double above = loss().item<double>();
    *value = kept - kStep;
    const double below = loss().item<double>();
    *value = kept;
    const double expected = (above - below) / (2 * kStep);
    const double found = gradient[static_cast<std::size_t>(parameter.offset + element)];
    BOOST_TEST(std::abs(found - expected) < 1e-6 * (1 + std::abs(expected)),
               parameter.name << ": " << found << " against " << expected);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_test)

BOOST_AUTO_TEST_CASE(ParametersAreInOneOrderAndCoverTheFlatVector) {
  const Policy policy = policy_of(8, true);
  BOOST_TEST(policy.parameters().size() == 10u);  // 2 layers x (q, v) x (A, B), a row and a bias
  std::int64_t offset = 0;
  std::string last;
  for (const auto& parameter : policy.parameters()) {
    BOOST_TEST((parameter.name > last), parameter.name);
    BOOST_TEST(parameter.offset == offset);
    BOOST_TEST(parameter.tensor.requires_grad());
    offset += parameter.tensor.numel();
    last = parameter.name;
  }
  BOOST_TEST(offset == policy.num_parameters());
  BOOST_TEST(policy.parameters().front().name == "model.layers.0.self_attn.q_proj.lora_A.weight");
}

BOOST_AUTO_TEST_CASE(FlatComesBackWithItsBits) {
  for (const int rank : {0, 4}) {
    Policy policy = policy_of(rank, true);
    std::vector<float> values(static_cast<std::size_t>(policy.num_parameters()));
    const RandomStream stream(1, Purpose::kTest, 7);
    for (std::uint32_t i = 0; i < values.size(); ++i) values[i] = float(0.1 * stream.normal(i));
    const std::string before = policy.hash();
    const TokenBatch batch = batch_of(12);
    const Tensor old = policy.forward(batch).logprobs.detach().clone();
    policy.set_flat(values);
    BOOST_TEST((policy.flat() == values));
    BOOST_TEST(policy.hash() != before);
    BOOST_TEST(largest_difference(policy.forward(batch).logprobs, old) >
               1e-3);  // it is what is used
  }
}

BOOST_AUTO_TEST_CASE(TheReferenceIsTheBaseAndStartsEqual) {
  Policy policy = policy_of(8, false);
  const TokenBatch batch = batch_of(15);
  const Tensor reference = policy.reference_logprobs(batch).clone();
  BOOST_TEST(!reference.requires_grad());
  BOOST_TEST(same_bits(policy.forward(batch).logprobs, reference));
  policy.set_flat(std::vector<float>(static_cast<std::size_t>(policy.num_parameters()), 0.1f));
  BOOST_TEST(same_bits(policy.reference_logprobs(batch), reference));
  BOOST_TEST(!same_bits(policy.forward(batch).logprobs, reference));
}

BOOST_AUTO_TEST_CASE(RankZeroTrainsEveryWeightAndHasNoReference) {
  const Policy policy = policy_of(0, false);
  BOOST_TEST(policy.adapter() == nullptr);
  BOOST_TEST(policy.parameters().size() == policy.decoder().weights().size());
  BOOST_TEST(!policy.decoder().weights().contains("lm_head.weight"));  // the tied head counts once
  error_of(ExitCode::kUsage, [&] { policy.reference_logprobs(batch_of(8)); });
}

BOOST_AUTO_TEST_CASE(TrainingAllWeightsLeavesTheCallersDecoder) {
  Decoder decoder = Decoder::random(small_config(), 1);
  const Tensor before = decoder.head().weight.clone();
  PolicySettings settings;
  settings.lora.rank = 0;
  Policy policy(decoder, settings, 1);
  policy.set_flat(std::vector<float>(static_cast<std::size_t>(policy.num_parameters()), 1.0f));
  BOOST_TEST(same_bits(decoder.head().weight, before));
  BOOST_TEST(!decoder.head().weight.requires_grad());
}

BOOST_AUTO_TEST_CASE(GradientsAgreeWithFiniteDifferencesInFloat64) {
  const TokenBatch batch = batch_of(9);
  for (const int rank : {0, 2}) {
    for (const bool tied : {true, false}) {
      Policy policy = policy_of(rank, true, tied);
      std::vector<float> values = policy.flat();
      for (std::size_t i = 0; i < values.size(); ++i) values[i] += 0.01f * float(i % 7);
      policy.set_flat(values);
      policy.to_dtype(at::kDouble);
      check_gradient(policy, [&] {
        const auto output = policy.forward(batch, /*with_entropy=*/true);
        return output.logprobs.sum() + 0.5 * output.entropy.sum() + output.values.pow(2).sum();
      });
    }
  }
}

BOOST_AUTO_TEST_CASE(WhatALossDoesNotDependOnHasGradientZero) {
  const Policy policy = policy_of(4, true);
  const std::vector<float> gradient = policy.gradient(policy.forward(batch_of(8)).logprobs.sum());
  for (const auto& parameter : policy.parameters()) {
    const float* first = gradient.data() + parameter.offset;
    const bool any =
        std::any_of(first, first + parameter.tensor.numel(), [](float g) { return g != 0; });
    // A of a fresh adapter has none either: B is zero.
    BOOST_TEST(any == (parameter.name.find("lora_B") != std::string::npos), parameter.name);
    BOOST_TEST(!parameter.tensor.grad().defined());
  }
  const std::vector<float> none = policy.gradient(at::ones({}));
  BOOST_TEST(std::all_of(none.begin(), none.end(), [](float g) { return g == 0; }));
}

BOOST_AUTO_TEST_CASE(TheValueHeadReadsTheStateThatPredicts) {
  Policy policy = policy_of(4, true);
  const TokenBatch batch = batch_of(10);
  BOOST_TEST(policy.forward(batch).values.eq(0).all().item<bool>());
  std::vector<float> values = policy.flat();
  for (const auto& parameter : policy.parameters()) {
    if (parameter.name == "value_head.bias") values[parameter.offset] = 0.25f;
    if (parameter.name == "value_head.weight") values[parameter.offset + 3] = 2.0f;
  }
  policy.set_flat(values);
  const Tensor hidden = policy.decoder().forward(batch.tokens, batch.segments, policy.adapter());
  const Tensor expected =
      hidden.select(1, 3).narrow(0, 2, 7) * 2.0 + 0.25;  // rows before targets 3..9
  BOOST_TEST(largest_difference(policy.forward(batch).values, expected) < 1e-6);
}

BOOST_AUTO_TEST_CASE(SaveLeavesWhatLoadReads) {
  const TemporaryFolder folder;
  const Policy adapted = policy_of(4, true), all = policy_of(0, false);
  adapted.save(folder.path() / "adapter", "base");
  const Lora lora = Lora::load(folder.path() / "adapter", adapted.decoder().config());
  BOOST_TEST(lora.safetensors() == adapted.adapter()->safetensors());
  all.save(folder.path() / "model", "base");
  const Decoder decoder = Decoder::load(folder.path() / "model");
  BOOST_TEST(same_bits(decoder.head().weight, all.decoder().head().weight));
}

BOOST_AUTO_TEST_SUITE_END()

#include "model/ops/packed.h"

#include "tests/ops/cases.h"

using namespace arf;
using namespace arf::test;

BOOST_AUTO_TEST_SUITE(packed_test)

BOOST_AUTO_TEST_CASE(APackedWeightIsFoundUntilReleased) {
  const Tensor w = drawn({5, 7}, 1);
  BOOST_TEST(!ops::find_packed(w));
  ops::prepack(w);
  BOOST_TEST(!!ops::find_packed(w));
  ops::release_packed(w);
  BOOST_TEST(!ops::find_packed(w));
}

BOOST_AUTO_TEST_CASE(AChangeInPlaceIsSeen) {
  const Tensor x = drawn({3, 7}, 1), w = drawn({5, 7}, 2);
  ops::prepack(w);
  const Tensor before = ops::linear(x, w);
  w.mul_(2);
  BOOST_TEST(!ops::find_packed(w));
  BOOST_TEST(same_bits(ops::linear(x, w), before * 2));
  ops::prepack(w);
  BOOST_TEST(same_bits(ops::linear(x, w), before * 2));
  ops::release_packed(w);
}

BOOST_AUTO_TEST_CASE(AViewOfTheSamePlaceIsAnotherWeight) {
  const Tensor w = drawn({6, 8}, 1);
  ops::prepack(w);
  const Tensor upper = w.narrow(0, 0, 3), reshaped = w.view({8, 6});
  BOOST_TEST(!ops::find_packed(upper));
  BOOST_TEST(!ops::find_packed(reshaped));
  const Tensor x = drawn({2, 8}, 2);
  BOOST_TEST(same_bits(ops::linear(x, upper), ops::linear(x, w).narrow(1, 0, 3)));
  ops::release_packed(w);
}

BOOST_AUTO_TEST_CASE(AWeightThatDiedLendsItsPackedFormToNobody) {
  const Tensor x = drawn({2, 64}, 1);
  int reused = 0;
  for (std::uint64_t i = 0; i < 50; ++i) {
    const void* address;
    {
      const Tensor gone = drawn({64, 64}, 2);
      ops::prepack(gone);
      address = gone.const_data_ptr();
    }
    const Tensor w = drawn({64, 64}, 3 + i);
    reused += w.const_data_ptr() == address;
    BOOST_TEST(!ops::find_packed(w));
    BOOST_TEST(distance(ops::linear(x, w), x.mm(w.t())) < 1e-4);
  }
  BOOST_TEST_MESSAGE(reused << " of 50 addresses were used again");
}

BOOST_AUTO_TEST_CASE(WhatAnotherInstructionSetPackedIsNotUsed) {
  const Tensor x = drawn({7, 50}, 1), w = drawn({40, 50}, 2);
  ops::use_instruction_set("portable");
  const Tensor expected = ops::linear(x, w);
  ops::use_instruction_set("");
  const std::string widest = ops::instruction_set();
  ops::prepack(w);
  ops::use_instruction_set("portable");
  BOOST_TEST(!!ops::find_packed(w) == (widest == "portable"));
  BOOST_TEST(same_bits(ops::linear(x, w), expected));
  ops::use_instruction_set("");
  ops::release_packed(w);
}

BOOST_AUTO_TEST_CASE(PackingAndUsingSideBySideIsSafe) {
  const Tensor x = drawn({3, 33}, 1);
  std::vector<Tensor> weights, expected;
  for (std::uint64_t i = 0; i < 4; ++i) {
    weights.push_back(drawn({17, 33}, 2 + i));
    expected.push_back(ops::linear(x, weights.back()));
  }
  std::vector<int> well(400, 0);
  parallel_for(well.size(), 3, [&](std::size_t i) {
    const Tensor& w = weights[i % weights.size()];
    if (i % 3 == 0) ops::prepack(w);
    well[i] = same_bits(ops::linear(x, w), expected[i % weights.size()]);
    if (i % 5 == 0) ops::release_packed(w);
  });
  for (const int one : well) BOOST_TEST(one);
  for (const Tensor& w : weights) ops::release_packed(w);
}

BOOST_AUTO_TEST_SUITE_END()

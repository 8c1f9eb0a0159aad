#include "tests/ops/cases.h"

using namespace arf;
using namespace arf::test;

namespace {

struct Heads {
  std::int64_t heads, kv_heads, size;
};
const Heads kHeads[] = {{1, 1, 8},  {4, 4, 16}, {4, 2, 6},  {8, 2, 32}, {2, 1, 64},
                        {3, 3, 33}, {4, 1, 80}, {2, 2, 96}, {2, 1, 128}};
const std::vector<std::int32_t> kOffsets = {0, 1, 8, 8, 25, 42};  // an empty segment among them

const ops::AttentionRule kCausal{.scale = 0.3}, kBothWays{.scale = 0.3, .causal = false};
const ops::AttentionRule kRules[] = {kCausal,
                                     kBothWays,
                                     {.scale = 0.3, .window = 1},
                                     {.scale = 0.3, .window = 5},
                                     {.scale = 0.3, .window = 100},
                                     {.scale = 0.3, .soft_cap = 0.7},
                                     {.scale = 0.3, .causal = false, .soft_cap = 2},
                                     {.scale = 0.3, .window = 4, .soft_cap = 0.7}};

Operation attention_over(const std::vector<std::int32_t>& offsets, const ops::AttentionRule& rule) {
  return [=](const std::vector<Tensor>& in) {
    return ops::attention(in[0], in[1], in[2], {offsets}, rule);
  };
}
Operation reference_over(const std::vector<std::int32_t>& offsets, const ops::AttentionRule& rule) {
  return [=](const std::vector<Tensor>& in) {
    return ops::device::attention(in[0], in[1], in[2], {offsets}, rule);
  };
}

std::vector<Tensor> inputs_of(const Heads& h, std::int64_t rows, at::ScalarType type) {
  return {drawn({rows, h.heads, h.size}, 1, type), drawn({rows, h.kv_heads, h.size}, 2, type),
          drawn({rows, h.kv_heads, h.size}, 3, type)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(attention_test)

BOOST_AUTO_TEST_CASE(EqualKeysGiveTheMeanOfTheValuesSeen) {
  const std::vector<Tensor> in = {drawn({4, 1, 8}, 1, at::kDouble),
                                  at::ones({4, 1, 8}, at::kDouble),
                                  drawn({4, 1, 8}, 3, at::kDouble)};
  under_each_instruction_set([&] {
    const Tensor causal = attention_over({0, 4}, kCausal)(in);
    const Tensor all = attention_over({0, 4}, kBothWays)(in);
    const Tensor window = attention_over({0, 4}, {.window = 2})(in);
    for (std::int64_t row = 0; row < 4; ++row) {
      BOOST_TEST(distance(causal[row], in[2].narrow(0, 0, row + 1).mean(0)) < 1e-15);
      BOOST_TEST(distance(all[row], in[2].mean(0)) < 1e-15);
      const std::int64_t first = std::max<std::int64_t>(0, row - 1);
      BOOST_TEST(distance(window[row], in[2].narrow(0, first, row + 1 - first).mean(0)) < 1e-15);
    }
  });
}

BOOST_AUTO_TEST_CASE(AgreesWithTheReference) {
  under_each_instruction_set([] {
    for (const Heads& h : kHeads) {
      for (const ops::AttentionRule& rule : kRules) {
        const Operation op = attention_over(kOffsets, rule),
                        reference = reference_over(kOffsets, rule);
        const auto in = inputs_of(h, kOffsets.back(), at::kDouble);
        BOOST_TEST(distance(op(in), reference(in)) < 1e-13);
        const auto found = gradients(op, in), expected = gradients(reference, in);
        for (int n = 0; n < 3; ++n) BOOST_TEST(distance(found[n], expected[n]) < 1e-12);
        std::vector<Tensor> floats, exact;
        for (const Tensor& tensor : in) floats.push_back(tensor.to(at::kFloat));
        for (const Tensor& tensor : floats) exact.push_back(doubles(tensor));
        BOOST_TEST(distance(op(floats), reference(exact)) < 2e-6);
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(GradientsAgreeWithFiniteDifferences) {
  under_each_instruction_set([] {
    for (const ops::AttentionRule& rule : kRules) {
      check_by_finite_differences(attention_over({0, 3, 4}, rule),
                                  inputs_of({4, 2, 6}, 4, at::kDouble));
    }
  });
}

BOOST_AUTO_TEST_CASE(ASegmentHasTheSameBitsAloneAndAmongOthers) {
  under_each_instruction_set([] {
    for (const Heads& h : kHeads) {
      const auto in = inputs_of(h, kOffsets.back(), at::kFloat);
      const Tensor whole = attention_over(kOffsets, kCausal)(in);
      for (std::size_t b = 0; b + 1 < kOffsets.size(); ++b) {
        const std::int32_t first = kOffsets[b], length = kOffsets[b + 1] - first;
        std::vector<Tensor> part;
        for (const Tensor& tensor : in) part.push_back(tensor.narrow(0, first, length));
        BOOST_TEST(
            same_bits(attention_over({0, length}, kCausal)(part), whole.narrow(0, first, length)));
        for (std::int32_t cut = 1; cut < length; ++cut) {  // a row never sees what follows it
          for (std::size_t n = 0; n < 3; ++n) part[n] = in[n].narrow(0, first, cut);
          BOOST_TEST(
              same_bits(attention_over({0, cut}, kCausal)(part), whole.narrow(0, first, cut)));
        }
      }
      check_repeats(attention_over(kOffsets, kCausal), in);
    }
  });
}

// Slots are filled in another order than rows, and the cache is larger than what it holds.
BOOST_AUTO_TEST_CASE(TheCachedResultHasTheBitsOfTheTeacherForcedOne) {
  under_each_instruction_set([] {
    for (const Heads& h : kHeads) {
      for (const ops::AttentionRule& rule : kRules) {
        if (!rule.causal) continue;
        const auto type = rule.window == 5 ? at::kDouble : at::kFloat;
        const auto in = inputs_of(h, kOffsets.back(), type);
        const Tensor whole = attention_over(kOffsets, rule)(in);
        const std::int64_t slots = 5, capacity = 19;
        const Tensor keys = at::full({slots, capacity, h.kv_heads, h.size}, NAN, in[0].options());
        const Tensor values = keys.clone();
        std::vector<std::int32_t> slot, position, row;
        for (std::int32_t at = 0; at < 17; ++at) {
          for (std::int32_t b = 4; b >= 0; --b) {
            if (kOffsets[b] + at >= kOffsets[b + 1]) continue;
            slot.push_back((b + 2) % 5);
            position.push_back(at);
            row.push_back(kOffsets[b] + at);
            keys[slot.back()][at].copy_(in[1][row.back()]);
            values[slot.back()][at].copy_(in[2][row.back()]);
          }
        }
        const Tensor queries = in[0].index_select(0, ints(row));
        const Tensor found = ops::attention_cached(queries, keys, values, slot, position, rule);
        BOOST_TEST(same_bits(found, whole.index_select(0, ints(row))));
        BOOST_TEST(distance(found, ops::device::attention_cached(queries, keys, values, slot,
                                                                 position, rule)) < 1e-5);
        for (std::size_t i = 0; i < row.size(); i += 7) {
          BOOST_TEST(same_bits(ops::attention_cached(in[0].narrow(0, row[i], 1), keys, values,
                                                     {slot[i]}, {position[i]}, rule),
                               whole.narrow(0, row[i], 1)));
        }
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(LargeScoresNeitherOverflowNorVanish) {
  under_each_instruction_set([] {
    auto in = inputs_of({2, 1, 16}, 9, at::kFloat);
    in[0] = in[0] * 1000;
    std::vector<Tensor> exact;
    for (const Tensor& tensor : in) exact.push_back(doubles(tensor));
    const Tensor y = attention_over({0, 9}, kCausal)(in);
    BOOST_TEST(distance(y, reference_over({0, 9}, kCausal)(exact)) < 1e-3);
    for (const Tensor& slope : gradients(attention_over({0, 9}, kCausal), in)) {
      BOOST_TEST(slope.isfinite().all().item<bool>());
    }
  });
}

BOOST_AUTO_TEST_CASE(NothingButFiniteIsNotSeenByEarlierRows) {
  under_each_instruction_set([] {
    for (const double value : {std::nan(""), double(INFINITY), -double(INFINITY)}) {
      for (std::size_t n = 0; n < 3; ++n) {
        auto in = inputs_of({2, 2, 11}, 6, at::kFloat);
        in[n][3][1][10] = value;
        const Tensor y = attention_over({0, 6}, kCausal)(in);
        BOOST_TEST(y.narrow(0, 0, 3).isfinite().all().item<bool>());
        if (std::isnan(value)) BOOST_TEST(y[3][1].isnan().any().item<bool>());
        gradients(attention_over({0, 6}, kCausal), in);
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(NoRowsGiveNoRows) {
  const auto in = inputs_of({2, 1, 8}, 0, at::kFloat);
  BOOST_TEST(attention_over({0}, kCausal)(in).size(0) == 0);
  BOOST_TEST(attention_over({0, 0}, kCausal)(in).size(0) == 0);
}

BOOST_AUTO_TEST_CASE(WhatDoesNotFitIsADefect) {
  const auto in = inputs_of({3, 2, 8}, 4, at::kFloat);
  BOOST_CHECK_THROW(attention_over({0, 4}, kCausal)(in), Error);  // 3 heads over 2
  const auto good = inputs_of({4, 2, 8}, 4, at::kFloat);
  BOOST_CHECK_THROW(attention_over({0, 3}, kCausal)(good), Error);
  BOOST_CHECK_THROW(attention_over({0, 3, 2, 4}, kCausal)(good), Error);
  const Tensor cache = at::zeros({1, 4, 2, 8});
  const Tensor q = good[0].narrow(0, 0, 1);
  BOOST_CHECK_THROW(ops::attention_cached(q, cache, cache, {0}, {4}, {0.3}), Error);
  BOOST_CHECK_THROW(ops::attention_cached(q, cache, cache, {1}, {0}, {0.3}), Error);
  BOOST_CHECK_THROW(ops::attention_cached(q, cache, cache, {-1}, {0}, {0.3}), Error);
}

BOOST_AUTO_TEST_SUITE_END()

// Small models of every family against what transformers and peft say of them: golden/ and
// make_golden.py.
#include "tests/parity/golden.h"

using namespace arf;
using namespace arf::test;

namespace {

ops::Segments one_segment(const std::vector<std::int32_t>& tokens) {
  return {{0, static_cast<std::int32_t>(tokens.size())}};
}

Tensor logits_of(const Decoder& decoder, const std::vector<std::int32_t>& tokens) {
  return ops::logits(decoder.forward(tokens, one_segment(tokens), nullptr), decoder.head());
}

// The largest difference as a part of the largest value.
double relative(const Tensor& found, const Tensor& expected) {
  return largest_difference(found, expected) / expected.abs().max().item<double>();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(golden_test)

BOOST_AUTO_TEST_CASE(LogitsAgreeWithTransformers) {
  for_each_family([](const Golden& golden) {
    const Decoder decoder = golden.decoder();
    const double plain =
        relative(logits_of(decoder, golden.ids("tokens")), golden.tensor("logits"));
    const Tensor brief = logits_of(decoder, golden.ids("short"));
    BOOST_TEST_MESSAGE("largest difference " << plain);
    BOOST_TEST(plain < 2e-5);
    BOOST_TEST(relative(brief, golden.tensor("left")) < 2e-5);
    BOOST_TEST(relative(brief, golden.tensor("right")) < 2e-5);
  });
}

// Angles grow with the position, and with them the error of a frequency's last bit. (1, 0) turned
// is (cosine, sine).
BOOST_AUTO_TEST_CASE(HeadsAreTurnedByTheAnglesOfTransformers) {
  for_each_family([](const Golden& golden) {
    const Tensor frequencies = golden.decoder().inverse_frequencies();
    const Tensor cosine = golden.tensor("cosine"), sine = golden.tensor("sine");
    const Tensor x = at::cat({at::ones_like(cosine), at::zeros_like(sine)}, 1).unsqueeze(1);
    const Tensor turned = ops::rope(x, int_tensor(golden.ids("positions")), frequencies).squeeze(1);
    BOOST_TEST(largest_difference(turned, at::cat({cosine, sine}, 1)) < 1e-6);
  });
}

BOOST_AUTO_TEST_CASE(LogitsFarIntoALongSequenceAgreeToo) {
  for_each_family([](const Golden& golden) {
    const Tensor all = logits_of(golden.decoder(), golden.ids("many"));
    const double late = relative(all.narrow(0, all.size(0) - 8, 8), golden.tensor("late"));
    BOOST_TEST_MESSAGE("largest difference " << late);
    BOOST_TEST(late < 2e-5);
  });
}

BOOST_AUTO_TEST_CASE(ACacheGivesTheSameBits) {
  for_each_family([](const Golden& golden) {
    for (const Precision precision : {Precision::kFloat32, Precision::kBFloat16}) {
      Decoder decoder = golden.decoder(precision);
      const auto tokens = golden.ids("tokens"), brief = golden.ids("short");
      const Tensor whole = logits_of(decoder, tokens);
      decoder.freeze();
      KvCache cache = decoder.make_cache(2, 48);
      std::vector<Tensor> rows;
      for (std::size_t i = 0; i < tokens.size(); ++i) {
        std::vector<std::int32_t> now{tokens[i]}, slots{1};
        if (i < brief.size()) {  // another sequence beside it
          now.push_back(brief[i]);
          slots.push_back(0);
        }
        const Tensor hidden = decoder.forward_cached(now, slots, nullptr, &cache);
        rows.push_back(ops::logits(hidden.narrow(0, 0, 1), decoder.head()));
      }
      BOOST_TEST(same_bits(at::cat(rows), whole));
    }
  });
}

// The reference rounds every activation to bfloat16, we the weights only: the same token is the
// likeliest wherever its lead is larger than what the reference itself loses.
BOOST_AUTO_TEST_CASE(InBfloat16TheSameTokensAreTheLikeliest) {
  for_each_family([](const Golden& golden) {
    const Decoder decoder = golden.decoder(Precision::kBFloat16);
    const Tensor exact = golden.tensor("logits"), theirs = golden.tensor("bfloat16");
    const Tensor ours = logits_of(decoder, golden.ids("tokens"));
    BOOST_TEST(largest_difference(ours, exact) < largest_difference(theirs, exact));
    const auto [two, places] = theirs.topk(2, 1);
    int checked = 0;
    for (std::int64_t t = 0; t < theirs.size(0); ++t) {
      const double error = (theirs[t] - exact[t]).abs().max().item<double>();
      if ((two[t][0] - two[t][1]).item<double>() <= 2 * error) continue;
      BOOST_TEST(ours[t].argmax().item<std::int64_t>() == places[t][0].item<std::int64_t>());
      ++checked;
    }
    BOOST_TEST_MESSAGE(checked << " of " << theirs.size(0) << " tokens lead clearly");
    BOOST_TEST(checked > 5);
  });
}

BOOST_AUTO_TEST_CASE(GradientsOfAnAdapterAgreeWithPeft) {
  for_each_family([](const Golden& golden) {
    Decoder decoder = golden.decoder();
    decoder.freeze();
    Lora lora = golden.adapter(decoder.config());
    lora.require_grad(true);
    decoder.to_dtype(at::kDouble);
    lora.to_dtype(at::kDouble);
    TokenBatch batch;
    const auto tokens = golden.ids("tokens");
    batch.append(tokens, 1, tokens.size());
    std::vector<Tensor> parameters;
    for (const auto& [name, tensor] : lora.tensors()) parameters.push_back(tensor);
    const auto found =
        torch::autograd::grad({-decoder.token_logprobs(batch, &lora).mean()}, parameters);
    double worst = 0;
    std::size_t i = 0;
    for (const auto& [name, tensor] : lora.tensors()) {
      worst = std::max(worst, relative(found[i++], golden.tensor("grad." + name)));
    }
    BOOST_TEST_MESSAGE("largest relative error of a gradient " << worst);
    BOOST_TEST(worst < 1e-9);
  });
}

BOOST_AUTO_TEST_CASE(HiddenStatesOfEncodersAgreeWithTransformers) {
  for (const char* family : {"bert", "roberta"}) {
    BOOST_TEST_CONTEXT(family) {
      const Golden golden(kGolden / "encoders" / (std::string(family) + ".safetensors"));
      const Encoder encoder = golden.encoder();
      const auto tokens = golden.ids("tokens"), brief = golden.ids("short");
      const double plain =
          relative(encoder.forward(tokens, one_segment(tokens)), golden.tensor("hidden"));
      BOOST_TEST_MESSAGE("largest difference " << plain);
      BOOST_TEST(plain < 2e-5);
      BOOST_TEST(relative(encoder.forward(brief, one_segment(brief)),
                          golden.tensor("hidden_short")) < 2e-5);
    }
  }
}

BOOST_AUTO_TEST_CASE(HiddenStatesOfAPairAgreeWithTransformers) {
  const Golden golden(kGolden / "encoders/bert.safetensors");
  const Encoder encoder = golden.encoder();
  const auto tokens = golden.ids("tokens"), types = golden.ids("types");
  const Tensor expected = golden.tensor("hidden_pair");
  const double pair = relative(encoder.forward(tokens, one_segment(tokens), types), expected);
  BOOST_TEST_MESSAGE("largest difference " << pair);
  BOOST_TEST(pair < 2e-5);
  BOOST_TEST(relative(golden.tensor("hidden"), expected) > 0.1);  // the types count
}

BOOST_AUTO_TEST_CASE(WhatIsSavedIsReadBack) {
  for_each_family([](const Golden& golden) {
    const Decoder decoder = golden.decoder();
    const TemporaryFolder folder;
    decoder.save(folder.path());
    const Decoder again = Decoder::load(folder.path());
    const auto tokens = golden.ids("tokens");
    BOOST_TEST(same_bits(logits_of(again, tokens), logits_of(decoder, tokens)));
    BOOST_TEST(decoder_config_json(again.config()) == decoder_config_json(decoder.config()));
  });
}

BOOST_AUTO_TEST_SUITE_END()

// One numeric path: the log-probs that a generator records, token by token with a KV cache, have
// the bits of those that a learner computes of the same tokens, packed and with gradients; for
// every family, in both precisions, with and without adapter, alone and in any batch.
#include "generation/decoding.h"
#include "model/token_batch.h"
#include "tests/ops/bits.h"
#include "tests/parity/golden.h"

using namespace arf;
using arf::test::for_each_family;
using arf::test::Golden;

namespace {

using Tokens = std::vector<std::int32_t>;

// Contexts and replies from one token to several blocks of every kernel.
constexpr std::int64_t kContexts[] = {1, 2, 5, 8, 9, 16, 31, 33, 64, 90, 129};
constexpr std::int64_t kReplies[] = {1, 3, 17, 8, 24};

struct Case {
  Tokens context;
  std::int64_t reply;
  Tokens sampled;               // of the last decode()
  std::vector<float> recorded;  // their log-probs
};

std::vector<Case> cases(std::uint32_t vocabulary) {
  std::vector<Case> all;
  for (const std::int64_t length : kContexts) {
    const auto unit = static_cast<std::uint64_t>(length);
    all.push_back({test::some_tokens(unit, unit, vocabulary), kReplies[all.size() % 5], {}, {}});
  }
  return all;
}

// Samples the replies of `chosen` in one cache, each with random numbers of its own.
void decode(const Decoder& decoder, const Lora* adapter, const std::vector<Case*>& chosen) {
  KvCache cache = decoder.make_cache(static_cast<std::int64_t>(chosen.size()), 160);
  std::vector<ReplyInProgress> replies;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const std::uint64_t own = chosen[i]->context.size();
    replies.push_back({static_cast<std::int32_t>(i),
                       &chosen[i]->context,
                       chosen[i]->reply,
                       RandomStream(7, Purpose::kTest, own),
                       {},
                       {},
                       {}});
  }
  Sampler sampler({.temperature = 0.8, .top_k = 40});
  Decoding{decoder, adapter, [](const Tokens&) { return true; }}.run(&replies, &sampler, &cache);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    chosen[i]->sampled = replies[i].response;
    chosen[i]->recorded = replies[i].logprobs;
  }
}

// As a learner computes them, with the graph for gradients, of `chosen` in one pass.
std::vector<float> learn(const Decoder& decoder, const Lora* adapter,
                         const std::vector<const Case*>& chosen) {
  TokenBatch batch;
  for (const Case* one : chosen) {
    Tokens whole = one->context;
    whole.insert(whole.end(), one->sampled.begin(), one->sampled.end());
    batch.append(whole, one->context.size(), whole.size());
  }
  const Tensor found = decoder.token_logprobs(batch, adapter).detach().contiguous();
  return {found.data_ptr<float>(), found.data_ptr<float>() + found.numel()};
}

std::size_t unequal(const std::vector<float>& a, const std::vector<float>& b) {
  BOOST_REQUIRE_EQUAL(a.size(), b.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += std::memcmp(&a[i], &b[i], sizeof(float)) != 0;
  return count;
}

template <typename To, typename From>
std::vector<To> pointers(From& all, std::size_t from, std::size_t count, bool backwards) {
  std::vector<To> chosen;
  for (std::size_t i = 0; i < count; ++i) {
    chosen.push_back(&all[(from + (backwards ? count - 1 - i : i)) % all.size()]);
  }
  return chosen;
}

// Everything sampled together first; then alone, in threes and backwards it has to be the same.
void check_one_path(const Decoder& decoder, Lora* adapter) {
  if (adapter) adapter->require_grad(true);
  std::vector<Case> all = cases(static_cast<std::uint32_t>(decoder.config().vocabulary_size));
  const std::size_t count = all.size();
  decode(decoder, adapter, pointers<Case*>(all, 0, count, false));
  const std::vector<Case> together = all;
  std::size_t tokens = 0, differing = 0;
  for (const std::size_t size : {std::size_t{1}, std::size_t{3}, count}) {
    for (std::size_t from = 0; from < count; from += size) {
      decode(decoder, adapter, pointers<Case*>(all, from, size, true));
      const auto chosen = pointers<const Case*>(all, from, size, size == 3);
      std::vector<float> recorded;
      for (const Case* one : chosen) {
        const auto i = static_cast<std::size_t>(one - all.data());
        BOOST_TEST((one->sampled == together[i].sampled));
        differing += unequal(one->recorded, together[i].recorded);
        recorded.insert(recorded.end(), one->recorded.begin(), one->recorded.end());
      }
      differing += unequal(recorded, learn(decoder, adapter, chosen));
      tokens += recorded.size();
    }
  }
  BOOST_TEST_MESSAGE(tokens << " log-probs");
  BOOST_TEST(tokens > 300u);
  BOOST_TEST(differing == 0u, differing << " of " << tokens << " log-probs differ");
}

// The family's shape with rows that span several vectors and blocks, and none that is a multiple.
Decoder wide(const Golden& golden, bool bfloat16) {
  DecoderConfig config = golden.decoder().config();
  config.hidden_size = 300;
  config.intermediate_size = 520;
  config.vocabulary_size = 1031;
  Decoder decoder = Decoder::random(config, 3);
  for (auto& [name, tensor] : decoder.weights()) {
    if (!name.ends_with("norm.weight")) tensor.mul_(4);
  }
  if (bfloat16) decoder.round_to_bfloat16();
  return decoder;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(one_path_test)

BOOST_AUTO_TEST_CASE(RecordedLogProbsAreTheLearnersInEveryFamilyAndPrecision) {
  test::under_each_instruction_set([] {
    for_each_family([](const Golden& golden) {
      for (const Precision precision : {Precision::kFloat32, Precision::kBFloat16}) {
        Decoder decoder = golden.decoder(precision);
        decoder.freeze();
        Lora adapter = golden.adapter(decoder.config());
        check_one_path(decoder, nullptr);
        check_one_path(decoder, &adapter);
      }
    });
  });
}

BOOST_AUTO_TEST_CASE(AndInWiderModels) {
  for_each_family([](const Golden& golden) {
    for (const bool bfloat16 : {false, true}) {
      Decoder decoder = wide(golden, bfloat16);
      decoder.freeze();
      Lora adapter = golden.adapter(decoder.config());
      check_one_path(decoder, &adapter);
    }
  });
}

BOOST_AUTO_TEST_SUITE_END()

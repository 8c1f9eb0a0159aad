#include "model/decoder.h"

#include <cmath>

#include "core/file.h"
#include "data_io/safetensors.h"
#include "fixtures.h"
#include "model/weights.h"

using namespace arf;
using namespace arf::test;

namespace {

// One sequence, written with LibTorch's own operations in float64 and nothing of ours.
struct Reference {
  const Decoder& decoder;
  const Lora* adapter = nullptr;

  Tensor w(const std::string& name) const {
    return decoder.weights().at(name).detach().to(at::kDouble);
  }
  Tensor norm(const Tensor& x, const std::string& name) const {
    const double eps = decoder.config().rms_norm_eps;
    return x / (x.pow(2).mean(-1, true) + eps).sqrt() * w(name);
  }
  Tensor linear(const Tensor& x, const std::string& module) const {
    Tensor matrix = w(module + ".weight");
    if (const Lora::Pair* pair = adapter ? adapter->find(module) : nullptr) {
      matrix = matrix + adapter->config().scale() *
                            pair->b.detach().to(at::kDouble).mm(pair->a.detach().to(at::kDouble));
    }
    const Tensor y = x.mm(matrix.t());
    return decoder.weights().contains(module + ".bias") ? y + w(module + ".bias") : y;
  }
  // [T, heads, d] with each pair (i, i + d / 2) turned by t theta^(-2i / d).
  Tensor rotate(const Tensor& x) const {
    const std::int64_t d = x.size(2), length = x.size(0);
    Tensor out = x.clone();
    for (std::int64_t t = 0; t < length; ++t) {
      for (std::int64_t i = 0; i < d / 2; ++i) {
        const double angle = static_cast<double>(t) *
                             std::pow(decoder.config().rope_theta, -2.0 * double(i) / double(d));
        const Tensor a = x.select(0, t).select(1, i), b = x.select(0, t).select(1, i + d / 2);
        out.select(0, t).select(1, i).copy_(a * std::cos(angle) - b * std::sin(angle));
        out.select(0, t).select(1, i + d / 2).copy_(b * std::cos(angle) + a * std::sin(angle));
      }
    }
    return out;
  }
  Tensor attention(const Tensor& x, const std::string& name) const {
    const auto& c = decoder.config();
    const auto heads = [&](const char* module, std::int64_t n) {
      return linear(x, name + module).view({-1, n, c.head_size});
    };
    const Tensor q = rotate(heads("q_proj", c.num_heads)),
                 k = rotate(heads("k_proj", c.num_kv_heads));
    const Tensor v = heads("v_proj", c.num_kv_heads);
    const std::int64_t length = x.size(0);
    const Tensor future = at::ones({length, length}, at::kBool).triu(1);
    std::vector<Tensor> out;
    for (std::int64_t h = 0; h < c.num_heads; ++h) {
      const std::int64_t group = h / (c.num_heads / c.num_kv_heads);
      Tensor scores = q.select(1, h).mm(k.select(1, group).t()) / std::sqrt(double(c.head_size));
      scores = scores.masked_fill(future, -INFINITY);
      out.push_back(scores.softmax(1).mm(v.select(1, group)));
    }
    return linear(at::cat(out, 1), name + "o_proj");
  }
  Tensor hidden(const std::vector<std::int32_t>& tokens) const {
    Tensor x = w("model.embed_tokens.weight").index_select(0, int_tensor(tokens));
    for (std::int64_t layer = 0; layer < decoder.config().num_layers; ++layer) {
      const std::string name = fmt::format("model.layers.{}.", layer);
      x = x + attention(norm(x, name + "input_layernorm.weight"), name + "self_attn.");
      const Tensor m = norm(x, name + "post_attention_layernorm.weight");
      const Tensor gate = linear(m, name + "mlp.gate_proj");
      x = x +
          linear(gate * gate.sigmoid() * linear(m, name + "mlp.up_proj"), name + "mlp.down_proj");
    }
    return norm(x, "model.norm.weight");
  }
  // log p(tokens[t]) for t = 1 ..: [T - 1]
  Tensor logprobs(const std::vector<std::int32_t>& tokens) const {
    const bool tied = decoder.config().tied_embeddings;
    const Tensor head = w(tied ? "model.embed_tokens.weight" : "lm_head.weight");
    const Tensor all = hidden(tokens).mm(head.t()).log_softmax(1);
    const Tensor ids = int_tensor(tokens).to(at::kLong).narrow(0, 1, all.size(0) - 1);
    return all.narrow(0, 0, all.size(0) - 1).gather(1, ids.unsqueeze(1)).squeeze(1);
  }
};

Decoder stirred_decoder(bool tied = true) {
  Decoder decoder = Decoder::random(small_config(tied), 1);
  stir(decoder.weights());
  return decoder;
}

Lora stirred_lora(const Decoder& decoder) {
  LoraConfig config{4, 8, {"q_proj", "v_proj", "down_proj"}};
  Lora lora = Lora::create(config, decoder.config(), 2);
  Weights tensors;
  for (const auto& [name, tensor] : lora.tensors()) tensors[name] = tensor;
  stir(tensors);  // in place
  return lora;
}

TokenBatch whole(const std::vector<std::vector<std::int32_t>>& sequences) {
  TokenBatch batch;
  for (const auto& sequence : sequences) batch.append(sequence, 1, sequence.size());
  return batch;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(decoder_test)

BOOST_AUTO_TEST_CASE(AgreesWithTheNaiveReferenceInFloat64) {
  for (const bool tied : {true, false}) {
    Decoder decoder = stirred_decoder(tied);
    Lora lora = stirred_lora(decoder);
    const auto one = some_tokens(17, 1), two = some_tokens(9, 2);
    const Reference plain{decoder}, adapted{decoder, &lora};
    const Tensor expected = at::cat({plain.logprobs(one), plain.logprobs(two)});
    const Tensor expected_adapted = at::cat({adapted.logprobs(one), adapted.logprobs(two)});
    BOOST_TEST(largest_difference(expected, expected_adapted) > 0.01);
    const TokenBatch batch = whole({one, two});
    BOOST_TEST(largest_difference(decoder.token_logprobs(batch, nullptr), expected) < 2e-4);
    BOOST_TEST(largest_difference(decoder.token_logprobs(batch, &lora), expected_adapted) < 2e-4);
    decoder.to_dtype(at::kDouble);
    lora.to_dtype(at::kDouble);
    BOOST_TEST(largest_difference(decoder.token_logprobs(batch, nullptr), expected) < 1e-11);
    BOOST_TEST(largest_difference(decoder.token_logprobs(batch, &lora), expected_adapted) < 1e-11);
  }
}

BOOST_AUTO_TEST_CASE(ASequenceHasTheSameBitsAloneAndAmongOthers) {
  Decoder decoder = stirred_decoder();
  const Lora lora = stirred_lora(decoder);
  const auto one = some_tokens(31, 1), two = some_tokens(7, 2), three = some_tokens(18, 3);
  const Tensor together = decoder.token_logprobs(whole({two, one, three}), &lora);
  const Tensor alone = decoder.token_logprobs(whole({one}), &lora);
  BOOST_TEST(same_bits(together.narrow(0, 6, 30), alone));
  const Tensor before = alone.clone();
  decoder.freeze();  // packed weights, too
  BOOST_TEST(same_bits(decoder.token_logprobs(whole({one}), &lora), before));
}

BOOST_AUTO_TEST_CASE(TheCacheGivesTheBitsOfTheWholeForward) {
  Decoder decoder = stirred_decoder();
  decoder.freeze();
  const Lora lora = stirred_lora(decoder);
  // Three slots of different lengths, filled in pieces: prompts at once, then token by token.
  const std::vector<std::vector<std::int32_t>> texts = {some_tokens(20, 1), some_tokens(13, 2),
                                                        some_tokens(33, 3)};
  const std::vector<std::size_t> prompt = {5, 12, 1};
  KvCache cache = decoder.make_cache(4, 40);
  std::vector<std::vector<Tensor>> rows(3);
  const auto feed = [&](const std::vector<std::int32_t>& tokens,
                        const std::vector<std::int32_t>& slots) {
    const Tensor out = decoder.forward_cached(tokens, slots, &lora, &cache);
    for (std::size_t i = 0; i < slots.size(); ++i) {
      rows[slots[i] - 1].push_back(out[static_cast<std::int64_t>(i)].clone());
    }
  };
  std::vector<std::int32_t> tokens, slots;
  for (std::int32_t text = 2; text >= 0; --text) {
    for (std::size_t i = 0; i < prompt[text]; ++i) {
      tokens.push_back(texts[text][i]);
      slots.push_back(text + 1);  // slot 0 stays empty
    }
  }
  feed(tokens, slots);
  for (std::size_t step = 0; step < 33; ++step) {
    tokens.clear(), slots.clear();
    for (std::int32_t text = 0; text < 3; ++text) {
      const std::size_t at = prompt[text] + step;
      if (at >= texts[text].size()) continue;
      tokens.push_back(texts[text][at]);
      slots.push_back(text + 1);
    }
    if (!tokens.empty()) feed(tokens, slots);
  }
  TokenBatch batch = whole(texts);
  const Tensor hidden = decoder.forward(batch.tokens, batch.segments, &lora);
  const Tensor cached = at::cat({at::stack(rows[0]), at::stack(rows[1]), at::stack(rows[2])});
  BOOST_TEST(same_bits(cached, hidden), "off by " << largest_difference(cached, hidden));
  BOOST_TEST(cache.lengths == (std::vector<std::int32_t>{0, 20, 13, 33}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(GreedyDecodeHasTheLearnersLogprobs) {
  Decoder decoder = stirred_decoder();
  decoder.freeze();
  KvCache cache = decoder.make_cache(1, 48);
  std::vector<std::int32_t> text = some_tokens(6, 9);
  const std::size_t prompt = text.size();
  std::vector<float> sampled;
  Tensor hidden = decoder.forward_cached(text, {0, 0, 0, 0, 0, 0}, nullptr, &cache);
  while (text.size() < 40) {
    const Tensor logits = ops::logits(hidden.narrow(0, hidden.size(0) - 1, 1), decoder.head());
    const auto best = logits.argmax(1).item<std::int64_t>();
    sampled.push_back(ops::log_softmax_at(logits.data_ptr<float>(), logits.size(1), best));
    text.push_back(static_cast<std::int32_t>(best));
    hidden = decoder.forward_cached({text.back()}, {0}, nullptr, &cache);
  }
  TokenBatch batch;
  batch.append(text, prompt, text.size());
  const Tensor learned = decoder.token_logprobs(batch, nullptr).contiguous();
  const Tensor then = at::from_blob(sampled.data(), learned.sizes(), at::kFloat);
  BOOST_TEST(same_bits(learned, then), "off by " << largest_difference(learned, then));
}

BOOST_AUTO_TEST_CASE(RandomWeightsDependOnSeedAndNameOnly) {
  const Decoder one = Decoder::random(small_config(), 1),
                again = Decoder::random(small_config(), 1);
  const Decoder other = Decoder::random(small_config(), 2);
  DecoderConfig deeper_config = small_config();
  deeper_config.num_layers = 3;
  const Decoder deeper = Decoder::random(deeper_config, 1);
  const std::string name = "model.layers.1.self_attn.q_proj.weight";
  BOOST_TEST(same_bits(one.weights().at(name), again.weights().at(name)));
  BOOST_TEST(same_bits(one.weights().at(name), deeper.weights().at(name)));
  BOOST_TEST(!same_bits(one.weights().at(name), other.weights().at(name)));
  BOOST_TEST(one.weights().at("model.embed_tokens.weight").std().item<double>() == 0.02,
             boost::test_tools::tolerance(0.1));
  BOOST_TEST(one.weights().at("model.norm.weight").eq(1).all().item<bool>());
  BOOST_TEST(one.weights().at("model.layers.0.self_attn.q_proj.bias").eq(0).all().item<bool>());
}

BOOST_AUTO_TEST_CASE(WhatIsSavedIsLoaded) {
  for (const bool tied : {true, false}) {
    const TemporaryFolder folder;
    const Decoder decoder = stirred_decoder(tied);
    decoder.save(folder.path());
    const Decoder again = Decoder::load(folder.path());
    BOOST_TEST(again.weights().size() == decoder.weights().size());
    for (const auto& [name, tensor] : decoder.weights()) {
      BOOST_TEST(same_bits(again.weights().at(name), tensor), name);
    }
  }
}

BOOST_AUTO_TEST_CASE(ShardsOfHalfPrecisionAreLoaded) {
  const TemporaryFolder folder;
  const Decoder decoder = stirred_decoder();
  folder.write("config.json", decoder_config_json(decoder.config()));
  std::vector<TensorToStore> shards[2];
  std::vector<Tensor> kept;
  Json map = Json::object();
  int i = 0;
  for (const auto& [name, tensor] : decoder.weights()) {
    const int shard = i++ % 2;
    kept.push_back(tensor.to(shard ? at::kHalf : at::kBFloat16));
    shards[shard].push_back(
        {name,
         shard ? "F16" : "BF16",
         tensor.sizes().vec(),
         {static_cast<const std::byte*>(kept.back().data_ptr()), kept.back().nbytes()}});
    map[name] = fmt::format("part-{}.safetensors", shard);
  }
  folder.write("part-0.safetensors", safetensors_bytes(shards[0]));
  folder.write("part-1.safetensors", safetensors_bytes(shards[1]));
  folder.write("model.safetensors.index.json", Json{{"weight_map", map}}.dump());
  const Decoder again = Decoder::load(folder.path());
  i = 0;
  for (const auto& [name, tensor] : decoder.weights()) {
    BOOST_TEST(same_bits(again.weights().at(name), kept[i++].to(at::kFloat)), name);
  }
  map["model.norm.weight"] = "../part-0.safetensors";
  folder.write("model.safetensors.index.json", Json{{"weight_map", map}}.dump());
  check_says(error_of(ExitCode::kInput, [&] { Decoder::load(folder.path()); }), "../part-0");
}

BOOST_AUTO_TEST_CASE(MissingUnexpectedAndMisshapenTensorsAreEachNamed) {
  const TemporaryFolder folder;
  const Decoder decoder = stirred_decoder();
  folder.write("config.json", decoder_config_json(decoder.config()));
  Weights weights = decoder.weights();
  weights.erase("model.layers.0.mlp.up_proj.weight");
  weights["model.layers.7.extra.weight"] = at::zeros({2});
  weights["model.norm.weight"] = at::zeros({25});
  folder.write("model.safetensors", weights_bytes(weights));
  const std::string text = error_of(ExitCode::kInput, [&] { Decoder::load(folder.path()); });
  check_says(text, "missing model.layers.0.mlp.up_proj.weight");
  check_says(text, "unexpected model.layers.7.extra.weight");
  check_says(text, "model.norm.weight has shape [25] instead of [24]");
  BOOST_TEST(text.find("missing model.norm.weight") == std::string::npos);
}

// Old files hold a tied head once more. Another head there was trained on its own.
BOOST_AUTO_TEST_CASE(ATiedHeadInTheFileIsTheEmbedding) {
  const TemporaryFolder folder;
  const Decoder decoder = stirred_decoder();
  folder.write("config.json", decoder_config_json(decoder.config()));
  Weights weights = decoder.weights();
  weights["lm_head.weight"] = weights.at("model.embed_tokens.weight").clone();
  folder.write("model.safetensors", weights_bytes(weights));
  BOOST_CHECK_NO_THROW(Decoder::load(folder.path()));
  weights["lm_head.weight"] += 1;
  folder.write("model.safetensors", weights_bytes(weights));
  check_says(error_of(ExitCode::kInput, [&] { Decoder::load(folder.path()); }),
             "lm_head.weight is another tensor than model.embed_tokens.weight");
}

BOOST_AUTO_TEST_CASE(ASequenceBeyondTheContextIsRefused) {
  const Decoder decoder = stirred_decoder();
  const TokenBatch batch = whole({some_tokens(65, 1)});
  check_says(error_of(ExitCode::kInput, [&] { decoder.token_logprobs(batch, nullptr); }),
             "65 tokens is longer than the model's context of 64");
}

BOOST_AUTO_TEST_CASE(BatchesOfSeveralRangesScoreThoseTokensOnly) {
  const Decoder decoder = stirred_decoder();
  const auto one = some_tokens(12, 1), two = some_tokens(8, 2);
  TokenBatch batch;
  batch.append(one, {{2, 4}, {9, 12}});
  batch.append(two, 1, 2);
  BOOST_TEST(batch.targets == (std::vector<std::int32_t>{2, 3, 9, 10, 11, 13}),
             boost::test_tools::per_element());
  const Tensor all = decoder.token_logprobs(whole({one, two}), nullptr);
  const Tensor picked = decoder.token_logprobs(batch, nullptr);
  const Tensor expected = all.index_select(0, int_tensor({1, 2, 8, 9, 10, 11}));
  BOOST_TEST(same_bits(picked, expected));
  BOOST_CHECK_THROW(batch.append(one, 0, 3), Error);
  BOOST_CHECK_THROW(batch.append(one, {{2, 5}, {4, 6}}), Error);
}

BOOST_AUTO_TEST_CASE(ALoadedModelLooksAtItsFileAndTrainsCopies) {
  const TemporaryFolder folder;
  stirred_decoder().save(folder.path());
  const std::string before = read_file(folder.path() / "model.safetensors");
  Decoder mapped = Decoder::load(folder.path());
  std::filesystem::remove(folder.path() / "model.safetensors");  // the mapping keeps it
  const Tensor looked_at = mapped.head().weight;
  BOOST_TEST(same_bits(looked_at, stirred_decoder().head().weight));
  mapped.unfreeze();
  BOOST_TEST(mapped.head().weight.data_ptr() != looked_at.data_ptr());
  const at::NoGradGuard no_grad;
  for (auto& [name, tensor] : mapped.weights()) tensor.zero_();
  BOOST_TEST(same_bits(looked_at, stirred_decoder().head().weight));
}

BOOST_AUTO_TEST_CASE(InBfloat16TheMatricesAreRoundedAndNothingElse) {
  const TemporaryFolder folder;
  Decoder exact = stirred_decoder(false);
  exact.save(folder.path());
  Decoder half = Decoder::load(folder.path(), Precision::kBFloat16);
  for (auto& [name, tensor] : exact.weights()) {
    const bool matrix = tensor.dim() > 1;
    BOOST_TEST((half.weights().at(name).scalar_type() == at::kBFloat16) == matrix, name);
    if (matrix) tensor = tensor.to(at::kBFloat16).to(at::kFloat);
  }
  const Lora lora = stirred_lora(half);
  const TokenBatch batch = whole({some_tokens(17, 1)});
  BOOST_TEST(largest_difference(half.token_logprobs(batch, &lora),
                                exact.token_logprobs(batch, &lora)) < 2e-4);
  check_says(error_of(ExitCode::kUsage, [&] { half.unfreeze(); }), "float32");
}

BOOST_AUTO_TEST_SUITE_END()

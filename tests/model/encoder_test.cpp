#include "model/encoder.h"

#include <cmath>

#include "fixtures.h"
#include "model/weights.h"

using namespace arf;
using namespace arf::test;

namespace {

// One text with LibTorch's own operations in float64 and nothing of ours.
struct Reference {
  const Encoder& encoder;

  Tensor w(const std::string& name) const {
    return encoder.weights().at(name).detach().to(at::kDouble);
  }
  Tensor linear(const Tensor& x, const std::string& name) const {
    return x.mm(w(name + ".weight").t()) + w(name + ".bias");
  }
  Tensor norm(const Tensor& x, const std::string& name) const {
    const Tensor centred = x - x.mean(-1, true);
    const Tensor variance = centred.pow(2).mean(-1, true);
    return centred / (variance + encoder.config().layer_norm_eps).sqrt() * w(name + ".weight") +
           w(name + ".bias");
  }
  Tensor forward(const std::vector<std::int32_t>& tokens) const {
    const auto& c = encoder.config();
    const std::int64_t length = static_cast<std::int64_t>(tokens.size()),
                       d = c.hidden_size / c.num_heads;
    Tensor x = w("embeddings.word_embeddings.weight").index_select(0, int_tensor(tokens)) +
               w("embeddings.position_embeddings.weight").narrow(0, c.pad_token + 1, length) +
               w("embeddings.token_type_embeddings.weight").select(0, 0);
    x = norm(x, "embeddings.LayerNorm");
    for (std::int64_t layer = 0; layer < c.num_layers; ++layer) {
      const std::string name = fmt::format("encoder.layer.{}.", layer);
      const Tensor q = linear(x, name + "attention.self.query");
      const Tensor k = linear(x, name + "attention.self.key");
      const Tensor v = linear(x, name + "attention.self.value");
      std::vector<Tensor> heads;
      for (std::int64_t h = 0; h < c.num_heads; ++h) {
        const Tensor scores =
            q.narrow(1, h * d, d).mm(k.narrow(1, h * d, d).t()) / std::sqrt(double(d));
        heads.push_back(scores.softmax(1).mm(v.narrow(1, h * d, d)));
      }
      x = norm(x + linear(at::cat(heads, 1), name + "attention.output.dense"),
               name + "attention.output.LayerNorm");
      const Tensor inner = linear(x, name + "intermediate.dense");
      const Tensor activated = inner * 0.5 * (1 + at::erf(inner / std::sqrt(2.0)));
      x = norm(x + linear(activated, name + "output.dense"), name + "output.LayerNorm");
    }
    return x;
  }
};

void require_same_weights(const Encoder& found, const Encoder& expected) {
  BOOST_TEST(found.weights().size() == expected.weights().size());
  for (const auto& [name, tensor] : expected.weights()) {
    BOOST_TEST(same_bits(found.weights().at(name), tensor), name);
  }
}

Encoder stirred_encoder() {
  Encoder encoder = Encoder::random(small_encoder_config(), 1);
  stir(encoder.weights());
  return encoder;
}

Tensor packed(const Encoder& encoder, const std::vector<std::vector<std::int32_t>>& texts) {
  std::vector<std::int32_t> tokens;
  ops::Segments segments{{0}};
  for (const auto& text : texts) {
    tokens.insert(tokens.end(), text.begin(), text.end());
    segments.offsets.push_back(static_cast<std::int32_t>(tokens.size()));
  }
  return encoder.forward(tokens, segments);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(encoder_test)

BOOST_AUTO_TEST_CASE(AgreesWithTheNaiveReferenceInFloat64) {
  Encoder encoder = stirred_encoder();
  const auto one = some_tokens(15, 1), two = some_tokens(4, 2);
  const Reference reference{encoder};
  const Tensor expected = at::cat({reference.forward(one), reference.forward(two)});
  BOOST_TEST(largest_difference(packed(encoder, {one, two}), expected) < 1e-4);
  encoder.to_dtype(at::kDouble);
  BOOST_TEST(largest_difference(packed(encoder, {one, two}), expected) < 1e-11);
}

BOOST_AUTO_TEST_CASE(ATextHasTheSameBitsAloneAndAmongOthers) {
  const Encoder encoder = stirred_encoder();
  const auto one = some_tokens(15, 1), two = some_tokens(33, 2);
  BOOST_TEST(same_bits(packed(encoder, {two, one, two}).narrow(0, 33, 15), packed(encoder, {one})));
}

BOOST_AUTO_TEST_CASE(GradientsReachEveryWeight) {
  Encoder encoder = stirred_encoder();
  for (auto& [name, tensor] : encoder.weights()) tensor.requires_grad_(true);
  std::vector<Tensor> inputs;
  std::vector<std::string> names;
  for (const auto& [name, tensor] : encoder.weights())
    inputs.push_back(tensor), names.push_back(name);
  const Tensor loss = packed(encoder, {some_tokens(15, 1)}).pow(3).sum();
  const auto gradients = torch::autograd::grad({loss}, inputs);
  for (std::size_t i = 0; i < names.size(); ++i) {
    // The softmax does not feel a shift of all keys.
    if (names[i].ends_with("self.key.bias")) continue;
    BOOST_TEST(gradients[i].abs().max().item<double>() > 1e-3, names[i]);
  }
}

BOOST_AUTO_TEST_CASE(NamesWithAndWithoutPrefixAreLoadedAndHeadsLeftAlone) {
  const Encoder encoder = stirred_encoder();
  for (const std::string prefix : {"", "roberta."}) {
    const TemporaryFolder folder;
    Weights weights;
    for (const auto& [name, tensor] : encoder.weights()) weights[prefix + name] = tensor;
    weights["lm_head.dense.weight"] = at::zeros({24, 24});
    weights[prefix + "pooler.dense.weight"] = at::zeros({24, 24});
    folder.write("config.json", encoder_config_json(encoder.config()));
    folder.write("model.safetensors", weights_bytes(weights));
    require_same_weights(Encoder::load(folder.path()), encoder);
    weights.erase(prefix + "embeddings.LayerNorm.bias");
    weights[prefix + "encoder.layer.2.output.dense.bias"] = at::zeros({24});
    folder.write("model.safetensors", weights_bytes(weights));
    const std::string text = error_of(ExitCode::kInput, [&] { Encoder::load(folder.path()); });
    check_says(text, "missing embeddings.LayerNorm.bias");
    check_says(text, "unexpected " + prefix + "encoder.layer.2.output.dense.bias");
  }
}

// As in the first BERTs, which TensorFlow made.
BOOST_AUTO_TEST_CASE(NormsMayHaveTheirOldNames) {
  const Encoder encoder = stirred_encoder();
  const TemporaryFolder folder;
  Weights weights;
  for (const auto& [name, tensor] : encoder.weights()) {
    std::string old = name;
    for (const auto& [now, then] : {std::pair("LayerNorm.weight", "LayerNorm.gamma"),
                                    std::pair("LayerNorm.bias", "LayerNorm.beta")}) {
      if (old.ends_with(now)) old.replace(old.rfind(now), std::string::npos, then);
    }
    weights["roberta." + old] = tensor;
  }
  BOOST_TEST(weights.contains("roberta.encoder.layer.0.output.LayerNorm.gamma"));
  folder.write("config.json", encoder_config_json(encoder.config()));
  folder.write("model.safetensors", weights_bytes(weights));
  require_same_weights(Encoder::load(folder.path()), encoder);
  weights["roberta.embeddings.LayerNorm.weight"] = weights.at("roberta.embeddings.LayerNorm.gamma");
  folder.write("model.safetensors", weights_bytes(weights));
  check_says(error_of(ExitCode::kInput, [&] { Encoder::load(folder.path()); }), "stands twice");
}

BOOST_AUTO_TEST_CASE(ConfigurationsWeCannotHonourAreRefused) {
  const Json good = Json::parse(encoder_config_json(small_encoder_config()));
  const auto refusal = [&](const std::string& key, const Json& value) {
    const TemporaryFolder folder;
    Json json = good;
    json[key] = value;
    folder.write("config.json", json.dump());
    return error_of(ExitCode::kInput, [&] { read_encoder_config(folder.path()); });
  };
  check_says(refusal("architectures", {"T5Model"}), "T5Model");
  check_says(refusal("architectures", {"RobertaPreLayerNormModel"}), "RobertaPreLayerNormModel");
  check_says(refusal("hidden_act", "relu"), "relu");
  check_says(refusal("position_embedding_type", "relative_key"), "relative_key");
  check_says(refusal("is_decoder", true), "is_decoder");
  check_says(refusal("num_attention_heads", 5), "24 is not a multiple");
}

// BERT counts positions from 0, RoBERTa from behind its padding token.
BOOST_AUTO_TEST_CASE(BertCountsItsPositionsFromZero) {
  EncoderConfig config = small_encoder_config();
  Encoder roberta = Encoder::random(config, 1);
  stir(roberta.weights());
  config.model_type = "bert";
  config.architecture = "BertModel";
  const TemporaryFolder folder;
  Weights weights;
  for (const auto& [name, tensor] : roberta.weights()) weights["bert." + name] = tensor.clone();
  Tensor& positions = weights["bert.embeddings.position_embeddings.weight"];
  positions = at::cat({positions.narrow(0, 2, 38), positions.narrow(0, 0, 2)});
  folder.write("config.json", encoder_config_json(config));
  folder.write("model.safetensors", weights_bytes(weights));
  const Encoder bert = Encoder::load(folder.path());
  BOOST_TEST(bert.max_tokens() == 40);
  BOOST_TEST(same_bits(packed(bert, {some_tokens(9, 1)}), packed(roberta, {some_tokens(9, 1)})));
}

BOOST_AUTO_TEST_CASE(ATextThatIsTooLongIsRefused) {
  const Encoder encoder = stirred_encoder();
  BOOST_TEST(encoder.max_tokens() == 38);
  BOOST_CHECK_NO_THROW(packed(encoder, {some_tokens(38, 1)}));
  check_says(error_of(ExitCode::kInput, [&] { packed(encoder, {some_tokens(39, 1)}); }),
             "39 tokens");
}

BOOST_AUTO_TEST_SUITE_END()

#include "model/lora.h"

#include <cmath>

#include "fixtures.h"
#include "model/weights.h"

using namespace arf;
using namespace arf::test;

namespace {

TokenBatch batch_of(std::size_t tokens) {
  TokenBatch batch;
  batch.append(some_tokens(tokens, 1), 1, tokens);
  return batch;
}

struct Saved {
  TemporaryFolder folder;
  DecoderConfig decoder = small_config();
  Saved() { Lora::create({}, decoder, 1).save(folder.path(), "base"); }
  // The refusal after `key` of adapter_config.json was set to `value`.
  std::string refusal(const std::string& key, const std::string& value) const {
    const std::string good = read_json(folder.path() / "adapter_config.json").dump(2);
    Json json = Json::parse(good);
    json[key] = Json::parse(value);
    folder.write("adapter_config.json", json.dump());
    const std::string text =
        error_of(ExitCode::kInput, [&] { Lora::load(folder.path(), decoder); });
    folder.write("adapter_config.json", good);
    return text;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(lora_test)

BOOST_AUTO_TEST_CASE(AFreshAdapterLeavesTheBasesBits) {
  Decoder decoder = Decoder::random(small_config(), 1);
  stir(decoder.weights());
  const Lora lora = Lora::create({}, decoder.config(), 1);
  const TokenBatch batch = batch_of(20);
  BOOST_TEST(
      same_bits(decoder.token_logprobs(batch, &lora), decoder.token_logprobs(batch, nullptr)));
}

BOOST_AUTO_TEST_CASE(AIsUniformWithinItsBoundAndBIsZero) {
  const DecoderConfig config = small_config();
  const Lora lora = Lora::create({8, 16, {"q_proj", "v_proj"}}, config, 1);
  BOOST_TEST(lora.pairs().size() == 4u);
  const Lora::Pair* pair = lora.find("model.layers.1.self_attn.v_proj");
  BOOST_REQUIRE(pair);
  BOOST_TEST(pair->a.sizes().vec() == (std::vector<std::int64_t>{8, 24}),
             boost::test_tools::per_element());
  BOOST_TEST(pair->b.sizes().vec() == (std::vector<std::int64_t>{12, 8}),
             boost::test_tools::per_element());
  const double bound = 1 / std::sqrt(24.0);
  BOOST_TEST(pair->a.abs().max().item<double>() <= bound);
  BOOST_TEST(pair->a.abs().max().item<double>() > 0.9 * bound);
  BOOST_TEST(std::abs(pair->a.mean().item<double>()) < 0.15 * bound);
  BOOST_TEST(pair->b.eq(0).all().item<bool>());
  BOOST_TEST(!lora.find("model.layers.0.mlp.up_proj"));
}

BOOST_AUTO_TEST_CASE(GradientsAgreeWithFiniteDifferencesInFloat64) {
  Decoder decoder = Decoder::random(small_config(), 1);
  stir(decoder.weights());
  decoder.to_dtype(at::kDouble);
  Lora lora = Lora::create(
      {2, 4, {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}},
      decoder.config(), 1);
  Weights tensors;
  for (const auto& [name, tensor] : lora.tensors()) tensors[name] = tensor;
  stir(tensors);
  lora.to_dtype(at::kDouble);
  lora.require_grad(true);
  const TokenBatch batch = batch_of(9);
  const auto loss = [&] { return decoder.token_logprobs(batch, &lora).sum(); };
  std::vector<Tensor> inputs;
  for (const auto& [name, tensor] : lora.tensors()) inputs.push_back(tensor);
  const auto gradients = torch::autograd::grad({loss()}, inputs);
  const at::NoGradGuard no_grad;
  constexpr double kStep = 1e-5;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::int64_t element = static_cast<std::int64_t>(7 * i) % inputs[i].numel();
    double* value = inputs[i].data_ptr<double>() + element;
    const double kept = *value;
    *value = kept + kStep;
    const double above = loss().item<double>();
    *value = kept - kStep;
    const double below = loss().item<double>();
    *value = kept;
    const double expected = (above - below) / (2 * kStep);
    const double found = gradients[i].contiguous().data_ptr<double>()[element];
    BOOST_TEST(std::abs(found - expected) < 1e-7 * (1 + std::abs(expected)),
               lora.tensors()[i].first << ": " << found << " against " << expected);
  }
}

BOOST_AUTO_TEST_CASE(WhatIsSavedIsLoaded) {
  const TemporaryFolder folder;
  const DecoderConfig config = small_config();
  Lora lora = Lora::create({3, 7.5, {"v_proj", "gate_proj"}}, config, 4);
  Weights tensors;
  for (const auto& [name, tensor] : lora.tensors()) tensors[name] = tensor;
  stir(tensors);
  lora.save(folder.path(), "some/base");
  const Lora again = Lora::load(folder.path(), config);
  BOOST_TEST(again.config().rank == 3);
  BOOST_TEST(again.config().alpha == 7.5);
  BOOST_TEST(again.safetensors() == lora.safetensors());
  for (const auto& [name, tensor] : again.tensors())
    BOOST_TEST(same_bits(tensor, tensors.at(name)));
}

BOOST_AUTO_TEST_CASE(AModuleMayBeNamedWithItsParent) {
  const TemporaryFolder folder;
  Lora::create({3, 7.5, {"v_proj", "up_proj"}}, small_config(), 4).save(folder.path(), "base");
  Json json = read_json(folder.path() / "adapter_config.json");
  json["target_modules"] = {"self_attn.v_proj", "mlp.up_proj"};
  json["init_lora_weights"] = "gaussian";
  json["peft_version"] = "0.99";
  folder.write("adapter_config.json", json.dump());
  BOOST_TEST(Lora::load(folder.path(), small_config()).config().target_modules ==
                 (std::vector<std::string>{"up_proj", "v_proj"}),
             boost::test_tools::per_element());
}

// "all-linear", or a regular expression over names, as peft takes them.
BOOST_AUTO_TEST_CASE(ForAPatternTheModulesAreThoseOfTheFile) {
  const TemporaryFolder folder;
  const DecoderConfig config = small_config();
  const Lora lora = Lora::create({3, 7.5, {"v_proj", "gate_proj"}}, config, 4);
  lora.save(folder.path(), "some/base");
  Json json = read_json(folder.path() / "adapter_config.json");
  json["target_modules"] = ".*_proj";
  folder.write("adapter_config.json", json.dump());
  const Lora again = Lora::load(folder.path(), config);
  BOOST_TEST(again.config().target_modules == (std::vector<std::string>{"gate_proj", "v_proj"}),
             boost::test_tools::per_element());
  BOOST_TEST(again.safetensors() == lora.safetensors());
}

BOOST_AUTO_TEST_CASE(FilesHaveTheNamesThatPeftExpects) {
  const Saved saved;
  const Json json = read_json(saved.folder.path() / "adapter_config.json");
  BOOST_TEST(json["peft_type"] == "LORA");
  BOOST_TEST(json["task_type"] == "CAUSAL_LM");
  BOOST_TEST(json["r"] == 8);
  BOOST_TEST(json["lora_alpha"].dump() == "16");
  BOOST_TEST(json["base_model_name_or_path"] == "base");
  const SafetensorsFile file(saved.folder.path() / "adapter_model.safetensors");
  const auto& a =
      file.tensors().at("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight");
  const auto& b =
      file.tensors().at("base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight");
  BOOST_TEST(a.shape == (std::vector<std::int64_t>{8, 24}), boost::test_tools::per_element());
  BOOST_TEST(b.shape == (std::vector<std::int64_t>{24, 8}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(AdaptersThatWeCannotHonourAreRefused) {
  const Saved saved;
  check_says(saved.refusal("peft_type", "\"IA3\""), "IA3");
  check_says(saved.refusal("use_dora", "true"), "use_dora");
  check_says(saved.refusal("use_rslora", "1"), "`use_rslora` is 1");
  check_says(saved.refusal("modules_to_save", "[\"lm_head\"]"), "modules_to_save");
  check_says(saved.refusal("rank_pattern", "{\"q_proj\":4}"), "rank_pattern");
  check_says(saved.refusal("bias", "\"all\""), "`bias` is all");
  check_says(saved.refusal("target_modules", "[\"q_proj\",\"c_attn\"]"), "c_attn");
  check_says(saved.refusal("target_modules", "{}"), "target_modules");
  check_says(saved.refusal("init_lora_weights", "\"pissa_niter_4\""), "`init_lora_weights` is");
  check_says(saved.refusal("alora_invocation_tokens", "[5, 6]"), "alora_invocation_tokens");
  check_says(saved.refusal("a_kind_to_come", "{\"rank\": 3}"), "a_kind_to_come");
  check_says(saved.refusal("r", "0"), "`r` is 0");
  check_says(saved.refusal("r", "4"), "q_proj.lora_A.weight has shape [8, 24] instead of [4, 24]");
  check_says(saved.refusal("target_modules", "[\"q_proj\"]"), "unexpected");
  check_says(saved.refusal("target_modules", "[\"q_proj\",\"v_proj\",\"o_proj\"]"), "missing");
  BOOST_CHECK_NO_THROW(Lora::load(saved.folder.path(), saved.decoder));
}

BOOST_AUTO_TEST_CASE(ARankStabilisedAdapterKeepsItsScale) {
  const DecoderConfig decoder = small_config();
  LoraConfig config{4, 6, {"q_proj"}};
  BOOST_TEST(config.scale() == 1.5);
  config.rank_stabilised = true;
  BOOST_TEST(config.scale() == 3);
  const TemporaryFolder folder;
  Lora::create(config, decoder, 1).save(folder.path(), "base");
  BOOST_TEST(Lora::load(folder.path(), decoder).config().scale() == 3);
}

BOOST_AUTO_TEST_CASE(ModulesThatTheModelHasNotAreAUsageError) {
  const LoraConfig config{8, 16, {"q_porj"}};
  check_says(error_of(ExitCode::kUsage, [&] { Lora::create(config, small_config(), 1); }),
             "q_porj");
}

BOOST_AUTO_TEST_CASE(AnAdapterIsComparedWithItsFileBeforeAnythingIsAllocated) {
  const Saved saved;
  DecoderConfig wide = saved.decoder;
  wide.hidden_size = 1 << 24;  // A of rank 4096 would take 256 GiB
  Json json = read_json(saved.folder / "adapter_config.json");
  json["r"] = 4096;
  saved.folder.write("adapter_config.json", json.dump());
  check_says(error_of(ExitCode::kInput, [&] { Lora::load(saved.folder.path(), wide); }),
             "instead of [4096, 16777216]");
}

BOOST_AUTO_TEST_CASE(AnAdapterInAPickleIsCalledThat) {
  const Saved saved;
  std::filesystem::rename(saved.folder / "adapter_model.safetensors",
                          saved.folder / "adapter_model.bin");
  check_says(error_of(ExitCode::kInput, [&] { Lora::load(saved.folder.path(), saved.decoder); }),
             "adapter_model.bin: a Python pickle");
}

// Neither a sampler's logit nor an export's matrix would say whose it is.
BOOST_AUTO_TEST_CASE(AnAdapterThatIsNotFiniteIsNamedWithItsTensor) {
  for (const float broken : {std::nanf(""), -INFINITY}) {
    const Saved saved;
    Lora lora = Lora::load(saved.folder.path(), saved.decoder);
    lora.pairs().at("model.layers.1.self_attn.v_proj").b[3][2] = broken;
    lora.save(saved.folder.path(), "base");
    check_says(error_of(ExitCode::kInput, [&] { Lora::load(saved.folder.path(), saved.decoder); }),
               "adapter_model.safetensors: tensor "
               "`base_model.model.model.layers.1.self_attn.v_proj.lora_B.weight` is not finite");
  }
}

// peft would load none of them.
BOOST_AUTO_TEST_CASE(TensorsWithoutPeftsPrefixAreRefused) {
  const Saved saved;
  const Lora lora = Lora::load(saved.folder.path(), saved.decoder);
  Weights weights;
  for (const auto& [name, tensor] : lora.tensors()) weights[name] = tensor;
  saved.folder.write("adapter_model.safetensors", weights_bytes(weights));
  check_says(error_of(ExitCode::kInput, [&] { Lora::load(saved.folder.path(), saved.decoder); }),
             "unexpected model.layers.0.self_attn.q_proj.lora_A.weight");
}

// A pattern may fit some layers only; what is read is an adapter of every layer.
BOOST_AUTO_TEST_CASE(AnAdapterOfSomeLayersIsRefused) {
  const Saved saved;
  DecoderConfig deeper = saved.decoder;
  deeper.num_layers += 1;
  const std::string text =
      error_of(ExitCode::kInput, [&] { Lora::load(saved.folder.path(), deeper); });
  check_says(
      text,
      "do not fit adapter_config.json and the model: missing base_model.model.model.layers.2.");
  check_says(saved.refusal("layers_to_transform", "[0]"),
             "adapter_config.json: `layers_to_transform` is [0]");
}

BOOST_AUTO_TEST_CASE(AModuleNamedTwiceIsAnErrorOfTheInput) {
  check_says(Saved().refusal("target_modules", R"(["q_proj", "v_proj", "q_proj"])"),
             "`target_modules` names `q_proj` twice");
}

BOOST_AUTO_TEST_SUITE_END()

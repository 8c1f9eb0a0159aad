#include "fixtures.h"

using namespace arf;
using namespace arf::test;

namespace {

Json qwen2() {
  return Json::parse(R"({"architectures":["Qwen2ForCausalLM"],"model_type":"qwen2",
    "vocab_size":1000,"hidden_size":64,"intermediate_size":128,"num_hidden_layers":2,
    "num_attention_heads":4,"num_key_value_heads":2,"max_position_embeddings":256,
    "hidden_act":"silu","rms_norm_eps":1e-05,"tie_word_embeddings":true})");
}

DecoderConfig read(const Json& json) {
  const TemporaryFolder folder;
  folder.write("config.json", json.dump());
  return read_decoder_config(folder.path());
}

// The refusal of qwen2() with `key` set to `value`.
std::string refusal(const std::string& key, const std::string& value) {
  Json json = qwen2();
  json[key] = Json::parse(value);
  const std::string text = error_of(ExitCode::kInput, [&] { read(json); });
  check_says(text, "config.json");
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(decoder_config_test)

BOOST_AUTO_TEST_CASE(FieldsOfTransformers4AreRead) {
  Json json = qwen2();
  json["rope_theta"] = 500000.0;
  json["rope_scaling"] = nullptr;
  json["torch_dtype"] = "bfloat16";
  json["sliding_window"] = 4096;
  json["use_sliding_window"] = false;
  const DecoderConfig config = read(json);
  BOOST_TEST(config.vocabulary_size == 1000);
  BOOST_TEST(config.head_size == 16);
  BOOST_TEST(config.num_kv_heads == 2);
  BOOST_TEST(config.max_positions == 256);
  BOOST_TEST(config.rms_norm_eps == 1e-5);
  BOOST_TEST(config.rope_theta == 500000.0);
  BOOST_TEST(config.tied_embeddings);
}

BOOST_AUTO_TEST_CASE(FieldsOfTransformers5AreRead) {
  Json json = qwen2();
  json["rope_parameters"] = {{"rope_type", "default"}, {"rope_theta", 70000.0}};
  json["dtype"] = "float32";
  json["layer_types"] = {"full_attention", "full_attention"};
  json["tie_word_embeddings"] = false;
  const DecoderConfig config = read(json);
  BOOST_TEST(config.rope_theta == 70000.0);
  BOOST_TEST(!config.tied_embeddings);
}

BOOST_AUTO_TEST_CASE(TheOriginalContextOfLlama3sRopeStandsInEitherPlace) {
  Json json = qwen2();
  json["rope_scaling"] = {{"rope_type", "llama3"},
                          {"factor", 8.0},
                          {"low_freq_factor", 1.0},
                          {"high_freq_factor", 4.0},
                          {"original_max_position_embeddings", 64}};
  BOOST_TEST(read(json).rope_scaling->original_positions == 64);
  json["original_max_position_embeddings"] = 32;  // the first that transformers 5 asks
  BOOST_TEST(read(json).rope_scaling->original_positions == 32);
  json["rope_parameters"] = {{"rope_type", "default"}, {"rope_theta", 1e4}};
  check_says(error_of(ExitCode::kInput, [&] { read(json); }), "both `rope_parameters`");
}

BOOST_AUTO_TEST_CASE(WhatWouldChangeTheResultIsRefusedByName) {
  check_says(refusal("architectures", R"(["MambaForCausalLM"])"), "MambaForCausalLM");
  check_says(refusal("rope_scaling", R"({"type":"yarn","factor":4.0})"), "yarn");
  check_says(refusal("rope_parameters", R"({"rope_type":"linear","rope_theta":1e4})"), "linear");
  check_says(refusal("hidden_act", R"("gelu")"), "gelu");
  check_says(refusal("layer_types", R"(["full_attention","sliding_attention"])"),
             "use_sliding_window");
  check_says(refusal("layer_types", R"(["full_attention"])"), "each of the 2 layers");
  check_says(refusal("layer_types", R"(["full_attention","linear_attention"])"),
             "linear_attention");
  check_says(refusal("model_type", R"("llama")"), "`model_type` is llama");
  check_says(refusal("partial_rotary_factor", "0.5"), "partial_rotary_factor");
  check_says(refusal("rope_parameters", R"({"full_attention":{"rope_theta":1e4}})"),
             "full_attention");
  check_says(refusal("rope_scaling", R"({"rope_type":"llama3","factor":8.0})"), "low_freq_factor");
  check_says(refusal("quantization_config", R"({"bits":4})"), "quantization_config");
}

BOOST_AUTO_TEST_CASE(SizesThatCannotBeAreRefused) {
  check_says(refusal("vocab_size", "0"), "`vocab_size` is 0");
  check_says(refusal("hidden_size", "-64"), "`hidden_size` is -64");
  check_says(refusal("hidden_size", "\"64\""), "`hidden_size` is \"64\"");
  check_says(refusal("hidden_size", "66"), "66 is not a multiple");
  check_says(refusal("num_key_value_heads", "3"), "num_key_value_heads 3");
  check_says(refusal("head_dim", "7"), "odd size 7");
  check_says(refusal("num_hidden_layers", "1000000000"), "from 1 to 1024");
  check_says(refusal("rms_norm_eps", "0"), "`rms_norm_eps` is 0");
  Json json = qwen2();
  json.erase("intermediate_size");
  check_says(error_of(ExitCode::kInput, [&] { read(json); }), "intermediate_size");
}

BOOST_AUTO_TEST_CASE(WindowsOfQwenBeginAtALayer) {
  Json json = qwen2();
  json["use_sliding_window"] = true;
  json["sliding_window"] = 16;
  json["max_window_layers"] = 1;
  const DecoderConfig config = read(json);
  BOOST_TEST(config.window_of(0) == 0);
  BOOST_TEST(config.window_of(1) == 16);
}

BOOST_AUTO_TEST_CASE(AFamilyFillsInWhatItsFilesLeaveOut) {
  Json json = qwen2();
  for (const char* key : {"architectures", "tie_word_embeddings", "hidden_act", "head_dim",
                          "num_key_value_heads", "max_position_embeddings"}) {
    json.erase(key);
  }
  json["model_type"] = "gemma2";
  json["hidden_size"] = 64;
  const DecoderConfig gemma = read(json);
  BOOST_TEST(gemma.architecture == "Gemma2ForCausalLM");
  BOOST_TEST(gemma.tied_embeddings);
  BOOST_TEST(gemma.head_size == 256);
  BOOST_TEST(gemma.num_kv_heads == 4);
  BOOST_TEST(gemma.attention_soft_cap == 50);
  BOOST_TEST(gemma.logit_soft_cap == 30);
  BOOST_TEST(gemma.embedding_scale == 8);
  BOOST_TEST(gemma.window_of(0) == 4096);
  BOOST_TEST(gemma.window_of(1) == 0);
  json["num_attention_heads"] = 8;
  json["num_key_value_heads"] = nullptr;  // said to be null: one for each head
  json["model_type"] = "qwen3";
  BOOST_TEST(read(json).num_kv_heads == 8);
  json.erase("num_key_value_heads");
  json["model_type"] = "mistral";
  BOOST_TEST(read(json).window_of(1) == 4096);
  json["sliding_window"] = nullptr;
  BOOST_TEST(read(json).window_of(1) == 0);
  json["model_type"] = "llama";
  BOOST_TEST(!read(json).tied_embeddings);
  BOOST_TEST(read(json).num_kv_heads == 8);
  json["hidden_act"] = "gelu";
  check_says(error_of(ExitCode::kInput, [&] { read(json); }), "`hidden_act` is gelu");
}

BOOST_AUTO_TEST_CASE(WhatIsWrittenIsReadBack) {
  DecoderConfig config = small_config(false);
  config.rope_theta = 12345.0;
  const TemporaryFolder folder;
  folder.write("config.json", decoder_config_json(config));
  const DecoderConfig again = read_decoder_config(folder.path());
  BOOST_TEST(decoder_config_json(again) == decoder_config_json(config));
  BOOST_TEST(again.rope_theta == 12345.0);
  BOOST_TEST(again.head_size == 6);
}

BOOST_AUTO_TEST_CASE(TheFoldersInConfigsAreRead) {
  const std::filesystem::path models = std::filesystem::path(ARF_SOURCE_DIR) / "configs/models";
  BOOST_TEST(read_decoder_config(models / "qwen2-tiny").hidden_size == 128);
  BOOST_TEST(read_decoder_config(models / "qwen2-small").num_layers == 6);
  const EncoderConfig mini = read_encoder_config(models / "roberta-mini");
  BOOST_TEST(mini.num_layers == 4);
  BOOST_TEST(mini.hidden_size == 256);
  BOOST_TEST(mini.num_heads == 4);
}

BOOST_AUTO_TEST_CASE(SizesThatNoMachineHoldsAreRefusedBeforeAnythingIsAllocated) {
  check_says(refusal("hidden_size", "1099511627776"), "`hidden_size` is 1099511627776");
  check_says(refusal("vocab_size", "2147483648"), "`vocab_size` is 2147483648");
  check_says(refusal("num_hidden_layers", "100000"), "`num_hidden_layers` is 100000");
  Json json = qwen2();
  json["hidden_size"] = json["vocab_size"] = 1 << 24;  // as much as each may be
  const DecoderConfig config = read(json);
  BOOST_TEST(decoder_shapes(config).at("model.embed_tokens.weight")[1] == 1 << 24);
  check_says(error_of(ExitCode::kInput, [&] { Decoder::random(config, 1); }), "too large");
  json["hidden_size"] = 1 << 15;
  json["vocab_size"] = 1 << 15;
  json["num_hidden_layers"] = 1024;
  check_says(error_of(ExitCode::kResource, [&] { Decoder::random(read(json), 1); }), "GiB");
}

BOOST_AUTO_TEST_CASE(RopesOriginalPositionsAreBounded) {
  check_says(refusal("rope_scaling", R"({"rope_type":"llama3","factor":8,"low_freq_factor":1,
                     "high_freq_factor":4,"original_max_position_embeddings":1e300})"),
             "original_max_position_embeddings is 1e+300");
}

BOOST_AUTO_TEST_CASE(AValueNestedTooDeepIsRefused) {
  const TemporaryFolder folder;
  folder.write("config.json",
               "{\"vocab_size\":" + std::string(100000, '[') + std::string(100000, ']') + "}");
  check_says(error_of(ExitCode::kInput, [&] { read_decoder_config(folder.path()); }),
             "nested deeper");
}

// transformers reads a Mistral with layer_types as Ministral.
BOOST_AUTO_TEST_CASE(MistralsWindowsAreThoseOfItsLayerTypes) {
  Json json = qwen2();
  json["architectures"] = {"MistralForCausalLM"};
  json["model_type"] = "mistral";
  json["sliding_window"] = 8;
  json["layer_types"] = {"full_attention", "sliding_attention"};
  const DecoderConfig mixed = read(json);
  BOOST_TEST(mixed.window_of(0) == 0);
  BOOST_TEST(mixed.window_of(1) == 8);
  BOOST_TEST(read(Json::parse(decoder_config_json(mixed))).window_of(0) == 0);
  json["sliding_window"] = nullptr;
  check_says(error_of(ExitCode::kInput, [&] { read(json); }), "the model has no window");
}

BOOST_AUTO_TEST_CASE(AWindowThatIsNoneIsRefusedWhereLayersHaveOne) {
  Json json = qwen2();
  json["use_sliding_window"] = true;
  json["sliding_window"] = nullptr;
  BOOST_TEST(read(json).window_of(1) == 0);
  json["layer_types"] = {"full_attention", "sliding_attention"};
  check_says(error_of(ExitCode::kInput, [&] { read(json); }), "the model has no window");
  Json gemma = qwen2();
  gemma["architectures"] = {"Gemma2ForCausalLM"};
  gemma["model_type"] = "gemma2";
  gemma.erase("hidden_act");
  gemma["sliding_window"] = nullptr;
  check_says(error_of(ExitCode::kInput, [&] { read(gemma); }), "`sliding_window` is null");
}

BOOST_AUTO_TEST_CASE(AnotherRotaryEmbeddingIsRefusedByItsName) {
  check_says(refusal("rope_scaling", R"({"rope_type":"longrope","short_factor":[1],"factor":2})"),
             "longrope");
}

BOOST_AUTO_TEST_SUITE_END()

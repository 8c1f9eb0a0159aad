#include "model/model_folder.h"

#include "fixtures.h"
#include "model/weights.h"

using namespace arf;
using namespace arf::test;

namespace {

Tokenizer trained_tokenizer() {
  TokenizerTrainer trainer(260);
  trainer.add("the cat and the hat and the mat");
  return trainer.train();
}

ModelSettings settings_of(const std::filesystem::path& path) {
  ModelSettings settings;
  settings.path = path.string();
  return settings;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model_folder_test)

BOOST_AUTO_TEST_CASE(AFolderWithoutWeightsNeedsRandomWeights) {
  const TemporaryFolder folder;
  folder.write("config.json", decoder_config_json(small_config()));
  ModelSettings settings = settings_of(folder.path());
  check_says(error_of(ExitCode::kInput, [&] { load_decoder(settings, 1, nullptr); }),
             "--model.random_weights true");
  settings.random_weights = true;
  BOOST_TEST(load_decoder(settings, 1, nullptr).config().vocabulary_size == 50);
}

BOOST_AUTO_TEST_CASE(WhatIsWrongWithAFolderIsSaid) {
  const TemporaryFolder folder;
  ModelSettings settings = settings_of(folder / "nothing");
  for (const auto& load : std::vector<std::function<void()>>{
           [&] { load_model_tokenizer(settings); }, [&] { load_decoder(settings, 1, nullptr); }}) {
    check_says(error_of(ExitCode::kInput, load), "nothing: no such model folder");
  }
  settings.path = folder.path().string();
  folder.write("pytorch_model.bin", "");
  check_says(error_of(ExitCode::kInput, [&] { load_decoder(settings, 1, nullptr); }),
             "pytorch_model.bin, Python pickles");
  std::filesystem::create_symlink("gone", folder / "model.safetensors");
  check_says(error_of(ExitCode::kInput, [&] { load_decoder(settings, 1, nullptr); }),
             "model.safetensors is a link to what is not there");
  settings.path = (folder / "pytorch_model.bin").string();
  check_says(error_of(ExitCode::kInput, [&] { load_decoder(settings, 1, nullptr); }),
             "pytorch_model.bin: is a file; name the folder");
}

BOOST_AUTO_TEST_CASE(AModelWithAnAdapterInItsFolderIsRefused) {
  const TemporaryFolder folder;
  const Decoder decoder = Decoder::random(small_config(), 1);
  decoder.save(folder.path());
  BOOST_CHECK_NO_THROW(load_decoder(settings_of(folder.path()), 1, nullptr));
  Lora::create({}, decoder.config(), 1).save(folder.path(), "base");
  check_says(
      error_of(ExitCode::kInput, [&] { load_decoder(settings_of(folder.path()), 1, nullptr); }),
      "holds an adapter (adapter_config.json)");
}

BOOST_AUTO_TEST_CASE(DrawnModelsTakeTheTokenizersVocabulary) {
  const TemporaryFolder folder;
  folder.write("config.json", decoder_config_json(small_config()));
  ModelSettings settings = settings_of(folder.path());
  settings.random_weights = true;
  const Tokenizer tokenizer = trained_tokenizer();
  const Decoder decoder = load_decoder(settings, 1, &tokenizer);
  BOOST_TEST(tokenizer.vocabulary_size() > 256);
  BOOST_TEST(decoder.config().vocabulary_size == 320);
  BOOST_TEST(decoder.head().weight.size(0) == 320);
}

BOOST_AUTO_TEST_CASE(ATokenizerThatDoesNotFitTheModelIsRefused) {
  const TemporaryFolder folder;
  Decoder::random(small_config(), 1).save(folder.path());
  const Tokenizer tokenizer = trained_tokenizer();
  check_says(
      error_of(ExitCode::kInput, [&] { load_decoder(settings_of(folder.path()), 1, &tokenizer); }),
      "a tokenizer that does not fit the model");
  BOOST_CHECK_NO_THROW(load_decoder(settings_of(folder.path()), 1, nullptr));
}

BOOST_AUTO_TEST_CASE(AnEndTokenIsOneOfTheVocabulary) {
  const TemporaryFolder folder;
  folder.write("config.json", decoder_config_json(small_config()));
  ModelSettings settings = settings_of(folder.path());
  BOOST_TEST(read_end_tokens(settings).empty());
  folder.write("generation_config.json", R"({"eos_token_id": [3, 49]})");
  BOOST_TEST(read_end_tokens(settings) == (std::vector<std::int32_t>{3, 49}),
             boost::test_tools::per_element());
  folder.write("generation_config.json", R"({"eos_token_id": 50})");
  check_says(error_of(ExitCode::kInput, [&] { read_end_tokens(settings); }),
             "`eos_token_id` has 50, but the model's vocabulary ends at 49");
  settings.random_weights = true;  // the vocabulary is the tokenizer's then
  BOOST_TEST(read_end_tokens(settings).front() == 50);
}

BOOST_AUTO_TEST_CASE(TheTokenizerComesFromItsFolderOrTheModels) {
  const TemporaryFolder folder;
  const Tokenizer tokenizer = trained_tokenizer();
  tokenizer.save(folder.path() / "tokenizer");
  folder.write("config.json", decoder_config_json(small_config()));
  ModelSettings settings = settings_of(folder.path());
  check_says(error_of(ExitCode::kInput, [&] { load_model_tokenizer(settings); }),
             "--model.tokenizer");
  settings.tokenizer = (folder.path() / "tokenizer").string();
  BOOST_TEST(load_model_tokenizer(settings).json() == tokenizer.json());
}

BOOST_AUTO_TEST_CASE(WhatThisBuildCannotDoIsAUsageError) {
  ModelSettings settings = settings_of("/nowhere");
  check_says(error_of(ExitCode::kInput, [&] { load_decoder(settings, 1, nullptr); }), "/nowhere");
  settings.device = "cuda";
  check_says(error_of(ExitCode::kUsage, [&] { check_model_settings(settings); }), "cuda");
}

BOOST_AUTO_TEST_SUITE_END()

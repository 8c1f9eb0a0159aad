#include "model/model_folder.h"

#include "core/log.h"
#include "model/weights.h"

namespace arf {
namespace {

constexpr std::int64_t kVocabularyMultiple = 64;  // whole vector registers and cache lines

void require_fit(const Tokenizer& tokenizer, const DecoderConfig& config,
                 const ModelSettings& settings) {
  if (tokenizer.vocabulary_size() <= config.vocabulary_size) return;
  input_error(
      "a tokenizer that does not fit the model: {} has ids up to {}, but {} has a "
      "vocabulary of {}; name the tokenizer that the model was trained with",
      tokenizer_folder(settings).string(), tokenizer.vocabulary_size() - 1, settings.path,
      config.vocabulary_size);
}

Decoder draw_decoder(const ModelSettings& settings, std::uint64_t seed,
                     const Tokenizer* tokenizer) {
  DecoderConfig config = read_decoder_config(settings.path);
  if (tokenizer) {
    const std::int64_t blocks =
        (tokenizer->vocabulary_size() + kVocabularyMultiple - 1) / kVocabularyMultiple;
    config.vocabulary_size = blocks * kVocabularyMultiple;
  }
  log_info("{}: weights drawn from run.seed {}; vocabulary {}{}", settings.path, seed,
           config.vocabulary_size, tokenizer ? " (the tokenizer's, rounded up to 64)" : "");
  return Decoder::random(config, seed);
}

}  // namespace

void check_model_settings(const ModelSettings& settings) {
  if (settings.path.empty()) usage_error("--model.path is missing; name a model folder");
  if (settings.precision != "float32") {
    usage_error("--model.precision {} is not in this version; use float32", settings.precision);
  }
  if (settings.device != "auto" && settings.device != "cpu") {
    usage_error("--model.device {} is not in this build; use auto or cpu", settings.device);
  }
}

std::filesystem::path tokenizer_folder(const ModelSettings& settings) {
  return settings.tokenizer.empty() ? settings.path : settings.tokenizer;
}

Tokenizer load_model_tokenizer(const ModelSettings& settings) {
  const auto folder = tokenizer_folder(settings);
  if (settings.tokenizer.empty() && !std::filesystem::exists(folder / "tokenizer.json")) {
    input_error("{} has no tokenizer.json; name a tokenizer's folder with --model.tokenizer",
                folder.string());
  }
  return Tokenizer::load(folder);
}

Decoder load_decoder(const ModelSettings& settings, std::uint64_t seed,
                     const Tokenizer* tokenizer) {
  check_model_settings(settings);
  if (settings.random_weights) return draw_decoder(settings, seed, tokenizer);
  if (!has_weights(settings.path)) {
    if (!std::filesystem::exists(settings.path)) {
      input_error("{}: no such model folder", settings.path);
    }
    input_error(
        "{} has no model.safetensors; give --model.random_weights true to draw weights "
        "from run.seed",
        settings.path);
  }
  Decoder decoder = Decoder::load(settings.path);
  if (tokenizer) require_fit(*tokenizer, decoder.config(), settings);
  return decoder;
}

}  // namespace arf

#include "model/model_folder.h"

#include "core/file.h"
#include "core/json.h"
#include "core/log.h"
#include "data_io/safetensors_folder.h"
#include "model/config_reader.h"
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

Precision precision_of(const ModelSettings& settings) {
  if (settings.precision == "float32") return Precision::kFloat32;
  if (settings.precision == "bfloat16") return Precision::kBFloat16;
  return Precision::kStored;
}

void require_folder(const ModelSettings& settings) {
  const std::filesystem::path folder = settings.path;
  if (!std::filesystem::exists(folder)) input_error("{}: no such model folder", settings.path);
  if (!std::filesystem::is_directory(folder)) {
    input_error("{}: is a file; name the folder that holds config.json", settings.path);
  }
}

// Weights that are read must be there, and be the model's alone.
void require_weights(const std::filesystem::path& folder) {
  require_no_adapter(folder);
  if (SafetensorsFolder::exists_in(folder)) return;
  input_error("{}; --model.random_weights true draws weights from run.seed",
              SafetensorsFolder::what_is_there(folder));
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
  Decoder decoder = Decoder::random(config, seed);
  if (settings.precision == "bfloat16") decoder.round_to_bfloat16();
  return decoder;
}

}  // namespace

void check_model_settings(const ModelSettings& settings) {
  if (settings.path.empty()) usage_error("--model.path is missing; name a model folder");
  if (settings.device != "auto" && settings.device != "cpu") {
    usage_error("--model.device {} is not in this build; use auto or cpu", settings.device);
  }
}

std::filesystem::path tokenizer_folder(const ModelSettings& settings) {
  return settings.tokenizer.empty() ? settings.path : settings.tokenizer;
}

Tokenizer load_model_tokenizer(const ModelSettings& settings) {
  const auto folder = tokenizer_folder(settings);
  if (settings.tokenizer.empty()) require_folder(settings);
  if (settings.tokenizer.empty() && !std::filesystem::exists(folder / "tokenizer.json")) {
    input_error("{} has no tokenizer.json; name a tokenizer's folder with --model.tokenizer",
                folder.string());
  }
  return Tokenizer::load(folder);
}

std::vector<std::int32_t> read_end_tokens(const ModelSettings& settings) {
  for (const char* name : {"generation_config.json", "config.json"}) {
    const auto file = std::filesystem::path(settings.path) / name;
    if (!std::filesystem::exists(file)) continue;
    const ConfigReader reader(file);
    const SortedJson& value = reader.field("eos_token_id");
    if (value.is_null()) continue;
    const std::int64_t vocabulary =
        settings.random_weights ? INT32_MAX : read_decoder_config(settings.path).vocabulary_size;
    std::vector<std::int32_t> tokens;
    for (const SortedJson& id : value.is_array() ? value : SortedJson::array({value})) {
      if (!id.is_number_integer() || id < 0 || id > INT32_MAX) {
        input_error("{}: `eos_token_id` is {}; it must be a token's id or a list of them",
                    reader.where(), value.dump());
      }
      if (id >= vocabulary) {
        input_error("{}: `eos_token_id` has {}, but the model's vocabulary ends at {}",
                    reader.where(), id.dump(), vocabulary - 1);
      }
      tokens.push_back(id.get<std::int32_t>());
    }
    return tokens;
  }
  return {};
}

void copy_token_ids(const ModelSettings& settings, const std::filesystem::path& to) {
  if (settings.random_weights) return;
  const std::filesystem::path from = settings.path;
  const Json old = read_json(from / "config.json");
  Json config = read_json(to / "config.json");
  for (const char* key : {"bos_token_id", "eos_token_id", "pad_token_id"}) {
    if (old.contains(key)) config[key] = old[key];
  }
  write_file_atomically(to / "config.json", config.dump(2) + "\n");
  const char* const kGeneration = "generation_config.json";
  if (std::filesystem::exists(from / kGeneration)) {
    write_file_atomically(to / kGeneration, read_file(from / kGeneration));
  }
}

void require_no_adapter(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / "adapter_config.json")) return;
  input_error(
      "{}: holds an adapter (adapter_config.json), which transformers would put on its base; "
      "name the base by --model.path and a folder with the adapter alone by --adapter.path",
      folder.string());
}

Decoder load_decoder(const ModelSettings& settings, std::uint64_t seed,
                     const Tokenizer* tokenizer) {
  check_model_settings(settings);
  if (settings.random_weights) return draw_decoder(settings, seed, tokenizer);
  require_folder(settings);
  require_weights(settings.path);
  Decoder decoder = Decoder::load(settings.path, precision_of(settings));
  if (tokenizer) require_fit(*tokenizer, decoder.config(), settings);
  return decoder;
}

}  // namespace arf

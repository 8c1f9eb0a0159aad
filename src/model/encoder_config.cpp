#include <algorithm>

#include "core/json.h"
#include "model/config_reader.h"
#include "model/encoder.h"

namespace arf {
namespace {

// The model with any head: the head's tensors are left out.
struct Family {
  const char* model_type;
  std::vector<std::string> architectures;
};
const std::vector<Family> kFamilies = {
    {"roberta",
     {"RobertaModel", "RobertaForMaskedLM", "RobertaForSequenceClassification",
      "RobertaForTokenClassification", "RobertaForQuestionAnswering", "RobertaForMultipleChoice"}},
    {"bert",
     {"BertModel", "BertForMaskedLM", "BertForSequenceClassification", "BertForTokenClassification",
      "BertForQuestionAnswering", "BertForMultipleChoice", "BertForPreTraining",
      "BertForNextSentencePrediction", "BertLMHeadModel"}}};

void read_architecture(const ConfigReader& reader, EncoderConfig* config) {
  const SortedJson& names = reader.field("architectures");
  const std::string type = reader.text("model_type", "");
  const bool named = names.is_array() && names.size() == 1 && names[0].is_string();
  for (const Family& family : kFamilies) {
    const std::string name = named             ? names[0].get<std::string>()
                             : names.is_null() ? family.architectures[0]
                                               : "";
    const bool ours = std::find(family.architectures.begin(), family.architectures.end(), name) !=
                      family.architectures.end();
    if (!ours || (named ? !type.empty() && type != family.model_type : type != family.model_type))
      continue;
    config->model_type = family.model_type;
    config->architecture = name;
    return;
  }
  std::vector<std::string> known;
  for (const Family& family : kFamilies) {
    known.insert(known.end(), family.architectures.begin(), family.architectures.end());
  }
  input_error("{}: `architectures` is {} and `model_type` \"{}\"; arf knows the encoders {}",
              reader.where(), names.dump(), type, fmt::join(known, ", "));
}

void refuse_variants(const ConfigReader& config) {
  const std::string activation = config.text("hidden_act", "gelu");
  if (activation != "gelu") {
    input_error("{}: `hidden_act` is {}; an encoder's must be gelu", config.where(), activation);
  }
  const std::string positions = config.text("position_embedding_type", "absolute");
  if (positions != "absolute") {
    input_error("{}: `position_embedding_type` is {}; arf supports absolute", config.where(),
                positions);
  }
  config.refuse("is_decoder");
  config.refuse("add_cross_attention");
  config.refuse("quantization_config");
}

}  // namespace

EncoderConfig read_encoder_config(const std::filesystem::path& directory) {
  const ConfigReader reader(directory / "config.json");
  EncoderConfig config;
  read_architecture(reader, &config);
  refuse_variants(reader);
  config.vocabulary_size = reader.count("vocab_size");
  config.hidden_size = reader.count("hidden_size");
  config.intermediate_size = reader.count("intermediate_size");
  config.num_layers = reader.count("num_hidden_layers", {}, 1024);
  config.num_heads = reader.count("num_attention_heads");
  config.max_positions = reader.count("max_position_embeddings");
  config.num_token_types = reader.count("type_vocab_size", 2);
  config.layer_norm_eps = reader.positive("layer_norm_eps", 1e-12);
  const bool roberta = config.model_type == "roberta";
  config.pad_token =
      reader.field("pad_token_id") == 0 ? 0 : reader.count("pad_token_id", roberta ? 1 : 0);
  if (config.hidden_size % config.num_heads != 0) {
    input_error("{}: hidden_size {} is not a multiple of num_attention_heads {}", reader.where(),
                config.hidden_size, config.num_heads);
  }
  if (config.max_tokens() < 1) {
    input_error("{}: max_position_embeddings {} leaves no position after pad_token_id {}",
                reader.where(), config.max_positions, config.pad_token);
  }
  return config;
}

std::string encoder_config_json(const EncoderConfig& config) {
  const Json json = {{"architectures", {config.architecture}},
                     {"model_type", config.model_type},
                     {"vocab_size", config.vocabulary_size},
                     {"hidden_size", config.hidden_size},
                     {"intermediate_size", config.intermediate_size},
                     {"num_hidden_layers", config.num_layers},
                     {"num_attention_heads", config.num_heads},
                     {"max_position_embeddings", config.max_positions},
                     {"type_vocab_size", config.num_token_types},
                     {"pad_token_id", config.pad_token},
                     {"hidden_act", "gelu"},
                     {"layer_norm_eps", config.layer_norm_eps},
                     {"position_embedding_type", "absolute"},
                     {"torch_dtype", "float32"}};
  return json.dump(2) + "\n";
}

std::map<std::string, std::vector<std::int64_t>> encoder_shapes(const EncoderConfig& config) {
  const std::int64_t hidden = config.hidden_size, inner = config.intermediate_size;
  std::map<std::string, std::vector<std::int64_t>> shapes;
  const auto add = [&](const std::string& module, std::vector<std::int64_t> weight) {
    shapes[module + ".bias"] = {weight[0]};
    shapes[module + ".weight"] = std::move(weight);
  };
  shapes["embeddings.word_embeddings.weight"] = {config.vocabulary_size, hidden};
  shapes["embeddings.position_embeddings.weight"] = {config.max_positions, hidden};
  shapes["embeddings.token_type_embeddings.weight"] = {config.num_token_types, hidden};
  add("embeddings.LayerNorm", {hidden});
  for (std::int64_t layer = 0; layer < config.num_layers; ++layer) {
    const std::string name = fmt::format("encoder.layer.{}.", layer);
    for (const char* part : {"query", "key", "value"}) {
      add(name + "attention.self." + part, {hidden, hidden});
    }
    add(name + "attention.output.dense", {hidden, hidden});
    add(name + "attention.output.LayerNorm", {hidden});
    add(name + "intermediate.dense", {inner, hidden});
    add(name + "output.dense", {hidden, inner});
    add(name + "output.LayerNorm", {hidden});
  }
  return shapes;
}

}  // namespace arf

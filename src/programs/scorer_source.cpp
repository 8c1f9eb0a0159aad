#include "programs/scorer_source.h"

#include <iterator>

#include "core/hash.h"
#include "core/log.h"
#include "data_io/safetensors_folder.h"
#include "programs/minilm.h"
#include "scoring/scorer_files.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

const std::string kMini = "roberta-mini", kMiniLm = "minilm";

bool holds_scorer(const fs::path& path) { return is_scorer(path) || is_scorer(path / "scorer"); }

std::string installed_minilm() {
  if (!minilm_is_installed()) {
    resource_error("--scorer.encoder minilm: {} holds no MiniLM; {} installs it",
                   minilm_folder().string(), kGetMiniLm);
  }
  return minilm_folder().string();
}

}  // namespace

void add_scorer_source(Options& options, ScorerSource* source) {
  options.add(
      "scorer.encoder", &source->encoder, "",
      "minilm (all-MiniLM-L6-v2, in $ARF_DEPENDENCIES or ~/.cache/arf), roberta-mini (4 layers, "
      "hidden 256, 4 heads, drawn weights), or a folder: a BERT or RoBERTa encoder in Hugging "
      "Face's layout with its tokenizer, or a scorer to go on with. Empty: minilm where it is "
      "installed (launch/setup.sh --with-minilm) and neither a tokenizer nor random weights are "
      "asked for, else roberta-mini.");
  options.add("scorer.tokenizer", &source->tokenizer, "",
              "Folder of tokenizer.json, for an encoder with drawn weights only.");
  options.add("scorer.random_weights", &source->random_weights, "",
              "Draw the weights of the encoder whose config.json --scorer.encoder names.");
  options.add_choice(
      "scorer.pooling", &source->pooling, {std::begin(kPoolingNames), std::end(kPoolingNames)},
      "How the tokens of a text become one prediction. token_logits: the MLP on every token, then "
      "the mean of the logits (the paper's); hidden_states: the mean of the tokens' last hidden "
      "states, then the MLP; first_token: the MLP on the first token's.");
}

// The files that make_scorer reads, as far as they are known by name.
std::vector<fs::path> scorer_source_files(const ScorerSource& source) {
  std::vector<fs::path> files;
  if (fs::is_directory(source.encoder)) {
    const fs::path folder =
        holds_scorer(source.encoder) ? find_scorer(source.encoder) : fs::path(source.encoder);
    if (!source.random_weights) files = SafetensorsFolder::files_looked_at(folder);
    files.push_back(folder / "config.json");
    if (source.tokenizer.empty()) files.push_back(folder / "tokenizer.json");
  }
  if (!source.tokenizer.empty()) files.push_back(fs::path(source.tokenizer) / "tokenizer.json");
  return files;
}

bool is_from_scratch(const ScorerSource& source) {
  return source.encoder == kMini || source.random_weights;
}

void choose_encoder(ScorerSource* source) {
  if (source->encoder == kMiniLm) source->encoder = installed_minilm();
  if (!source->encoder.empty()) return;
  if (!source->tokenizer.empty() || source->random_weights) {
    source->encoder = kMini;
    log_info("the encoder is roberta-mini with drawn weights, since {} is given and no encoder",
             source->random_weights ? "--scorer.random_weights" : "--scorer.tokenizer");
  } else if (minilm_is_installed()) {
    source->encoder = minilm_folder().string();
    log_info("the encoder is {}: MiniLM is installed, and no other is given", source->encoder);
  } else {
    usage_error(
        "--scorer.encoder is not given and MiniLM is not installed: install it by {}, or take "
        "roberta-mini, which needs --scorer.tokenizer, a folder with tokenizer.json as `arf "
        "fit-tokenizer` leaves it",
        kGetMiniLm);
  }
}

void check_scorer_source(const ScorerSource& source) {
  if (source.encoder == kMini && source.tokenizer.empty()) {
    usage_error(
        "--scorer.encoder roberta-mini needs --scorer.tokenizer: a folder with "
        "tokenizer.json, as `arf fit-tokenizer` leaves it");
  }
  if (!is_from_scratch(source) && !source.tokenizer.empty()) {
    usage_error(
        "--scorer.tokenizer {}: the encoder {} is trained on its own tokenizer and uses it; "
        "leave this key out",
        source.tokenizer, source.encoder);
  }
}

Scorer make_scorer(const ScorerSource& source, std::uint64_t seed) {
  if (is_from_scratch(source)) {
    EncoderConfig config;
    if (source.encoder != kMini) config = read_encoder_config(source.encoder);
    config.vocabulary_size = 0;  // the tokenizer's
    return Scorer::create(
        Tokenizer::load(source.tokenizer.empty() ? source.encoder : source.tokenizer), config, seed,
        pooling_of(source.pooling));
  }
  if (!fs::is_directory(source.encoder)) {
    input_error("--scorer.encoder {}: is neither minilm nor roberta-mini nor a folder",
                source.encoder);
  }
  if (holds_scorer(source.encoder)) {
    log_info("{} is a scorer: its training goes on, head and all", source.encoder);
    Scorer scorer = Scorer::load(source.encoder);
    const std::string pooling = name_of(scorer.head_form().pooling);
    if (pooling == source.pooling) return scorer;
    usage_error("--scorer.pooling is {}, and the head of the scorer {} was trained as {}",
                source.pooling, source.encoder, pooling);
  }
  return Scorer::with_encoder(Tokenizer::load(source.encoder), Encoder::load(source.encoder), seed,
                              pooling_of(source.pooling));
}

Json describe_scorer_source(const ScorerSource& source, const Scorer& scorer) {
  return {{"encoder", source.encoder},
          {"weights", scorer.hash()},
          {"config", sha256_hex(encoder_config_json(scorer.encoder().config()))},
          {"parameters", scorer.num_parameters()},
          {"temperature", scorer.head_form().temperature},
          {"tokenizer", sha256_hex(scorer.tokenizer().json())}};
}

}  // namespace arf

// `arf logprobs`: what a model (with or without an adapter) thinks of given tokens.
#include <ATen/Parallel.h>

#include <iostream>
#include <optional>

#include "core/json.h"
#include "core/log.h"
#include "programs/commands.h"
#include "programs/model_options.h"
#include "programs/stdin_lines.h"

namespace arf {
namespace {

struct LogprobsSettings {
  RunSettings run;
  ModelSettings model;
  std::string adapter;
  bool frame = false;
};

std::vector<TokenId> read_ids(const Json& ids, const std::string& where, std::int64_t vocabulary) {
  if (!ids.is_array()) input_error("{}: `ids` is not a list of token ids", where);
  std::vector<TokenId> tokens;
  for (const Json& id : ids) {
    if (!id.is_number_integer() || id < 0 || id >= vocabulary) {
      input_error("{}: id {} is not a token of the model; its vocabulary has {}", where, id.dump(),
                  vocabulary);
    }
    tokens.push_back(id.get<TokenId>());
  }
  return tokens;
}

// The model, and its tokenizer once a line holds text.
class LogprobsReader {
 public:
  explicit LogprobsReader(const LogprobsSettings& settings)
      : settings_(settings), decoder_(load(settings)) {
    decoder_.freeze();
    if (!settings.adapter.empty()) adapter_ = Lora::load(settings.adapter, decoder_.config());
  }

  Json answer(const std::string& line, const std::string& where) {
    const std::vector<TokenId> tokens = read_line(line, where);
    const std::int64_t most = decoder_.config().max_positions;
    if (static_cast<std::int64_t>(tokens.size()) > most) {
      input_error("{}: {} tokens are more than the model's context of {}", where, tokens.size(),
                  most);
    }
    Json logprobs = Json::array();
    if (!tokens.empty()) logprobs.push_back(nullptr);  // nothing stands before the first token
    if (tokens.size() > 1) {
      const at::NoGradGuard no_grad;
      TokenBatch batch;
      batch.append(tokens, 1, tokens.size());
      const Tensor values =
          decoder_.token_logprobs(batch, adapter_ ? &*adapter_ : nullptr).contiguous();
      if (!values.isfinite().all().item<bool>()) {
        input_error("{}: the log-probs are not finite: the weights or the adapter are broken",
                    where);
      }
      for (std::int64_t i = 0; i < values.numel(); ++i)
        logprobs.push_back(values.data_ptr<float>()[i]);
    }
    return {{"ids", tokens}, {"logprobs", logprobs}};
  }

 private:
  // A drawn model takes its vocabulary from the tokenizer where there is one, as in `train`.
  Decoder load(const LogprobsSettings& settings) {
    const bool named = !settings.model.tokenizer.empty() ||
                       std::filesystem::exists(tokenizer_folder(settings.model) / "tokenizer.json");
    check_model_settings(settings.model);
    if (named) tokenizer_ = load_model_tokenizer(settings.model);
    return load_decoder(settings.model, settings.run.seed, tokenizer_ ? &*tokenizer_ : nullptr);
  }

  std::vector<TokenId> read_line(const std::string& line, const std::string& where) {
    const Json json = json_if_valid(line);
    if (!json.is_object() || json.contains("text") == json.contains("ids")) {
      input_error("{}: not an object with either \"text\" or \"ids\"", where);
    }
    if (json.contains("ids"))
      return read_ids(json["ids"], where, decoder_.config().vocabulary_size);
    if (!json["text"].is_string()) input_error("{}: `text` is not a string", where);
    if (!tokenizer_) tokenizer_ = load_model_tokenizer(settings_.model);  // says that there is none
    auto ids = tokenizer_->encode(json["text"].get<std::string>(), /*parse_special=*/true);
    return settings_.frame ? fill_frame(tokenizer_->frame(), ids).tokens : ids;
  }

  const LogprobsSettings& settings_;
  std::optional<Tokenizer> tokenizer_;
  Decoder decoder_;
  std::optional<Lora> adapter_;
};

}  // namespace

int run_logprobs(const Arguments& arguments) {
  LogprobsSettings settings;
  Options options("logprobs", "Token log-probabilities of {\"text\"} or {\"ids\"} lines on stdin.");
  add_model_settings(options, &settings.model);
  options.add("adapter.path", &settings.adapter, "",
              "Adapter folder, in PEFT's layout; empty: none.");
  options.add(
      "logprobs.frame", &settings.frame, "",
      "Put around each text what the tokenizer's post-processor does (such as a BOS token); "
      "ids are taken as they are.");
  add_run_settings(options, &settings.run);
  if (!options.parse(arguments)) return 0;
  start_log(settings.run.log_format, 0);
  if (!settings.run.output.empty()) usage_error("logprobs writes to stdout; leave --output out");
  at::set_num_threads(1);
  LogprobsReader reader(settings);
  StdinLines lines;
  while (const auto line = lines.next()) {
    std::cout << reader.answer(*line, lines.place()).dump() << '\n' << std::flush;
  }
  return 0;
}

}  // namespace arf
